"""PicturePairs: originals above what the networks will see of them; a click leaves a picture out."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gan_studio.ui.pictures.fitting import Size, draw_whole
from gan_studio.ui.widgets.array_image import qimage_of
from gan_studio.ui.widgets.checkerboard import draw_picture
from gan_studio.ui.widgets.picture.menu import Entry, menu_place, open_menu
from gan_studio.ui.widgets.retranslating import Retranslating

SIDE, GAP, LABEL = 68, 6, 20
"""Pixels: side of a picture, distance of two, and height of a line of text above a row."""

BADGE = 18
MOST = 24


@dataclass(frozen=True)
class _Pair:
    name: str
    size: Size | None
    original: QImage
    trained: QImage


class PicturePairs(Retranslating, QWidget):
    """Two rows of pictures: as they are, and as the networks will see them.

    Signals:
        left_out(str): a person does not want the picture with this name.
        copied: a picture, as the networks will see it, is on the clipboard.
    """

    left_out = Signal(str)
    copied = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pairs: tuple[_Pair, ...] = ()
        self._marked = self._pressed = -1
        self.setObjectName("picturePairs")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.retranslate()

    def set_pairs(
        self,
        names: Sequence[str],
        sizes: Sequence[Size | None],
        originals: NDArray[np.uint8],
        trained: NDArray[np.uint8],
    ) -> None:
        """Show pictures.

        Args:
            names: their names.
            sizes: true width and height of each original in pixels, or None.
            originals: uint8 [n, H, H, 4], each stretched to a square.
            trained: uint8 [n, S, S, 1, 3 or 4], as the networks see them.
        """
        images = [(qimage_of(first), qimage_of(last)) for first, last in zip(originals[:MOST], trained, strict=False)]
        self._pairs = tuple(_Pair(name, size, *image) for name, size, image in zip(names, sizes, images, strict=False))
        self._mark(-1)
        self.retranslate()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the pictures for which there is room."""
        return tuple(pair.name for pair in self._pairs[: self._columns])

    def retranslate(self) -> None:
        """Set every text."""
        self.setAccessibleName(self.tr("Your pictures, and what the networks will see of them"))
        self._titles = (self.tr("Your pictures (click one to leave it out)"), self.tr("What the networks will see"))
        self._tip = self.tr("{name}, {width} × {height} px. Click to leave it out.")
        self._describe()
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for two rows."""
        return QSize(8 * (SIDE + GAP), 2 * (LABEL + SIDE) + GAP)

    def minimumSizeHint(self) -> QSize:
        """Allow three pictures."""
        return QSize(3 * (SIDE + GAP), self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        """Name the picture under the mouse in a tooltip."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = self._place_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self._text_of(place) if place >= 0 else "", self)
            return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark the picture under the mouse."""
        self._mark(self._place_at(event.position()))

    def leaveEvent(self, _event: QEvent) -> None:
        """Mark nothing."""
        self._mark(-1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Note where a click begins."""
        self._pressed = self._place_at(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Leave out the picture that was clicked; a release elsewhere cancels."""
        place = self._place_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and place >= 0 and place == self._pressed:
            self.left_out.emit(self._pairs[place].name)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu of the picture under the mouse, or of the marked one after the menu key."""
        is_by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        place = self._marked if is_by_key else self._place_at(QPointF(event.pos()))
        if not 0 <= place < len(self.names):
            event.ignore()
            return
        entries: list[Entry] = [
            ("leaveOutAction", self.tr("Leave out"), partial(self.left_out.emit, self._pairs[place].name)),
            ("copyTrainedAction", self.tr("Copy what the networks will see"), partial(self._copy, place)),
        ]
        open_menu(self, "pairMenu", entries, menu_place(event, self, self._cell(place, 0)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Mark nothing, because the marked picture may have no room any more."""
        super().resizeEvent(event)
        self._mark(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with the arrows; Delete or Space leaves the marked picture out."""
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and self._pairs:
            step = 1 if event.key() == Qt.Key.Key_Right else -1
            self._mark(max(0, min(self._marked + step, len(self.names) - 1)))
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Space) and self._marked >= 0:
            self.left_out.emit(self._pairs[self._marked].name)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Mark the first picture, so that the keyboard has a place to begin."""
        super().focusInEvent(event)
        if self._pairs and event.reason() != Qt.FocusReason.MouseFocusReason:
            self._mark(max(self._marked, 0))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the rows."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing)
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        for row, title in enumerate(self._titles):
            top = row * (LABEL + SIDE + GAP)
            painter.drawText(QRectF(0, top, self.width(), LABEL), Qt.AlignmentFlag.AlignVCenter, title)
        for place, pair in enumerate(self._pairs[: self._columns]):
            draw_whole(painter, self._cell(place, 0), pair.original, pair.size, self.palette())
            draw_picture(painter, self._cell(place, 1), pair.trained, self.palette())
        if self._marked >= 0:
            self._draw_mark(painter)

    def _copy(self, place: int) -> None:
        QGuiApplication.clipboard().setImage(self._pairs[place].trained)
        self.copied.emit()

    def _draw_mark(self, painter: QPainter) -> None:
        """Frame the marked picture in both rows, with a cross in its corner."""
        accent = self.palette().color(QPalette.ColorRole.Accent)
        painter.setPen(QPen(accent, 2))
        for row in (0, 1):
            painter.drawRect(self._cell(self._marked, row))
        corner = self._cell(self._marked, 0).topRight()
        badge = QRectF(corner.x() - BADGE, corner.y(), BADGE, BADGE)
        painter.fillRect(badge, accent)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Base), 2))
        inside = badge.adjusted(5, 5, -5, -5)
        painter.drawLine(inside.topLeft(), inside.bottomRight())
        painter.drawLine(inside.topRight(), inside.bottomLeft())

    @property
    def _columns(self) -> int:
        return max(1, (self.width() + GAP) // (SIDE + GAP))

    def _cell(self, place: int, row: int) -> QRectF:
        return QRectF(place * (SIDE + GAP), LABEL + row * (LABEL + SIDE + GAP), SIDE, SIDE)

    def _place_at(self, point: QPointF) -> int:
        """Return the place of the picture at a point, or -1."""
        for place in range(len(self.names)):
            if self._cell(place, 0).contains(point) or self._cell(place, 1).contains(point):
                return place
        return -1

    def _mark(self, place: int) -> None:
        if place != self._marked:
            self._marked = place
            self._describe()
            self.update()

    def _describe(self) -> None:
        self.setAccessibleDescription(self._text_of(self._marked) if 0 <= self._marked < len(self._pairs) else "")

    def _text_of(self, place: int) -> str:
        pair = self._pairs[place]
        if pair.size is None:
            return self.tr("{name}. Click to leave it out.").format(name=pair.name)
        return self._tip.format(name=pair.name, width=pair.size[0], height=pair.size[1])
