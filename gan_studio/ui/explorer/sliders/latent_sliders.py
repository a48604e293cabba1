"""The scrolled list of sliders, one a latent dimension."""

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QAction, QIcon, QPalette
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget
from shiboken6 import delete

from gan_studio.engine.latent import LatentPoint, Prior, origin
from gan_studio.ui.explorer.sliders.latent_search import FoundDimensions, find_dimensions
from gan_studio.ui.explorer.sliders.latent_slider_row import LatentSliderRow
from gan_studio.ui.explorer.sliders.rows_area import RowsArea
from gan_studio.ui.explorer.sliders.sliced_job import SlicedJob
from gan_studio.ui.widgets.fine_slider import KEYS_REST_MS
from gan_studio.ui.widgets.icons import icon

_ROW_HEIGHT = 28
_MINIMUM_WIDTH = 250


class LatentSliders(QWidget):
    """Moves a point of the latent space one coordinate at a time.

    Signals:
        point_moved(LatentPoint): while a hand moves; only one value differs from the point before.
        point_settled(LatentPoint): once a gesture: a drag let go, a value typed, a group of key presses.
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
        self._moving: int | None = None
        self._drag_interval = 0
        self._search = QLineEdit(self, clearButtonEnabled=True)
        self._search.setObjectName("latentSearch")
        self._search_action = QAction(self)
        self._search.addAction(self._search_action, QLineEdit.ActionPosition.LeadingPosition)
        self._status = QLabel(self, wordWrap=True)
        self._status.setObjectName("latentStatus")
        self._area = RowsArea(_ROW_HEIGHT, self)
        self._building, self._showing, self._dressing = (SlicedJob(self) for _ in range(3))
        self._keys_rest = QTimer(self, singleShot=True, interval=KEYS_REST_MS)
        self._lay_out()
        self._connect()
        self._colour()
        self.retranslate()

    @property
    def point(self) -> LatentPoint:
        """The point that the sliders show, exactly."""
        return self._point

    @property
    def pinned(self) -> frozenset[int]:
        """Dimensions that Randomize leaves alone."""
        return frozenset(self._pinned)

    def set_latent(self, latent_dim: int, prior: Prior) -> None:
        """Make sliders for another latent space, at its origin; most come a little later, so that nothing waits."""
        self._drop_gesture()
        self._point, self._prior = origin(latent_dim), prior
        self._pinned.clear()
        self._search.clear()
        self._found = FoundDimensions(range(latent_dim))
        self._show_status_tip()
        self._building.start(self._build())

    def set_point(self, point: LatentPoint) -> None:
        """Show another point without a signal.

        Raises:
            ValueError: it belongs to a latent space of another size.
        """
        if len(point.values) != len(self._point.values):
            raise ValueError(f"{len(point.values)} values for {len(self._point.values)} sliders")
        self._drop_gesture()
        self._point = point
        self._showing.start(self._show_values())

    def set_drag_interval(self, milliseconds: int) -> None:
        """Take positions of a drag so far apart at least; 0: every one."""
        self._drag_interval = milliseconds
        for row in self._rows:
            row.set_drag_interval(milliseconds)

    def settle(self) -> None:
        """End the gesture in hand now, if there is one."""
        if self._moving is not None:
            self._drop_gesture()
            self.point_settled.emit(self._point)

    def retranslate(self) -> None:
        """Set all text."""
        self._search.setPlaceholderText(self.tr("Find by number: 17 or 10-20"))
        self._search.setAccessibleName(self.tr("Find a latent dimension"))
        self._search.setToolTip(self.tr("17 goes to number 17; 10-20 shows those alone; empty shows all."))
        self._status.setAccessibleName(self.tr("What the list shows"))
        self._show_status_tip()
        self._show_status()

    def changeEvent(self, event: QEvent) -> None:
        """Follow language and theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
            self._dressing.start(self._dress())
        elif event.type() == QEvent.Type.PaletteChange:
            self._colour()
            self._dressing.start(self._dress())

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
        self._keys_rest.timeout.connect(self._settle_unless_held)

    def _colour(self) -> None:
        self._search_action.setIcon(icon("magnify", self.palette()))
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.WindowText, palette.color(QPalette.ColorRole.PlaceholderText))
        self._status.setPalette(palette)

    # Rows, in slices.

    def _build(self) -> Iterator[None]:
        self._area.set_rows(self._rows, range(0))
        while len(self._rows) > len(self._point.values):
            delete(self._rows.pop())  # at once: deleteLater would save up all of a slice for one moment
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
        for index in (*self._area.in_view, *range(len(self._rows))):
            if index < min(len(self._rows), len(self._point.values)):
                self._rows[index].show_value(self._point.values[index])
                yield

    def _dress(self) -> Iterator[None]:
        icons = self._pin_icons()
        for row in tuple(self._rows):
            row.retranslate()
            row.set_pin_icons(*icons)
            yield

    def _pin_icons(self) -> tuple[QIcon, QIcon]:
        faint = QPalette(self.palette())
        faint.setColor(QPalette.ColorRole.ButtonText, faint.color(QPalette.ColorRole.PlaceholderText))
        return icon("pin-outline", faint), icon("pin", self.palette())

    # Gestures.

    def _move(self, index: int, value: float) -> None:
        if self._moving not in (None, index):
            self.settle()
        self._moving = index
        self._point = self._point.with_value(index, value)
        self._keys_rest.start()
        self.point_moved.emit(self._point)

    def _settle_unless_held(self) -> None:
        if self._moving is not None and self._rows[self._moving].is_held:
            self._keys_rest.start()
        else:
            self.settle()

    def _drop_gesture(self) -> None:
        self._moving = None
        self._keys_rest.stop()

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
        tip = self.tr("How many of the numbers of z have a slider below.")
        if self._prior == "sphere":
            tip += "\n" + self.tr("Samples lie on a sphere; a moved slider leaves it a little, which does no harm.")
        self._status.setToolTip(tip)

    def _show_status(self) -> None:
        total, built = len(self._point.values), len(self._rows)
        if self._found is None:
            text = self.tr("No such number: there are 0 to {last}.").format(last=total - 1)
        elif built < total:
            text = self.tr("Making sliders: {built} of {total}").format(built=built, total=total)
        elif len(self._found.shown) < total:
            text = self.tr("{shown} of {total} latent numbers").format(shown=len(self._found.shown), total=total)
        else:
            text = self.tr("{total} latent numbers, 0 is the mean").format(total=total)
        self._status.setText(text)
