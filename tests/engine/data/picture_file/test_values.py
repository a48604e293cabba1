"""Pictures of every mode keep their range, and what had to be guessed of their values is told."""

import io
import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.decode import UnusablePictureError, decode_picture
from gan_studio.engine.data.picture_file import endings
from gan_studio.engine.data.picture_file.findings import Findings
from gan_studio.engine.data.preview import preview_pictures
from tests.engine.pictures import load, noise

RAMP = np.linspace(0, 1, 32 * 32).reshape(32, 32)


def decoded(content: bytes, channels: int = 1) -> tuple[np.ndarray, list[str]]:
    findings = Findings()
    pixels = decode_picture(io.BytesIO(content), DataConfig.model_validate({"channels": channels}), findings)
    return pixels, [str(note) for note in findings.notes()]


def encoded(values: np.ndarray, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    Image.fromarray(values).save(file, kind, **options)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "PPM"])
def test_that_sixteen_bits_keep_their_range_in_every_format(kind: str):
    deep = (RAMP * 65535).astype(np.uint16)
    assert np.array_equal(decoded(encoded(deep, kind))[0][0], deep // 257)


def test_that_floats_from_0_to_1_are_read_and_others_refused():
    assert np.abs(decoded(encoded(RAMP.astype(np.float32), "TIFF"))[0][0] - RAMP * 255).max() <= 1
    with pytest.raises(UnusablePictureError, match="from 0 to 255; they must go from 0 to 1"):
        decoded(encoded((RAMP * 255).astype(np.float32), "TIFF"))
    with pytest.raises(UnusablePictureError, match="nan"):
        decoded(encoded(np.full((8, 8), np.nan, np.float32), "TIFF"))


def bitmap(pixels: np.ndarray) -> bytes:
    """Write uint8 [H, W, 4], red first, as a BMP with a mask for opacity (BITMAPV4HEADER)."""
    height, width = pixels.shape[:2]
    header = struct.pack("<IiiHHIIiiII", 108, width, height, 1, 32, 3, pixels.nbytes, 2835, 2835, 0, 0)
    header += struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000) + b"BGRs" + bytes(48)
    rows = np.ascontiguousarray(pixels[::-1, :, [2, 1, 0, 3]]).tobytes()
    return b"BM" + struct.pack("<IHHI", 14 + 108 + len(rows), 0, 0, 14 + 108) + header + rows


@pytest.mark.parametrize("channels", [3, 4])
def test_that_a_bitmap_without_any_opacity_is_opaque_and_that_is_told(channels: int):
    pixels = noise(1, 32, 32, 4)[0]
    half, notes = decoded(bitmap(pixels), 4)
    assert np.array_equal(half[3], pixels[..., 3]), "opacity that differs is opacity"
    assert notes == []
    pixels[..., 3] = 0
    shown, notes = decoded(bitmap(pixels), channels)
    assert np.array_equal(shown[:3].transpose(1, 2, 0), pixels[..., :3])
    assert channels == 3 or (shown[3] == 255).all()
    assert notes == ["Read as opaque, because their opacity is 0 everywhere: 1 of the 1 pictures read (BMP)."]


def test_that_a_png_without_any_opacity_stays_transparent():
    pixels = noise(1, 32, 32, 4)[0]
    pixels[..., 3] = 0
    shown, notes = decoded(encoded(pixels, "PNG"), 4)
    assert not shown[3].any()
    assert notes == []


@pytest.mark.parametrize("kind", ["TIFF", "GIF", "WEBP", "PNG", "AVIF"])
def test_that_only_the_first_of_several_pages_or_frames_is_used_and_that_is_told(kind: str):
    pages = [Image.new("RGB", (32, 32), colour) for colour in ("red", "blue")]
    file = io.BytesIO()
    pages[0].save(file, kind, save_all=True, append_images=pages[1:])
    pixels, notes = decoded(file.getvalue(), 3)
    assert pixels[0].min() > 240
    assert pixels[2].max() < 15
    assert notes == ["Only the first frame or page is used where there are several: 1 of the 1 pictures read."]


@pytest.mark.parametrize("kind", ["TIFF", "WEBP", "JPEG", "PNG", "AVIF"])
@pytest.mark.parametrize(("orientation", "bright"), [(3, "bottom"), (6, "right"), (8, "left")])
def test_that_pictures_of_every_format_are_turned_upright_once(kind: str, orientation: int, bright: str):
    image = Image.new("L", (64, 32), 0)
    image.paste(255, (0, 0, 64, 16))
    exif = Image.Exif()
    exif[0x0112] = orientation
    file = io.BytesIO()
    image.convert("RGB").save(file, kind, exif=exif)
    pixels = decode_picture(file, DataConfig(fit="stretch"))[0]
    sides = {"bottom": pixels[20:], "left": pixels[:, :12], "right": pixels[:, 20:]}
    assert sides[bright].mean() > 245


def masks(folder: Path, pictures: np.ndarray) -> DataConfig:
    folder.mkdir()
    for number, picture in enumerate(pictures):
        Image.fromarray(picture).save(folder / f"{number}.png")
    return DataConfig(source=str(folder))


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_that_masks_of_0_and_1_become_black_and_white_in_the_run_and_its_preview(tmp_path: Path, depth: type):
    values = (noise(6, 32, 32) > 127).astype(depth)
    values[2] = 0
    config = masks(tmp_path / "masks", values)
    told = ["Every picture read holds only the values 0 and 1, which were taken as black and white."]
    for _ in range(2):
        pictures, _ = load(config)
        assert np.array_equal(pictures.images[:, 0], values * 255)
        assert [str(note) for note in pictures.notes] == told
    preview = preview_pictures(config)
    assert preview.images.max() == 255
    assert [str(note) for note in preview.notes] == told


def test_that_one_picture_with_other_values_leaves_all_as_they_are(tmp_path: Path):
    values = (noise(6, 32, 32) > 127).astype(np.uint8)
    values[5] *= 2
    pictures, _ = load(masks(tmp_path / "dark", values))
    assert np.array_equal(pictures.images[:, 0], values)
    assert pictures.notes == ()


def test_that_black_pictures_are_no_masks(tmp_path: Path):
    pictures, _ = load(masks(tmp_path / "black", np.zeros((3, 32, 32), np.uint8)))
    assert not pictures.images.any()
    assert pictures.notes == ()


def test_that_a_mask_keeps_its_opacity(tmp_path: Path):
    values = (noise(4, 32, 32, 4) > 127).astype(np.uint8)
    values[..., 3] = 128
    config = masks(tmp_path / "masks", values).model_copy(update={"channels": 4})
    pictures, _ = load(config)
    assert np.array_equal(pictures.images[:, :3], values.transpose(0, 3, 1, 2)[:, :3] * 255)
    assert set(np.unique(pictures.images[:, 3])) == {128}


def test_that_masks_in_floats_are_masks_and_other_floats_are_not(tmp_path: Path):
    values = (noise(4, 32, 32) > 127).astype(np.uint8)
    config = masks(tmp_path / "masks", values)
    Image.fromarray(values[0].astype(np.float32)).save(tmp_path / "masks" / "float.tif")
    pictures, _ = load(config)
    assert np.array_equal(pictures.images[:, 0], values[[0, 1, 2, 3, 0]] * 255)
    assert [note.key for note in pictures.notes] == ["picture.masks"]
    Image.fromarray(np.linspace(0, 1, 1024, dtype=np.float32).reshape(32, 32)).save(tmp_path / "masks" / "grey.tif")
    assert load(config)[0].notes == preview_pictures(config).notes == ()


HEIF = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(40)


@pytest.mark.skipif(endings.reads_heif(), reason="pillow-heif is installed")
def test_that_a_heic_picture_by_any_name_is_refused_with_what_to_install():
    with pytest.raises(UnusablePictureError, match=r'run pip install "gan-studio\[heic\]"'):
        decoded(HEIF)


@pytest.mark.skipif(not endings.reads_heif(), reason="needs pillow-heif")
def test_that_heic_is_read_and_damaged_heic_refused(tmp_path: Path):
    for name, colour in (("a.heic", "red"), ("b.heif", "red"), ("c.HIF", "red")):
        Image.new("RGB", (64, 64), colour).save(tmp_path / name, "HEIF")
    pictures, _ = load(DataConfig(source=str(tmp_path), channels=3))
    assert len(pictures.images) == 3
    assert pictures.images[:, 0].min() > 240
    assert pictures.notes == ()
    with pytest.raises(UnusablePictureError):
        decoded(HEIF)
