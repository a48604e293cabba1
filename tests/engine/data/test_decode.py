"""Decoding one picture of any format to the size and channels of a run."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.decode import UnusablePictureError, decode_picture, picture_size
from tests.engine.pictures import make_picture

GREY, COLOUR = DataConfig(), DataConfig(channels=3)
RED, WHITE, BLUE = (255, 0, 0), (255, 255, 255), (0, 0, 255)


def middle(pixels):
    return tuple(int(value) for value in pixels[:, pixels.shape[1] // 2, pixels.shape[2] // 2])


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "bmp"])
def test_that_each_format_is_cropped_to_its_centre_square(tmp_path: Path, suffix: str):
    image = Image.new("RGB", (60, 30), "black")
    image.paste("white", (15, 0, 45, 30))
    image.save(tmp_path / f"wide.{suffix}", quality=100)
    pixels = decode_picture(tmp_path / f"wide.{suffix}", COLOUR)
    assert pixels.shape == (3, 32, 32)
    assert pixels[:, 4:-4, 4:-4].min() > 240


def test_that_a_wide_picture_can_be_shown_whole_on_a_border_of_the_chosen_colour(tmp_path: Path):
    path = make_picture(tmp_path / "wide.png", (64, 32))
    pixels = decode_picture(path, DataConfig(channels=3, fit="border", background="#0000ff"))
    assert middle(pixels) == RED
    assert tuple(pixels[:, 0, 16]) == tuple(pixels[:, 31, 16]) == BLUE
    assert np.count_nonzero(pixels[0, :, 16] == 255) == 16


def test_that_a_picture_can_be_stretched(tmp_path: Path):
    image = Image.new("RGB", (64, 16), "black")
    image.paste("white", (32, 0, 64, 16))
    image.save(tmp_path / "wide.png")
    pixels = decode_picture(tmp_path / "wide.png", DataConfig(fit="stretch"))[0]
    assert pixels[:, :12].max() < 20
    assert pixels[:, 20:].min() > 235


@pytest.mark.parametrize("fit", ["crop", "border", "stretch"])
@pytest.mark.parametrize("size", [(1, 1), (5, 3), (1, 400)])
def test_that_pictures_smaller_than_the_target_are_enlarged(tmp_path: Path, fit: str, size: tuple[int, int]):
    path = make_picture(tmp_path / "small.png", size)
    pixels = decode_picture(path, DataConfig.model_validate({"fit": fit, "channels": 3}))
    assert pixels.shape == (3, 32, 32)
    assert RED in {tuple(column) for column in pixels[:, 16].T}


@pytest.mark.parametrize(("orientation", "bright"), [(1, "top"), (3, "bottom"), (6, "right"), (8, "left")])
def test_that_exif_rotation_is_obeyed(tmp_path: Path, orientation: int, bright: str):
    image = Image.new("L", (64, 64), 0)
    image.paste(255, (0, 0, 64, 32))
    exif = Image.Exif()
    exif[0x0112] = orientation
    image.save(tmp_path / "turned.png", exif=exif)
    pixels = decode_picture(tmp_path / "turned.png", GREY)[0]
    sides = {"top": pixels[:12], "bottom": pixels[20:], "left": pixels[:, :12], "right": pixels[:, 20:]}
    assert sides[bright].mean() > 250


def test_that_transparency_is_flattened_on_the_background(tmp_path: Path):
    path = make_picture(tmp_path / "clear.png", mode="RGBA", colour=(0, 0, 0, 0))
    assert middle(decode_picture(path, COLOUR)) == WHITE
    assert middle(decode_picture(path, DataConfig(channels=3, background="#ff0000"))) == RED


@pytest.mark.parametrize("mode", ["P", "LA", "PA"])
def test_that_transparency_of_palette_and_grey_pictures_counts(tmp_path: Path, mode: str):
    image = Image.new("RGBA", (32, 32), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (0, 0, 32, 8))
    (image.quantize(4) if mode != "LA" else image.convert("LA")).save(tmp_path / "clear.png")
    pixels = decode_picture(tmp_path / "clear.png", GREY)[0]
    assert pixels[:7].max() < 10
    assert pixels[9:].min() > 245


def test_that_transparency_can_be_a_fourth_channel(tmp_path: Path):
    image = Image.new("RGBA", (32, 32), (9, 9, 9, 0))
    image.paste((255, 0, 0, 255), (0, 0, 32, 16))
    image.save(tmp_path / "half.png")
    pixels = decode_picture(tmp_path / "half.png", DataConfig(channels=4, background="#0000ff"))
    assert tuple(pixels[:, 4, 4]) == (*RED, 255)
    assert tuple(pixels[:, 28, 4]) == (*BLUE, 0), "what nobody sees has the background's colour"
    opaque = make_picture(tmp_path / "opaque.jpg")
    assert decode_picture(opaque, DataConfig(channels=4))[3].min() == 255


def test_that_sixteen_bit_grey_keeps_its_range(tmp_path: Path):
    ramp = np.linspace(0, 65535, 32 * 32).reshape(32, 32).astype(np.uint16)
    Image.fromarray(ramp).save(tmp_path / "deep.png")
    Image.fromarray(ramp // 4).save(tmp_path / "dark.png")
    assert np.array_equal(decode_picture(tmp_path / "deep.png", GREY)[0], ramp // 257)
    assert decode_picture(tmp_path / "dark.png", GREY).max() < 65


def test_that_cmyk_of_a_printers_jpeg_is_not_inverted(tmp_path: Path):
    Image.new("CMYK", (40, 40), (0, 255, 255, 0)).save(tmp_path / "print.jpg", quality=100)
    red, green, blue = middle(decode_picture(tmp_path / "print.jpg", COLOUR))
    assert red > 240
    assert max(green, blue) < 15


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "CMYK"])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_that_every_mode_becomes_every_count_of_channels(mode: str, channels: int):
    file = io.BytesIO()
    Image.new("RGB", (50, 40), "white").convert(mode).save(file, "JPEG" if mode == "CMYK" else "PNG")
    pixels = decode_picture(file, DataConfig.model_validate({"channels": channels}))
    assert pixels.shape == (channels, 32, 32)
    assert pixels.min() > 250


@pytest.mark.parametrize("suffix", ["gif", "webp", "png"])
def test_that_an_animation_shows_its_first_frame(tmp_path: Path, suffix: str):
    first, second = Image.new("RGB", (32, 32), "red"), Image.new("RGB", (32, 32), "blue")
    first.save(tmp_path / f"moving.{suffix}", save_all=True, append_images=[second], lossless=True)
    assert middle(decode_picture(tmp_path / f"moving.{suffix}", COLOUR)) == RED


def test_that_large_pictures_of_each_fit_are_scaled_without_moire(tmp_path: Path):
    stripes = np.tile(np.array([0, 255], np.uint8), (1000, 500))
    Image.fromarray(stripes).save(tmp_path / "stripes.png")
    assert np.abs(decode_picture(tmp_path / "stripes.png", GREY).astype(int) - 127).max() < 8


@pytest.mark.parametrize("side", [9_000, 11_000, 30_000])
def test_that_a_header_of_a_huge_picture_is_refused_before_decoding(tmp_path: Path, side: int):
    path = make_picture(tmp_path / "huge.bmp", (2, 2))
    data = bytearray(path.read_bytes())
    data[18:26] = side.to_bytes(4, "little") * 2
    path.write_bytes(data)
    with pytest.raises(UnusablePictureError, match="million pixels"):
        decode_picture(path, COLOUR)


def test_that_a_picture_says_its_size_before_it_is_decoded(tmp_path: Path):
    assert picture_size(make_picture(tmp_path / "a.png", (40, 30))) == (40, 30)


def test_that_a_damaged_note_about_the_camera_does_not_spoil_the_picture(tmp_path: Path):
    Image.new("RGB", (40, 40), "red").save(tmp_path / "a.jpg", exif=b"Exif\0\0nonsense", quality=100)
    assert decode_picture(tmp_path / "a.jpg", COLOUR)[0].min() > 240
