"""Where a sheet of samples and the titles of its rows stand in the room there is."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

_WASTE = 0.85
"""Whole multiples of a pixel are drawn where they fill at least this share of the room; else quarters of one."""

_WIDEST_SHARE = 0.22
"""Of the room, what row titles take at most."""

_GAP = 8
_SMALLEST_TITLE = 7
"""Height of a row, in pixels, below which its title could not be read."""


def fitted(room: QRectF, picture: QSize, density: float) -> QRectF:
    """Place a picture in the middle of a room, as large as it fits in whole or quarter multiples of its pixels.

    Args:
        room: in logical pixels.
        picture: its size in pixels of its own.
        density: pixels of the screen a logical pixel.
    """
    exact = min(room.width() / picture.width(), room.height() / picture.height()) * density
    scale = exact
    if exact >= 1:
        scale = int(exact) if int(exact) >= _WASTE * exact else int(exact * 4) / 4
    width, height = picture.width() * scale / density, picture.height() * scale / density
    left = round(room.left() + (room.width() - width) / 2)
    return QRectF(left, round(room.top() + (room.height() - height) / 2), width, height)


def titles_width(titles: Sequence[str], metrics: QFontMetrics, room: float) -> float:
    """Return the width that row titles take of a room, gap included; 0 without titles."""
    widest = max((metrics.horizontalAdvance(title) for title in titles), default=0)
    return min(widest + 2 + _GAP, _WIDEST_SHARE * room) if widest else 0.0


def paint_titles(painter: QPainter, titles: Sequence[str], sheet: QRectF, width: float, colour: QColor) -> None:
    """Write a title to the left of each row of a sheet, cut where there is no room for all of it."""
    height = sheet.height() / max(len(titles), 1)
    if height < _SMALLEST_TITLE:
        return
    painter.save()
    font = QFont(painter.font())
    if painter.fontMetrics().height() > height:
        font.setPixelSize(max(int(height * 0.8), 1))
        painter.setFont(font)
    painter.setPen(colour)
    place = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    for row, title in enumerate(titles):
        line = QRectF(sheet.left() - width, sheet.top() + row * height, width - _GAP, height)
        shown = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, int(line.width()))
        painter.drawText(line, int(place), shown)
    painter.restore()
