"""SampleHistory: the slider back through every past sheet, and the way back to now."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSlider, QToolButton, QWidget

from gan_studio.ui.widgets.icons import icon
from gan_studio.ui.widgets.number_text import grouped
from gan_studio.ui.widgets.theme import muted_text
from gan_studio.ui.widgets.wheel_focus import need_focus_for_wheel

SheetKey = tuple[int, int]
"""(branch, step) of a sheet."""


class SampleHistory(QWidget):
    """Chooses one of the recorded sheets. At its right end it is live: it goes along with new sheets.

    Signals:
        sheet_requested: (branch, step) of the sheet to show, while dragging too.
        live_requested: the newest sheet is to be shown from now on.
    """

    sheet_requested = Signal(object)
    live_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sampleHistory")
        self._sheets: list[SheetKey] = []
        self._is_live = True
        self._previous = QToolButton(self)
        self._slider = QSlider(Qt.Orientation.Horizontal, self)
        self._next = QToolButton(self)
        self._place = QLabel(self)
        self._live = QPushButton(self)
        self._build()
        self.retranslate()
        self._apply_palette()

    @property
    def is_live(self) -> bool:
        """Whether new sheets are to be shown as they come."""
        return self._is_live

    @property
    def current(self) -> SheetKey | None:
        """The sheet that the slider stands at."""
        return self._sheets[self._slider.value()] if self._sheets else None

    def set_sheets(self, sheets: Sequence[SheetKey]) -> None:
        """Replace the list, oldest first; the slider stays at its sheet, or goes to the nearest earlier one left."""
        kept = self.current
        self._sheets = list(sheets)
        place = len(self._sheets) - 1
        if not self._is_live and kept is not None:
            place = self._place_of(kept)
        self._is_live = self._is_live or not self._sheets
        self._lay_out(place)
        if not self._is_live and kept != self.current:
            self.sheet_requested.emit(self.current)

    def add_sheet(self, sheet: SheetKey) -> None:
        """Add a new sheet at the end; one that is held already changes nothing."""
        if sheet in self._sheets:
            return
        place = self._slider.value()
        self._sheets.append(sheet)
        self._lay_out(len(self._sheets) - 1 if self._is_live else place)

    def retranslate(self) -> None:
        """Set every text."""
        self._slider.setAccessibleName(self.tr("Past samples"))
        self._slider.setToolTip(self.tr("Drag to see the same z as the generator drew them earlier in the run."))
        self._previous.setAccessibleName(self.tr("Earlier samples"))
        self._previous.setToolTip(self.tr("Show the sheet before this one."))
        self._next.setAccessibleName(self.tr("Later samples"))
        self._next.setToolTip(self.tr("Show the sheet after this one."))
        self._live.setText(self.tr("Live"))
        self._live.setAccessibleName(self.tr("Live samples"))
        self._live.setToolTip(self.tr("Go along with the run: show each new sheet as it comes."))
        self._refresh()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language and the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.PaletteChange:
            self._apply_palette()

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

    def _place_of(self, sheet: SheetKey) -> int:
        if sheet in self._sheets:
            return self._sheets.index(sheet)
        earlier = [place for place, held in enumerate(self._sheets) if held[1] <= sheet[1]]
        return earlier[-1] if earlier else 0

    def _lay_out(self, place: int) -> None:
        """Fit the slider to the list without asking for anything."""
        with QSignalBlocker(self._slider):
            self._slider.setRange(0, max(len(self._sheets) - 1, 0))
            self._slider.setValue(max(place, 0))
        self._refresh()

    def _choose(self, place: int) -> None:
        """Go where a hand put the slider; its right end means live."""
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
            text = self.tr("step {step} ({place} of {count})").format(
                step=grouped(self._sheets[place][1]), place=place + 1, count=count
            )
        self._place.setText(text)

    def _apply_palette(self) -> None:
        self._previous.setIcon(icon("chevron-left", self.palette()))
        self._next.setIcon(icon("chevron-right", self.palette()))
        palette = self._place.palette()
        palette.setColor(QPalette.ColorRole.WindowText, muted_text(self.palette()))
        self._place.setPalette(palette)
        self._colour_live()

    def _colour_live(self) -> None:
        """Let the button glow while live: Fusion hardly tells a checked button in the dark."""
        palette = QPalette(self.palette())
        if self._is_live:
            palette.setColor(QPalette.ColorRole.Button, palette.color(QPalette.ColorRole.Highlight))
            palette.setColor(QPalette.ColorRole.ButtonText, palette.color(QPalette.ColorRole.HighlightedText))
        self._live.setPalette(palette)
