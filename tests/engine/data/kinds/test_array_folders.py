"""Folders of arrays: IDX files, CIFAR's batches, .npy files as pictures, classes or named arrays."""

import errno
import gzip
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.kinds import array_folders, npy_folder
from gan_studio.engine.data.preview import preview_pictures
from tests.engine.pictures import load, noise
from tests.engine.published import CIFAR, cifar_set, idx_bytes
from tests.engine.sources import read, refusal, told


@pytest.mark.parametrize(
    ("images", "labels", "is_packed"),
    [
        ("{}-images-idx3-ubyte", "{}-labels-idx1-ubyte", False),
        ("{}-images-idx3-ubyte.gz", "{}-labels-idx1-ubyte.gz", True),
        ("{}-images.idx3-ubyte", "{}-labels.idx1-ubyte", False),
        ("MNIST/raw/{}-images-idx3-ubyte", "MNIST/raw/{}-labels-idx1-ubyte", False),
        ("emnist-letters-{}-images-idx3-ubyte.gz", "emnist-letters-{}-labels-idx1-ubyte.gz", True),
    ],
)
def test_that_a_folder_of_idx_files_is_read_with_its_test_part_held_out(
    tmp_path: Path, images: str, labels: str, is_packed: bool
):
    parts = {"train": noise(30, 28, 28), "t10k": noise(6, 28, 28, seed=1)}
    for part, pictures in parts.items():
        for name, array in ((images, pictures), (labels, np.arange(len(pictures), dtype=np.uint8) % 3)):
            file = tmp_path / name.format(part)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(gzip.compress(idx_bytes(array)) if is_packed else idx_bytes(array))
    pictures = read(tmp_path, image_size=28)
    assert np.array_equal(pictures.images[pictures.train][:, 0], parts["train"])
    assert np.array_equal(pictures.images[pictures.held_out][:, 0], parts["t10k"])
    assert read(tmp_path / images.format("train"), image_size=28).digest == pictures.digest, "one file stands for all"
    assert pictures.class_names == ("0", "1", "2")
    assert "Held out: " in told(pictures)


@pytest.mark.parametrize("spoil", [lambda raw: raw[:-1], lambda raw: raw + b"\0", lambda raw: b"\1" + raw[1:]])
def test_that_a_damaged_idx_file_is_refused_in_words(tmp_path: Path, spoil):
    (tmp_path / "train-images-idx3-ubyte").write_bytes(spoil(idx_bytes(noise(9, 28, 28))))
    assert "cannot be read" in refusal(tmp_path)


def test_that_an_idx_file_larger_than_memory_is_refused_before_it_is_read(tmp_path: Path):
    header = bytes([0, 0, 8, 3]) + np.array([2**31, 2**12, 2**12], ">u4").tobytes()
    (tmp_path / "train-images-idx3-ubyte.gz").write_bytes(gzip.compress(header))
    assert "of memory" in refusal(tmp_path)


def test_that_the_batches_of_cifar_are_read_if_they_are_those_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    published, binary, python = cifar_set()
    monkeypatch.setattr(array_folders, "PUBLISHED", {CIFAR: published})
    for folder, files in (("records", binary), ("pickles", python)):
        (tmp_path / folder).mkdir()
        for name, content in files.items():
            (tmp_path / folder / name.rpartition("/")[2]).write_bytes(content)
        pictures = read(tmp_path / folder, channels=3)
        assert pictures.labels.tolist() == [0, 1, 2, 3, 4, 5]
        assert pictures.held_out.tolist() == [4, 5]
        assert pictures.class_names[5] == "dog"
        assert "2 held out" in told(pictures)
    (tmp_path / "pickles" / "data_batch_1").write_bytes(b"cos\nsystem\n(S'false'\ntR.")
    refused = refusal(tmp_path / "pickles", channels=3)
    assert CIFAR in refused
    assert ".." not in refused


@pytest.mark.parametrize("shape", [(32, 32, 3), (3, 32, 32), (32, 32)])
def test_that_a_folder_with_one_npy_a_picture_is_read_with_its_classes(tmp_path: Path, shape: tuple[int, ...]):
    images = noise(8, *shape)
    for number, image in enumerate(images):
        file = tmp_path / ("cat", "dog")[number // 4] / f"{number}.npy"
        file.parent.mkdir(exist_ok=True)
        np.save(file, image)
    np.save(tmp_path / "dog" / "z.npy", images[0].astype(np.float32))
    pictures, _ = load(DataConfig(source=str(tmp_path), channels=3 if len(shape) == 3 else 1))
    shown = pictures.images if shape[0] == 3 else pictures.images.transpose(0, 2, 3, 1)
    assert np.array_equal(shown.reshape(images.shape), images)
    assert pictures.class_names == ("cat", "dog")
    assert [name for name, _ in pictures.left_out] == ["dog/z.npy"]
    assert "Each .npy file was read as one picture, uint8." in told(pictures)


def test_that_masks_of_zero_and_one_in_files_are_black_and_white_over_the_whole_set(tmp_path: Path):
    for number, mask in enumerate(noise(5, 32, 32) % 2):
        np.save(tmp_path / f"{number}.npy", mask * (number > 0))
    pictures = read(tmp_path)
    assert set(np.unique(pictures.images)) == {0, 255}
    assert "1 as white" in told(pictures)


def test_that_a_folder_with_one_file_of_drawings_a_class_has_these_classes(tmp_path: Path):
    cats, dogs = noise(30, 784), noise(20, 784, seed=1)
    np.save(tmp_path / "full_numpy_bitmap_cat.npy", cats)
    np.save(tmp_path / "full_numpy_bitmap_dog.npy", dogs)
    pictures = read(tmp_path, image_size=28)
    assert pictures.class_names == ("cat", "dog")
    assert np.array_equal(pictures.images.reshape(-1, 784), np.concatenate([cats, dogs]))
    assert "50 pictures of 28 × 28 in 2 classes" in told(pictures)


def test_that_a_folder_of_named_arrays_is_read_like_one_file(tmp_path: Path):
    images = noise(30, 32, 32)
    labels = np.arange(30) % 3
    arrays = {"x_train": images, "y_train": labels, "x_test": images[:4], "y_test": labels[:4]}
    for name, array in arrays.items():
        np.save(tmp_path / f"{name}.npy", array)
    pictures = read(tmp_path)
    assert np.array_equal(pictures.images[pictures.train][:, 0], images)
    assert len(pictures.held_out) == 4
    assert pictures.class_names == ("0", "1", "2")


def test_that_a_folder_of_array_files_says_to_choose_one(tmp_path: Path):
    np.savez(tmp_path / "train.npz", images=noise(9, 8, 8))
    assert "train.npz" in refusal(tmp_path)
    assert "Choose one of these files" in refusal(tmp_path)


def test_that_parts_and_classes_of_one_npy_a_picture_are_those_of_folders_of_pictures(tmp_path: Path):
    images = noise(12, 32, 32)
    for number, image in enumerate(images):
        file = tmp_path / ("train", "test")[number // 8] / ("2", "10")[number % 2] / f"{number:02}.npy"
        file.parent.mkdir(exist_ok=True, parents=True)
        np.save(file, image)
    pictures = read(tmp_path, layout="nchw")
    assert pictures.class_names == ("2", "10")
    assert (len(pictures.train), len(pictures.held_out)) == (8, 4)
    assert "Pictures in train are trained on; those in test (4) are held out." in told(pictures)
    assert "have no effect, because each file holds one picture" in told(pictures)


def named_arrays(folder: Path) -> None:
    for name, array in {"x_train": noise(30, 32, 32), "y_train": np.arange(30) % 3}.items():
        np.save(folder / f"{name}.npy", array)


def test_that_a_folder_of_arrays_tells_everything_that_it_does_not_read(tmp_path: Path):
    named_arrays(tmp_path)
    np.savez(tmp_path / "more.npz", images=noise(9, 8, 8))
    (tmp_path / "extra").mkdir()
    for name in ("a.csv", "cats.zip", "c.psd", "extra/d.parquet", "about.txt", "Thumbs.db"):
        (tmp_path / name).write_bytes(b"no array")
    notes = told(read(tmp_path))
    assert "Not read, because the pictures are in other files: a.csv, extra/d.parquet, more.npz." in notes
    assert "Not opened, because an archive is only read as the source itself: cats.zip." in notes
    assert "Not read, because the formats are unknown: .psd: 1." in notes
    assert "Not read, because the endings are not a picture's: .txt: 1." in notes
    assert "Thumbs.db" not in notes
    assert "folders" not in notes


def test_that_a_folder_with_one_npy_a_picture_tells_what_it_does_not_read(tmp_path: Path):
    for number, image in enumerate(noise(8, 32, 32, 3)):
        file = tmp_path / ("cat", "dog")[number // 4] / f"{number}.npy"
        file.parent.mkdir(exist_ok=True)
        np.save(file, image)
    (tmp_path / "fox").mkdir()
    for name in ("c.psd", "fox/notes.txt"):
        (tmp_path / name).write_bytes(b"no array")
    notes = told(read(tmp_path, channels=3))
    assert ".psd: 1" in notes
    assert ".txt: 1" in notes
    assert "no classes: fox (.txt: 1)" in notes


def test_that_the_folder_of_a_run_inside_a_folder_of_arrays_is_not_read_and_named(tmp_path: Path):
    named_arrays(tmp_path)
    (tmp_path / "run").mkdir()
    for name in ("run.toml", "run.sqlite"):
        (tmp_path / "run" / name).write_bytes(b"")
    np.save(tmp_path / "run" / "samples.npy", noise(9, 16, 16))
    notes = told(read(tmp_path))
    assert "samples.npy" not in notes
    assert ": run." in notes


def test_that_arrays_behind_a_link_to_a_folder_are_read(tmp_path: Path):
    for name in ("elsewhere", "source"):
        (tmp_path / name).mkdir()
    named_arrays(tmp_path / "elsewhere")
    (tmp_path / "source" / "linked").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert read(tmp_path / "source").class_names == ("0", "1", "2")


@pytest.mark.parametrize("name", ["a.csv", "a.npy", "x_train.npy", "train-images-idx3-ubyte", "a.mat", "a.parquet"])
def test_that_a_file_that_the_system_does_not_let_be_read_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
):
    file = tmp_path / name
    file.write_bytes(b"nothing that matters")
    if file.suffix in (".mat", ".parquet"):
        pytest.importorskip("scipy.io" if file.suffix == ".mat" else "pyarrow")
        reader = "scipy.io.whosmat" if file.suffix == ".mat" else "pyarrow.parquet.read_schema"
        monkeypatch.setattr(reader, deny)
    monkeypatch.setattr(Path, "open", deny)
    text = refusal(tmp_path if name == "x_train.npy" else file)
    assert f"{file} cannot be used: it cannot be read (Permission denied)." in text
    assert text.endswith("that you may read it, or choose other pictures.")


def deny(path: object, *_: object, **__: object) -> NoReturn:
    raise PermissionError(errno.EACCES, "Permission denied", str(path))


def test_that_a_picture_of_its_own_file_that_may_not_be_read_is_no_damaged_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for number, image in enumerate(noise(4, 32, 32, 3)):
        np.save(tmp_path / f"{number}.npy", image)
    first = preview_pictures(DataConfig(source=str(tmp_path), channels=3))
    assert not first.left_out
    opened = npy_folder.npy.open_memmap

    def open_others(file: Path, mode: str) -> np.ndarray:
        return deny(file) if file.name == "2.npy" else opened(file, mode=mode)

    monkeypatch.setattr(npy_folder.npy, "open_memmap", open_others)
    assert [(name, str(reason)) for name, reason in preview_pictures(DataConfig(source=str(tmp_path))).left_out] == [
        ("2.npy", "could not be read: Permission denied")
    ]
