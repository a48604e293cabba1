"""MetricsPanel: the plots of a run and their tools, with one history and one redraw timer for all plots."""

from collections import deque
from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gan_studio.engine.library.rates import LearningRates
from gan_studio.engine.library.step_marks import StepMark
from gan_studio.ui.plots.axis_range import step_range
from gan_studio.ui.plots.curve_plot import CurvePlot
from gan_studio.ui.plots.metric_store import MetricStore, Rows, after, up_to
from gan_studio.ui.plots.rate_history import RateHistory
from gan_studio.ui.training.plot_column import PlotColumn
from gan_studio.ui.training.plot_tools import PlotTools
from gan_studio.ui.training.plot_windows import PlotWindows
from gan_studio.ui.training.step_cursor import StepCursor
from gan_studio.ui.widgets.retranslating import Retranslating

ROWS_AT_ONCE = 32_768
"""Rows added in one turn of the event loop: about 2 ms."""

_CALM_MS = 1000
"""Milliseconds after which legend and sentence show new rows, if the rows move no curve by a pixel."""

_CALM_READINGS = 5
"""At every so many updates of legend and sentence the curves are drawn too: a narrow spike must become visible."""

_SOON_MS = 15


class MetricsPanel(Retranslating, QWidget):
    """Plots of the losses, of D's output, of gradient norms and of learning rates of one run.

    Visible plots are redrawn after a change, at a limited rate. What mouse and keyboard do is shown at once.

    Signals:
        choice_made: name of a choice ("wholeRange", "gradientPlot", "ratePlot"), and whether it is on.
        table_wanted: names of the columns (tuple of str) to save as CSV, and a word for the file name.
        picture_wanted: uint8 [H, W, 3] to save as PNG, and a word for the file name.
    """

    choice_made = Signal(str, bool)
    table_wanted = Signal(object, str)
    picture_wanted = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("metricsPanel")
        self._history = MetricStore()
        self._waiting: deque[Rows] = deque()
        self._view: tuple[float, float] | None = None
        self._loss: str | None = None
        self._is_dirty = True
        self._drawn_step, self._readings = 0, 0
        self._interval_ms = 250
        self._rates = RateHistory(self._history)
        self._tools = PlotTools(self)
        self._column = PlotColumn(self._history, self._rates, self)
        self._cursor = StepCursor(self._history, self._column, self._shown_steps)
        self._windows = PlotWindows(self._history, self._column.plots, self)
        self._redraw_timer = QTimer(self, singleShot=True)
        self._intake_timer = QTimer(self, interval=0)
        self._build()
        self._connect()
        self.retranslate()

    def append(self, steps: NDArray[np.int64], values: NDArray[np.float32]) -> None:
        """Add new rows: int64 [rows] and float32 [rows, len(METRIC_COLUMNS)]."""
        if self._waiting or len(steps) > ROWS_AT_ONCE:
            self._waiting.append((steps, values))
            self._intake_timer.start()
        else:
            self._history.append(steps, values)
            if self._moves_a_pixel():
                self._redraw_later()
            else:
                self._read_later()

    def replace(self, steps: NDArray[np.int64], values: NDArray[np.float32]) -> None:
        """Show only these rows; many of them are added over several turns of the event loop."""
        self.clear()
        self.append(steps, values)

    def drop_after(self, step: int) -> None:
        """Forget the rows later than a step: the run went back."""
        self._waiting = deque(up_to(rows, step) for rows in self._waiting)
        self._history.drop_after(step)
        if self._cursor.step is not None and self._cursor.step > step:
            self._cursor.drop()
        if self._view is not None and self._view[0] >= step:
            self._tools.set_follow(True)
        self._windows.forget_values()
        self._redraw_later()

    def replace_up_to(self, step: int, steps: NDArray[np.int64], values: NDArray[np.float32]) -> None:
        """Replace the rows up to a step; later rows stay."""
        later = [self._history.rows_after(step), *(after(rows, step) for rows in self._waiting)]
        self._waiting.clear()
        self._history.clear()
        self._windows.forget_values()
        for rows in ((steps, values), *later):
            self.append(*rows)

    def clear(self) -> None:
        """Forget every row and follow the next run."""
        self._waiting.clear()
        self._intake_timer.stop()
        self._history.clear()
        self.set_rates(LearningRates())
        self.set_marks(())
        self._tools.set_follow(True)
        self._cursor.drop()
        self._redraw_later()

    def set_loss(self, name: str) -> None:
        """Set what the networks minimise (a choice of training.loss); it decides what the curves mean."""
        if name != self._loss:
            self._loss = name
            self._column.set_loss(name)
            self._windows.name_values()
            self._redraw_later()

    def set_marks(self, marks: Sequence[StepMark]) -> None:
        """Mark what happened, by ascending step, on all plots and in the list."""
        self._windows.set_marks(marks)
        self._column.set_marks(self._windows.marks)

    def set_rates(self, rates: LearningRates) -> None:
        """Set the learning rates of the run."""
        self._rates.rates = rates
        self._windows.forget_values()
        self._redraw_later()

    def set_choice(self, name: str, is_on: bool) -> None:
        """Make a choice of choice_made, as it was made in an earlier launch."""
        if name == "wholeRange":
            self._tools.set_whole_range(is_on)
        else:
            self._tools.set_extra(name, is_on)

    def set_redraw_hz(self, redraws_per_second: float) -> None:
        """Limit the redraws: 4 a second while the CPU trains, 20 while a GPU does.

        Raises:
            ValueError: the limit is not above 0.
        """
        if redraws_per_second <= 0:
            raise ValueError(f"{redraws_per_second} redraws a second")
        self._interval_ms = max(1, round(1000 / redraws_per_second))

    def retranslate(self) -> None:
        """Write marks and tables in the language of the window; the plots set their own texts."""
        self._windows.retranslate()
        self._column.set_marks(self._windows.marks)

    def follow_palette(self) -> None:
        """Draw in the colours of a new theme."""
        self._redraw_later(_SOON_MS)

    def showEvent(self, event: QShowEvent) -> None:
        """Draw the rows that came while hidden."""
        super().showEvent(event)
        self._redraw_later(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the curves to the new width."""
        super().resizeEvent(event)
        self._redraw_later(_SOON_MS)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addWidget(self._tools)
        column.addWidget(self._column, 1)
        self._column.set_smoothing(self._tools.smoothing)

    def _connect(self) -> None:
        self._redraw_timer.timeout.connect(self._redraw)
        self._intake_timer.timeout.connect(self._take_in)
        self._tools.log_toggled.connect(self._set_log)
        self._tools.smoothing_changed.connect(self._set_smoothing)
        self._tools.follow_toggled.connect(self._set_follow)
        self._tools.range_toggled.connect(self._set_whole_range)
        self._tools.extra_toggled.connect(self._set_extra)
        self._tools.marks_wanted.connect(self._windows.show_marks)
        self._tools.values_wanted.connect(self._windows.show_values)
        self._windows.step_wanted.connect(self._jump_to)
        self._windows.reset_wanted.connect(partial(self._tools.set_follow, True))
        self._windows.range_toggled.connect(self._tools.set_whole_range)
        self._windows.table_wanted.connect(self.table_wanted)
        self._windows.picture_wanted.connect(self.picture_wanted)
        for plot in self._column.plots:
            plot.menu_wanted.connect(partial(self._open_menu, plot))
            plot.pointed_at.connect(self._cursor.point_at)
            plot.arrow_pressed.connect(self._cursor.move)
            plot.end_pressed.connect(self._cursor.jump)
            plot.escape_pressed.connect(self._cursor.drop)
            plot.view_moved.connect(self._move_view)

    def _redraw_later(self, within_ms: int | None = None) -> None:
        self._is_dirty = True
        wait = self._interval_ms if within_ms is None else within_ms
        is_sooner = not self._redraw_timer.isActive() or self._redraw_timer.remainingTime() > wait
        if self.isVisible() and is_sooner:
            self._redraw_timer.start(wait)

    def _read_later(self) -> None:
        if self.isVisible() and not self._redraw_timer.isActive():
            self._redraw_timer.start(_CALM_MS)

    def _redraw(self) -> None:
        """Draw the plots, or update only legend and sentence if no curve would look different."""
        if not self.isVisible():
            return
        if self.window().isMinimized():
            self._redraw_timer.start(self._interval_ms)
            return
        self._readings += 1
        if not self._is_dirty and self._readings < _CALM_READINGS:
            self._column.refresh_texts()
            self._windows.refresh_values()
            self._redraw_timer.start(_CALM_MS)  # after the last update the curves are drawn, even if no more rows come
            return
        self._is_dirty, self._readings = False, 0
        self._drawn_step = self._history.last_step or 0
        self._column.redraw(*self._shown_steps())
        self._windows.refresh_values()

    def _take_in(self) -> None:
        steps, values = self._waiting.popleft()
        if len(steps) > ROWS_AT_ONCE:
            self._waiting.appendleft((steps[ROWS_AT_ONCE:], values[ROWS_AT_ONCE:]))
        self._history.append(steps[:ROWS_AT_ONCE], values[:ROWS_AT_ONCE])
        if not self._waiting:
            self._intake_timer.stop()
        self._redraw_later()

    def _moves_a_pixel(self) -> bool:
        """Tell whether the rows since the last redraw fill a pixel of the plots, or the run went back before it."""
        first, last = self._shown_steps()
        new_steps = (self._history.last_step or 0) - self._drawn_step
        return new_steps < 0 or new_steps * self.width() >= last - first

    def _shown_steps(self) -> tuple[float, float]:
        return self._view or step_range(self._history.first_step, self._history.last_step)

    def _set_log(self, is_log: bool) -> None:
        self._column.set_log(is_log)
        self._redraw_later(_SOON_MS)

    def _set_smoothing(self, time_constant: int) -> None:
        self._column.set_smoothing(time_constant)
        self._redraw_later(_SOON_MS)

    def _set_whole_range(self, is_whole: bool) -> None:
        self._column.set_whole_range(is_whole)
        self.choice_made.emit("wholeRange", is_whole)
        self._redraw_later(_SOON_MS)

    def _set_extra(self, name: str, is_shown: bool) -> None:
        self._column.set_extra(name, is_shown)
        self.choice_made.emit(name, is_shown)
        self._redraw_later(_SOON_MS)

    def _open_menu(self, plot: CurvePlot, place: QPoint) -> None:
        self._windows.open_menu(plot, place, is_whole_range=self._tools.is_whole_range)

    def _jump_to(self, step: int) -> None:
        """Read all curves at a step, and show it if it is not in view."""
        first, last = self._shown_steps()
        if not first <= step <= last:
            self._move_view(max(step - (last - first) / 2, 0.0), max(step - (last - first) / 2, 0.0) + last - first)
        self._cursor.point_at(step)

    def _set_follow(self, is_following: bool) -> None:
        self._view = None if is_following else self._shown_steps()
        self._redraw_later(_SOON_MS)

    def _move_view(self, first: float, last: float) -> None:
        self._tools.set_follow(False)
        self._view = (first, last)
        self._redraw_later(_SOON_MS)
