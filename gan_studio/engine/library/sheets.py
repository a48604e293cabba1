"""Read sample sheets of a run, whole or their first samples as a small picture."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gan_studio.engine.moment import Moment
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.sheet import SHEET_COLUMNS, Sheet

MOST_SHEET_PIXELS = 2**24
"""Twice the pixels of the largest sheet, which has 16 rows and 8 columns of 256 x 256 pixels."""


def read_sheet(folder: RunFolder, moment: Moment) -> Sheet:
    """Read a sample sheet of a run; its file does not record the classes of its rows.

    Raises:
        OSError: the sheet is missing, damaged, or larger than any sheet that a run draws.
    """
    pixels = _read_pixels(folder.sheet(moment))
    height, width, _ = pixels.shape
    return Sheet(moment, pixels, SHEET_COLUMNS, SHEET_COLUMNS * height // width)


def corner_of_sheet(folder: RunFolder, moment: Moment, cells: int, most: int) -> NDArray[np.uint8] | None:
    """Return the first samples of a sheet as a small picture, or None if the sheet cannot be read.

    Args:
        folder: the run's folder.
        moment: moment of the sheet.
        cells: samples in a row and a column of the picture.
        most: largest width and height in pixels; larger pictures are made smaller.

    Returns:
        uint8 [H, W, C].
    """
    try:
        pixels = read_sheet(folder, moment).pixels
    except OSError:
        return None
    side = cells * max(pixels.shape[1] // SHEET_COLUMNS, 1)
    corner = pixels[:side, :side]
    if max(corner.shape[:2]) <= most:
        return corner.copy()
    shown = Image.fromarray(corner[:, :, 0] if corner.shape[2] == 1 else corner)
    shown.thumbnail((most, most), Image.Resampling.BOX)
    return np.atleast_3d(np.asarray(shown, dtype=np.uint8)).copy()


def _read_pixels(path: Path) -> NDArray[np.uint8]:
    if path.exists() and not path.is_file():
        raise OSError(f"{path} is not a regular file")
    try:
        with Image.open(path, formats=("PNG",)) as image:
            if image.width * image.height > MOST_SHEET_PIXELS:
                raise OSError(f"{path} has {image.width} x {image.height} pixels")
            pixels = np.asarray(image, dtype=np.uint8)
    except Image.DecompressionBombError as error:
        raise OSError(str(error)) from error
    return pixels[:, :, None] if pixels.ndim == 2 else pixels
