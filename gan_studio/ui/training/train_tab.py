"""TrainTab: shows a run while it trains, samples on the left and plots on the right."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from gan_studio.engine.library.rates import LearningRates
from gan_studio.engine.library.step_marks import StepMark
from gan_studio.engine.moment import Moment
from gan_studio.engine.sheet import Sheet
from gan_studio.ui.training.metrics_panel import MetricsPanel
from gan_studio.ui.training.samples.samples_panel import SamplesPanel
from gan_studio.ui.widgets.picture.hero_splitter import HeroSplitter
from gan_studio.ui.widgets.retranslating import Retranslating


class TrainTab(Retranslating, QWidget):
    """The plots and samples of the open run.

    Signals:
        sample_clicked: seed of a sample.
        sheet_requested: Moment of a past sheet; answer with show_sheet(sheet, live=False).
        live_requested: the samples follow the run again; answer with a sheet newer than the last live one, if any.
        sample_now_requested: draw a sheet with the current generator and record it.
        save_sheet_requested: save the sheet that is shown (shown_sheet).
        save_sample_requested: save the sample of this seed.
        copied: a sample or the sheet is on the clipboard.
        smooth_chosen(bool): a person wants enlarged samples blended, or sharp.
        share_chosen(float): a person gave the samples this share of the width.
        plot_choice_made, plot_table_wanted, plot_picture_wanted: as in MetricsPanel.
    """

    sample_clicked = Signal(int)
    sheet_requested = Signal(object)
    live_requested = Signal()
    sample_now_requested = Signal()
    save_sheet_requested = Signal()
    save_sample_requested = Signal(int)
    copied = Signal()
    smooth_chosen = Signal(bool)
    share_chosen = Signal(float)
    plot_choice_made = Signal(str, bool)
    plot_table_wanted = Signal(object, str)
    plot_picture_wanted = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trainTab")
        self._samples = SamplesPanel(self)
        self._metrics = MetricsPanel(self)
        self._splitter = HeroSplitter(
            self._samples, self._metrics, self._samples.width_for, self._samples.height_for, self
        )
        self._pages = QStackedWidget(self)
        self._build()
        self._samples.sample_clicked.connect(self.sample_clicked)
        self._samples.sheet_requested.connect(self.sheet_requested)
        self._samples.live_requested.connect(self.live_requested)
        self._samples.sample_now_requested.connect(self.sample_now_requested)
        self._samples.save_requested.connect(self.save_sheet_requested)
        self._samples.sample_save_requested.connect(self.save_sample_requested)
        self._samples.copied.connect(self.copied)
        self._samples.smooth_chosen.connect(self.smooth_chosen)
        self._samples.shape_changed.connect(self._splitter.refit)
        self._splitter.share_chosen.connect(self.share_chosen)
        self._metrics.choice_made.connect(self.plot_choice_made)
        self._metrics.table_wanted.connect(self.plot_table_wanted)
        self._metrics.picture_wanted.connect(self.plot_picture_wanted)
        self.retranslate()

    @property
    def is_live(self) -> bool:
        """Whether the samples follow the run."""
        return self._samples.is_live

    @property
    def shown_sheet(self) -> Sheet | None:
        """The sheet that is shown."""
        return self._samples.shown

    def set_smooth(self, is_smooth: bool) -> None:
        """Blend enlarged samples, or show each pixel as a sharp square."""
        self._samples.set_smooth(is_smooth)

    def set_share(self, share: float) -> None:
        """Give the samples a share of the width, 0 to 1; 0: what they can use."""
        self._splitter.set_share(share)

    def append_metrics(self, steps: NDArray[np.int64], values: NDArray[np.float32]) -> None:
        """Add new rows: int64 [rows] and float32 [rows, len(METRIC_COLUMNS)]."""
        self._metrics.append(steps, values)

    def set_metrics(self, steps: NDArray[np.int64], values: NDArray[np.float32]) -> None:
        """Show only these rows."""
        self._metrics.replace(steps, values)

    def drop_after(self, step: int) -> None:
        """Forget the rows later than a step: the run went back."""
        self._metrics.drop_after(step)

    def replace_up_to(self, step: int, steps: NDArray[np.int64], values: NDArray[np.float32]) -> None:
        """Replace the rows up to a step; later rows stay."""
        self._metrics.replace_up_to(step, steps, values)

    def set_marks(self, marks: Sequence[StepMark], rates: LearningRates) -> None:
        """Set what happened along the run, by ascending step, and its learning rates."""
        self._metrics.set_marks(marks)
        self._metrics.set_rates(rates)

    def set_plot_choice(self, name: str, is_on: bool) -> None:
        """Make a choice about the plots, as it was made in an earlier launch."""
        self._metrics.set_choice(name, is_on)

    def clear(self) -> None:
        """Forget rows, sheets and classes: another run begins."""
        self._metrics.clear()
        self._samples.clear()

    def show_sheet(self, sheet: Sheet, *, live: bool) -> None:
        """Show a sheet, unless the person looks at another.

        Args:
            sheet: its pixels must not change afterwards.
            live: True: it is the newest; it waits while a person looks at a past one. False: it answers
                sheet_requested; it is dropped when the person has returned to the newest one meanwhile.
        """
        if live:
            self._samples.show_live(sheet)
        else:
            self._samples.show_past(sheet)

    def set_sheets(self, sheets: Sequence[Moment]) -> None:
        """Set which sheets the run has, oldest first."""
        self._samples.set_sheets(sheets)

    def set_redraw_hz(self, redraws_per_second: float) -> None:
        """Limit the redraws of the plots: 4 a second while the CPU trains, 20 while a GPU does."""
        self._metrics.set_redraw_hz(redraws_per_second)

    def set_class_names(self, names: tuple[str, ...]) -> None:
        """Set the class names of a class-conditional run, whose sheets have one class per row; () without classes."""
        self._samples.set_class_names(names)

    @property
    def classes(self) -> tuple[int, ...]:
        """The class of each row of the sheet that is shown; () without classes."""
        return self._samples.classes

    @property
    def class_count(self) -> int:
        """Number of classes of the run; 0 without classes."""
        return self._samples.class_count

    def class_of_sample(self, seed: int) -> int | None:
        """Return the class of a sample in the sheet that is shown, or None without classes."""
        return self._samples.class_of_sample(seed)

    def set_loss(self, name: str) -> None:
        """Set what the networks minimise (a choice of training.loss); it decides what the curves mean."""
        self._metrics.set_loss(name)

    def set_rest_widget(self, widget: QWidget) -> None:
        """Set the widget that fills the tab while no run is open."""
        self._pages.addWidget(widget)
        self._pages.setCurrentIndex(1)

    def show_rest(self, *, is_at_rest: bool) -> None:
        """Show the widget for the time without a run, or plots and samples."""
        self._pages.setCurrentIndex(1 if is_at_rest else 0)

    def set_sample_now_enabled(self, is_enabled: bool) -> None:
        """Set whether there is a generator to draw with."""
        self._samples.set_sample_now_enabled(is_enabled)

    def retranslate(self) -> None:
        """Set the accessible names; the parts set their own texts."""
        self.setAccessibleName(self.tr("Train"))
        self._splitter.setAccessibleName(self.tr("Samples and plots"))

    def _build(self) -> None:
        self._splitter.setObjectName("trainSplitter")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self._splitter)
        row.addWidget(self._pages)
