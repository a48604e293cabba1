"""Files that need a library: MATLAB's .mat files (SciPy) and Parquet files (PyArrow)."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.copies import find_copies
from gan_studio.engine.data.preview import preview_pictures
from tests.engine.pictures import noise
from tests.engine.sources import read, refusal, told

DIGITS = np.arange(40) % 10


@pytest.mark.parametrize(("name", "module"), [("a.mat", "scipy"), ("a.parquet", "pyarrow")])
def test_that_a_missing_library_is_told_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, module: str
):
    for loaded in [each for each in sys.modules if each.partition(".")[0] == module]:
        monkeypatch.delitem(sys.modules, loaded)
    monkeypatch.setitem(sys.modules, module, None)
    (tmp_path / name).write_bytes(b"PAR1")
    assert 'pip install "gan-studio[tables]"' in refusal(tmp_path / name)


# MATLAB


def test_that_svhn_is_read_with_ten_as_zero(tmp_path: Path):
    scipy_io = pytest.importorskip("scipy.io")
    images = noise(40, 32, 32, 3)
    labels = np.where(DIGITS == 0, 10, DIGITS).astype(np.uint8)[:, None]
    scipy_io.savemat(tmp_path / "train_32x32.mat", {"X": np.moveaxis(images, 0, -1), "y": labels}, do_compression=True)
    pictures = read(tmp_path / "train_32x32.mat", channels=3)
    assert np.array_equal(pictures.images.transpose(0, 2, 3, 1), images)
    assert pictures.labels.tolist() == DIGITS.tolist()
    assert "Label 10 was read as the digit 0" in told(pictures)


def test_that_pictures_in_columns_are_read_as_the_number_of_labels_says(tmp_path: Path):
    scipy_io = pytest.importorskip("scipy.io")
    images = noise(40, 28, 28)
    values = {"data": images.reshape(40, 784).T, "label": DIGITS[None].astype(float), "about": {"source": "here"}}
    scipy_io.savemat(tmp_path / "a.mat", values)
    pictures = read(tmp_path / "a.mat", image_size=28)
    assert np.array_equal(pictures.images[:, 0], images)
    assert pictures.class_names == tuple("0123456789")
    assert "Passed over: about (no array of numbers or text, but struct)." in told(pictures)


def test_that_a_mat_file_of_version_7_3_or_damaged_is_refused_with_what_to_do(tmp_path: Path):
    pytest.importorskip("scipy.io")
    (tmp_path / "a.mat").write_bytes(b"MATLAB 7.3 MAT-file".ljust(124) + b"\x00\x02IM" + b"\x89HDF\r\n\x1a\n")
    assert "-v7" in refusal(tmp_path / "a.mat")
    (tmp_path / "b.mat").write_bytes(b"nothing that makes sense" * 20)
    assert "cannot be read" in refusal(tmp_path / "b.mat")


# Parquet


def png(array: np.ndarray, **options: Any) -> bytes:
    out = io.BytesIO()
    Image.fromarray(array).save(out, "PNG", **options)
    return out.getvalue()


def write_parquet(
    path: Path, images: np.ndarray, columns: dict[str, Any], metadata: dict[str, Any] | None = None
) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    encoded = [{"bytes": png(image), "path": f"{number}.png"} for number, image in enumerate(images)]
    table = pa.table({"image": encoded, **columns})
    table = table.replace_schema_metadata({"huggingface": json.dumps(metadata)}) if metadata else table
    path.parent.mkdir(exist_ok=True)
    parquet.write_table(table, path)


def test_that_a_parquet_file_of_hugging_face_is_read_with_its_class_names(tmp_path: Path):
    images = noise(40, 32, 32)
    names = {"info": {"features": {"label": {"names": [f"n{digit}" for digit in range(10)], "_type": "ClassLabel"}}}}
    write_parquet(tmp_path / "a.parquet", images, {"label": DIGITS, "caption": ["text"] * 40}, names)
    pictures = read(tmp_path / "a.parquet")
    assert np.array_equal(pictures.images[:, 0], images)
    assert pictures.class_names[9] == "n9"
    assert pictures.labels.tolist() == DIGITS.tolist()
    assert "Passed over: caption" in told(pictures)


def test_that_the_parquet_files_of_a_folder_are_one_set_with_its_test_part_held_out(tmp_path: Path):
    images = noise(40, 32, 32)
    for number in range(2):
        part = slice(15 * number, 15 * number + 15)
        write_parquet(tmp_path / "data" / f"train-{number:05d}-of-00002.parquet", images[part], {"label": DIGITS[part]})
    write_parquet(tmp_path / "data" / "test-00000-of-00001.parquet", images[30:], {"label": DIGITS[30:]})
    write_parquet(tmp_path / "data" / "test-00000-of-00002.parquet", images[:5], {"label": np.full(5, -1)})
    pictures = read(tmp_path)
    assert np.array_equal(pictures.images[pictures.train][:, 0], images[:30])
    assert np.array_equal(pictures.images[pictures.held_out][:, 0], images[30:])
    assert "Held out: 10 rows" in told(pictures)
    assert pictures.class_names == tuple("0123456789")
    assert "Passed over: test-00000-of-00002.parquet (only one of the two parts has labels)." in told(pictures)


def test_that_a_parquet_file_without_encoded_pictures_or_damaged_is_refused(tmp_path: Path):
    pa, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    parquet.write_table(pa.table({"text": ["a", "b"]}), tmp_path / "a.parquet")
    assert "text (string)" in refusal(tmp_path / "a.parquet")
    (tmp_path / "b.parquet").write_bytes(b"PAR1 and nothing")
    assert "cannot be read" in refusal(tmp_path / "b.parquet")


def test_that_a_stated_column_is_found_in_any_letter_case_and_another_is_refused_by_name(tmp_path: Path):
    path = tmp_path / "a.parquet"
    write_parquet(path, noise(40, 32, 32), {"label": DIGITS})
    pictures = read(path, member=" Image ", layout="nchw")
    assert len(pictures.images) == 40
    assert "Array layout (data.layout) has no effect" in told(pictures)
    assert "it has no array called picture, but image" in refusal(path, member="picture")
    assert "Name the array of pictures" in refusal(path, member="picture")
    assert "the column label holds no encoded pictures, but int64" in refusal(path, member="LABEL")


def write_encoded(path: Path, encoded: list[bytes]) -> Path:
    pa, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    parquet.write_table(pa.table({"image": encoded}), path)
    return path


def test_that_masks_in_a_parquet_file_become_black_and_white(tmp_path: Path):
    values = (noise(6, 32, 32) > 127).astype(np.uint8)
    path = write_encoded(tmp_path / "a.parquet", [png(image) for image in values])
    pictures = read(path)
    assert np.array_equal(pictures.images[:, 0], values * 255)
    assert "which were taken as black and white" in told(pictures)
    assert preview_pictures(DataConfig(source=str(path))).images.max() == 255
    assert find_copies(DataConfig(source=str(path))).groups == ()


def test_that_what_decoding_finds_in_a_parquet_file_is_told(tmp_path: Path):
    images = noise(6, 32, 32, 3)
    encoded = [png(image) for image in images]
    frames = [Image.fromarray(image) for image in images[:2]]
    encoded[0] = png(images[0], save_all=True, append_images=frames[1:])
    encoded[1] = png(images[1], icc_profile=b"no profile")
    encoded[2] = b"no picture"
    notes = told(pictures := read(write_encoded(tmp_path / "a.parquet", encoded), channels=3))
    assert "first" in notes
    assert "profile" in notes
    assert [name for name, _ in pictures.left_out] == ["2"]
