"""Saved pictures: each format and enlargement, and the z that comes back from the file."""

import json
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from gan_studio.engine.files.picture_origin import (
    ASCII_COMMENT,
    EXIF_IFD,
    MOST_TEXT,
    PNG_KEY,
    USER_COMMENT,
    Origin,
    PictureOrigin,
    SheetOrigin,
    origin_text,
    read_origin,
)
from gan_studio.engine.files.saved_picture import SUFFIXES, PictureForm, PictureFormat, is_too_large, save_picture
from gan_studio.engine.latent import LatentPoint, draw_point
from gan_studio.engine.moment import Moment
from gan_studio.engine.text.message import EngineError

POINT = draw_point(7, 1024, "normal").with_blend((0.25, 0.75))
FROG = PictureOrigin.of("2026 frögs 皮", Moment(2, 1240), POINT, 7, "Frögs 🐸")
SHEET = SheetOrigin(
    run="frogs", branch=0, step=9, columns=2, rows=3, latent_dim=5, prior="sphere", classes=(2, 0, 1), class_count=3
)
FORMATS = tuple(SUFFIXES)


def picture(height: int = 6, width: int = 4, channels: int = 3) -> NDArray[np.uint8]:
    """Make a picture whose pixels all differ."""
    return np.arange(height * width * channels, dtype=np.uint8).reshape(height, width, channels)


def saved(
    path: Path, pixels: NDArray[np.uint8], form: PictureForm, cells: tuple[int, int] = (1, 1)
) -> NDArray[np.uint8]:
    """Save a picture, and return the pixels of the file."""
    save_picture(path, pixels, form, FROG, cells)
    with Image.open(path) as image:
        assert image.format == form.format.upper()
        return np.asarray(image)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("origin", [FROG, SHEET])
def test_that_the_z_of_a_saved_picture_comes_back(tmp_path: Path, format: PictureFormat, origin: Origin) -> None:
    path = tmp_path / f"frog{SUFFIXES[format][0]}"
    save_picture(path, picture(), PictureForm(format, 2), origin)
    assert read_origin(path) == origin


def test_that_z_is_exact_in_float32_and_a_sheet_has_the_z_of_its_seeds() -> None:
    assert FROG.point == POINT
    assert FROG.moment == (2, 1240)
    assert SHEET.point(0) == draw_point(0, 5, "sphere").with_blend((0.0, 0.0, 1.0))
    assert SHEET.point(5) == draw_point(5, 5, "sphere").with_blend((0.0, 1.0, 0.0))


@pytest.mark.parametrize("format", ["PNG", "WebP"])
@pytest.mark.parametrize("channels", [3, 4])
def test_that_sharp_enlargement_keeps_every_pixel(tmp_path: Path, format: PictureFormat, channels: int) -> None:
    pixels = picture(channels=channels)
    found = saved(tmp_path / "x", pixels, PictureForm(format, 4))
    assert np.array_equal(found, pixels.repeat(4, axis=0).repeat(4, axis=1))


def test_that_smooth_enlargement_does_not_mix_the_samples_of_a_sheet(tmp_path: Path) -> None:
    sheet = np.zeros((4, 8, 1), np.uint8)
    sheet[:, 4:] = 200
    found = saved(tmp_path / "x", sheet, PictureForm("PNG", 8, is_smooth=True), (2, 1))
    assert set(np.unique(found[:, :32])) == {0}
    assert set(np.unique(found[:, 32:])) == {200}
    mixed = saved(tmp_path / "y", sheet, PictureForm("PNG", 8, is_smooth=True))
    assert len(np.unique(mixed)) > 4


def test_that_transparent_pixels_are_white_in_jpeg(tmp_path: Path) -> None:
    found = saved(tmp_path / "x", np.zeros((16, 16, 4), np.uint8), PictureForm("JPEG"))
    assert found.shape == (16, 16, 3)
    assert found.min() == 255


def test_that_grey_pictures_stay_grey(tmp_path: Path) -> None:
    assert saved(tmp_path / "x", picture(channels=1), PictureForm("PNG", 2, is_smooth=True)).shape == (12, 8)


@pytest.mark.parametrize("format", FORMATS)
def test_that_a_picture_that_no_program_would_open_is_refused_before_it_is_made(
    tmp_path: Path, format: PictureFormat
) -> None:
    wide = np.broadcast_to(np.zeros((1, 1, 1), np.uint8), (2, 9000, 1))
    assert is_too_large(9000, 2, PictureForm(format, 8))
    with pytest.raises(EngineError, match=r"72000 × 16 pixels"):
        save_picture(tmp_path / "x", wide, PictureForm(format, 8))
    assert is_too_large(4000, 4000, PictureForm(format, 4))
    assert not is_too_large(2048, 4096, PictureForm(format, 2))
    assert not list(tmp_path.iterdir())


def png_that_says(path: Path, text: str) -> Path:
    chunks = PngInfo()
    chunks.add_text(PNG_KEY, text)
    Image.new("L", (2, 2)).save(path, "PNG", pnginfo=chunks)
    return path


GOOD = origin_text(FROG)


def test_that_a_picture_says_its_run_by_the_folder_and_by_its_name_and_may_say_more_or_less(tmp_path: Path) -> None:
    said = json.loads(GOOD)
    assert (said["run"], said.pop("name")) == ("2026 frögs 皮", "Frögs 🐸")
    read = read_origin(png_that_says(tmp_path / "x.png", json.dumps({**said, "of a later version": 1})))
    assert read == FROG.model_copy(update={"name": ""})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "__import__('os').system('true')",
        "[" * 50_000,
        GOOD.replace('"z":[', '"z":[NaN,'),
        GOOD.replace('"z":[', '"z":[1e300,'),
        GOOD.replace('"z":[', f'"z":[{"0," * 1025}'),
        GOOD.replace('"step":1240', '"step":-1'),
        GOOD.replace('"name":"', f'"name":"{"x" * 256}'),
        GOOD.replace('"seed":7', f'"seed":{2**64}'),
        GOOD.replace('"kind":"picture"', '"kind":"pickle"'),
        origin_text(SHEET).replace('"columns":2', '"columns":1000000000'),
        GOOD.replace('"class_count":2', '"class_count":1'),
        GOOD.replace('"class_count":2', '"class_count":1000000000'),
        origin_text(SHEET).replace('"classes":[2,0,1]', '"classes":[2]'),
        origin_text(SHEET).replace('"class_count":3', '"class_count":2'),
        GOOD + " " * MOST_TEXT,
    ],
)
def test_that_hostile_words_in_a_picture_are_refused(tmp_path: Path, text: str) -> None:
    assert text not in (GOOD, origin_text(SHEET))
    with pytest.raises(EngineError, match="is damaged"):
        read_origin(png_that_says(tmp_path / "x.png", text))


def test_that_a_small_chunk_that_unpacks_into_a_large_text_is_refused(tmp_path: Path) -> None:
    png_that_says(tmp_path / "x.png", "a")
    body = b"zTXt" + PNG_KEY.encode() + b"\0\0" + zlib.compress(b"1" * 2**24)
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    data = (tmp_path / "x.png").read_bytes()
    (tmp_path / "x.png").write_bytes(data[:33] + chunk + data[33:])
    with pytest.raises(EngineError):
        read_origin(tmp_path / "x.png")


@pytest.mark.parametrize("comment", [b"", b"ASCII\0\0\0", b"UNICODE\0{}", b"hello"])
def test_that_a_picture_of_another_program_says_no_z(tmp_path: Path, comment: bytes) -> None:
    exif = Image.Exif()
    exif.get_ifd(EXIF_IFD)[USER_COMMENT] = comment
    Image.new("L", (2, 2)).save(tmp_path / "x.jpg", "JPEG", exif=exif.tobytes())
    with pytest.raises(EngineError, match="does not say"):
        read_origin(tmp_path / "x.jpg")


def test_that_words_beyond_ascii_in_a_comment_are_refused(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif.get_ifd(EXIF_IFD)[USER_COMMENT] = ASCII_COMMENT + b"{\xff}"
    Image.new("L", (2, 2)).save(tmp_path / "x.webp", "WEBP", exif=exif.tobytes())
    with pytest.raises(EngineError):
        read_origin(tmp_path / "x.webp")


@pytest.mark.parametrize("damage", ["missing", "folder", "text", "cut"])
def test_that_what_is_no_picture_is_refused(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "x.png"
    if damage == "folder":
        path.mkdir()
    elif damage == "text":
        path.write_text("no picture")
    elif damage == "cut":
        save_picture(path, picture(), PictureForm(), FROG)
        path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(EngineError, match="cannot be read"):
        read_origin(path)


def test_that_a_point_of_no_sample_has_no_seed(tmp_path: Path) -> None:
    origin = PictureOrigin.of("frogs", Moment(0, 1), LatentPoint((0.0, 0.5)), None)
    save_picture(tmp_path / "x.png", picture(), PictureForm(), origin)
    read = read_origin(tmp_path / "x.png")
    assert isinstance(read, PictureOrigin)
    assert read.seed is None
