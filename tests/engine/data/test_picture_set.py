"""Reading every kind of source: known sets, folders, archives, arrays."""

import os
import zipfile
from pathlib import Path

import numpy as np
import pytest

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.arrays import labels
from gan_studio.engine.data.kinds.arrays import fit_arrays
from gan_studio.engine.text.message import EngineError
from tests.engine.pictures import load, make_folder, make_picture, noise


def zipped(folder: Path, path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, file.relative_to(folder.parent).as_posix())
    return path


def labels_of(source: Path) -> tuple[tuple[str, ...], list[int] | None]:
    pictures, _ = load(DataConfig(source=str(source)))
    return pictures.class_names, None if pictures.labels is None else pictures.labels.tolist()


@pytest.mark.parametrize(("size", "fitted", "border"), [(28, 28, 0), (32, 28, 2), (64, 56, 4), (128, 112, 8)])
def test_that_28_pixels_are_enlarged_only_by_whole_numbers(size: int, fitted: int, border: int):
    images = noise(3, 28, 28)
    pixels = fit_arrays(images, DataConfig.model_validate({"image_size": size}))[:, 0]
    inner = pixels[:, border : border + fitted, border : border + fitted]
    assert np.array_equal(inner, images.repeat(fitted // 28, 1).repeat(fitted // 28, 2))
    assert pixels.sum() == inner.sum(), "the border is black"


def test_that_larger_pictures_are_scaled_down_smoothly():
    images = np.tile(np.array([0, 255], np.uint8), (1, 64, 32))
    assert np.abs(fit_arrays(images, DataConfig())[0, 0].astype(int) - 127).max() < 40


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("had", [(), (1,), (3,), (4,)])
def test_that_arrays_of_all_channels_fit_all_channels(channels: int, had: tuple[int, ...]):
    white = np.full((2, 32, 32, *had), 255, np.uint8)
    pixels = fit_arrays(white, DataConfig.model_validate({"channels": channels}))
    assert pixels.shape == (2, channels, 32, 32)
    assert pixels.min() == 255


def test_that_grey_of_an_array_is_the_grey_of_a_picture_file(tmp_path: Path):
    images = noise(4, 32, 32, 3)
    from_files, _ = load(DataConfig(source=str(make_folder(tmp_path, images))))
    assert np.array_equal(fit_arrays(images, DataConfig()), from_files.images)


def test_that_the_border_of_a_transparent_array_is_the_background():
    clear = np.zeros((1, 20, 20, 4), np.uint8)
    assert (fit_arrays(clear, DataConfig(channels=3, background="#0000ff"))[0, 2] == 255).all()
    assert not fit_arrays(clear, DataConfig(channels=4))[0, 3].any()


def test_that_a_starter_set_has_names_for_its_labels():
    pictures, progress = load(DataConfig())
    assert pictures.images.shape == (11_000, 1, 32, 32)
    assert pictures.class_names[9] == "ankle boot"
    assert np.bincount(pictures.labels[pictures.train]).tolist() == [1000] * 10
    assert (progress[-1].done, progress[-1].total) == (11_000, 11_000)


@pytest.mark.parametrize("source", ["starter:nothing", "torchvision:nothing"])
def test_that_a_known_set_that_does_not_exist_is_refused(source: str):
    with pytest.raises(EngineError, match="nothing") as caught:
        load(DataConfig(source=source))
    assert "starter:fashion-mnist" in str(caught.value.todo)


def test_that_class_folders_are_classes(tmp_path: Path):
    make_picture(tmp_path / "dog" / "a.png")
    make_picture(tmp_path / "cat" / "deep" / "b.png")
    make_picture(tmp_path / "cat" / "c.png")
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_text("not a picture, so not beside the classes")
    assert labels_of(tmp_path) == (("cat", "dog"), [0, 0, 1])


def test_that_folders_with_pictures_beside_them_are_no_classes(tmp_path: Path):
    make_picture(tmp_path / "cat" / "a.png")
    make_picture(tmp_path / "dog" / "b.png")
    make_picture(tmp_path / "c.png")
    assert labels_of(tmp_path) == ((), None)


def test_that_one_folder_alone_is_no_class(tmp_path: Path):
    make_picture(tmp_path / "cat" / "a.png")
    make_picture(tmp_path / "cat" / "below" / "b.png")
    assert labels_of(tmp_path) == ((), None)


def test_that_a_zip_gives_the_pictures_and_classes_of_its_folder(tmp_path: Path):
    folder = tmp_path / "pets"
    for number, name in enumerate(("猫", "dog 😀")):
        make_folder(folder / name, noise(5, 40, 30, 3, seed=number))
    make_picture(folder / "__MACOSX" / "._a.png")
    archive = zipped(folder, tmp_path / "pets.zip")
    before = sorted(tmp_path.rglob("*"))
    (folder / "__MACOSX" / "._a.png").unlink()
    from_folder, _ = load(DataConfig(source=str(folder), channels=3))
    from_zip, progress = load(DataConfig(source=str(archive), channels=3))
    assert from_zip.digest == from_folder.digest
    assert from_zip.class_names == ("dog 😀", "猫")
    assert progress[-1].done == 10
    assert sorted(tmp_path.rglob("*")) == [path for path in before if path.name != "._a.png"], "nothing was unpacked"


@pytest.mark.parametrize("layout", ["grey", "last", "first"])
@pytest.mark.parametrize("suffix", [".npy", ".npz"])
def test_that_arrays_are_understood_in_three_layouts(tmp_path: Path, layout: str, suffix: str):
    images = noise(5, 32, 32) if layout == "grey" else noise(5, 32, 32, 3)
    stored = images.transpose(0, 3, 1, 2) if layout == "first" else images
    path = tmp_path / f"a{suffix}"
    np.save(path, stored) if suffix == ".npy" else np.savez(path, x=stored)
    pictures, _ = load(DataConfig.model_validate({"source": str(path), "channels": 1 if layout == "grey" else 3}))
    shown = pictures.images[:, 0] if layout == "grey" else pictures.images.transpose(0, 2, 3, 1)
    assert np.array_equal(shown, images)


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-1, 1)])
def test_that_floats_of_two_ranges_are_understood(tmp_path: Path, low: int, high: int):
    images = noise(5, 32, 32)
    images[0, 0, :2] = 0, 255
    np.save(tmp_path / "a.npy", (low + (high - low) * images.astype(np.float32) / 255))
    assert np.array_equal(load(DataConfig(source=str(tmp_path / "a.npy")))[0].images[:, 0], images)


@pytest.mark.parametrize(
    ("array", "reason"),
    [
        (np.full((5, 8, 8), 7.0), "from 7 to 7"),
        (np.full((5, 8, 8), np.nan), "nan"),
        (np.full((5, 8, 8), 700, np.int64), "int64 from 700 to 700"),
        (np.zeros((3, 8), np.uint8), "no array"),
        (np.zeros((3, 8, 8, 2), np.uint8), "no array"),
        (np.zeros((0, 8, 8), np.uint8), "no array"),
        (np.array([{"code": 1}] * 3), "Python objects, which are never loaded"),
    ],
)
@pytest.mark.parametrize("suffix", [".npy", ".npz"])
def test_that_arrays_in_doubt_are_refused_in_words(tmp_path: Path, array: np.ndarray, reason: str, suffix: str):
    path = tmp_path / f"a{suffix}"
    np.save(path, array, allow_pickle=True) if suffix == ".npy" else np.savez(path, images=array)
    with pytest.raises(EngineError, match=reason):
        load(DataConfig(source=str(path)))


@pytest.mark.parametrize(
    ("image_key", "label_key"), [("images", "labels"), ("train_images", "train_labels"), ("x_train", "y_train")]
)
def test_that_labels_of_an_array_file_are_found(tmp_path: Path, image_key: str, label_key: str):
    np.savez(tmp_path / "a.npz", **{image_key: noise(4, 32, 32), label_key: np.array([7, 3, 7, 3])})
    assert labels_of(tmp_path / "a.npz") == (("3", "7"), [1, 0, 1, 0])


def test_that_an_array_file_may_name_its_classes(tmp_path: Path):
    np.savez(tmp_path / "a.npz", images=noise(2, 8, 8), y=np.array([1, 1]), class_names=np.array(["cat", "dog"]))
    assert labels_of(tmp_path / "a.npz") == (("cat", "dog"), [1, 1])
    np.savez(tmp_path / "b.npz", images=noise(2, 8, 8), y=np.array(["dog", "cat"]))
    assert labels_of(tmp_path / "b.npz") == (("cat", "dog"), [1, 0])


def test_that_labels_of_thousands_of_letters_are_not_read(tmp_path: Path):
    long = np.array(["cat" * 500, "dog"] * 2)
    assert long.itemsize > labels.MOST_NAME_BYTES
    np.savez_compressed(tmp_path / "a.npz", images=noise(4, 32, 32), labels=long)
    assert labels_of(tmp_path / "a.npz") == ((), None)


@pytest.mark.parametrize("names", [np.array(["cat" * 500, "dog"]), np.full(100_001, "cat"), np.array([["cat", "dog"]])])
def test_that_a_list_of_class_names_without_a_bound_is_not_read(tmp_path: Path, names: np.ndarray):
    arrays = {"images": noise(4, 32, 32), "labels": np.array([0, 1, 0, 1]), "class_names": names}
    np.savez_compressed(tmp_path / "a.npz", **arrays)
    assert labels_of(tmp_path / "a.npz") == (("0", "1"), [0, 1, 0, 1])


def test_that_an_array_of_pictures_too_large_to_decode_is_refused_before_it_is_read(tmp_path: Path):
    np.lib.format.open_memmap(tmp_path / "a.npy", mode="w+", dtype=np.uint8, shape=(2, 8_001, 8_000))
    with pytest.raises(EngineError, match="more than 64 million pixels"):
        load(DataConfig(source=str(tmp_path / "a.npy")))


def test_that_labels_of_another_length_are_no_labels(tmp_path: Path):
    np.savez(tmp_path / "a.npz", images=noise(4, 32, 32), labels=np.array([1, 2]))
    assert labels_of(tmp_path / "a.npz") == ((), None)


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("missing", "no folder"),
        ("photos.2024", "no folder"),
        ("missing.zip", "no file"),
        ("text.txt", "not a kind of file"),
        ("pipe.zip", "no file"),
        ("long" * 100, "no folder"),
    ],
)
def test_that_what_is_no_source_is_refused_in_words(tmp_path: Path, name: str, part: str):
    (tmp_path / "text.txt").write_text("text")
    os.mkfifo(tmp_path / "pipe.zip")
    with pytest.raises(EngineError, match=part) as caught:
        load(DataConfig(source=str(tmp_path / name)))
    assert name in str(caught.value.happened)


@pytest.mark.parametrize("name", ["broken.zip", "broken.npz", "broken.npy"])
def test_that_a_damaged_file_is_refused_in_words(tmp_path: Path, name: str):
    (tmp_path / name).write_bytes(b"PK\x03\x04 and then nothing that makes sense")
    with pytest.raises(EngineError, match=name):
        load(DataConfig(source=str(tmp_path / name)))


def test_that_a_source_without_pictures_is_refused(tmp_path: Path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.txt").write_text("text")
    for source in (tmp_path / "folder", zipped(tmp_path / "folder", tmp_path / "a.zip")):
        with pytest.raises(EngineError, match=source.name):
            load(DataConfig(source=str(source)))
