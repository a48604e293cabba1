"""Metrics stay on the device, and come to main memory in one transfer a flush."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gan_studio.engine.events import METRIC_COLUMNS


class MetricBuffer:
    """Rows of metrics, one a step, on the device that trains."""

    def __init__(self, device: torch.device, capacity: int = 512) -> None:
        self._values = torch.zeros(capacity, len(METRIC_COLUMNS), device=device)
        self._first_step = 0
        self._rows = 0

    def append(self, step: int, scalars: list[Tensor]) -> None:
        """Keep one row: a scalar tensor for each of METRIC_COLUMNS."""
        if self._rows == 0:
            self._first_step = step
        torch.stack(scalars, out=self._values[self._rows])
        self._rows += 1

    @property
    def rows(self) -> int:
        """How many rows wait."""
        return self._rows

    @property
    def is_full(self) -> bool:
        """Whether the next row needs a flush first."""
        return self._rows == len(self._values)

    def flush(self) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Take the rows: int64 [rows] steps, float32 [rows, columns] values."""
        values = self._values[: self._rows].cpu().numpy().copy()
        steps = np.arange(self._first_step, self._first_step + self._rows, dtype=np.int64)
        self._rows = 0
        return steps, values
