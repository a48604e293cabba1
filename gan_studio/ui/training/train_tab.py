"""TrainTab: watching a run: plots on the left, samples on the right."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QWidget

from gan_studio.ui.training.metrics_panel import MetricsPanel
from gan_studio.ui.training.samples.sample_history import SheetKey
from gan_studio.ui.training.samples.samples_panel import SamplesPanel, Sheet


class TrainTab(QWidget):
    """All that is seen of a run while it trains.

    Signals:
        sample_clicked: seed of a sample.
        sheet_requested: (branch, step) of a past sheet to be given to show_sheet with live=False.
        live_requested: a person is back from the past; the newest sheet, if newer than the last live one, is wanted.
        sample_now_requested: a sheet of the present generator is to be drawn and recorded.
        save_sheet_requested: the sheet in sight (shown_sheet) is to be saved.
    """

    sample_clicked = Signal(int)
    sheet_requested = Signal(object)
    live_requested = Signal()
    sample_now_requested = Signal()
    save_sheet_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trainTab")
        self._metrics = MetricsPanel(self)
        self._samples = SamplesPanel(self)
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._build()
        self._samples.sample_clicked.connect(self.sample_clicked)
        self._samples.sheet_requested.connect(self.sheet_requested)
        self._samples.live_requested.connect(self.live_requested)
        self._samples.sample_now_requested.connect(self.sample_now_requested)
        self._samples.save_requested.connect(self.save_sheet_requested)
        self.retranslate()

    @property
    def is_live(self) -> bool:
        """Whether the samples go along with the run."""
        return self._samples.is_live

    @property
    def shown_sheet(self) -> Sheet | None:
        """The sheet in sight."""
        return self._samples.shown

    def append_metrics(self, steps: NDArray[np.int64], values: NDArray[np.float32]) -> None:
        """Add new rows: int64 [rows] and float32 [rows, len(METRIC_COLUMNS)]."""
        self._metrics.append(steps, values)

    def set_metrics(self, steps: NDArray[np.int64], values: NDArray[np.float32]) -> None:
        """Show these rows and no others."""
        self._metrics.replace(steps, values)

    def drop_after(self, step: int) -> None:
        """Forget the rows later than a step: the run went back."""
        self._metrics.drop_after(step)

    def replace_up_to(self, step: int, steps: NDArray[np.int64], values: NDArray[np.float32]) -> None:
        """Show these rows up to a step in place of those held; later ones stay."""
        self._metrics.replace_up_to(step, steps, values)

    def clear(self) -> None:
        """Forget rows, sheets and classes: another run begins."""
        self._metrics.clear()
        self._samples.clear()

    def show_sheet(
        self,
        sheet: NDArray[np.uint8],
        columns: int,
        rows: int,
        step: int,
        branch: int,
        live: bool,
        classes: tuple[int, ...] = (),
    ) -> None:
        """Show a sheet where it is wanted.

        Args:
            sheet: uint8 [H, W, 1, 3 or 4], tiled row by row; it may not change afterwards.
            columns, rows: cells of the sheet.
            step, branch: when it was drawn.
            live: it is the newest (kept back while a person looks at the past); else it answers sheet_requested
                (dropped when the person is back at live).
            classes: the class of each row in a class-conditional run; empty: 0, 1, 2, ... there.
        """
        given = Sheet(sheet, columns, rows, step, branch, classes)
        if live:
            self._samples.show_live(given)
        else:
            self._samples.show_past(given)

    def set_sheets(self, sheets: Sequence[SheetKey]) -> None:
        """Say which sheets the run has: (branch, step) each, oldest first."""
        self._samples.set_sheets(sheets)

    def add_sheet(self, sheet: SheetKey) -> None:
        """Say that the run recorded one more."""
        self._samples.add_sheet(sheet)

    def set_redraw_hz(self, redraws_per_second: float) -> None:
        """Redraw plots at most so often: 4 while the CPU trains, 20 while a GPU does."""
        self._metrics.set_redraw_hz(redraws_per_second)

    def set_class_names(self, names: tuple[str, ...]) -> None:
        """Name the classes of a class-conditional run, whose sheets have one class a row; else ()."""
        self._samples.set_class_names(names)

    def class_of_sample(self, seed: int) -> int | None:
        """Return the class that a sample was drawn as in the sheet in sight, or None without classes."""
        return self._samples.class_of_sample(seed)

    def set_loss(self, name: str) -> None:
        """Say what the networks minimise (a choice of training.loss), which decides what their curves mean."""
        self._metrics.set_loss(name)

    def set_empty_widget(self, widget: QWidget) -> None:
        """Show a widget in place of the grid until the first sheet comes."""
        self._samples.set_empty_widget(widget)

    def set_sample_now_enabled(self, is_enabled: bool) -> None:
        """Say whether there is a generator to draw with."""
        self._samples.set_sample_now_enabled(is_enabled)

    def retranslate(self) -> None:
        """Set every text of its own."""
        self.setAccessibleName(self.tr("Train"))
        self._splitter.setAccessibleName(self.tr("Plots and samples"))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def _build(self) -> None:
        self._splitter.setObjectName("trainSplitter")
        self._splitter.addWidget(self._metrics)
        self._splitter.addWidget(self._samples)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setSizes([500, 500])
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._splitter)
