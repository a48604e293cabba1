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
from gan_studio.engine.text.message import Message

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp"})
MOST_PIXELS = 64_000_000
"""A picture with more pixels is refused before it is decoded. Pillow's own limit is higher, and only warns."""

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


class UnusablePictureError(Exception):
    """A picture cannot be used for training; `reason` says why."""

    def __init__(self, reason: Message) -> None:
        super().__init__(str(reason))
        self.reason = reason


def decode_picture(file: Path | BinaryIO, config: DataConfig) -> NDArray[np.uint8]:
    """Decode a picture, and bring it to the size and channels of a run.

    The picture is turned upright by its EXIF orientation. For an animation, the first frame is used.

    Args:
        file: path or open file of a PNG, JPEG, WebP, GIF or BMP picture.
        config: size, channels, fit and background, see `fit_picture`.

    Returns:
        uint8 [channels, image_size, image_size].

    Raises:
        UnusablePictureError: the file is not a regular file or not a picture, or it is damaged or too large.
    """
    with _opened(file) as image:
        # Has an effect on JPEG only: decodes at 1/2, 1/4 or 1/8 where that is large enough; grey skips the colours.
        image.draft("L" if config.channels == 1 else "RGB", (2 * config.image_size, 2 * config.image_size))
        return fit_picture(image, config, _TURNS.get(_orientation(image)))


def picture_size(file: Path | BinaryIO) -> tuple[int, int]:
    """Read width and height in pixels from a picture's header; raises the errors of decode_picture."""
    with _opened(file) as image:
        return image.size


def check_size(width: int, height: int) -> None:
    """Raise UnusablePictureError for a picture of more than MOST_PIXELS pixels."""
    if width * height > MOST_PIXELS:
        raise UnusablePictureError(Message("picture.too_large", most=MOST_PIXELS // 1_000_000))


def fit_picture(image: Image.Image, config: DataConfig, turn: Image.Transpose | None = None) -> NDArray[np.uint8]:
    """Bring a picture to the size and channels of a run.

    `config.fit` decides how a picture becomes square. "crop" keeps the square in the centre. "border" keeps the
    whole picture, and fills the square with `config.background`. "stretch" distorts the picture to a square.

    With 1 or 3 channels, transparent pictures are flattened onto the background. With 4 channels, opacity is the
    fourth; a border is then transparent, and fully transparent pixels take the background colour.

    Args:
        image: the picture as Pillow opened it.
        config: image_size, channels, fit, background.
        turn: the turn that makes the picture upright, applied after resizing.

    Returns:
        uint8 [channels, image_size, image_size].
    """
    resized = _resized(_plain(image), config)
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
        with Image.open(file, formats=FORMATS) as image:
            check_size(*image.size)
            yield image
    except UnusablePictureError:
        raise
    except PermissionError as error:
        raise UnusablePictureError(Message("picture.unreadable")) from error
    except UnidentifiedImageError as error:
        raise UnusablePictureError(Message("picture.not_a_picture")) from error
    except MemoryError:
        raise  # says nothing about the picture
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnusablePictureError(Message("picture.too_large", most=MOST_PIXELS // 1_000_000)) from error
    except Exception as error:  # hostile bytes can make a decoder raise anything
        if isinstance(error, OSError) and error.errno is not None:  # of the system; Pillow's own have no number
            raise UnusablePictureError(Message("picture.not_read", error=error.strerror or error)) from error
        reason = str(error) or type(error).__name__
        raise UnusablePictureError(Message("picture.damaged", error=reason)) from error


def _orientation(image: Image.Image) -> int:
    """Read the EXIF orientation; 1 (upright) where there is none or the EXIF data is damaged."""
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except (SyntaxError, ValueError, TypeError, struct.error):
        return 1


def _plain(image: Image.Image) -> Image.Image:
    """Return the picture as mode L or RGB, or as RGBA where it has transparency data."""
    if image.mode.startswith("I"):
        deep = np.asarray(image).astype(np.uint16 if image.mode.startswith("I;") else np.int32, copy=False)
        return Image.fromarray((deep // 257).clip(0, 255).astype(np.uint8))
    if image.has_transparency_data:
        return image if image.mode == "RGBA" else image.convert("RGBA")
    if image.mode in ("1", "L"):
        return image.convert("L")
    return image if image.mode == "RGB" else image.convert("RGB")


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
