"""The place of a sample sheet, and of the titles of its rows, in a widget."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

_WASTE = 0.85
"""Pictures are scaled by whole numbers if that fills at least this share of the area, else by quarters."""

_WIDEST_SHARE = 0.22
"""Largest share of the width for the row titles."""

_GAP = 8
_SMALLEST_TITLE = 7
"""Height of a row, in pixels, below which its title cannot be read."""


def fitted(area: QRectF, picture: QSize, density: float) -> QRectF:
    """Place a picture in the middle of an area, as large as it fits, scaled by a whole number or by quarters.

    Args:
        area: in logical pixels.
        picture: size of the picture in its own pixels.
        density: screen pixels per logical pixel.
    """
    exact = min(area.width() / picture.width(), area.height() / picture.height()) * density
    scale = exact
    if exact >= 1:
        scale = int(exact) if int(exact) >= _WASTE * exact else int(exact * 4) / 4
    width, height = picture.width() * scale / density, picture.height() * scale / density
    left = round(area.left() + (area.width() - width) / 2)
    return QRectF(left, round(area.top() + (area.height() - height) / 2), width, height)


def titles_width(titles: Sequence[str], metrics: QFontMetrics, whole: float) -> float:
    """Return the width of the row titles with their gap, at most a share of the whole width; 0 without titles."""
    widest = max((metrics.horizontalAdvance(title) for title in titles), default=0)
    return min(widest + 2 + _GAP, _WIDEST_SHARE * whole) if widest else 0.0


def paint_titles(painter: QPainter, titles: Sequence[str], sheet: QRectF, width: float, colour: QColor) -> None:
    """Write a title to the left of each row of a sheet, shortened where it does not fit."""
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
