"""The values of a picture: any mode of Pillow as grey, RGB or RGBA of 8 bits, and TIFF files within limits."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, TiffImagePlugin

from gan_studio.engine.data.picture_file.findings import Findings, UnusablePictureError
from gan_studio.engine.text.message import Message

MOST_PIXELS = 64_000_000
"""A picture with more pixels is refused before it is decoded. Pillow's own limit is higher, and only warns."""

_TIFF_COMPRESSIONS = frozenset(
    (
        *("raw", "tiff_ccitt", "group3", "group4", "tiff_lzw", "jpeg", "tiff_adobe_deflate", "tiff_deflate"),
        "packbits",
    )
)
"""What cameras and programs write. The others have no bound on memory, or are old and rarely tested."""
_BITS, _TILE_WIDTH, _TILE_HEIGHT = 258, 322, 323
_TOLERANCE = 1e-4
"""How far floats may lie outside 0 to 1: rounding in the program that wrote them."""
_STRETCH = [0, *[255] * 255]
"""What a mask's 0 and 1 become, for one channel; opacity stays as it is."""


def check_size(width: int, height: int) -> None:
    """Raise UnusablePictureError for a picture of more than MOST_PIXELS pixels."""
    if width * height > MOST_PIXELS:
        raise UnusablePictureError(Message("picture.too_large", most=MOST_PIXELS // 1_000_000))


def check_tiff(image: Image.Image) -> None:
    """Raise UnusablePictureError for a TIFF whose tiles are too large or whose compression is not allowed."""
    if not isinstance(image, TiffImagePlugin.TiffImageFile):
        return
    compression = str(image.info.get("compression", "raw"))
    if compression not in _TIFF_COMPRESSIONS:
        raise UnusablePictureError(Message("picture.other_compression", name=compression))
    tile = [image.tag_v2.get(tag, 1) for tag in (_TILE_WIDTH, _TILE_HEIGHT)]
    check_size(*(side if isinstance(side, int) else MOST_PIXELS + 1 for side in tile))


def as_8_bit(image: Image.Image, findings: Findings | None = None) -> Image.Image:
    """Return a picture as mode L or RGB, or as RGBA where it has transparency data.

    16-bit values keep their range: 0 to 65 535 becomes 0 to 255. Floats must lie from 0 to 1.

    Args:
        image: the picture as Pillow opened it.
        findings: takes in what was found; None for pictures of which nothing is to be told.

    Raises:
        UnusablePictureError: the values are outside the range.
    """
    if image.mode.startswith("I") or image.mode == "F":
        return _from_deep(image, findings)
    plain = _shown(image, findings)
    if findings is not None and findings.brightest <= 1:
        findings.see_brightest(_highest(plain))
    if findings is None or not findings.stretches_masks:
        return plain
    return plain.point([place for band in plain.getbands() for place in (range(256) if band == "A" else _STRETCH)])


def _from_deep(image: Image.Image, findings: Findings | None) -> Image.Image:
    """Convert integers of more than 8 bits, or floats, to grey."""
    if image.mode == "F":
        values_8_bit = _from_floats(np.asarray(image))
        if findings is not None and findings.brightest <= 1:
            is_mask = bool(np.isin(values_8_bit, (0, 255)).all())
            findings.see_brightest(int(values_8_bit.max(initial=0)) // (255 if is_mask else 1))
        return Image.fromarray(values_8_bit)
    values = np.asarray(image).astype(np.int64)
    most = 4095 if _is_12_bit(image) else 65535
    _check_range(values, most)
    if findings is not None and findings.brightest <= 1:
        findings.see_brightest(int(values.max(initial=0)))
    is_mask = findings is not None and findings.stretches_masks
    return Image.fromarray((values * 255 // (1 if is_mask else most)).astype(np.uint8))


def _from_floats(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    low, high = float(values.min(initial=1)), float(values.max(initial=0))
    if not (low >= -_TOLERANCE and high <= 1 + _TOLERANCE):  # false for NaN as well
        raise UnusablePictureError(Message("picture.other_range", low=f"{low:g}", high=f"{high:g}", most=1))
    return (values * 255).round().clip(0, 255).astype(np.uint8)


def _check_range(values: NDArray[np.int64], most: int) -> None:
    low, high = int(values.min(initial=0)), int(values.max(initial=0))
    if low < 0 or high > most:
        raise UnusablePictureError(Message("picture.other_range", low=low, high=high, most=most))


def _is_12_bit(image: Image.Image) -> bool:
    return isinstance(image, TiffImagePlugin.TiffImageFile) and image.tag_v2.get(_BITS) in (12, (12,))


def _shown(image: Image.Image, findings: Findings | None) -> Image.Image:
    """Return a picture of 8 bits as L, RGB or RGBA."""
    if image.format == "BMP" and image.mode == "RGBA" and image.getchannel("A").getextrema() == (0, 0):
        if findings is not None:  # programs that know no opacity write 0 there
            findings.count("opaque")
        return image.convert("RGB")
    if image.has_transparency_data:
        return image if image.mode == "RGBA" else image.convert("RGBA")
    if image.mode in ("1", "L"):
        return image.convert("L")
    return image if image.mode == "RGB" else image.convert("RGB")


def _highest(image: Image.Image) -> int:
    """Return the highest value of a picture of mode L, RGB or RGBA, without opacity."""
    colours = image.convert("RGB") if image.mode == "RGBA" else image
    return int(np.asarray(colours).max(initial=0))
