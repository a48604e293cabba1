"""Array files as people have them: which arrays are pictures, labels and parts, their layout and their values."""

import zipfile
from pathlib import Path

import numpy as np
import pytest

from tests.engine.pictures import make_folder, noise
from tests.engine.sources import read, refusal, told

DIGITS = np.arange(40) % 10
"""Forty labels of ten classes."""


def smooth(count: int, *shape: int) -> np.ndarray:
    """Make pictures that are smooth down and across, each another: uint8 [count, H, W(, C)]."""
    height, width, *channels = shape
    ramp = np.add.outer(np.arange(height), 2 * np.arange(width))[..., *(None,) * len(channels)]
    start = np.random.default_rng(1).integers(0, 120, (count, 1, 1, *channels))
    return (start + ramp * 100 // ramp.max()).astype(np.uint8)


# Labels


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        (DIGITS[:, None].astype(np.uint8), "0123456789"),
        (DIGITS[None].astype(np.int16), "0123456789"),
        (np.eye(10, dtype=np.uint8)[DIGITS], "0123456789"),
        (np.eye(10, dtype=bool)[DIGITS], "0123456789"),
        (np.eye(10, dtype=np.float32)[DIGITS], "0123456789"),
        (DIGITS.astype(np.float32), "0123456789"),
        (DIGITS.astype(str), "0123456789"),
        (np.array([str(digit).encode() for digit in DIGITS]), "0123456789"),
        (DIGITS > 4, ("False", "True")),
    ],
)
def test_that_labels_are_read_in_every_form(tmp_path: Path, labels: np.ndarray, names: object):
    np.savez(tmp_path / "a.npz", labels=labels, images=noise(40, 8, 8))
    pictures = read(tmp_path / "a.npz")
    assert pictures.class_names == tuple(names)
    assert pictures.labels.tolist() == (DIGITS > 4 if len(names) == 2 else DIGITS).astype(int).tolist()
    assert f"{len(names)} classes" in told(pictures)


@pytest.mark.parametrize(
    ("images", "labels"),
    [
        ("images", "labels"),
        ("X_train", "y_train"),
        ("trainX", "trainY"),
        ("xtrain", "ytrain"),
        ("x", "y"),
        ("data", "target"),
        ("train_images", "train_labels"),
        ("arr_0", "arr_1"),
        ("arr_1", "arr_0"),
        ("img", "class"),
    ],
)
def test_that_names_and_shapes_tell_pictures_from_labels(tmp_path: Path, images: str, labels: str):
    np.savez(tmp_path / "a.npz", **{labels: DIGITS, images: noise(40, 8, 8)})
    assert read(tmp_path / "a.npz").class_names == tuple("0123456789")


@pytest.mark.parametrize(
    ("labels", "reason"),
    [
        (np.ones((40, 14), np.uint8), "14 values a picture"),
        (np.linspace(0, 1, 40), "not whole"),
        (np.full(40, np.nan), "not whole"),
        (np.arange(39), "not one label a picture"),
        (np.zeros(40, complex), "complex128"),
    ],
)
def test_that_what_is_no_label_is_passed_over_by_name(tmp_path: Path, labels: np.ndarray, reason: str):
    np.savez(tmp_path / "a.npz", train_images=noise(40, 8, 8), train_labels=labels)
    pictures = read(tmp_path / "a.npz")
    assert pictures.labels is None
    assert "Passed over: train_labels (" in told(pictures)
    assert reason in told(pictures)


def test_that_an_array_is_not_taken_for_labels_only_because_its_length_fits(tmp_path: Path):
    np.savez(tmp_path / "a.npz", images=noise(40, 8, 8), ids=np.arange(40))
    pictures = read(tmp_path / "a.npz")
    assert pictures.labels is None
    assert "ids (too many different values" in told(pictures)


# Parts and members


def test_that_parts_named_val_and_test_are_held_out_and_never_mixed_in(tmp_path: Path):
    images = noise(40, 32, 32)
    parts = {"test_images": images[35:], "train_images": images[:30], "val_images": images[30:35]}
    labels = {name.replace("images", "labels"): DIGITS[: len(part), None] for name, part in parts.items()}
    np.savez(tmp_path / "a.npz", **parts, **labels)
    pictures = read(tmp_path / "a.npz")
    assert np.array_equal(pictures.images[pictures.train][:, 0], images[:30])
    assert {image.tobytes() for image in pictures.images[pictures.held_out]} == {each.tobytes() for each in images[30:]}
    assert pictures.labels[pictures.held_out].tolist() == [0, 1, 2, 3, 4] * 2
    assert "Held out: test_images" in told(pictures)
    assert "Held out: val_images" in told(pictures)


def test_that_a_held_out_part_of_other_pictures_or_without_labels_is_passed_over(tmp_path: Path):
    parts = {"x_train": noise(40, 8, 8), "y_train": DIGITS, "x_test": noise(9, 8, 8), "x_val": noise(9, 16, 16)}
    np.savez(tmp_path / "a.npz", **parts)
    pictures = read(tmp_path / "a.npz", held_out=0.1)
    assert len(pictures.images) == 40
    assert "x_test (only one of the two parts has labels)" in told(pictures)
    assert "x_val (its pictures have another type, size" in told(pictures)


def test_that_the_labels_of_every_part_are_named_where_they_are_not_used(tmp_path: Path):
    images = noise(40, 8, 8)
    parts = {"train_images": images, "train_labels": DIGITS + 0.5, "test_images": images[:9], "test_labels": DIGITS[:9]}
    np.savez(tmp_path / "a.npz", **parts, class_names=np.array(list("abcdefghij")))
    notes = told(read(tmp_path / "a.npz"))
    assert "Passed over: train_labels (numbers that are not whole are no labels)." in notes
    assert "Passed over: test_labels (the labels of another part cannot be used)." in notes
    assert "Passed over: class_names (there are no labels that can be used)." in notes


def test_that_the_labels_of_a_held_out_part_that_is_passed_over_are_named(tmp_path: Path):
    parts = {"x_train": noise(40, 8, 8), "y_train": DIGITS, "x_val": noise(9, 16, 16), "y_val": DIGITS[:9]}
    np.savez(tmp_path / "a.npz", **parts)
    assert "Passed over: y_val (its pictures are passed over)." in told(read(tmp_path / "a.npz"))


def test_that_python_objects_are_passed_over_and_named(tmp_path: Path):
    objects = np.array({"a": 1}, dtype=object)
    values = {"latents_classes": np.ones((40, 6), int), "latents_values": np.ones((40, 6))}
    np.savez(tmp_path / "a.npz", metadata=objects, imgs=noise(40, 8, 8) % 2, **values)
    pictures = read(tmp_path / "a.npz")
    assert "Pictures: imgs, uint8 [40, 8, 8]" in told(pictures)
    assert "metadata (Python objects, which are never loaded)" in told(pictures)
    assert "latents_classes (6 values a picture" in told(pictures)
    assert "latents_values (the pictures are imgs)" in told(pictures)
    assert set(np.unique(pictures.images)) == {0, 255}


def test_that_arrays_that_may_both_be_pictures_are_asked_about_and_data_member_states_one(tmp_path: Path):
    first, second = noise(40, 32, 32), noise(40, 32, 32, seed=1)
    np.savez(tmp_path / "a.npz", arr_0=first, arr_1=second, arr_2=DIGITS)
    assert "arr_0 uint8 [40, 32, 32], arr_1 uint8 [40, 32, 32]" in refusal(tmp_path / "a.npz")
    assert "data.member" in refusal(tmp_path / "a.npz")
    pictures = read(tmp_path / "a.npz", member="arr_1")
    assert np.array_equal(pictures.images[:, 0], second)
    assert len(pictures.class_names) == 10
    assert "no array called arr_9, but arr_0" in refusal(tmp_path / "a.npz", member="arr_9")


def test_that_pictures_are_known_by_their_name_among_other_arrays_of_their_shape(tmp_path: Path):
    images = noise(40, 32, 32)
    np.savez(tmp_path / "a.npz", depth=noise(40, 32, 32, seed=1), images=images, z=noise(40, 64))
    pictures = read(tmp_path / "a.npz")
    assert np.array_equal(pictures.images[:, 0], images)
    assert "depth (the pictures are images)" in told(pictures)


# Layouts


@pytest.mark.parametrize("layout", ["flat_interleaved", "flat_planar"])
def test_that_flat_colour_is_tried_both_ways_round_and_the_guess_is_told(tmp_path: Path, layout: str):
    images = smooth(9, 32, 32, 3)
    stored = images.transpose(0, 3, 1, 2) if layout == "flat_planar" else images
    np.save(tmp_path / "a.npy", stored.reshape(9, -1))
    pictures = read(tmp_path / "a.npy", channels=3)
    assert np.array_equal(pictures.images.transpose(0, 2, 3, 1), images)
    assert "a guess" in told(pictures)
    stated = read(tmp_path / "a.npy", channels=3, layout=layout)
    assert np.array_equal(stated.images, pictures.images)
    assert "a guess" not in told(stated)
    other = "flat_planar" if layout == "flat_interleaved" else "flat_interleaved"
    assert not np.array_equal(read(tmp_path / "a.npy", channels=3, layout=other).images, pictures.images)


@pytest.mark.parametrize("order", ["C", "F"])
def test_that_rows_of_784_are_28_by_28(tmp_path: Path, order: str):
    images = smooth(50, 28, 28)
    np.save(tmp_path / "a.npy", np.asarray(images.reshape(50, 784), order=order))
    pictures = read(tmp_path / "a.npy", image_size=28)
    assert np.array_equal(pictures.images[:, 0], images)
    assert "read as flat grey pictures: 50 of 28 × 28" in told(pictures)


@pytest.mark.parametrize("is_labelled", [False, True])
def test_that_a_picture_a_row_and_a_picture_a_column_are_told_apart_by_labels(tmp_path: Path, is_labelled: bool):
    images = smooth(100, 28, 28)
    labels = {"label": np.arange(100)[None] % 10} if is_labelled else {}
    np.savez(tmp_path / "a.npz", data=images.reshape(100, 784).T, **labels)
    pictures = read(tmp_path / "a.npz", image_size=28)
    assert pictures.images.shape[0] == (100 if is_labelled else 784), "without labels, a row of 100 is 10 × 10"
    stated = read(tmp_path / "a.npz", image_size=28, layout="hwcn")
    assert np.array_equal(stated.images[:, 0], images)


@pytest.mark.parametrize("shape", [(32, 32, 3), (32, 32)])
def test_that_pictures_along_the_last_axis_are_read(tmp_path: Path, shape: tuple[int, ...]):
    images = smooth(40, *shape)
    np.save(tmp_path / "a.npy", np.moveaxis(images, 0, -1))
    pictures = read(tmp_path / "a.npy", channels=3 if len(shape) == 3 else 1)
    assert np.array_equal(pictures.images.transpose(0, 2, 3, 1).reshape(images.shape), images)
    assert f"read as [H, W, {'C, ' if len(shape) == 3 else ''}N]" in told(pictures)


def test_that_the_number_of_labels_decides_between_layouts(tmp_path: Path):
    np.savez(tmp_path / "a.npz", X=noise(16, 16, 40), y=np.arange(40) % 10)
    assert read(tmp_path / "a.npz", image_size=28).images.shape[0] == 40
    np.savez(tmp_path / "b.npz", X=noise(16, 16, 40), y=np.arange(16) % 2)
    assert read(tmp_path / "b.npz", image_size=28).images.shape[0] == 16


@pytest.mark.parametrize("shape", [(64, 64, 3), (3, 64, 64), (64, 64, 1), (1, 64, 64, 3), (1, 3, 64, 64)])
def test_that_one_picture_is_refused_as_one_picture(tmp_path: Path, shape: tuple[int, ...]):
    np.save(tmp_path / "a.npy", np.zeros(shape, np.uint8))
    assert f"one picture, of the shape {list(shape)}" in refusal(tmp_path / "a.npy")


def test_that_one_grey_picture_whose_width_is_a_square_number_is_refused_as_one(tmp_path: Path):
    np.save(tmp_path / "a.npy", smooth(1, 64, 64)[0])
    assert "one picture" in refusal(tmp_path / "a.npy")
    assert "data.layout" in refusal(tmp_path / "a.npy")
    assert len(read(tmp_path / "a.npy", layout="flat_interleaved").images) == 64


def test_that_a_stated_layout_that_does_not_fit_is_refused(tmp_path: Path):
    np.save(tmp_path / "a.npy", noise(40, 8, 8))
    assert "flat, colour by colour does not fit a uint8 [40, 8, 8]" in refusal(tmp_path / "a.npy", layout="flat_planar")


def test_that_a_stated_array_is_told_to_have_no_effect_on_picture_files(tmp_path: Path):
    folder = make_folder(tmp_path / "pictures", noise(5, 32, 32))
    assert "have no effect" in told(read(folder, layout="nchw"))
    assert read(folder).notes == ()


def test_that_a_file_of_very_many_arrays_is_refused_before_they_are_read(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        for number in range(1001):
            archive.writestr(f"{number}.npy", b"")
    assert "more than 1000 members" in refusal(tmp_path / "a.npz")


# Values


@pytest.mark.parametrize("kind", [np.uint8, np.bool_, np.int64])
@pytest.mark.parametrize("suffix", [".npy", ".npz"])
def test_that_zero_and_one_are_black_and_white_and_that_is_told(tmp_path: Path, kind: type, suffix: str):
    mask = noise(40, 32, 32) > 127
    save = np.save if suffix == ".npy" else np.savez
    save(tmp_path / f"a{suffix}", mask.astype(kind))
    pictures = read(tmp_path / f"a{suffix}")
    assert np.array_equal(pictures.images[:, 0], mask * np.uint8(255))
    assert "0 was read as black and 1 as white" in told(pictures)


def test_that_bytes_with_one_value_above_one_are_bytes(tmp_path: Path):
    images = noise(40, 32, 32) % 2
    images[39, 31, 31] = 2
    np.save(tmp_path / "a.npy", images)
    assert read(tmp_path / "a.npy").images.max() == 2


@pytest.mark.parametrize(("low", "value"), [(0, "1.0000001"), (0, "-1e-07"), (-1, "1.0000005"), (-1, "-1.0000001")])
def test_that_rounding_errors_outside_the_range_are_clipped_and_told(tmp_path: Path, low: int, value: str):
    images = np.linspace(low, 1, 40 * 64, dtype=np.float32).reshape(40, 8, 8)
    images[3, 3, 3] = np.float32(value)
    np.save(tmp_path / "a.npy", images)
    assert f"just outside {low} to 1 were clipped: {value}" in told(read(tmp_path / "a.npy"))


@pytest.mark.parametrize("value", ["1.00001", "-1.00001"])
def test_that_floats_beyond_are_refused_with_the_digits_that_differ(tmp_path: Path, value: str):
    images = np.linspace(-1, 1, 40 * 64, dtype=np.float32).reshape(40, 8, 8)
    images[3, 3, 3] = np.float32(value)
    np.save(tmp_path / "a.npy", images)
    assert value in refusal(tmp_path / "a.npy")


def test_that_whole_numbers_of_other_types_are_read_within_a_byte(tmp_path: Path):
    images = noise(40, 32, 32)
    np.save(tmp_path / "a.npy", images.astype(np.int64))
    pictures = read(tmp_path / "a.npy")
    assert np.array_equal(pictures.images[:, 0], images)
    assert "with 0 as black and 255 as white" in told(pictures)
    np.save(tmp_path / "b.npy", images.astype(np.int64) + 1)
    assert "int64 from 1 to 256" in refusal(tmp_path / "b.npy")


@pytest.mark.parametrize(("white", "most"), [(1023, 900), (4095, 4095), (16383, 5000), (65535, 65535)])
def test_that_deep_pictures_are_read_with_the_fewest_bits_that_hold_them(tmp_path: Path, white: int, most: int):
    images = np.linspace(0, most, 40 * 64).reshape(40, 8, 8).round().astype(np.uint16)
    np.save(tmp_path / "a.npy", images)
    pictures = read(tmp_path / "a.npy")
    assert pictures.images.max() == round(255 * most / white)
    assert f"with 0 as black and {white} as white" in told(pictures)


def test_that_floats_from_0_to_255_are_bytes_saved_as_floats(tmp_path: Path):
    images = noise(40, 32, 32)
    np.save(tmp_path / "a.npy", images.astype(np.float32))
    pictures = read(tmp_path / "a.npy")
    assert np.array_equal(pictures.images[:, 0], images)
    assert "with 0 as black and 255 as white" in told(pictures)
    np.save(tmp_path / "b.npy", (images % 50).astype(np.float32))
    assert "from 0 to 49" in refusal(tmp_path / "b.npy"), "too dark to be bytes"
