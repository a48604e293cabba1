"""SamplesPanel: the sample grid with its tools and its history, or a line before the first sheet."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from gan_studio.engine.moment import Moment
from gan_studio.engine.sheet import Sheet
from gan_studio.ui.training.samples.sample_grid import SampleGrid
from gan_studio.ui.training.samples.sample_history import SampleHistory
from gan_studio.ui.widgets.icons import icon
from gan_studio.ui.widgets.number_text import grouped
from gan_studio.ui.widgets.retranslating import Retranslating

_MARGIN, _SPACING = 8, 8


class SamplesPanel(Retranslating, QWidget):
    """Shows the newest sheet or a past one. A new sheet never replaces a past one that a person looks at.

    Signals:
        sample_clicked: seed of a sample.
        sheet_requested: Moment of a past sheet; answer with show_past.
        live_requested: the newest sheet is shown again; answer a newer one, if any, with show_live.
        sample_now_requested: draw a sheet with the current generator.
        save_requested: save the sheet that is shown.
        sample_save_requested: save the sample of this seed.
        copied: a sample or the sheet is on the clipboard.
        smooth_chosen(bool): a person wants enlarged pixels blended, or sharp.
        shape_changed: the sheet can use other room than before.
    """

    sample_clicked = Signal(int)
    sheet_requested = Signal(object)
    live_requested = Signal()
    sample_now_requested = Signal()
    save_requested = Signal()
    sample_save_requested = Signal(int)
    copied = Signal()
    smooth_chosen = Signal(bool)
    shape_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("samplesPanel")
        self._class_names: tuple[str, ...] = ()
        self._newest: Sheet | None = None
        self._shown: Sheet | None = None
        self._title = QLabel(self)
        self._sample_now = QPushButton(self)
        self._save = QPushButton(self)
        self._smooth = QToolButton(self, autoRaise=True)
        self._grid = SampleGrid(self)
        self._history = SampleHistory(self)
        self._pages = QStackedWidget(self)
        self._nothing_yet = QLabel(self, alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._tools = QWidget(self)
        self._build()
        self._connect()
        self.retranslate()
        self.follow_palette()

    @property
    def is_live(self) -> bool:
        """Whether the newest sheet is shown."""
        return self._history.is_live

    @property
    def shown(self) -> Sheet | None:
        """The sheet that is shown."""
        return self._shown

    @property
    def classes(self) -> tuple[int, ...]:
        """The class of each row of the sheet that is shown; () without classes."""
        return () if self._shown is None else self._classes_of(self._shown)

    @property
    def class_count(self) -> int:
        """Number of classes of the run; 0 without classes."""
        return len(self._class_names)

    def set_class_names(self, names: tuple[str, ...]) -> None:
        """Set the class names of a class-conditional run, whose sheets have one class per row; () without classes."""
        self._class_names = names
        if self._shown is not None:
            self._show(self._shown)

    def class_of_sample(self, seed: int) -> int | None:
        """Return the class of a sample in the sheet that is shown, or None without classes."""
        return self.classes[seed // self._shown.columns] if self._shown is not None and self.classes else None

    def show_live(self, sheet: Sheet) -> None:
        """Show the newest sheet, or keep it while the person looks at a past one or at the menu of a sample."""
        self._newest = sheet
        if self._history.is_live and not self._grid.has_open_menu:
            self._show(sheet)

    def show_past(self, sheet: Sheet) -> None:
        """Show a requested sheet, unless the samples follow the run again by now."""
        if not self._history.is_live:
            self._show(sheet)

    def set_sheets(self, sheets: Sequence[Moment]) -> None:
        """Set which sheets the run has, oldest first."""
        self._history.set_sheets(sheets)
        self._refresh_page()

    def clear(self) -> None:
        """Forget every sheet, and the classes: another run begins."""
        self._class_names = ()
        self._newest = self._shown = None
        self._history.set_sheets(())
        self._grid.clear()
        self._save.setEnabled(False)
        self._refresh_page()

    def set_sample_now_enabled(self, is_enabled: bool) -> None:
        """Set whether there is a generator to draw with."""
        self._sample_now.setEnabled(is_enabled)

    def set_smooth(self, is_smooth: bool) -> None:
        """Blend enlarged pixels, or show each as a sharp square; without a signal."""
        with QSignalBlocker(self._smooth):
            self._smooth.setChecked(is_smooth)
        self._grid.set_smooth(is_smooth)

    def width_for(self, height: int) -> int:
        """Return the width that the sheet can use if the panel has this height, in pixels."""
        return self._grid.width_for(height - self._height_of_others()) + 2 * _MARGIN

    def height_for(self, width: int) -> int:
        """Return the height that the panel can use at this width, in pixels."""
        return self._grid.height_for(width - 2 * _MARGIN) + self._height_of_others()

    def retranslate(self) -> None:
        """Set every text."""
        self._title.setText(self.tr("Samples"))
        self._title.setToolTip(
            self.tr(
                "Pictures that the smoothed G draws from the z of the same seeds each time. "
                "Smoothed G: the exponential moving average of G's weights, or G itself where EMA half-life is 0."
            )
        )
        self._sample_now.setText(self.tr("Sample now"))
        self._sample_now.setAccessibleName(self.tr("Sample now"))
        self._sample_now.setToolTip(
            self.tr("Draw a sheet with the generator as it is now, and keep it in the history.")
        )
        self._save.setText(self.tr("Save\u2026"))
        self._save.setAccessibleName(self.tr("Save the sheet"))
        self._save.setToolTip(self.tr("Save the sheet on screen as a picture, with its step and seeds inside."))
        self._smooth.setAccessibleName(self.tr("Smooth samples"))
        self._smooth.setToolTip(self.tr("Smooth the enlarged samples instead of showing each pixel as a square."))
        self._nothing_yet.setText(self.tr("No samples yet"))
        self._refresh_caption()

    def follow_palette(self) -> None:
        """Draw the icons of the buttons."""
        self._sample_now.setIcon(icon("camera-outline", self.palette()))
        self._save.setIcon(icon("content-save-outline", self.palette()))
        self._smooth.setIcon(icon("blur", self.palette()))

    def _build(self) -> None:
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        self._title.setFont(bold)
        self._sample_now.setObjectName("sampleNowButton")
        self._save.setObjectName("saveSheetButton")
        self._save.setEnabled(False)
        self._smooth.setObjectName("smoothSheetButton")
        self._smooth.setCheckable(True)
        self._smooth.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        tools = QHBoxLayout(self._tools)
        tools.setContentsMargins(0, 0, 0, 0)
        tools.setSpacing(8)
        tools.addWidget(self._title)
        tools.addStretch(1)
        tools.addWidget(self._smooth)
        tools.addWidget(self._sample_now)
        tools.addWidget(self._save)
        self._pages.addWidget(self._grid)
        self._pages.addWidget(self._nothing_yet)
        self._refresh_page()
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        column.setSpacing(_SPACING)
        column.addWidget(self._tools)
        column.addWidget(self._pages, 1)
        column.addWidget(self._history)

    def _connect(self) -> None:
        self._grid.sample_clicked.connect(self.sample_clicked)
        self._grid.save_requested.connect(self.save_requested)
        self._grid.sample_save_requested.connect(self.sample_save_requested)
        self._grid.copied.connect(self.copied)
        self._grid.menu_closed.connect(self._catch_up)
        self._smooth.toggled.connect(self._grid.set_smooth)
        self._smooth.toggled.connect(self.smooth_chosen)
        self._save.clicked.connect(self.save_requested)
        self._sample_now.clicked.connect(self.sample_now_requested)
        self._history.sheet_requested.connect(self.sheet_requested)
        self._history.live_requested.connect(self._go_live)

    def _catch_up(self) -> None:
        """Show the sheet that came while a menu was open."""
        if self._newest is not None and self._newest is not self._shown and self._history.is_live:
            self._show(self._newest)

    def _go_live(self) -> None:
        if self._newest is not None:
            self._show(self._newest)
        self.live_requested.emit()

    def _show(self, sheet: Sheet) -> None:
        before = self._shape
        self._shown = sheet
        titles = tuple(self._class_names[index] for index in self._classes_of(sheet))
        self._grid.set_sheet(sheet.pixels, sheet.columns, sheet.rows, "", titles)
        self._refresh_caption()
        self._save.setEnabled(True)
        self._refresh_page()
        if self._shape != before:
            self.shape_changed.emit()

    @property
    def _shape(self) -> tuple[int, int, tuple[int, ...]] | None:
        """What decides which room the sheet can use: cells and classes."""
        sheet = self._shown
        return None if sheet is None else (sheet.columns, sheet.rows, self._classes_of(sheet))

    def _height_of_others(self) -> int:
        """Return the height of everything above and below the sheet, in pixels."""
        return self._tools.sizeHint().height() + self._history.sizeHint().height() + 2 * (_SPACING + _MARGIN)

    def _classes_of(self, sheet: Sheet) -> tuple[int, ...]:
        """Return the class of each row, or () if the classes are unknown."""
        classes = sheet.classes or tuple(range(sheet.rows))
        is_known = len(classes) == sheet.rows and max(classes) < len(self._class_names)
        return classes if is_known else ()

    def _refresh_page(self) -> None:
        """Show grid and tools once there is a sheet, and the history once it has an entry."""
        has_sheet = self._shown is not None
        self._pages.setCurrentWidget(self._grid if has_sheet else self._nothing_yet)
        self._tools.setVisible(has_sheet)
        self._history.setVisible(has_sheet or self._history.current is not None)

    def _refresh_caption(self) -> None:
        if self._shown is not None:
            text = self.tr("step {step}, seeds 0 to {last}")
            if self._classes_of(self._shown):
                text = self.tr("step {step}, seeds 0 to {last}, one class per row")
            cells = self._shown.columns * self._shown.rows
            self._grid.set_caption(text.format(step=grouped(self._shown.moment.step), last=cells - 1))
