"""One picture file to one uint8 array, from an allow-list of formats and within limits."""

import stat
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from gan_studio.engine.messages import Message

FORMATS = ("PNG", "JPEG", "WEBP", "BMP")
SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp"})
MOST_PIXELS = 64_000_000
"""A picture with more pixels than this is refused before it is decoded; below Pillow's own limit, which only warns."""


class UnusablePictureError(Exception):
    """A file that cannot be trained on; `reason` says why."""

    def __init__(self, reason: Message) -> None:
        super().__init__(str(reason))
        self.reason = reason


def decode_picture(path: Path, size: int, channels: int) -> NDArray[np.uint8]:
    """Read a picture file as the networks will see it.

    Turned upright by EXIF, flattened on white where transparent, scaled and cropped to its centre square.

    Args:
        path: PNG, JPEG, WebP or BMP file; of an animation the first frame is taken.
        size: height and width of the result in pixels.
        channels: 1 for grey, 3 for red, green, blue.

    Returns:
        uint8 [channels, size, size].

    Raises:
        UnusablePictureError: not a regular file, not a picture, damaged, or too large.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise UnusablePictureError(Message("picture.not_a_file"))
        with Image.open(path, formats=FORMATS) as image:
            return _to_array(_upright(image, size), size, channels)
    except UnusablePictureError:
        raise
    except PermissionError as error:
        raise UnusablePictureError(Message("picture.unreadable")) from error
    except UnidentifiedImageError as error:
        raise UnusablePictureError(Message("picture.unknown_format")) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnusablePictureError(Message("picture.too_large", most=MOST_PIXELS // 1_000_000)) from error
    except (OSError, ValueError, SyntaxError, EOFError, OverflowError) as error:
        raise UnusablePictureError(Message("picture.damaged", error=error)) from error


def _upright(image: Image.Image, size: int) -> Image.Image:
    if image.width * image.height > MOST_PIXELS:
        raise UnusablePictureError(Message("picture.too_large", most=MOST_PIXELS // 1_000_000))
    image.draft("RGB", (2 * size, 2 * size))  # JPEG only: decodes at a half, quarter or eighth where that is enough
    return ImageOps.exif_transpose(image)


def _to_array(image: Image.Image, size: int, channels: int) -> NDArray[np.uint8]:
    mode = "L" if channels == 1 else "RGB"
    fitted = ImageOps.fit(_flattened(image), (size, size), Image.Resampling.LANCZOS).convert(mode)
    pixels = np.asarray(fitted, dtype=np.uint8)
    return pixels[None] if channels == 1 else np.ascontiguousarray(pixels.transpose(2, 0, 1))


def _flattened(image: Image.Image) -> Image.Image:
    """Return the picture without transparency or 16-bit depth, as mode L or RGB."""
    if image.mode.startswith("I") or image.mode == "F":
        deep = np.asarray(image, dtype=np.float64)
        return Image.fromarray((deep / max(deep.max(), 255.0) * 255.0).clip(0, 255).astype(np.uint8))
    if image.has_transparency_data:
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image.convert("RGBA")).convert("RGB")
    return image if image.mode in ("L", "RGB") else image.convert("RGB")
