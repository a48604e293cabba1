"""PlotColumn: all plots of a run below each other, those that are switched on visible."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QStyle, QVBoxLayout, QWidget

from gan_studio.ui.plots.axis_marks import AxisMark
from gan_studio.ui.plots.curve_plot import CurvePlot
from gan_studio.ui.plots.metric_store import MetricStore
from gan_studio.ui.plots.rate_history import RateHistory
from gan_studio.ui.training.gradient_plot import GradientPlot
from gan_studio.ui.training.loss_plot import LossPlot
from gan_studio.ui.training.probability_plot import ProbabilityPlot
from gan_studio.ui.training.rate_plot import RatePlot

EXTRA_PLOTS = ("gradientPlot", "ratePlot")
"""Plots that are off until a person switches them on."""


class PlotColumn(QScrollArea):
    """The plots share their settings. Where they do not fit, they scroll.

    Attributes:
        plots: all plots, from the top down, visible or not.
    """

    def __init__(self, history: MetricStore, rates: RateHistory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("plotColumn")
        self._page = QWidget()
        self._losses, self._probabilities = LossPlot(history), ProbabilityPlot(history)
        self._logarithmic = (self._losses, GradientPlot(history), RatePlot(rates))
        self.plots: tuple[CurvePlot, ...] = (self._losses, self._probabilities, *self._logarithmic[1:])
        self._build()

    @property
    def shown(self) -> tuple[CurvePlot, ...]:
        """The plots that are switched on."""
        return tuple(plot for plot in self.plots if not plot.isHidden())

    def set_extra(self, name: str, is_shown: bool) -> None:
        """Switch one of EXTRA_PLOTS on or off."""
        for plot in self.plots:
            if plot.objectName() == name:
                plot.setVisible(is_shown)
        for plot in self.shown:
            plot.set_lowest(plot is self.shown[-1])

    def set_loss(self, name: str) -> None:
        """Set what the networks minimise (a choice of training.loss)."""
        self._losses.set_loss(name)
        self._probabilities.set_loss(name)

    def set_log(self, is_log: bool) -> None:
        """Make the value axes logarithmic, except that of D's output."""
        for plot in self._logarithmic:
            plot.set_log(is_log)

    def set_whole_range(self, is_whole: bool) -> None:
        """Set whether the value axes span every value, or the usual ones."""
        for plot in self.plots:
            plot.set_whole_range(is_whole)

    def set_smoothing(self, time_constant: int) -> None:
        """Average over about so many steps."""
        for plot in self.plots:
            plot.set_smoothing(time_constant)

    def set_marks(self, marks: Sequence[AxisMark]) -> None:
        """Mark steps, by ascending step."""
        for plot in self.plots:
            plot.set_marks(marks)

    def set_cursor(self, step: int | None) -> None:
        """Show the values at a step; None shows the newest."""
        for plot in self.plots:
            plot.set_cursor(step)

    def redraw(self, first: float, last: float) -> None:
        """Draw the steps first..last."""
        for plot in self.shown:
            plot.redraw(first, last)

    def refresh_texts(self) -> None:
        """Update values and sentences, without drawing the curves."""
        for plot in self.shown:
            plot.refresh_texts()

    def minimumSizeHint(self) -> QSize:
        """Return a width in which no legend is cut off, with a scroll bar beside it."""
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        return QSize(self._page.minimumSizeHint().width() + bar, super().minimumSizeHint().height())

    def _build(self) -> None:
        column = QVBoxLayout(self._page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for plot in self.plots:
            column.addWidget(plot, 1)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(self._page)
        for name in EXTRA_PLOTS:
            self.set_extra(name, False)
