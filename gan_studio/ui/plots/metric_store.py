"""MetricStore: all logged steps of a run in memory, with a pyramid of summaries so that any range draws fast."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.events import METRIC_COLUMNS
from gan_studio.ui.plots.metric_chunk import BLOCK, CHUNK_ROWS, LEVELS, Kind, MetricChunk

Rows = tuple[NDArray[np.int64], NDArray[np.float32]]
"""Steps, int64 [rows], and values, float32 [rows, len(METRIC_COLUMNS)]."""


def up_to(rows: Rows, step: int) -> Rows:
    """Return the rows up to and including a step."""
    steps, values = rows
    kept = int(np.searchsorted(steps, step, side="right"))
    return steps[:kept], values[:kept]


def after(rows: Rows, step: int) -> Rows:
    """Return the rows later than a step."""
    steps, values = rows
    first = int(np.searchsorted(steps, step, side="right"))
    return steps[first:], values[first:]


_LEAD = 4
"""Smoothing begins this many time constants before the range, so that zooming changes its left end by 2 % at most."""

_FEWEST_VERTICES = 64
"""Minimum vertices of a smoothed line, if the range has that many rows."""


@dataclass(frozen=True)
class Trace:
    """The vertices of one range of steps.

    Attributes:
        x: float64 [vertices], steps in ascending order.
        y: float32 [columns, vertices]; NaN where the line breaks.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float32]


class MetricStore:
    """Rows of METRIC_COLUMNS in order of step: about 42 bytes a row, and at most one chunk of unused memory.

    Chunks are never copied, so an append costs the same at step one million. Each chunk keeps minima, maxima and means
    of its blocks of 16, 256 and 4096 rows. A value that is not finite makes a gap, at every zoom.
    """

    def __init__(self) -> None:
        self._chunks: list[MetricChunk] = []
        self._chunk_starts: list[int] = []

    def __len__(self) -> int:
        return CHUNK_ROWS * (len(self._chunks) - 1) + self._chunks[-1].count if self._chunks else 0

    @property
    def first_step(self) -> int | None:
        """Step of the first row."""
        return self.step_of(0) if self._chunks else None

    @property
    def last_step(self) -> int | None:
        """Step of the last row."""
        return self.step_of(len(self) - 1) if self._chunks else None

    @property
    def nbytes(self) -> int:
        """Size of all arrays in bytes, filled or not."""
        return sum(chunk.nbytes for chunk in self._chunks)

    def clear(self) -> None:
        """Forget every row."""
        self._chunks.clear()
        self._chunk_starts.clear()

    def append(self, steps: NDArray[np.int64], values: NDArray[np.float32]) -> None:
        """Add rows. They replace all rows from the first new step on: a resumed run logs some steps again.

        Args:
            steps: int64 [rows], ascending.
            values: float32 [rows, len(METRIC_COLUMNS)].
        """
        if len(steps) == 0:
            return
        if self._chunks and steps[0] <= self.step_of(len(self) - 1):
            self._truncate(self._count_before(int(steps[0])))
        done = 0
        while done < len(steps):
            if not self._chunks or self._chunks[-1].count == CHUNK_ROWS:
                self._chunks.append(MetricChunk())
                self._chunk_starts.append(int(steps[done]))
            done += self._chunks[-1].append(steps[done:], values[done:])

    def drop_after(self, step: int) -> None:
        """Forget the rows later than a step."""
        self._truncate(self._count_before(step + 1))

    def rows_after(self, step: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the rows later than a step: int64 [rows], float32 [rows, len(METRIC_COLUMNS)], as logged."""
        return self.recent_rows(len(self) - self._count_before(step + 1))

    def step_of(self, row: int) -> int:
        """Return the step of a row, 0 to len - 1."""
        return int(self._chunks[row // CHUNK_ROWS].steps[row % CHUNK_ROWS])

    def values_of(self, row: int) -> NDArray[np.float32]:
        """Return the values of a row as logged: float32 [len(METRIC_COLUMNS)]."""
        return self._chunks[row // CHUNK_ROWS].values[:, row % CHUNK_ROWS].copy()

    def row_near(self, step: float) -> int | None:
        """Return the row whose step is nearest, or None without rows."""
        count = len(self)
        if count == 0:
            return None
        after = min(self._count_before(step), count - 1)
        before = max(after - 1, 0)
        return before if step - self.step_of(before) < self.step_of(after) - step else after

    def recent_rows(self, rows: int) -> Rows:
        """Return the last `rows` rows as logged, or all if there are fewer."""
        count = len(self)
        first = max(count - rows, 0)
        values = self._read(0, "lows", range(len(METRIC_COLUMNS)), first, count)
        return self._steps_at(np.arange(first, count)), values.T

    def envelope(self, columns: Sequence[int], first: float, last: float, bins: int) -> Trace:
        """Reduce steps first..last to about `bins` buckets (at most 1.5 times as many) without losing a peak.

        Args:
            columns: indices into METRIC_COLUMNS.
            first, last: the range; one more row on either side lets the lines reach its ends.
            bins: about the width of the plot in pixels.

        Returns:
            Minimum and maximum of each bucket, or every row if there are few.
        """
        low_row, high_row = self._rows_between(first, last)
        level = 0
        while level < LEVELS and (high_row - low_row) >= bins * BLOCK ** (level + 1):
            level += 1
        items, edges, ends = self._buckets(level, low_row, high_row, bins)
        x = self._steps_at(ends).astype(np.float64)
        low = self._read(level, "lows", columns, *items)
        if level == 0 and len(edges) == low.shape[1]:
            return Trace(x, _only_numbers(low))
        high = low if level == 0 else self._read(level, "highs", columns, *items)
        y = np.empty((len(columns), len(edges), 2), np.float32)
        np.minimum.reduceat(low, edges, axis=1, out=y[..., 0])
        np.maximum.reduceat(high, edges, axis=1, out=y[..., 1])
        return Trace(x.repeat(2), _only_numbers(y.reshape(len(columns), -1)))

    def smoothed(self, columns: Sequence[int], first: float, last: float, bins: int, time_constant: float) -> Trace:
        """Average exponentially over past rows: weight exp(-age / time_constant), ages in rows.

        It averages means of blocks, so the cost does not grow with the run. A block is no longer than a pixel or a
        sixteenth of the time constant, whichever is longer. A value that is not finite has no weight and leaves a gap.
        """
        low_row, high_row = self._rows_between(first, last)
        shown = high_row - low_row
        longest_block = max(shown / bins, min(time_constant / 16, shown / _FEWEST_VERTICES))
        level = 0
        while level < LEVELS and longest_block >= BLOCK ** (level + 1):
            level += 1
        (start, stop), edges, ends = self._buckets(level, low_row, high_row, bins)
        size = BLOCK**level
        lead = min(start, int(np.ceil(_LEAD * time_constant / size)))
        means = self._read(level, "means", columns, start - lead, stop).astype(np.float64)
        known = np.isfinite(means)
        sums = np.stack([np.where(known, means, 0.0), known.astype(np.float64)])
        total, weight = _decaying_sum(sums, float(np.exp(-size / time_constant)))[..., lead:]
        y = np.where(known[:, lead:], total / np.maximum(weight, 1e-300), np.nan)
        counts = np.diff(np.append(edges, y.shape[1]))
        if len(edges) < y.shape[1]:
            y = np.add.reduceat(y, edges, axis=1) / counts
        return Trace(self._steps_at(ends).astype(np.float64), y.astype(np.float32))

    def _truncate(self, count: int) -> None:
        keep = -(-count // CHUNK_ROWS)
        del self._chunks[keep:], self._chunk_starts[keep:]
        if self._chunks:
            self._chunks[-1].truncate(count - (keep - 1) * CHUNK_ROWS)

    def _count_before(self, step: float) -> int:
        """Count the rows before a step."""
        chunk = bisect_right(self._chunk_starts, step) - 1
        if chunk < 0:
            return 0
        return chunk * CHUNK_ROWS + int(np.searchsorted(self._chunks[chunk].known_steps, step))

    def _rows_between(self, first: float, last: float) -> tuple[int, int]:
        low = max(self._count_before(first) - 1, 0)
        high = min(self._count_before(np.nextafter(last, np.inf)) + 1, len(self))
        return low, max(high, low)

    def _buckets(
        self, level: int, low_row: int, high_row: int, bins: int
    ) -> tuple[tuple[int, int], NDArray[np.intp], NDArray[np.intp]]:
        """Split rows into buckets of whole blocks. Their edges do not move with the range.

        Returns:
            (first block, end block); the first block of each bucket, counted from there; the last row of each bucket.
        """
        size = BLOCK**level
        stop = -(-high_row // size)
        per_bucket = max(1, round((stop - low_row // size) / bins))
        start = low_row // size // per_bucket * per_bucket
        edges = np.arange(0, stop - start, per_bucket)
        return (start, stop), edges, np.minimum((start + edges + per_bucket) * size, len(self)) - 1

    def _read(self, level: int, kind: Kind, columns: Sequence[int], start: int, stop: int) -> NDArray[np.float32]:
        per_chunk = CHUNK_ROWS // BLOCK**level
        parts = [np.empty((len(columns), 0), np.float32)]
        for number in range(start // per_chunk, -(-stop // per_chunk)):
            inside = slice(max(start - number * per_chunk, 0), min(stop - number * per_chunk, per_chunk))
            parts.append(self._chunks[number].level(level, kind)[list(columns), inside])
        return np.concatenate(parts, axis=1)

    def _steps_at(self, rows: NDArray[np.intp]) -> NDArray[np.int64]:
        """Return the steps of ascending rows."""
        parts = [np.empty(0, np.int64)]
        chunks = range(rows[0] // CHUNK_ROWS, rows[-1] // CHUNK_ROWS + 1) if len(rows) else ()
        for number in chunks:
            first, after = np.searchsorted(rows, (number * CHUNK_ROWS, (number + 1) * CHUNK_ROWS))
            parts.append(self._chunks[number].steps[rows[first:after] - number * CHUNK_ROWS])
        return np.concatenate(parts)


def _only_numbers(y: NDArray[np.float32]) -> NDArray[np.float32]:
    y[~np.isfinite(y)] = np.nan
    return y


def _decaying_sum(x: NDArray[np.float64], decay: float) -> NDArray[np.float64]:
    """Sum decay**age * x over all earlier places of the last axis, in place. Each pass doubles the reach."""
    reach, weight = 1, decay
    while reach < x.shape[-1] and weight > 1e-7:
        x[..., reach:] += weight * x[..., :-reach]
        reach, weight = 2 * reach, weight * weight
    return x
