"""Decoding one picture into a uint8 array, from allowed formats only and within size limits."""

import stat
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageColor, UnidentifiedImageError

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.picture_file.colour import ProfileError, ToSrgb, conversion_of
from gan_studio.engine.data.picture_file.endings import SIGNATURE_BYTES, is_heif, open_formats
from gan_studio.engine.data.picture_file.findings import Finding, Findings
from gan_studio.engine.data.picture_file.findings import UnusablePictureError as UnusablePictureError
from gan_studio.engine.data.picture_file.values import MOST_PIXELS as MOST_PIXELS
from gan_studio.engine.data.picture_file.values import as_8_bit, check_tiff
from gan_studio.engine.data.picture_file.values import check_size as check_size
from gan_studio.engine.text.message import Message, reason_of

_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""The turn that makes a picture upright, by the orientation in its EXIF data."""

LeftOut = tuple[tuple[str, Message], ...]
"""(Name, reason) of each picture that could not be used."""


def decode_picture(file: Path | BinaryIO, config: DataConfig, findings: Findings | None = None) -> NDArray[np.uint8]:
    """Decode a picture, and bring it to the size and channels of a run, in the colours of sRGB.

    The picture is turned upright by its EXIF orientation. Of an animation or of several pages the first is used.

    Args:
        file: path or open file of a picture in one of `endings.open_formats`.
        config: size, channels, fit and background, see `fit_picture`.
        findings: takes in what was found in the picture.

    Returns:
        uint8 [channels, image_size, image_size].

    Raises:
        UnusablePictureError: the file is not a regular file or not a picture, or it is damaged or too large.
    """
    findings = Findings() if findings is None else findings
    found: list[Finding] = ["read"]
    with _opened(file) as image:
        to_srgb = _to_srgb(image, found)
        # Has an effect on JPEG only: decodes at 1/2, 1/4 or 1/8 where that is large enough; grey skips the colours.
        is_grey = config.channels == 1 and to_srgb is None
        image.draft("L" if is_grey else "RGB", (2 * config.image_size, 2 * config.image_size))
        turn = None if image.format == "TIFF" else _TURNS.get(_orientation(image))  # Pillow turns a TIFF itself
        if image.format != "MPO" and getattr(image, "is_animated", False):  # a phone's MPO repeats its picture
            found.append("first_frame")
        if to_srgb is not None and image.mode in ("CMYK", "LAB"):
            findings.see_brightest(255)  # inks and Lab are no masks
            pixels = fit_picture(to_srgb(image), config, turn)
        else:
            pixels = fit_picture(as_8_bit(image, findings), config, turn, to_srgb)
    findings.count(*found)
    return pixels


def picture_size(file: Path | BinaryIO) -> tuple[int, int]:
    """Read width and height in pixels from a picture's header; raises the errors of decode_picture."""
    with _opened(file) as image:
        return image.size


def fit_picture(
    image: Image.Image, config: DataConfig, turn: Image.Transpose | None = None, to_srgb: ToSrgb | None = None
) -> NDArray[np.uint8]:
    """Bring a picture to the size and channels of a run.

    `config.fit` decides how a picture becomes square. "crop" keeps the square in the centre. "border" keeps the
    whole picture, and fills the square with `config.background`. "stretch" distorts the picture to a square.

    With 1 or 3 channels, transparent pictures are flattened onto the background. With 4 channels, opacity is the
    fourth; a border is then transparent, and fully transparent pixels take the background colour.

    Args:
        image: the picture as Pillow opened it.
        config: image_size, channels, fit, background.
        turn: the turn that makes the picture upright, applied after resizing.
        to_srgb: brings the picture to sRGB, applied after resizing, when there is less to convert.

    Returns:
        uint8 [channels, image_size, image_size].
    """
    resized = _resized(as_8_bit(image), config)
    if to_srgb is not None:
        resized = to_srgb(resized)
    coloured = _in_channels(resized if turn is None else resized.transpose(turn), config)
    pixels = np.array(_on_border(coloured, config), dtype=np.uint8)
    if config.channels == 4:
        hide_colours(pixels, config)
    return np.ascontiguousarray(pixels.transpose(2, 0, 1)) if pixels.ndim == 3 else pixels[None]


def background_of(config: DataConfig) -> tuple[int, int, int]:
    """Return the background colour as red, green, blue, 0 to 255."""
    red, green, blue = ImageColor.getrgb(config.background)[:3]
    return red, green, blue


def hide_colours(pixels: NDArray[np.uint8], config: DataConfig) -> None:
    """Give fully transparent pixels the background colour, because the colour behind them is arbitrary.

    Args:
        pixels: uint8 [..., 4], changed in place.
        config: background.
    """
    pixels[pixels[..., 3] == 0, :3] = background_of(config)


@contextmanager
def _opened(file: Path | BinaryIO) -> Iterator[Image.Image]:
    """Open a picture within the limits, and raise every error of its decoding as UnusablePictureError."""
    try:
        if isinstance(file, Path) and not stat.S_ISREG(file.stat().st_mode):
            raise UnusablePictureError(Message("picture.not_a_file"))
        with Image.open(file, formats=open_formats()) as image:
            check_size(*image.size)
            check_tiff(image)
            yield image
    except UnusablePictureError:
        raise
    except PermissionError as error:
        raise UnusablePictureError(Message("picture.unreadable")) from error
    except UnidentifiedImageError as error:
        reason = Message("picture.heif") if _is_heif(file) else Message("picture.not_a_picture")
        raise UnusablePictureError(reason) from error
    except MemoryError:
        raise  # says nothing about the picture
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnusablePictureError(Message("picture.too_large", most=MOST_PIXELS // 1_000_000)) from error
    except Exception as error:  # hostile bytes can make a decoder raise anything
        if isinstance(error, OSError) and error.errno is not None:  # of the system; Pillow's own have no number
            raise UnusablePictureError(Message("picture.not_read", error=reason_of(error))) from error
        words = str(error) or type(error).__name__
        raise UnusablePictureError(Message("picture.damaged", error=words)) from error


def _is_heif(file: Path | BinaryIO) -> bool:
    try:
        if isinstance(file, Path):
            with file.open("rb") as opened:
                return is_heif(opened.read(SIGNATURE_BYTES))
        file.seek(0)
        return is_heif(file.read(SIGNATURE_BYTES))
    except OSError:
        return False


def _to_srgb(image: Image.Image, found: list[Finding]) -> ToSrgb | None:
    """Return what brings a picture to sRGB, and add it to what was found; None where nothing does."""
    try:
        to_srgb = conversion_of(image)
    except ProfileError:
        found.append("bad_profile")
        return None
    if to_srgb is not None:
        found.append("converted")
    return to_srgb


def _orientation(image: Image.Image) -> int:
    """Read the EXIF orientation; 1 (upright) where there is none or the EXIF data is damaged."""
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except (SyntaxError, ValueError, TypeError, struct.error):
        return 1


def _resized(image: Image.Image, config: DataConfig) -> Image.Image:
    size: int = config.image_size
    width, height = image.size
    if width == height == size:
        return image
    side = min(width, height) if config.fit == "crop" else max(width, height)
    target, box = (size, size), (0.0, 0.0, float(width), float(height))
    if config.fit == "crop":
        left, top = (width - side) / 2, (height - side) / 2
        box = (left, top, left + side, top + side)
    elif config.fit == "border":
        target = (max(1, round(width * size / side)), max(1, round(height * size / side)))
    return image.resize(target, Image.Resampling.LANCZOS, box, reducing_gap=3.0)


def _in_channels(image: Image.Image, config: DataConfig) -> Image.Image:
    if config.channels == 4:
        return image.convert("RGBA")
    if image.mode == "RGBA":
        image = Image.alpha_composite(Image.new("RGBA", image.size, config.background), image)
    return image.convert("L" if config.channels == 1 else "RGB")


def _on_border(image: Image.Image, config: DataConfig) -> Image.Image:
    """Centre the picture in a square of the background colour, which is transparent in mode RGBA."""
    size = config.image_size
    if image.size == (size, size):
        return image
    transparent = "00" if image.mode == "RGBA" else ""
    square = Image.new(image.mode, (size, size), config.background + transparent)
    square.paste(image, ((size - image.width) // 2, (size - image.height) // 2))
    return square
