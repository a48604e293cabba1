"""RateHistory: the learning rates of the logged steps, with the reading interface of a MetricStore."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.library.rates import LearningRates
from gan_studio.ui.plots.metric_store import MetricStore, Trace


class RateHistory:
    """Column 0 is the learning rate of D, column 1 that of G. Without known rates it has no rows."""

    def __init__(self, history: MetricStore) -> None:
        self._history = history
        self.rates = LearningRates()

    def __len__(self) -> int:
        return len(self._history) if self.rates.settings else 0

    def step_of(self, row: int) -> int:
        """Return the step of a row."""
        return self._history.step_of(row)

    def row_near(self, step: float) -> int | None:
        """Return the row whose step is nearest, or None without rows."""
        return self._history.row_near(step) if len(self) else None

    def values_of(self, row: int) -> NDArray[np.float32]:
        """Return the rates at a row: float32 [2]."""
        values: NDArray[np.float32] = self.rates.at(np.array([float(self.step_of(row))]))[:, 0]
        return values

    def envelope(self, columns: Sequence[int], first: float, last: float, bins: int) -> Trace:
        """Return the rates at the steps that a plot of `bins` pixels shows."""
        x = self._history.envelope([0], first, last, bins).x if len(self) else np.empty(0)
        return Trace(x, self.rates.at(x)[list(columns)])

    def smoothed(self, columns: Sequence[int], first: float, last: float, bins: int, time_constant: float) -> Trace:
        """Return the rates as they are: a setting has no noise."""
        return self.envelope(columns, first, last, bins)
