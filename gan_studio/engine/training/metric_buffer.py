"""MetricBuffer: metrics stay on the device until a flush fetches them in one transfer."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gan_studio.engine.events import METRIC_COLUMNS


class MetricBuffer:
    """One row of metrics per step, on the training device."""

    def __init__(self, device: torch.device, capacity: int = 512) -> None:
        self._values = torch.zeros(capacity, len(METRIC_COLUMNS), device=device)
        self._first_step = 0
        self._rows = 0

    def append(self, step: int, scalars: list[Tensor]) -> None:
        """Add the row of a step: a scalar tensor for each of METRIC_COLUMNS."""
        if self._rows == 0:
            self._first_step = step
        torch.stack(scalars, out=self._values[self._rows])
        self._rows += 1

    @property
    def rows(self) -> int:
        """Number of buffered rows."""
        return self._rows

    @property
    def is_full(self) -> bool:
        """Whether a flush is needed before the next row."""
        return self._rows == len(self._values)

    def flush(self) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Fetch and clear the rows: steps int64 [rows], values float32 [rows, columns]."""
        values = self._values[: self._rows].cpu().numpy().copy()
        steps = np.arange(self._first_step, self._first_step + self._rows, dtype=np.int64)
        self._rows = 0
        return steps, values
