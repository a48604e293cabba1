"""A small picture in numpy to one that Qt can draw."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage


def qimage_of(picture: NDArray[np.uint8]) -> QImage:
    """Copy a picture into a QImage.

    Args:
        picture: uint8 [H, W, 1 or 3], or [H, W] for grey.

    Raises:
        ValueError: it has another shape.
    """
    pixels = np.ascontiguousarray(picture if picture.ndim == 3 else picture[..., np.newaxis])
    if pixels.ndim != 3 or pixels.shape[2] not in (1, 3):
        raise ValueError(f"not a picture: shape {picture.shape}")
    height, width, channels = pixels.shape
    kind = QImage.Format.Format_Grayscale8 if channels == 1 else QImage.Format.Format_RGB888
    return QImage(pixels.tobytes(), width, height, width * channels, kind).copy()
