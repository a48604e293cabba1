"""Draw a plot as a picture with its title and units."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QFont, QImage, QPainter, QPalette

from gan_studio.ui.plots.curve_plot import CurvePlot

_SCALE = 2
"""Pixels of the picture for each pixel of the window: sharp on paper, too."""

_BORDER = 12


def plot_picture(plot: CurvePlot, heading: str) -> NDArray[np.uint8]:
    """Return a plot as it is shown, under a line of text: uint8 [H, W, 3]."""
    line = plot.fontMetrics().lineSpacing() + 8
    width, height = plot.width() + 2 * _BORDER, plot.height() + line + 2 * _BORDER
    image = QImage(width * _SCALE, height * _SCALE, QImage.Format.Format_RGB32)  # the format that Qt paints fastest
    image.setDevicePixelRatio(_SCALE)
    image.fill(plot.palette().color(QPalette.ColorRole.Window))
    painter = QPainter(image)
    font = QFont(plot.font())
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(plot.palette().color(QPalette.ColorRole.WindowText))
    painter.drawText(QRectF(_BORDER, _BORDER, plot.width(), line), Qt.AlignmentFlag.AlignVCenter, heading)
    plot.render(painter, QPoint(_BORDER, _BORDER + line))
    painter.end()
    return _pixels(image.convertToFormat(QImage.Format.Format_RGB888))


def _pixels(image: QImage) -> NDArray[np.uint8]:
    """Copy the pixels of an image without the padding of its lines."""
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    pixels: NDArray[np.uint8] = lines[:, : image.width() * 3].reshape(image.height(), image.width(), 3).copy()
    return pixels
