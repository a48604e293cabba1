"""What lies in a folder or in an archive: classes, parts, links, runs, and what is not read and told."""

import io
import os
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.picture_file.endings import reads_heif
from gan_studio.engine.data.picture_set import PictureSet
from gan_studio.engine.data.preview import preview_pictures
from gan_studio.engine.text.message import EngineError
from tests.engine.pictures import load


def fill(folder: Path, *names: str) -> Path:
    """Write a picture of its own for each name; a name that ends in a slash is an empty folder."""
    for number, name in enumerate(names):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith("/"):
            path.mkdir(exist_ok=True)
        elif path.suffix in (".txt", ".json", ".heic", ".HEIC", ".heif", ".psd", ".zip", ""):
            path.write_bytes(b"no picture")
        else:
            grey = np.full((32, 32), number + 1, np.uint8)
            Image.fromarray(grey).save(path, {".tga": "TGA"}.get(path.suffix, "PNG"))
    return folder


def zipped(folder: Path) -> Path:
    """Put a folder into a .zip, with entries for its folders."""
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, file.relative_to(folder).as_posix())
    return path


@pytest.fixture(params=["folder", "zip"])
def read(request: pytest.FixtureRequest, tmp_path: Path):
    """Read pictures of these names from a folder, or from a .zip of it; `again` checks what the preview says."""

    def reading(*names: str) -> PictureSet:
        folder = fill(tmp_path / "pets", *names)
        source = DataConfig(source=str(folder if request.param == "folder" else zipped(folder)))
        pictures, _ = load(source)
        preview = preview_pictures(source)
        assert preview.class_names == pictures.class_names
        assert preview.notes == pictures.notes
        return pictures

    return reading


def told(pictures: PictureSet) -> list[str]:
    return [str(note) for note in pictures.notes]


def test_that_classes_are_counted_as_people_count(read):
    names = [f"{name}/{number}.png" for name in ("1", "2", "3", "10", "11", "20") for number in (1, 2)]
    pictures = read(*names)
    assert pictures.class_names == ("1", "2", "3", "10", "11", "20")
    assert pictures.labels.tolist() == [0, 0, 3, 3, 4, 4, 1, 1, 5, 5, 2, 2], "the pictures stay in the order of names"


def test_that_numbers_within_names_count_too(read):
    assert read("v10/a.png", "v9/a.png", "v9 b/a.png", "v009/a.png").class_names == ("v009", "v9", "v9 b", "v10")


@pytest.mark.parametrize(
    ("train", "held_out"), [("train", "test"), ("Training", "Validation"), ("train", "valid"), ("training", "testing")]
)
@pytest.mark.parametrize("above", ["", "mnist_png/"])
def test_that_a_part_to_judge_by_is_held_out_and_parts_are_no_classes(read, train: str, held_out: str, above: str):
    names = [f"{part}/{digit}/{number}.png" for part in (train, held_out) for digit in "07" for number in range(3)]
    pictures = read(*(above + name for name in names))
    assert pictures.class_names == ("0", "7")
    assert (len(pictures.train), len(pictures.held_out)) == (6, 6)
    assert pictures.labels[pictures.held_out].tolist() == [0, 0, 0, 1, 1, 1]
    assert told(pictures) == [f"Pictures in {train} are trained on; those in {held_out} (6) are held out."]


def test_that_several_parts_are_held_out_and_damaged_pictures_move_no_border(read, tmp_path: Path):
    (tmp_path / "pets" / "train").mkdir(parents=True)
    (tmp_path / "pets" / "train" / "0.png").write_bytes(b"bad")
    pictures = read("train/1.png", "train/2.png", "val/3.png", "test/4.png")
    assert (len(pictures.train), len(pictures.held_out)) == (2, 2)
    again, _ = load(DataConfig(source=str(tmp_path / "pets")))
    assert (len(again.train), len(again.held_out)) == (2, 2), "from the cache too"
    assert pictures.labels is None


def test_that_a_part_to_judge_by_without_classes_is_told(read):
    pictures = read("train/cat/1.png", "train/dog/2.png", "test/3.png", "test/4.png", "test/fox/5.png", "readme.png")
    assert pictures.class_names == ("cat", "dog")
    assert len(pictures.images) == 2
    assert told(pictures)[1:] == [
        "Not used, because they are in none of the classes to train on: 3 pictures in test.",
        "Not used, because they lie outside the folders test, train: 1 pictures (the first: readme.png).",
    ]


def test_that_one_name_of_a_part_alone_is_a_class(read):
    assert read("train/1.png", "bus/2.png").class_names == ("bus", "train")


def test_that_files_with_other_endings_are_counted_and_told(read):
    pictures = read("1.png", "2.png", "a.txt", "b.txt", "c.json", "Thumbs.db", ".hidden.txt", "e.psd", "f")
    assert told(pictures) == [
        "Not read, because the formats are unknown: .psd: 1. Save these pictures as PNG or JPEG.",
        "Not read, because the endings are not a picture's: .txt: 2, .json: 1.",
        "Not read, because their names have no ending: 1 files.",
    ]


def test_that_a_class_without_a_picture_is_named_with_the_reason(read):
    names = ("cat/1.png", "dog/2.png", "fox/3.psd", "fox/deep/4.psd", "fox/deep/5.txt", "hen/", "dog/notes/6.txt")
    pictures = read(*names)
    assert pictures.class_names == ("cat", "dog")
    assert told(pictures)[-2:] == [
        "Empty folders are no classes: hen.",
        "Folders without a picture that can be read are no classes: fox (.psd: 2, .txt: 1).",
    ]


def test_that_a_folder_of_files_without_an_ending_is_not_called_empty(read):
    pictures = read("cat/1.png", "dog/2.png", "fox/notes", "fox/more")
    assert told(pictures)[-1] == "Folders without a picture that can be read are no classes: fox (no ending: 2)."


def test_that_a_class_of_which_no_picture_can_be_used_is_named(read, tmp_path: Path):
    for name in ("pets/fox/1.png", "pets/fox/2.png"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"bad")
    folder = fill(tmp_path / "pets", "cat/1.png", "dog/2.png")
    pictures, _ = load(DataConfig(source=str(folder)))
    assert told(pictures) == ["Classes without a picture to train on: fox."]


def test_that_an_archive_inside_is_named(read):
    notes = told(read("1.png", "2.png", "x.zip", "cat/y.zip"))
    assert "Not opened, because an archive is only read as the source itself: cat/y.zip, x.zip." in notes


def test_that_the_folder_of_a_run_is_never_training_data(read):
    pictures = read("1.png", "2.png", "out/run.toml", "out/run.sqlite", "out/samples/3.png", "out/4.png")
    assert len(pictures.images) == 2
    assert told(pictures) == ["Passed over, because they are the folders of runs and hold samples: out."]


def test_that_the_folder_of_a_run_is_no_source(tmp_path: Path):
    with pytest.raises(EngineError, match="folders of runs"):
        load(DataConfig(source=str(fill(tmp_path / "run", "run.toml", "run.sqlite", "samples/1.png", "samples/2.png"))))


def test_that_pictures_with_every_ending_of_a_format_are_read(read):
    names = [f"{number}.{ending}" for number, ending in enumerate(("png", "JFIF", "jpe", "Jpeg", "tif", "TIFF", "ppm"))]
    pictures = read(*names)
    assert len(pictures.images) == len(names)
    assert pictures.notes == ()


def test_that_linked_folders_are_read_once_and_the_others_named(tmp_path: Path):
    fill(tmp_path / "there", "cat/1.png", "cat/2.png", "dog/3.png")
    here = fill(tmp_path / "here", "own/9.png")
    for name, target in {
        "cat": tmp_path / "there" / "cat",
        "dog": Path("../there/dog"),
        "zcat": tmp_path / "there" / "cat",
        "up": Path(".."),
        "self": Path("self"),
        "gone": Path("nowhere"),
    }.items():
        (here / name).symlink_to(target, target_is_directory=True)
    pictures, _ = load(DataConfig(source=str(here)))
    assert pictures.class_names == ("cat", "dog", "own")
    assert len(pictures.images) == 4
    assert pictures.left_out == ()
    assert told(pictures) == [
        "Links to what does not exist: gone, self.",
        "Not followed, because they are links to a folder that holds the link itself: up.",
        "Not followed, because they lead to a folder that is read already: zcat.",
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are text")
def test_that_classes_whose_names_are_no_text_are_told_apart(tmp_path: Path):
    folder = fill(tmp_path / "pets", "1/1.png", "2/2.png")
    for old, new in (("1", b"caf\xe9"), ("2", b"caf\xe8")):
        (folder / old).rename(folder / os.fsdecode(new))
    for _ in range(2):
        pictures, _ = load(DataConfig(source=str(folder)))
        assert pictures.class_names == ("caf\ufffd", "caf\ufffd (2)")


def with_names(path: Path, *names: bytes) -> DataConfig:
    """Write a .zip whose names are these bytes."""
    with zipfile.ZipFile(path, "w") as archive:
        for number, name in enumerate(names):
            content = io.BytesIO()
            Image.new("L", (32, 32), 99 + number).save(content, "PNG")
            archive.writestr(str(number) * len(name), content.getvalue())
    packed = path.read_bytes()
    for number, name in enumerate(names):
        packed = packed.replace(str(number).encode() * len(name), name)
    path.write_bytes(packed)
    return DataConfig(source=str(path))


def test_that_a_backslash_in_an_archive_divides_folders(tmp_path: Path):
    names = (b"data\\cat\\1.png", b"data\\cat\\2.png", b"data\\dog\\3.png")
    assert load(with_names(tmp_path / "a.zip", *names))[0].class_names == ("cat", "dog")


@pytest.mark.parametrize(
    ("charset", "guessed", "classes"),
    [
        ("utf-8", "utf-8", ("犬", "猫の写真")),
        ("cp932", "cp932", ("犬犬", "猫の写真")),
        ("gbk", "gbk", ("中国风景", "动物图片")),
        ("gbk", "gbk", ("北京故宫", "天空海滩建筑")),
        ("big5", "big5", ("動物圖片", "臺灣風景")),
        ("cp949", "cp949", ("고양이 사진", "강아지 풍경")),
        ("cp437", "cp437", ("café", "naïve")),
    ],
)
def test_that_the_character_set_of_names_is_guessed_and_said(
    tmp_path: Path, charset: str, guessed: str, classes: tuple[str, ...]
):
    names = [f"{name}/{number}.png".encode(charset) for number, name in enumerate(classes)]
    pictures, _ = load(with_names(tmp_path / "a.zip", *names))
    assert sorted(pictures.class_names) == sorted(classes)
    assert told(pictures) == [f"The archive does not say how its names are encoded; {guessed} was guessed."]


def test_that_a_link_in_an_archive_is_named(tmp_path: Path):
    path = zipped(fill(tmp_path / "pets", "1.png", "2.png"))
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("cat")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "../there/cat")
    pictures, _ = load(DataConfig(source=str(path)))
    assert told(pictures) == ["Links in an archive are not followed: cat."]


def test_that_the_cache_tells_what_was_not_read(tmp_path: Path):
    folder = fill(tmp_path / "pets", "1.png", "2.png", "a.txt")
    first, second = (load(DataConfig(source=str(folder)))[0] for _ in range(2))
    assert first.notes == second.notes
    assert len(first.notes) == 1


@pytest.mark.skipif(reads_heif(), reason="pillow-heif is installed")
def test_that_heic_is_refused_by_name_with_what_to_install(read):
    pictures = read("cat/1.png", "dog/2.png", "fox/3.heic", "fox/4.HEIC", "fox/5.heif")
    assert told(pictures) == [
        'Not read: .heic: 2, .heif: 1. To read these pictures, run pip install "gan-studio[heic]".',
        "Folders without a picture that can be read are no classes: fox (.heic: 2, .heif: 1).",
    ]
