"""Neighbour grid: pictures of points close to the current one; a click goes to a point."""

from collections.abc import Sequence
from functools import partial
from math import isqrt

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QToolButton, QVBoxLayout, QWidget

from gan_studio.ui.explorer.explored_picture import ExploredPicture
from gan_studio.ui.widgets.array_image import qimage_of
from gan_studio.ui.widgets.checkerboard import draw_picture
from gan_studio.ui.widgets.icons import icon
from gan_studio.ui.widgets.picture.menu import Entry, menu_place, open_menu
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.wheel_focus import need_focus_for_wheel

NEIGHBOURS = 25
"""Five by five pictures, with the current point in the middle."""

_GAP = 3
_STEPS = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
_CHOOSE = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class NeighbourGrid(Retranslating, QWidget):
    """A square of pictures. A click chooses one; so do the arrow keys and Enter.

    Signals:
        neighbour_chosen(ExploredPicture): a person chose this picture; never the middle one.
        neighbourhood_changed: a person chose another distance or other directions.
        save_requested(ExploredPicture), copy_requested(ExploredPicture): save this picture as a file, or copy it to the
            clipboard. It is the one whose menu was opened, even if others are shown by now.
    """

    neighbour_chosen = Signal(object)
    neighbourhood_changed = Signal()
    save_requested = Signal(object)
    copy_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("neighbourGrid")
        self._pictures: tuple[ExploredPicture, ...] = ()
        self._images: list[QImage] = []
        self._cursor = NEIGHBOURS // 2
        self._hovered: int | None = None
        self._variation = 0
        self._title = QLabel(self)
        self._distance = QSlider(Qt.Orientation.Horizontal, self)
        self._distance.setObjectName("neighbourDistance")
        self._reading = QLabel(self)
        self._other = QToolButton(self, autoRaise=True)
        self._other.setObjectName("neighbourVariation")
        self._distance.setRange(5, 200)
        self._distance.setPageStep(20)
        self._distance.setValue(50)
        need_focus_for_wheel(self._distance)
        self._distance.valueChanged.connect(self._change_distance)
        self._other.clicked.connect(self._change_directions)
        self._lay_out()
        self.follow_palette()
        self.retranslate()

    @property
    def distance(self) -> float:
        """Distance of the neighbours, in standard deviations of each value of z."""
        return float(self._distance.value() / 100)

    @property
    def variation(self) -> int:
        """Which set of random directions the neighbours lie in: 0, 1, 2, ..."""
        return self._variation

    def show_pictures(self, pictures: Sequence[ExploredPicture]) -> None:
        """Show pictures row by row.

        Args:
            pictures: a square number of them. The middle one shows the current point.
        """
        self._pictures = tuple(pictures)
        self._images = [qimage_of(picture.pixels) for picture in pictures]
        self._cursor = min(self._cursor, max(len(self._images) - 1, 0))
        self.update()

    def clear(self) -> None:
        """Show no pictures. Their points are those of a generator that is left: an open menu no longer goes there."""
        self._pictures, self._images = (), []
        self._hovered = None
        for entry in self.findChildren(QAction, "exploreNeighbourAction"):
            entry.setEnabled(False)
        self.update()

    def retranslate(self) -> None:
        """Set all text."""
        self.setAccessibleName(self.tr("Neighbours"))
        self.setToolTip(
            self.tr("Pictures of points near the one in the middle. They follow once you rest. Click one to go there.")
        )
        self._title.setText(self.tr("Distance"))
        self._distance.setAccessibleName(self.tr("Distance of the neighbours"))
        self._distance.setToolTip(
            self.tr("How far the neighbours are from the current point: small changes at the left, large at the right.")
        )
        self._reading.setToolTip(self.tr("Typical change of each value of z, in standard deviations."))
        self._other.setAccessibleName(self.tr("Other directions"))
        self._other.setToolTip(self.tr("Show neighbours in other random directions."))
        self._show_distance()

    def follow_palette(self) -> None:
        """Colour the icon."""
        self._other.setIcon(icon("shuffle-variant", self.palette()))

    def minimumSizeHint(self) -> QSize:
        """Ask for cells that can just be told apart."""
        return QSize(190, 160 + self._other.sizeHint().height())

    def sizeHint(self) -> QSize:
        """Ask for a square of 320 pixels."""
        return QSize(320, 320 + self._other.sizeHint().height())

    # Choosing.

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Frame the cell under the mouse."""
        self._hover(self._index_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Remove the frame of the mouse."""
        self._hover(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the cell under the mouse."""
        index = self._index_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and index is not None:
            self._choose(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move over the cells with the arrow keys; Enter or the space bar chooses."""
        key = Qt.Key(event.key())
        if key in _STEPS and self._images:
            self._walk(*_STEPS[key])
        elif key in _CHOOSE and self._images:
            self._choose(self._cursor)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu of the picture under the mouse, or of the one that the arrow keys have reached."""
        is_by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self._cursor if is_by_key and self._images else self._index_at(QPointF(event.pos()))
        if index is None:
            event.ignore()
            return
        self._menu(index, menu_place(event, self, self._cell(index)))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Frame the cell that the arrow keys have reached."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Remove the frame of the arrow keys."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pictures; frame the middle one, the one under the mouse and the one that the keys have reached."""
        painter = QPainter(self)
        for index, image in enumerate(self._images):
            draw_picture(painter, self._cell(index), image, self.palette())
        highlight = self.palette().color(QPalette.ColorRole.Highlight)
        text = self.palette().color(QPalette.ColorRole.WindowText)
        if self._images:
            painter.setPen(QPen(highlight, 2))
            painter.drawRect(self._cell(len(self._images) // 2))
        if self._hovered is not None:
            painter.setPen(QPen(text, 1))
            painter.drawRect(self._cell(self._hovered))
        if self.hasFocus() and self._images:
            painter.setPen(QPen(text, 2, Qt.PenStyle.DotLine))
            painter.drawRect(self._cell(self._cursor))

    def _menu(self, index: int, place: QPoint) -> None:
        picture = self._pictures[index]
        entries: list[Entry] = [
            ("saveNeighbourAction", self.tr("Save picture…"), partial(self.save_requested.emit, picture)),
            ("copyNeighbourAction", self.tr("Copy picture"), partial(self.copy_requested.emit, picture)),
        ]
        if index != len(self._images) // 2:
            entries.insert(0, ("exploreNeighbourAction", self.tr("Open in Explore"), partial(self._go_to, picture)))
        open_menu(self, "neighbourMenu", entries, place)

    def _choose(self, index: int) -> None:
        if index == len(self._images) // 2:
            self._walk_from_middle()
        else:
            self._go_to(self._pictures[index])

    def _go_to(self, picture: ExploredPicture) -> None:
        self._walk_from_middle()
        self.neighbour_chosen.emit(picture)

    def _walk_from_middle(self) -> None:
        self._cursor = len(self._images) // 2
        self.update()

    def _walk(self, down: int, right: int) -> None:
        side = self._side
        row, column = divmod(self._cursor, side)
        self._cursor = min(max(row + down, 0), side - 1) * side + min(max(column + right, 0), side - 1)
        self.update()

    def _hover(self, index: int | None) -> None:
        if index != self._hovered:
            self._hovered = index
            self.update()

    # Geometry.

    @property
    def _side(self) -> int:
        return max(isqrt(len(self._images)), 1)

    def _cell(self, index: int) -> QRectF:
        """Place a cell: equal squares with gaps, centred in the free area."""
        row, column = divmod(index, self._side)
        height = self._other.y() - 4
        pitch = min(self.width(), height) // self._side
        left = (self.width() - pitch * self._side) // 2 + column * pitch
        top = (height - pitch * self._side) // 2 + row * pitch
        return QRectF(left + _GAP / 2, top + _GAP / 2, pitch - _GAP, pitch - _GAP)

    def _index_at(self, position: QPointF) -> int | None:
        return next((index for index in range(len(self._images)) if self._cell(index).contains(position)), None)

    # Construction and neighbourhood.

    def _lay_out(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        for widget in (self._title, self._distance, self._reading, self._other):
            foot.addWidget(widget, 1 if widget is self._distance else 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addStretch(1)
        column.addLayout(foot)

    def _change_distance(self) -> None:
        self._show_distance()
        self.neighbourhood_changed.emit()

    def _change_directions(self) -> None:
        self._variation += 1
        self.neighbourhood_changed.emit()

    def _show_distance(self) -> None:
        self._reading.setText(format(self.distance, ".2f"))
