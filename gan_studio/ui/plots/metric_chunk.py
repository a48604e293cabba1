"""MetricChunk: a fixed number of metric rows, with minima, maxima and means of blocks of rows."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.events import METRIC_COLUMNS

CHUNK_ROWS = 65_536
"""Rows in a chunk: a power of BLOCK."""

BLOCK = 16
"""Blocks of one level of the pyramid that make one block of the next."""

LEVELS = 3
"""Levels above the rows: blocks of 16, 256 and 4096 rows."""

Kind = Literal["lows", "highs", "means"]


class MetricChunk:
    """Up to CHUNK_ROWS rows of METRIC_COLUMNS.

    Attributes:
        count: rows filled.
        steps: int64 [CHUNK_ROWS], valid up to `count`.
        values: float32 [len(METRIC_COLUMNS), CHUNK_ROWS], valid up to `count`.
    """

    def __init__(self) -> None:
        self.count = 0
        self.steps = np.empty(CHUNK_ROWS, np.int64)
        self.values = np.empty((len(METRIC_COLUMNS), CHUNK_ROWS), np.float32)
        shapes = [(len(METRIC_COLUMNS), CHUNK_ROWS // BLOCK**level) for level in range(1, LEVELS + 1)]
        self._lows = [self.values, *(np.empty(shape, np.float32) for shape in shapes)]
        self._highs = [self.values, *(np.empty(shape, np.float32) for shape in shapes)]
        self._means = [self.values, *(np.empty(shape, np.float32) for shape in shapes)]

    @property
    def known_steps(self) -> NDArray[np.int64]:
        """The steps that are filled: int64 [count]."""
        return self.steps[: self.count]

    @property
    def nbytes(self) -> int:
        """Size of all arrays in bytes."""
        blocks = sum(array.nbytes for array in self._lows[1:] + self._highs[1:] + self._means[1:])
        return self.steps.nbytes + self.values.nbytes + blocks

    def level(self, level: int, kind: Kind) -> NDArray[np.float32]:
        """Return one value of each block, float32 [columns, blocks]; at level 0 a block is a row."""
        arrays = {"lows": self._lows, "highs": self._highs, "means": self._means}[kind]
        return arrays[level]

    def append(self, steps: NDArray[np.int64], values: NDArray[np.float32]) -> int:
        """Add as many of the rows as fit, and return their number."""
        first, taken = self.count, min(len(steps), CHUNK_ROWS - self.count)
        self.count += taken
        self.steps[first : self.count] = steps[:taken]
        self.values[:, first : self.count] = values[:taken].T
        self._summarise(first)
        return taken

    def truncate(self, count: int) -> None:
        """Forget the rows from `count` on."""
        self.count = count
        self._summarise(count)

    def _summarise(self, first: int) -> None:
        """Compute the blocks from row `first` on again."""
        count = self.count
        for level in range(1, LEVELS + 1):
            start, stop = first // BLOCK, -(-count // BLOCK)
            if start < stop:
                self._summarise_level(level, start, stop, count)
            first, count = start, stop

    def _summarise_level(self, level: int, start: int, stop: int, count: int) -> None:
        """Compute blocks start..stop of a level from the level below, which holds `count`; the last may be partial."""
        below, blocks = slice(start * BLOCK, count), slice(start, stop)
        edges = np.arange(0, count - start * BLOCK, BLOCK)
        lengths = np.minimum(BLOCK, count - start * BLOCK - edges).astype(np.float32)
        with np.errstate(invalid="ignore", over="ignore"):
            np.minimum.reduceat(self._lows[level - 1][:, below], edges, 1, out=self._lows[level][:, blocks])
            np.maximum.reduceat(self._highs[level - 1][:, below], edges, 1, out=self._highs[level][:, blocks])
            sums = np.add.reduceat(self._means[level - 1][:, below], edges, 1)
            np.divide(sums, lengths, out=self._means[level][:, blocks])
