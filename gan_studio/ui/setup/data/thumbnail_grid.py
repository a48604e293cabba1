"""Thumbnail grid: some pictures of the data, as the networks see them."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gan_studio.ui.widgets.array_image import qimage_of
from gan_studio.ui.widgets.checkerboard import draw_picture
from gan_studio.ui.widgets.retranslating import Retranslating

COLUMNS = 8
MOST = 32
"""Pictures that are shown."""
GAP = 3
"""Pixels between two pictures."""


class ThumbnailGrid(Retranslating, QWidget):
    """Up to MOST pictures in rows of COLUMNS. The height follows from the width."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures: tuple[QImage, ...] = ()
        self.setObjectName("dataThumbnails")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.retranslate()

    @property
    def picture_count(self) -> int:
        """How many pictures are shown."""
        return len(self._pictures)

    def set_pictures(self, images: NDArray[np.uint8]) -> None:
        """Show the first MOST pictures of uint8 [N, H, W, 1, 3 or 4]; N = 0 empties the grid."""
        self._pictures = tuple(qimage_of(image) for image in images[:MOST])
        self._fit_height()
        self.update()

    def retranslate(self) -> None:
        """Set all text."""
        self.setAccessibleName(self.tr("Pictures of the data"))
        self.setToolTip(self.tr("Pictures from the whole data set, at the size that the networks see."))

    def sizeHint(self) -> QSize:
        """Ask for cells of 32 pixels."""
        return QSize(COLUMNS * (32 + GAP) - GAP, self.height())

    def minimumSizeHint(self) -> QSize:
        """Allow cells of 16 pixels."""
        return QSize(COLUMNS * (16 + GAP) - GAP, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the width with the height."""
        super().resizeEvent(event)
        self._fit_height()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the pictures."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        side = self._side(self.width())
        for index, picture in enumerate(self._pictures):
            row, column = divmod(index, COLUMNS)
            place = QRectF(column * (side + GAP), row * (side + GAP), side, side)
            draw_picture(painter, place, picture, self.palette())

    def _fit_height(self) -> None:
        rows = -(-len(self._pictures) // COLUMNS)
        self.setFixedHeight(max(0, rows * (self._side(self.width()) + GAP) - GAP))

    @staticmethod
    def _side(width: int) -> int:
        return max(1, (width - (COLUMNS - 1) * GAP) // COLUMNS)
