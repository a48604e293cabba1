"""Folders of arrays: IDX files, CIFAR's batches, .npy files as pictures, classes or named arrays."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.kinds import array_folders
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
    assert CIFAR in refusal(tmp_path / "pickles", channels=3)


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
