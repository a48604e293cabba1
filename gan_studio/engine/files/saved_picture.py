"""Save pictures for a person: as PNG, JPEG or WebP, enlarged, with their origin inside the file."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from gan_studio.engine.files import atomic
from gan_studio.engine.files.picture_origin import (
    ASCII_COMMENT,
    EXIF_IFD,
    PNG_KEY,
    USER_COMMENT,
    Origin,
    origin_text,
)
from gan_studio.engine.text.message import EngineError, Message

PictureFormat = Literal["PNG", "JPEG", "WebP"]

SUFFIXES: Mapping[PictureFormat, tuple[str, ...]] = {
    "PNG": (".png",),
    "JPEG": (".jpg", ".jpeg"),
    "WebP": (".webp",),
}
"""The formats, and the endings of their file names; the first is the one that is proposed."""
FACTORS = (1, 2, 4, 8)
"""How many times a picture can be enlarged."""
MOST_PIXELS = 64_000_000
"""Most pixels of a saved picture. More are refused where pictures are read, here and by many programs."""
LONGEST_SIDE: Mapping[PictureFormat, int] = {"PNG": 65_535, "JPEG": 65_500, "WebP": 16_383}
"""Most pixels along a side, as the libraries behind Pillow write them."""
SOFTWARE = 0x0131


@dataclass(frozen=True)
class PictureForm:
    """How a picture is saved.

    Attributes:
        format: the file format. JPEG changes pixels slightly; the others keep them.
        factor: one of FACTORS.
        is_smooth: whether enlarged pixels are blended (bicubic) or stay sharp squares.
    """

    format: PictureFormat = "PNG"
    factor: int = 1
    is_smooth: bool = False


AS_IT_IS = PictureForm()
"""PNG at its own size."""


def is_too_large(width: int, height: int, form: PictureForm) -> bool:
    """Tell whether a picture of width x height pixels, enlarged, is larger than its format or MOST_PIXELS allows."""
    sides = width * form.factor, height * form.factor
    return sides[0] * sides[1] > MOST_PIXELS or max(sides) > LONGEST_SIDE[form.format]


def save_picture(
    path: Path,
    pixels: NDArray[np.uint8],
    form: PictureForm,
    origin: Origin | None = None,
    cells: tuple[int, int] = (1, 1),
) -> None:
    """Write a picture into a file, atomically.

    Args:
        path: the file; another file there is replaced.
        pixels: uint8 [H, W, C], C 1, 3 or 4. JPEG has no transparency: transparent pixels become white.
        form: format and enlargement.
        origin: what is written into the file: a PNG text chunk, or the EXIF UserComment of JPEG and WebP.
        cells: columns and rows of a sheet, which are enlarged one by one, so that smoothing does not mix samples.

    Raises:
        EngineError: the enlarged picture is too large.
        OSError: as write_atomically.
    """
    height, width, _ = pixels.shape
    if is_too_large(width, height, form):
        size = width * form.factor, height * form.factor
        raise EngineError(
            Message("save.too_large", width=size[0], height=size[1], format=form.format),
            Message("kept.file_untouched"),
            Message("todo.enlarge_less"),
        )
    atomic.write_atomically(path, [_encoded(enlarged(pixels, form, cells), form.format, origin)])


def enlarged(pixels: NDArray[np.uint8], form: PictureForm, cells: tuple[int, int] = (1, 1)) -> NDArray[np.uint8]:
    """Enlarge uint8 [H, W, C] to [factor * H, factor * W, C], each of columns x rows cells by itself."""
    if form.factor == 1:
        return pixels
    if not form.is_smooth:
        return pixels.repeat(form.factor, axis=0).repeat(form.factor, axis=1)
    columns, rows = cells
    strips = [np.split(strip, columns, axis=1) for strip in np.split(pixels, rows, axis=0)]
    return np.concatenate(
        [np.concatenate([_smoothed(cell, form.factor) for cell in strip], axis=1) for strip in strips], axis=0
    )


def _smoothed(cell: NDArray[np.uint8], factor: int) -> NDArray[np.uint8]:
    height, width, channels = cell.shape
    image = _image_of(cell).resize((width * factor, height * factor), Image.Resampling.BICUBIC)
    return np.asarray(image, np.uint8).reshape(height * factor, width * factor, channels)


def _image_of(pixels: NDArray[np.uint8]) -> Image.Image:
    return Image.fromarray(np.ascontiguousarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels))


def _encoded(pixels: NDArray[np.uint8], format: PictureFormat, origin: Origin | None) -> bytes:
    image = _image_of(pixels)
    if format == "JPEG" and image.mode == "RGBA":
        ground = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(ground, image).convert("RGB")
    buffer = io.BytesIO()
    image.save(buffer, format, **_options(format, origin))
    return buffer.getvalue()


def _options(format: PictureFormat, origin: Origin | None) -> dict[str, Any]:
    match format:
        case "PNG":
            return {"pnginfo": _png_text(origin)}
        case "JPEG":
            return {"quality": 95, "subsampling": 0, "exif": _exif(origin)}
        case "WebP":
            return {"lossless": True, "exact": True, "exif": _exif(origin)}


def _png_text(origin: Origin | None) -> PngInfo:
    chunks = PngInfo()
    chunks.add_text("Software", "GAN Studio")
    if origin is not None:
        chunks.add_text(PNG_KEY, origin_text(origin))
    return chunks


def _exif(origin: Origin | None) -> bytes:
    exif = Image.Exif()
    exif[SOFTWARE] = "GAN Studio"
    if origin is not None:
        exif.get_ifd(EXIF_IFD)[USER_COMMENT] = ASCII_COMMENT + origin_text(origin).encode("ascii")
    return exif.tobytes()
