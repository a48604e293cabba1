"""The checkerboard behind transparent pictures."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPalette

from gan_studio.ui.widgets.theme import is_dark

SQUARE = 8
"""Side of a square, in logical pixels."""

_LIGHT = ("#ffffff", "#d5d8dd")
_DARK = ("#55585e", "#3d4045")


def draw_picture(painter: QPainter, target: QRectF, picture: QImage, palette: QPalette) -> None:
    """Draw a picture; one with an alpha channel gets a checkerboard behind it."""
    draw_ground(painter, target, picture, palette)
    painter.drawImage(target, picture)


def draw_ground(painter: QPainter, target: QRectF, picture: QImage, palette: QPalette) -> None:
    """Draw what is seen through a picture: a checkerboard if it has an alpha channel, else nothing."""
    if picture.hasAlphaChannel():
        painter.setBrushOrigin(target.topLeft())
        painter.fillRect(target, _checkerboard(palette))


def _checkerboard(palette: QPalette) -> QBrush:
    ground, squares = (QColor(name) for name in (_DARK if is_dark(palette) else _LIGHT))
    tile = QImage(2 * SQUARE, 2 * SQUARE, QImage.Format.Format_RGB32)
    tile.fill(ground)
    painter = QPainter(tile)
    for place in (0, SQUARE):
        painter.fillRect(place, place, SQUARE, SQUARE, squares)
    painter.end()
    return QBrush(tile)
