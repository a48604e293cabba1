"""MetricsPanel: the plots of a run and their tools, with one history and one redraw timer for all plots."""

from collections import deque

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gan_studio.ui.plots.axis_range import step_range
from gan_studio.ui.plots.metric_store import MetricStore, Rows, after, up_to
from gan_studio.ui.training.loss_plot import LossPlot
from gan_studio.ui.training.plot_tools import PlotTools
from gan_studio.ui.training.probability_plot import ProbabilityPlot

ROWS_AT_ONCE = 32_768
"""Rows added in one turn of the event loop: about 2 ms."""

_CALM_MS = 1000
"""Milliseconds after which legend and sentence show new rows, if the rows move no curve by a pixel."""

_CALM_READINGS = 5
"""At every so many updates of legend and sentence the curves are drawn too: a narrow spike must become visible."""

_SOON_MS = 15
_ARROWS_ACROSS = 200
"""Presses of an arrow key that move the cursor across a plot."""


class MetricsPanel(QWidget):
    """Plots of the losses and of D's output of one run.

    Visible plots are redrawn after a change, at a limited rate. What mouse and keyboard do is shown at once.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("metricsPanel")
        self._history = MetricStore()
        self._waiting: deque[Rows] = deque()
        self._view: tuple[float, float] | None = None
        self._cursor_step: int | None = None
        self._is_dirty = True
        self._drawn_step, self._readings = 0, 0
        self._interval_ms = 250
        self._tools = PlotTools(self)
        self._losses = LossPlot(self._history, self)
        self._probabilities = ProbabilityPlot(self._history, self)
        self._plots = (self._losses, self._probabilities)
        self._redraw_timer = QTimer(self, singleShot=True)
        self._intake_timer = QTimer(self, interval=0)
        self._build()
        self._connect()

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
        if self._cursor_step is not None and self._cursor_step > step:
            self._set_cursor(None)
        if self._view is not None and self._view[0] >= step:
            self._tools.set_follow(True)
        self._redraw_later()

    def replace_up_to(self, step: int, steps: NDArray[np.int64], values: NDArray[np.float32]) -> None:
        """Replace the rows up to a step; later rows stay."""
        later = [self._history.rows_after(step), *(after(rows, step) for rows in self._waiting)]
        self._waiting.clear()
        self._history.clear()
        for rows in ((steps, values), *later):
            self.append(*rows)

    def clear(self) -> None:
        """Forget every row and follow the next run."""
        self._waiting.clear()
        self._intake_timer.stop()
        self._history.clear()
        self._tools.set_follow(True)
        self._set_cursor(None)
        self._redraw_later()

    def set_loss(self, name: str) -> None:
        """Set what the networks minimise (a choice of training.loss); it decides what the curves mean."""
        self._losses.set_loss(name)
        self._probabilities.set_loss(name)
        self._redraw_later()

    def set_redraw_hz(self, redraws_per_second: float) -> None:
        """Limit the redraws: 4 a second while the CPU trains, 20 while a GPU does.

        Raises:
            ValueError: the limit is not above 0.
        """
        if redraws_per_second <= 0:
            raise ValueError(f"{redraws_per_second} redraws a second")
        self._interval_ms = max(1, round(1000 / redraws_per_second))

    def changeEvent(self, event: QEvent) -> None:
        """Draw in the colours of a new theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
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
        column.addWidget(self._losses, 1)
        column.addWidget(self._probabilities, 1)
        for plot in self._plots:
            plot.set_smoothing(self._tools.smoothing)

    def _connect(self) -> None:
        self._redraw_timer.timeout.connect(self._redraw)
        self._intake_timer.timeout.connect(self._take_in)
        self._tools.log_toggled.connect(self._set_log)
        self._tools.smoothing_changed.connect(self._set_smoothing)
        self._tools.follow_toggled.connect(self._set_follow)
        for plot in self._plots:
            plot.pointed_at.connect(self._point_at)
            plot.arrow_pressed.connect(self._move_cursor)
            plot.end_pressed.connect(self._jump_cursor)
            plot.escape_pressed.connect(self._drop_cursor)
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
            for plot in self._plots:
                plot.refresh_texts()
            self._redraw_timer.start(_CALM_MS)  # after the last update the curves are drawn, even if no more rows come
            return
        self._is_dirty, self._readings = False, 0
        self._drawn_step = self._history.last_step or 0
        for plot in self._plots:
            plot.redraw(*self._shown_steps())

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
        self._losses.set_log(is_log)
        self._redraw_later(_SOON_MS)

    def _set_smoothing(self, time_constant: int) -> None:
        for plot in self._plots:
            plot.set_smoothing(time_constant)
        self._redraw_later(_SOON_MS)

    def _set_follow(self, is_following: bool) -> None:
        self._view = None if is_following else self._shown_steps()
        self._redraw_later(_SOON_MS)

    def _move_view(self, first: float, last: float) -> None:
        self._tools.set_follow(False)
        self._view = (first, last)
        self._redraw_later(_SOON_MS)

    def _point_at(self, step: float | None) -> None:
        row = None if step is None else self._history.row_near(step)
        self._set_cursor(None if row is None else self._history.step_of(row))

    def _move_cursor(self, direction: int, is_fine: bool) -> None:
        first_row, last_row = self._rows_shown()
        if first_row is None or last_row is None:
            return
        start = last_row if self._cursor_step is None else self._history.row_near(self._cursor_step)
        stride = 1 if is_fine else max(1, (last_row - first_row) // _ARROWS_ACROSS)
        row = min(max((start or 0) + direction * stride, first_row), last_row)
        self._set_cursor(self._history.step_of(row))

    def _jump_cursor(self, to_last: bool) -> None:
        row = self._rows_shown()[to_last]
        self._set_cursor(None if row is None else self._history.step_of(row))

    def _drop_cursor(self) -> None:
        self._set_cursor(None)

    def _rows_shown(self) -> tuple[int | None, int | None]:
        first, last = self._shown_steps()
        return self._history.row_near(first), self._history.row_near(last)

    def _set_cursor(self, step: int | None) -> None:
        self._cursor_step = step
        for plot in self._plots:
            plot.set_cursor(step)
