"""The place of a sample sheet, of its samples, and of the titles of its rows, in a widget."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

from gan_studio.ui.widgets.picture.scale import enlargement

GAP = 3
"""Logical pixels between two samples."""

_WIDEST_SHARE = 0.22
"""Largest share of the width for the row titles."""

_TITLE_GAP = 8
_SMALLEST_TITLE = 7
"""Height of a row, in pixels, below which its title cannot be read."""


@dataclass(frozen=True)
class SheetPlace:
    """Where the samples of a sheet are, in logical pixels.

    Attributes:
        left, top: corner of the sheet.
        cell: size of a sample.
        gap: distance between two samples.
        columns, rows: cells of the sheet.
    """

    left: float
    top: float
    cell: QSizeF
    gap: float
    columns: int
    rows: int

    @property
    def whole(self) -> QRectF:
        """The place of the sheet."""
        last = self.cell_rect(self.columns * self.rows - 1)
        return QRectF(self.left, self.top, last.right() - self.left, last.bottom() - self.top)

    def cell_rect(self, index: int) -> QRectF:
        """Return the place of a sample, counted row by row from 0."""
        row, column = divmod(index, self.columns)
        left = self.left + column * (self.cell.width() + self.gap)
        return QRectF(left, self.top + row * (self.cell.height() + self.gap), self.cell.width(), self.cell.height())

    def row_at(self, y: float) -> int:
        """Return the row at a height, or the nearest one."""
        return _nearest(y - self.top, self.cell.height(), self.gap, self.rows)

    def cell_at(self, place: QPointF) -> int | None:
        """Return the sample at a place; between two samples, the nearer one; None: the place is beside the sheet."""
        if not self.whole.contains(place):
            return None
        column = _nearest(place.x() - self.left, self.cell.width(), self.gap, self.columns)
        return self.row_at(place.y()) * self.columns + column


def _nearest(offset: float, side: float, gap: float, count: int) -> int:
    return min(max(int((offset + gap / 2) / (side + gap)), 0), count - 1)


def placed(area: QRectF, cell: QSize, columns: int, rows: int, density: float, *, is_smooth: bool) -> SheetPlace:
    """Place a sheet in the middle of an area, as large as it fits; its samples cover whole screen pixels.

    Args:
        area: in logical pixels.
        cell: size of a sample in its own pixels.
        columns, rows: cells of the sheet.
        density: screen pixels per logical pixel.
        is_smooth: whether samples are enlarged by any factor, or as `enlargement` says.
    """
    gap = round(GAP * density)
    across = (area.width() * density - gap * (columns - 1)) / (columns * cell.width())
    down = (area.height() * density - gap * (rows - 1)) / (rows * cell.height())
    scale = max(enlargement(min(across, down), is_smooth=is_smooth), 0.0)
    width, height = (max(int(side * scale), 1) for side in (cell.width(), cell.height()))
    left = area.left() * density + (area.width() * density - columns * width - gap * (columns - 1)) / 2
    top = area.top() * density + (area.height() * density - rows * height - gap * (rows - 1)) / 2
    size = QSizeF(width / density, height / density)
    return SheetPlace(round(left) / density, round(top) / density, size, gap / density, columns, rows)


def length_across(length: float, along: tuple[int, int], across: tuple[int, int]) -> float:
    """Return the width that a sheet can use at a height, or the height at a width.

    Args:
        length: the given side, in logical pixels.
        along: cells along the given side, and pixels of a cell along it.
        across: the same for the other side.
    """
    side = max(length - GAP * (along[0] - 1), 0) / along[0]
    return side * across[1] / along[1] * across[0] + GAP * (across[0] - 1)


def titles_width(titles: Sequence[str], metrics: QFontMetrics, whole: float) -> float:
    """Return the width of the row titles with their gap, at most a share of the whole width; 0 without titles."""
    widest = max((metrics.horizontalAdvance(title) for title in titles), default=0)
    return min(widest + 2 + _TITLE_GAP, _WIDEST_SHARE * whole) if widest else 0.0


def paint_titles(painter: QPainter, titles: Sequence[str], sheet: SheetPlace, colour: QColor) -> None:
    """Write a title to the left of each row of a sheet, shortened where it does not fit."""
    height = sheet.cell.height()
    if height < _SMALLEST_TITLE:
        return
    painter.save()
    font = QFont(painter.font())
    if painter.fontMetrics().height() > height:
        font.setPixelSize(max(int(height * 0.8), 1))
        painter.setFont(font)
    painter.setPen(colour)
    alignment = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    for row, title in enumerate(titles):
        top = sheet.cell_rect(row * sheet.columns).top()
        line = QRectF(0, top, sheet.left - _TITLE_GAP, height)
        shown = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, int(line.width()))
        painter.drawText(line, int(alignment), shown)
    painter.restore()
