"""SampleHistory: the slider through all past sheets, and the button that follows the run again."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSlider, QToolButton, QWidget

from gan_studio.engine.moment import Moment
from gan_studio.ui.widgets.icons import icon
from gan_studio.ui.widgets.number_text import grouped
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.wheel_focus import need_focus_for_wheel


class SampleHistory(Retranslating, QWidget):
    """Chooses one of the recorded sheets. At its right end it is live: it follows new sheets.

    Signals:
        sheet_requested: Moment of the sheet to show; emitted while dragging too.
        live_requested: show the newest sheet from now on.
    """

    sheet_requested = Signal(object)
    live_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sampleHistory")
        self._sheets: list[Moment] = []
        self._is_live = True
        self._previous = QToolButton(self)
        self._slider = QSlider(Qt.Orientation.Horizontal, self)
        self._next = QToolButton(self)
        self._place = QLabel(self)
        self._live = QPushButton(self)
        self._build()
        self.retranslate()
        self.follow_palette()

    @property
    def is_live(self) -> bool:
        """Whether new sheets are shown as they come."""
        return self._is_live

    @property
    def current(self) -> Moment | None:
        """The sheet at the slider's place."""
        return self._sheets[self._slider.value()] if self._sheets else None

    def set_sheets(self, sheets: Sequence[Moment]) -> None:
        """Replace the list, oldest first. The slider stays at its sheet, or goes to the last one before it."""
        kept = self.current
        self._sheets = list(sheets)
        place = len(self._sheets) - 1
        if not self._is_live and kept is not None:
            place = self._place_of(kept)
        self._is_live = self._is_live or not self._sheets
        self._lay_out(place)
        if not self._is_live and kept != self.current:
            self.sheet_requested.emit(self.current)

    def retranslate(self) -> None:
        """Set every text."""
        self._slider.setAccessibleName(self.tr("Past samples"))
        self._slider.setToolTip(self.tr("Drag to see what G drew from the z of these seeds earlier in the run."))
        self._previous.setAccessibleName(self.tr("Earlier samples"))
        self._previous.setToolTip(self.tr("Show the sheet before this one."))
        self._next.setAccessibleName(self.tr("Later samples"))
        self._next.setToolTip(self.tr("Show the sheet after this one."))
        self._live.setText(self.tr("Live"))
        self._live.setAccessibleName(self.tr("Live samples"))
        self._live.setToolTip(self.tr("Follow the run: show each new sheet as it comes."))
        self._refresh()

    def follow_palette(self) -> None:
        """Draw the icons, and the Live button, in the colours of the theme."""
        self._previous.setIcon(icon("chevron-left", self.palette()))
        self._next.setIcon(icon("chevron-right", self.palette()))
        self._colour_live()

    def _build(self) -> None:
        names = {
            "previousSheetButton": self._previous,
            "sampleHistorySlider": self._slider,
            "nextSheetButton": self._next,
            "sheetPlace": self._place,
            "liveSheetButton": self._live,
        }
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for name, part in names.items():
            part.setObjectName(name)
            row.addWidget(part, 1 if part is self._slider else 0)
        self._place.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._slider.setMinimumWidth(80)
        need_focus_for_wheel(self._slider)
        for button in (self._previous, self._next):
            button.setAutoRaise(True)
            button.setAutoRepeat(True)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._live.setCheckable(True)
        self._live.setChecked(True)
        self._slider.valueChanged.connect(self._choose)
        self._previous.clicked.connect(self._go_back)
        self._next.clicked.connect(self._go_forward)
        self._live.clicked.connect(self._toggle_live)

    def _place_of(self, sheet: Moment) -> int:
        if sheet in self._sheets:
            return self._sheets.index(sheet)
        earlier = [place for place, held in enumerate(self._sheets) if held.step <= sheet.step]
        return earlier[-1] if earlier else 0

    def _lay_out(self, place: int) -> None:
        """Fit the slider to the list without requesting a sheet."""
        with QSignalBlocker(self._slider):
            self._slider.setRange(0, max(len(self._sheets) - 1, 0))
            self._slider.setValue(max(place, 0))
        self._refresh()

    def _choose(self, place: int) -> None:
        """Request the sheet at the slider's new place; the right end means live."""
        if place == len(self._sheets) - 1:
            self._go_live()
        else:
            self._is_live = False
            self._refresh()
            self.sheet_requested.emit(self._sheets[place])

    def _go_live(self) -> None:
        self._is_live = True
        self._lay_out(len(self._sheets) - 1)
        self.live_requested.emit()

    def _go_back(self) -> None:
        self._slider.setValue(self._slider.value() - 1)

    def _go_forward(self) -> None:
        self._slider.setValue(self._slider.value() + 1)

    def _toggle_live(self, is_live: bool) -> None:
        if is_live:
            self._go_live()
        elif self._sheets:
            self._is_live = False
            self._refresh()
            self.sheet_requested.emit(self._sheets[self._slider.value()])
        else:
            self._refresh()

    def _refresh(self) -> None:
        place, count = self._slider.value(), len(self._sheets)
        self._slider.setEnabled(count > 1)
        self._previous.setEnabled(place > 0)
        self._next.setEnabled(place < count - 1)
        self._live.setChecked(self._is_live)
        self._colour_live()
        text = ""
        if count:
            text = self.tr("step {step} ({place} of {count})")
            if self._is_live:  # the sheet on screen may be newer than all that are kept
                text = self.tr("newest, {count} kept")
            text = text.format(step=grouped(self._sheets[place].step), place=place + 1, count=count)
        self._place.setText(text)

    def _colour_live(self) -> None:
        """Highlight the Live button: Fusion hardly shows a checked button in the dark theme."""
        palette = QPalette(self.palette())
        if self._is_live:
            palette.setColor(QPalette.ColorRole.Button, palette.color(QPalette.ColorRole.Highlight))
            palette.setColor(QPalette.ColorRole.ButtonText, palette.color(QPalette.ColorRole.HighlightedText))
        self._live.setPalette(palette)
