"""Held-out pictures, chosen by content, and the selection by class."""

import os
import random
from pathlib import Path

import numpy as np
import pytest

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.split import hold_out, leaving_out, left_out_by_hand, part_of, picture_hash
from gan_studio.engine.text.message import EngineError
from tests.engine.pictures import load, make_folder, make_picture, noise


def hashes_of(pictures) -> np.ndarray:
    return np.frombuffer(b"".join(picture_hash(picture) for picture in pictures), np.uint8).reshape(-1, 32)


def held_out_pixels(pictures) -> set[bytes]:
    return {pictures.images[index].tobytes() for index in pictures.held_out}


def test_that_a_share_is_held_out_and_never_trained_on(tmp_path: Path):
    pictures, _ = load(DataConfig(source=str(make_folder(tmp_path / "a", noise(40, 32, 32))), held_out=0.25))
    assert len(pictures.held_out) == 10
    assert sorted([*pictures.train, *pictures.held_out]) == list(range(40))


def test_that_the_same_pictures_are_held_out_whatever_their_files_are_called(tmp_path: Path):
    images = noise(40, 32, 32)
    first, _ = load(DataConfig(source=str(make_folder(tmp_path / "a", images)), held_out=0.25))
    second, _ = load(DataConfig(source=str(make_folder(tmp_path / "b", images[::-1], prefix="z")), held_out=0.25))
    assert held_out_pixels(first) == held_out_pixels(second)


def test_that_copies_of_a_picture_stay_on_one_side():
    pictures = np.concatenate([noise(20, 8, 8), noise(20, 8, 8)])
    mask = hold_out(hashes_of(pictures), 0.2)
    assert np.array_equal(mask[:20], mask[20:])
    assert mask.sum() == 8


def test_that_the_pictures_with_the_lowest_hashes_are_held_out():
    hashes = np.random.default_rng(0).integers(0, 3, (40, 32), np.uint8)
    hashes[:20, -1], hashes[3] = 0, 0
    lowest = sorted(range(40), key=lambda index: hashes[index].tobytes())[:10]
    assert np.flatnonzero(hold_out(hashes, 0.25)).tolist() == sorted(lowest)


def test_that_a_picture_repeated_all_over_is_trained_on():
    pictures = np.concatenate([np.zeros((90, 8, 8), np.uint8), noise(10, 8, 8)])
    mask = hold_out(hashes_of(pictures), 0.1)
    assert not mask[:90].any()
    assert mask.sum() == 10


@pytest.mark.parametrize(
    ("count", "share", "held_out"),
    [(5_000, 0.05, 500), (4_999, 0.05, 250), (20_000, 0.05, 1_000), (20_000, 0.0, 0), (3, 0.05, 0)],
)
def test_that_at_least_500_of_5000_are_held_out(count: int, share: float, held_out: int):
    numbers = np.arange(count, dtype="<i8")
    assert hold_out(hashes_of(numbers), share).sum() == held_out


def test_that_a_starter_sets_own_held_out_part_is_held_out():
    pictures, _ = load(DataConfig())
    assert (len(pictures.train), len(pictures.held_out)) == (10_000, 1_000)
    assert len(load(DataConfig(held_out=0))[0].held_out) == 0


@pytest.mark.parametrize("asked", ["Trouser, 9", "1,ankle boot", " 9 , trouser ,"])
def test_that_classes_are_chosen_by_name_or_number(asked: str):
    pictures, _ = load(DataConfig(classes=asked))
    assert pictures.class_names == ("trouser", "ankle boot")
    assert np.bincount(pictures.labels[pictures.train]).tolist() == [1000, 1000]
    assert set(pictures.labels[pictures.held_out]) == {0, 1}


def test_that_an_unknown_class_is_refused_with_the_known_ones():
    with pytest.raises(EngineError) as caught:
        load(DataConfig(classes="trouser, hat"))
    assert "hat" in str(caught.value.happened)
    assert "sandal" in str(caught.value.todo)


def test_that_classes_cannot_be_chosen_where_there_are_none(tmp_path: Path):
    make_folder(tmp_path, noise(4, 32, 32))
    with pytest.raises(EngineError, match="no classes"):
        load(DataConfig(source=str(tmp_path), classes="cat"))


def test_that_a_highest_count_is_spread_over_the_source(tmp_path: Path):
    images = np.repeat(np.arange(100, dtype=np.uint8), 32 * 32).reshape(100, 32, 32)
    make_folder(tmp_path, images)
    pictures, _ = load(DataConfig(source=str(tmp_path), most=5))
    assert pictures.images[:, 0, 0, 0].tolist() == [0, 24, 49, 74, 99]
    assert len(load(DataConfig(most=100))[0].train) == 100


def test_that_fewer_than_two_pictures_are_refused(tmp_path: Path):
    make_folder(tmp_path, noise(1, 32, 32))
    with pytest.raises(EngineError, match="fewer than two"):
        load(DataConfig(source=str(tmp_path)))


def test_that_the_digest_tells_other_pixels_labels_and_names(tmp_path: Path):
    images = noise(6, 32, 32)
    changed = images.copy()
    changed[3, 5, 5] ^= 1
    make_folder(tmp_path / "flat", images)
    make_folder(tmp_path / "changed", changed)
    for name, classes in (("pairs", "aabbcc"), ("thirds", "aaabbb"), ("named", "xxyyzz")):
        for number, letter in enumerate(classes):
            make_folder(tmp_path / name / letter, images[number : number + 1], prefix=str(number))
    names = ("flat", "changed", "pairs", "thirds", "named")
    digests = [load(DataConfig(source=str(tmp_path / name)))[0].digest for name in names]
    assert len(set(digests)) == 5
    (tmp_path / "flat").rename(tmp_path / "elsewhere")
    assert load(DataConfig(source=str(tmp_path / "elsewhere")))[0].digest == digests[0]


def test_that_the_order_of_unlike_hashes_does_not_matter():
    pictures = list(noise(30, 4, 4))
    chosen = {pictures[index].tobytes() for index in np.flatnonzero(hold_out(hashes_of(pictures), 0.3))}
    random.Random(1).shuffle(pictures)
    assert {pictures[index].tobytes() for index in np.flatnonzero(hold_out(hashes_of(pictures), 0.3))} == chosen


@pytest.mark.parametrize(
    ("name", "part"),
    [("Train", "train"), ("training", "train"), ("VAL", "held-out"), ("t10k", "held-out"), ("tests", None), ("", None)],
)
def test_that_parts_are_known_by_their_names(name: str, part: str | None):
    assert part_of(name) == part


def test_that_pictures_left_out_by_hand_are_not_read_and_the_others_are_as_before(tmp_path: Path):
    images = noise(6, 32, 32)
    folder = make_folder(tmp_path / "a", images)
    config = DataConfig(source=str(folder), leave_out="00001.png|00004.png| gone.png", held_out=0)
    pictures, _ = load(config)
    assert np.array_equal(pictures.images[:, 0], images[[0, 2, 3, 5]])
    told = [str(note) for note in pictures.notes]
    assert told == [
        "Pictures left out by hand: 2.",
        "gone.png should be left out, but no picture has this name.",
    ]
    again, _ = load(config)
    assert (again.digest, again.notes) == (pictures.digest, pictures.notes), "from the cache too"
    assert len(load(DataConfig(source=str(folder), held_out=0))[0].images) == 6


def test_that_names_to_leave_out_are_added_once():
    config = DataConfig(leave_out="b.png|a.png")
    assert leaving_out(config, ["a.png", "c.png"]) == "a.png|b.png|c.png"


HARD_NAMES = ["a|b.png", "|a", "b|", "||", " a.png", "b.png ", "\u3000c.png", '"d".png', '"e"', 'f"|"g', "a.png", "\\|"]


@pytest.mark.parametrize("name", HARD_NAMES)
def test_that_every_name_can_be_left_out(name: str):
    assert left_out_by_hand(DataConfig(leave_out=leaving_out(DataConfig(), [name]))) == (name,)
    more = leaving_out(DataConfig(leave_out=leaving_out(DataConfig(), [name])), HARD_NAMES)
    assert left_out_by_hand(DataConfig(leave_out=more)) == tuple(sorted(HARD_NAMES))


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("a.png | dogs/2.png |", ("a.png", "dogs/2.png")),
        ("", ()),
        (" | ", ()),
        ('"a|b.png" | c.png', ("a|b.png", "c.png")),
        ('5" disk.png|"half', ('"half', '5" disk.png')),
    ],
)
def test_that_typed_names_are_read_without_the_spaces_around_a_break(typed: str, names: tuple[str, ...]):
    assert left_out_by_hand(DataConfig(leave_out=typed)) == names


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such file names")
def test_that_a_picture_with_a_break_in_its_name_is_left_out(tmp_path: Path):
    make_folder(tmp_path, noise(3, 32, 32))
    for name in ("a|b.png", " c.png"):
        make_picture(tmp_path / name)
    config = DataConfig(source=str(tmp_path), held_out=0)
    pictures, _ = load(config.model_copy(update={"leave_out": leaving_out(config, ["a|b.png", " c.png"])}))
    assert len(pictures.images) == 3
    assert [str(note) for note in pictures.notes] == ["Pictures left out by hand: 2."]


def test_that_a_picture_of_another_class_is_not_said_to_be_missing(tmp_path: Path):
    for name in ("cat", "dog"):
        make_folder(tmp_path / name, noise(3, 32, 32))
    pictures, _ = load(DataConfig(source=str(tmp_path), classes="dog", leave_out="cat/00001.png|cat/9.png"))
    told = [str(note) for note in pictures.notes]
    assert told == ["cat/9.png should be left out, but no picture has this name."]
