"""Rows of logged steps on their way into the plots."""

import numpy as np
from numpy.typing import NDArray

Rows = tuple[NDArray[np.int64], NDArray[np.float32]]
"""Steps, int64 [rows], and values, float32 [rows, len(METRIC_COLUMNS)]."""


def up_to(rows: Rows, step: int) -> Rows:
    """Return the rows up to a step, that one included."""
    steps, values = rows
    kept = int(np.searchsorted(steps, step, side="right"))
    return steps[:kept], values[:kept]


def after(rows: Rows, step: int) -> Rows:
    """Return the rows later than a step."""
    steps, values = rows
    first = int(np.searchsorted(steps, step, side="right"))
    return steps[first:], values[first:]
