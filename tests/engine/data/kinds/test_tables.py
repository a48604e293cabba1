"""Tables of pixels: one picture a row, as Kaggle and others publish them."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from gan_studio.engine.data.picture_set import PictureSet
from tests.engine import sources
from tests.engine.pictures import noise
from tests.engine.sources import refusal

IMAGES = noise(30, 28, 28)
IMAGES[:, 0] = 0  # the border of digits is black
DIGITS = np.arange(30) * 7 % 10


def write(path: Path, header: Sequence[object], rows: Sequence[Sequence[object]], delimiter: str = ",") -> Path:
    lines = [delimiter.join(map(str, row)) for row in ([header] if header else []) + list(rows)]
    is_of_excel = delimiter == ";"
    text = ("\r\n" if is_of_excel else "\n").join(lines)
    path.write_bytes(text.encode("utf-8-sig" if is_of_excel else "utf-8"))
    return path


def read(path: Path, **changes: object) -> PictureSet:
    return sources.read(path, image_size=28, **changes)


def rows_of(images: np.ndarray = IMAGES) -> list[list[object]]:
    return images.reshape(len(images), -1).tolist()


def labelled(images: np.ndarray = IMAGES, labels: Sequence[object] = DIGITS) -> list[list[object]]:
    return [[label, *row] for label, row in zip(labels, rows_of(images), strict=True)]


@pytest.mark.parametrize("pixel", ["pixel{}", "{}", "px_{}", "pixel.{}", "1x{}"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_that_a_label_and_pixels_with_a_header_are_read(tmp_path: Path, pixel: str, delimiter: str):
    header = ["label", *(pixel.format(number) for number in range(784))]
    pictures = read(write(tmp_path / "a.csv", header, labelled(), delimiter))
    assert np.array_equal(pictures.images[:, 0], IMAGES)
    assert pictures.class_names == tuple("0123456789")
    assert pictures.labels.tolist() == DIGITS.tolist()


@pytest.mark.parametrize("is_last", [False, True])
def test_that_a_label_without_a_header_is_found_first_or_last_and_that_guess_is_told(tmp_path: Path, is_last: bool):
    rows = [[*row[1:], row[0]] for row in labelled()] if is_last else labelled()
    pictures = read(write(tmp_path / "a.csv", [], rows))
    assert np.array_equal(pictures.images[:, 0], IMAGES)
    assert pictures.labels.tolist() == DIGITS.tolist()
    place = "last" if is_last else "first"
    assert f"the {place} column was taken as the label, which is a guess" in str(pictures.notes[-1])


def test_that_pixels_alone_are_read_with_and_without_a_header(tmp_path: Path):
    named = [f"pixel{number}" for number in range(784)]
    for number, header in enumerate(([], range(784), range(1, 785), named)):
        path = write(tmp_path / f"{number}.csv", header, rows_of())
        assert np.array_equal(read(path).images[:, 0], IMAGES)


def test_that_a_header_of_numbers_as_pandas_makes_it_is_no_picture(tmp_path: Path):
    header = ["0", *(f"0.{number}" for number in range(1, 785))]
    pictures = read(write(tmp_path / "a.csv", header, labelled()))
    assert np.array_equal(pictures.images[:, 0], IMAGES)
    assert pictures.labels.tolist() == DIGITS.tolist()


def test_that_other_columns_are_passed_over_by_name(tmp_path: Path):
    header = ["id", "label", *(f"pixel{number}" for number in range(784)), "Usage"]
    rows = [[number, f"class {row[0]}", *row[1:], "Training"] for number, row in enumerate(labelled())]
    pictures = read(write(tmp_path / "a.csv", header, rows))
    assert np.array_equal(pictures.images[:, 0], IMAGES)
    assert pictures.class_names[3] == "class 3"
    told = "\n".join(map(str, pictures.notes))
    assert "Passed over: id (" in told
    assert "Passed over: Usage (" in told


def test_that_pixels_in_one_column_are_read(tmp_path: Path):
    rows = [[label, " ".join(map(str, row)), "Training"] for label, row in zip(DIGITS, rows_of(), strict=True)]
    pictures = read(write(tmp_path / "fer2013.csv", ["emotion", "pixels", "Usage"], rows))
    assert np.array_equal(pictures.images[:, 0], IMAGES)
    assert pictures.labels.tolist() == DIGITS.tolist()


def test_that_floats_and_quoted_numbers_are_read(tmp_path: Path):
    floats = [[label, *(f'"{value / 255:.6f}"' for value in row)] for label, *row in labelled()]
    pictures = read(write(tmp_path / "a.csv", ["label", *range(784)], floats))
    assert np.array_equal(pictures.images[:, 0], IMAGES)


def test_that_flat_colour_of_a_table_is_guessed_and_data_layout_states_it(tmp_path: Path):
    images = noise(6, 28, 28, 3)
    path = write(tmp_path / "a.csv", [f"pixel{number}" for number in range(2352)], rows_of(images))
    pictures = read(path, channels=3, layout="flat_interleaved")
    assert np.array_equal(pictures.images.transpose(0, 2, 3, 1), images)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("filename,label\na.png,cat\nb.png,dog\n", "choose the folder"),
        ("", "not the pixels"),
        ("1,2,3\n4,5,6\n", "not the pixels"),
        (",".join(["1"] * 784) + "\n" + ",".join(["1"] * 783) + "\n", "cannot be read"),
        (",".join(["1"] * 784) + "\n" + ",".join(["1"] * 783 + ["x"]) + "\n", "cannot be read"),
        (",".join(["1"] * 784) + "\n" + ",".join(["1"] * 783 + ["300"]) + "\n", "from 1 to 300"),
    ],
)
def test_that_other_tables_are_refused_with_what_to_do(tmp_path: Path, content: str, reason: str):
    (tmp_path / "a.csv").write_text(content)
    assert reason in refusal(tmp_path / "a.csv")


def test_that_a_column_that_names_the_part_of_each_row_splits_the_table(tmp_path: Path):
    parts = ["Training"] * 20 + ["PublicTest"] * 5 + ["PrivateTest"] * 5
    rows = [[label, " ".join(map(str, row)), part] for label, row, part in zip(DIGITS, rows_of(), parts, strict=True)]
    pictures = read(write(tmp_path / "fer2013.csv", ["emotion", "pixels", "Usage"], rows))
    assert np.array_equal(pictures.images[pictures.train, 0], IMAGES[:20])
    assert np.array_equal(pictures.images[pictures.held_out, 0], IMAGES[20:])
    assert pictures.labels.tolist() == DIGITS.tolist()
    assert "The column Usage says which rows are trained on" in " ".join(map(str, pictures.notes))
