"""StepCursor: the step at which all plots are read."""

from collections.abc import Callable

from gan_studio.ui.plots.metric_store import MetricStore
from gan_studio.ui.training.plot_column import PlotColumn

_ARROWS_ACROSS = 200
"""Presses of an arrow key that move the cursor across a plot."""


class StepCursor:
    """Moves over the logged steps in view; without a step the plots show their newest values.

    Args:
        history: the logged steps.
        column: the plots.
        shown: returns the first and the last step in view.
    """

    def __init__(self, history: MetricStore, column: PlotColumn, shown: Callable[[], tuple[float, float]]) -> None:
        self._history, self._column, self._shown = history, column, shown
        self.step: int | None = None

    def point_at(self, step: float | None) -> None:
        """Put the cursor on the logged step that is nearest; None removes it."""
        row = None if step is None else self._history.row_near(step)
        self._set(None if row is None else self._history.step_of(row))

    def move(self, direction: int, is_fine: bool) -> None:
        """Move by a single row, or by a small part of the view, to the right (1) or left (-1)."""
        first_row, last_row = self._rows_shown()
        if first_row is None or last_row is None:
            return
        start = last_row if self.step is None else self._history.row_near(self.step)
        stride = 1 if is_fine else max(1, (last_row - first_row) // _ARROWS_ACROSS)
        row = min(max((start or 0) + direction * stride, first_row), last_row)
        self._set(self._history.step_of(row))

    def jump(self, to_last: bool) -> None:
        """Move to the first or to the last step in view."""
        row = self._rows_shown()[to_last]
        self._set(None if row is None else self._history.step_of(row))

    def drop(self) -> None:
        """Remove the cursor."""
        self._set(None)

    def _rows_shown(self) -> tuple[int | None, int | None]:
        first, last = self._shown()
        return self._history.row_near(first), self._history.row_near(last)

    def _set(self, step: int | None) -> None:
        self.step = step
        self._column.set_cursor(step)
