"""SheetPicture: a sample sheet as it is painted, each sample enlarged by itself, with gaps between them."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QPalette, QPixmap

from gan_studio.ui.training.samples.sheet_place import SheetPlace, length_across, placed, titles_width
from gan_studio.ui.widgets.array_image import qimage_of
from gan_studio.ui.widgets.checkerboard import draw_picture


class SheetPicture:
    """The samples of a sheet, and the last enlargement of them.

    Attributes:
        image: the sheet without gaps.
        cells: the samples, row by row.
        columns, rows, titles: as given.

    Args:
        pixels: uint8 [H, W, 1, 3 or 4], tiled row by row.
        columns, rows: cells of the sheet.
        titles: the class of each row, written to its left; () without classes.

    Raises:
        ValueError: the number of titles is neither 0 nor the number of rows.
    """

    def __init__(self, pixels: NDArray[np.uint8], columns: int, rows: int, titles: tuple[str, ...] = ()) -> None:
        if titles and len(titles) != rows:
            raise ValueError(f"{len(titles)} titles for {rows} rows")
        self.columns, self.rows, self.titles = columns, rows, titles
        self.image = qimage_of(pixels)
        width, height = self.image.width() // columns, self.image.height() // rows
        places = [
            QRect(column * width, row * height, width, height) for row in range(rows) for column in range(columns)
        ]
        self.cells = [self.image.copy(place) for place in places]
        self._drawn = QPixmap()
        self._drawn_as: tuple[object, ...] = ()

    @property
    def cell_size(self) -> QSize:
        """Size of a sample in its own pixels."""
        return self.cells[0].size()

    def width_at(self, height: float, metrics: QFontMetrics) -> float:
        """Return the width that sheet and titles can use at a height, in logical pixels."""
        cell = self.cell_size
        used = length_across(height, (self.rows, cell.height()), (self.columns, cell.width()))
        return used + titles_width(self.titles, metrics, 1.25 * used)

    def height_at(self, width: float, metrics: QFontMetrics) -> float:
        """Return the height that the sheet can use at a width that it shares with its titles."""
        cell, inside = self.cell_size, width - titles_width(self.titles, metrics, width)
        return length_across(inside, (self.columns, cell.width()), (self.rows, cell.height()))

    def place(self, area: QRectF, metrics: QFontMetrics, density: float, *, is_smooth: bool) -> SheetPlace:
        """Place the sheet in an area that it shares with its titles."""
        inside = area.adjusted(titles_width(self.titles, metrics, area.width()), 0, 0, 0)
        return placed(inside, self.cell_size, self.columns, self.rows, density, is_smooth=is_smooth)

    def paint(
        self, painter: QPainter, place: SheetPlace, density: float, palette: QPalette, *, is_smooth: bool
    ) -> None:
        """Paint the sheet; it is enlarged again only if something has changed since the last time.

        Args:
            painter: paints on the widget.
            place: where.
            density: screen pixels per logical pixel.
            palette: gives the colours behind transparent samples.
            is_smooth: whether enlarged pixels are blended. A sheet that is made smaller is always smooth.
        """
        wanted = (place.cell.width(), place.cell.height(), place.gap, density, is_smooth, palette.cacheKey())
        if wanted != self._drawn_as:
            self._drawn, self._drawn_as = self._enlarged(place, density, palette, is_smooth), wanted
        painter.drawPixmap(place.whole.topLeft(), self._drawn)

    def _enlarged(self, place: SheetPlace, density: float, palette: QPalette, is_smooth: bool) -> QPixmap:
        whole = place.whole
        pixmap = QPixmap(round(whole.width() * density), round(whole.height() * density))
        pixmap.setDevicePixelRatio(density)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        size = QSize(round(place.cell.width() * density), round(place.cell.height() * density))
        shrinks = size.width() < self.cell_size.width()
        for index, cell in enumerate(self.cells):
            target = QRectF(place.cell_rect(index).translated(-whole.topLeft()))
            draw_picture(painter, target, _resized(cell, size, is_smooth or shrinks), palette)
        painter.end()
        return pixmap


def _resized(cell: QImage, size: QSize, is_smooth: bool) -> QImage:
    """Resize a sample to its screen pixels, so that nothing beside it is blended into its edges."""
    mode = Qt.TransformationMode.SmoothTransformation if is_smooth else Qt.TransformationMode.FastTransformation
    return cell.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, mode)
