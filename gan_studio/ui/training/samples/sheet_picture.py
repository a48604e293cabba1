"""SheetPicture: a sample sheet as it is painted, each sample enlarged by itself, with gaps between them."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QPalette, QPixmap

from gan_studio.ui.training.samples.sheet_place import SheetPlace, length_across, placed, titles_width
from gan_studio.ui.widgets.array_image import qimage_of
from gan_studio.ui.widgets.checkerboard import draw_ground

_PAINTED = {False: QImage.Format.Format_RGB32, True: QImage.Format.Format_ARGB32_Premultiplied}
"""Formats that Qt paints without converting them, without and with transparency."""


class SheetPicture:
    """The samples of a sheet, and the last enlargement of them.

    Attributes:
        image: the sheet without gaps.
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
        self._painted = self.image.convertToFormat(_PAINTED[self.image.hasAlphaChannel()])  # five times as fast
        self._places = places
        self._drawn = QPixmap()
        self._drawn_as: tuple[object, ...] = ()

    @property
    def cell_size(self) -> QSize:
        """Size of a sample in its own pixels."""
        return self._places[0].size()

    @property
    def count(self) -> int:
        """Number of samples."""
        return len(self._places)

    def cell(self, seed: int) -> QImage:
        """Return a sample in its own pixels."""
        return self.image.copy(self._places[seed])

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
        is_blended = is_smooth or size.width() < self.cell_size.width()
        for index, source in enumerate(self._places):
            target = place.cell_rect(index).translated(-whole.topLeft())
            draw_ground(painter, target, self._painted, palette)
            if is_blended:  # alone, so that nothing beside the sample is blended into its edges
                painter.drawImage(target, _blended(self._painted.copy(source), size))
            else:
                painter.drawImage(target, self._painted, QRectF(source))
        painter.end()
        return pixmap


def _blended(cell: QImage, size: QSize) -> QImage:
    return cell.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
