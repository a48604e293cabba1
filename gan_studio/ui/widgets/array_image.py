"""Conversion of numpy pictures into Qt images."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap

_FORMATS = {1: QImage.Format.Format_Grayscale8, 3: QImage.Format.Format_RGB888, 4: QImage.Format.Format_RGBA8888}


def qimage_of(picture: NDArray[np.uint8]) -> QImage:
    """Copy a numpy picture into a QImage.

    Args:
        picture: uint8 [H, W, 1, 3 or 4] (the fourth channel is opacity), or [H, W] for grey.

    Raises:
        ValueError: the picture has another shape.
    """
    pixels = np.ascontiguousarray(picture if picture.ndim == 3 else picture[..., np.newaxis])
    if pixels.ndim != 3 or pixels.shape[2] not in _FORMATS:
        raise ValueError(f"not a picture: shape {picture.shape}")
    height, width, channels = pixels.shape
    return QImage(pixels.tobytes(), width, height, width * channels, _FORMATS[channels]).copy()


def thinned(picture: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """Leave out rows and columns of a large picture, evenly, so that scaling it to a preview takes no time.

    Args:
        picture: as for `qimage_of`.
        side: longer side of the preview in pixels.

    Returns:
        A view, whose longer side is at least twice `side` if anything was left out: enough to scale smoothly.
    """
    stride = max(max(picture.shape[:2]) // (2 * side), 1)
    return picture[::stride, ::stride]


def pixmap_of(picture: NDArray[np.uint8], side: int, ratio: float) -> QPixmap:
    """Draw a numpy picture as large as fits into a square.

    Args:
        picture: as for `qimage_of`.
        side: width and height of the square in pixels of the window.
        ratio: pixels of the screen to one of the window (devicePixelRatio).
    """
    whole = round(side * ratio)
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    pixmap = QPixmap.fromImage(qimage_of(thinned(picture, whole))).scaled(QSize(whole, whole), keep, smooth)
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
