"""Latent sliders: a scrolled list with one slider for each value of z."""

from collections.abc import Iterator

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QIcon, QPalette
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget
from shiboken6 import delete

from gan_studio.engine.latent import LatentPoint, Prior, origin
from gan_studio.ui.explorer.gesture import Gesture
from gan_studio.ui.explorer.sliders.latent_search import FoundDimensions, find_dimensions
from gan_studio.ui.explorer.sliders.latent_slider_row import LatentSliderRow
from gan_studio.ui.explorer.sliders.rows_area import RowsArea
from gan_studio.ui.explorer.sliders.sliced_job import SlicedJob
from gan_studio.ui.widgets.icons import icon
from gan_studio.ui.widgets.retranslating import Retranslating

_ROW_HEIGHT = 28
_MINIMUM_WIDTH = 250


class LatentSliders(Retranslating, QWidget):
    """Sliders that move a point of the latent space, one value of z at a time.

    Signals:
        point_moved(LatentPoint): a person moved a slider; only one value differs from the previous point.
        point_settled(LatentPoint): a gesture is over: a drag or typing ended, or a pause followed the last key.
    """

    point_moved = Signal(object)
    point_settled = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._point = LatentPoint(())
        self._prior: Prior = "normal"
        self._rows: list[LatentSliderRow] = []
        self._pinned: set[int] = set()
        self._found: FoundDimensions | None = FoundDimensions(range(0))
        self._moving = 0
        self._drag_interval = 0
        self._search = QLineEdit(self, clearButtonEnabled=True)
        self._search.setObjectName("latentSearch")
        self._search_action = QAction(self)
        self._search.addAction(self._search_action, QLineEdit.ActionPosition.LeadingPosition)
        self._status = QLabel(self, wordWrap=True)
        self._status.setObjectName("latentStatus")
        self._area = RowsArea(_ROW_HEIGHT, self)
        self._building, self._showing, self._refreshing = (SlicedJob(self) for _ in range(3))
        self._gesture = Gesture(self._is_held, self)
        self._lay_out()
        self._connect()
        self.follow_palette()
        self.retranslate()

    @property
    def point(self) -> LatentPoint:
        """The point that the sliders show, not rounded to their ticks."""
        return self._point

    @property
    def pinned(self) -> frozenset[int]:
        """Indices of z that Randomize leaves as they are."""
        return frozenset(self._pinned)

    def set_latent(self, latent_dim: int, prior: Prior) -> None:
        """Show sliders for another latent space, at its origin. Most sliders are created later, in slices."""
        self._gesture.drop()
        self._point, self._prior = origin(latent_dim), prior
        self._pinned.clear()
        self._search.clear()
        self._found = FoundDimensions(range(latent_dim))
        self._show_status_tip()
        self._building.start(self._build())

    def set_point(self, point: LatentPoint) -> None:
        """Show another point without a signal.

        Raises:
            ValueError: the point has more or fewer values than there are sliders.
        """
        if len(point.values) != len(self._point.values):
            raise ValueError(f"{len(point.values)} values for {len(self._point.values)} sliders")
        self._gesture.drop()
        self._point = point
        self._showing.start(self._show_values())

    def set_drag_interval(self, milliseconds: int) -> None:
        """Set the minimum time between two reported positions of a drag; 0 reports every position."""
        self._drag_interval = milliseconds
        for row in self._rows:
            row.set_drag_interval(milliseconds)

    def settle(self) -> None:
        """End the current gesture, if there is one."""
        self._gesture.end()

    def retranslate(self) -> None:
        """Set all text."""
        self._search.setPlaceholderText(self.tr("Find a slider: 17 or 10-20"))
        self._search.setAccessibleName(self.tr("Find a latent slider"))
        self._search.setToolTip(self.tr("17 goes to z 17. 10-20 shows z 10 to z 20 only. An empty field shows all."))
        self._status.setAccessibleName(self.tr("Sliders in the list"))
        self._show_status_tip()
        self._show_status()
        self._refreshing.start(self._refresh_rows())

    def follow_palette(self) -> None:
        """Colour icons and status, and the pins of all rows."""
        self._search_action.setIcon(icon("magnify", self.palette()))
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.WindowText, palette.color(QPalette.ColorRole.PlaceholderText))
        self._status.setPalette(palette)
        self._refreshing.start(self._refresh_rows())

    # Construction.

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._search)
        column.addWidget(self._status)
        column.addWidget(self._area, 1)
        self.setMinimumWidth(_MINIMUM_WIDTH)

    def _connect(self) -> None:
        self._search.textChanged.connect(self._find)
        self._search.returnPressed.connect(self._focus_found)
        self._building.progressed.connect(self._show_built)
        self._building.finished.connect(self._show_built)
        self._gesture.ended.connect(self._announce_settled)

    # Rows, in slices.

    def _build(self) -> Iterator[None]:
        self._area.set_rows(self._rows, range(0))
        while len(self._rows) > len(self._point.values):
            delete(self._rows.pop())  # at once: deleteLater would delete all rows of a slice in one go
            yield
        for index, row in enumerate(self._rows):
            row.set_prior(self._prior)
            row.set_pinned(False)
            row.show_value(self._point.values[index])
            yield
        while len(self._rows) < len(self._point.values):
            self._rows.append(self._new_row(len(self._rows)))
            yield

    def _new_row(self, index: int) -> LatentSliderRow:
        row = LatentSliderRow(index, self._prior, self._area.canvas)
        row.hide()
        row.set_pin_icons(*self._pin_icons())
        row.show_value(self._point.values[index])
        row.set_drag_interval(self._drag_interval)
        row.moved.connect(self._move)
        row.gesture_ended.connect(self.settle)
        row.pin_toggled.connect(self._pin)
        return row

    def _show_values(self) -> Iterator[None]:
        """Show the rows in view at once, because a person acts on what they show, and the others little by little."""
        shown = min(len(self._rows), len(self._point.values))
        for index in self._area.in_view:
            if index < shown:
                self._rows[index].show_value(self._point.values[index])
        for index in range(shown):
            if index < min(len(self._rows), len(self._point.values)):  # the rows may have become fewer meanwhile
                self._rows[index].show_value(self._point.values[index])
                yield

    def _refresh_rows(self) -> Iterator[None]:
        for row in tuple(self._rows):
            row.retranslate()
            row.set_pin_icons(*self._pin_icons())
            yield

    def _pin_icons(self) -> tuple[QIcon, QIcon]:
        faint = QPalette(self.palette())
        faint.setColor(QPalette.ColorRole.ButtonText, faint.color(QPalette.ColorRole.PlaceholderText))
        return icon("pin-outline", faint), icon("pin", self.palette())

    # Gestures.

    def _move(self, index: int, value: float) -> None:
        if value == self._point.values[index]:
            return
        if index != self._moving:
            self._gesture.end()
        self._moving = index
        self._point = self._point.with_value(index, value)
        self._gesture.move()
        self.point_moved.emit(self._point)

    def _is_held(self) -> bool:
        return self._rows[self._moving].is_held

    def _announce_settled(self) -> None:
        self.point_settled.emit(self._point)

    def _pin(self, index: int, is_pinned: bool) -> None:
        (self._pinned.add if is_pinned else self._pinned.discard)(index)

    # Search.

    def _find(self, text: str) -> None:
        self._found = find_dimensions(text, len(self._point.values))
        self._show_built()
        self._area.mark(self._found.highlighted if self._found else None)

    def _focus_found(self) -> None:
        if self._found is None or not self._found.shown:
            return
        index = self._found.shown[0] if self._found.highlighted is None else self._found.highlighted
        if index < len(self._rows):
            self._rows[index].focus_slider()

    def _show_built(self) -> None:
        self._area.set_rows(self._rows, self._found.shown if self._found else range(0))
        self._show_status()

    def _show_status_tip(self) -> None:
        tip = self.tr("How many values of z have a slider below.")
        if self._prior == "sphere":
            tip += "\n" + self.tr(
                "Samples lie on a sphere. Moving a slider takes z off the sphere, where the generator was not trained."
            )
        self._status.setToolTip(tip)

    def _show_status(self) -> None:
        total, built = len(self._point.values), len(self._rows)
        if self._found is None:
            text = self.tr("Not found: there are z 0 to z {last}.").format(last=total - 1)
        elif built < total:
            text = self.tr("Creating sliders: {built} of {total}").format(built=built, total=total)
        elif len(self._found.shown) < total:
            text = self.tr("{shown} of {total} values of z").format(shown=len(self._found.shown), total=total)
        else:
            text = self.tr("{total} values of z, 0 is the mean").format(total=total)
        self._status.setText(text)
