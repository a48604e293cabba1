"""Keeper: decides when metrics, sample sheets, snapshots and checkpoints are due, and passes them to the writer."""

import time
from collections.abc import Callable, Iterator

import numpy as np
import torch
from numpy.typing import NDArray

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.data.picture_set import PictureSet
from gan_studio.engine.data.pixels import tile_grid
from gan_studio.engine.events import MetricsLogged, SamplesDrawn, TrainingEvent, WeightsPublished
from gan_studio.engine.explore.drawing import draw_pictures
from gan_studio.engine.latent import fixed_z
from gan_studio.engine.machine.execution import Execution
from gan_studio.engine.run.checkpoint import take_checkpoint
from gan_studio.engine.run.writer import RunWriter
from gan_studio.engine.sheet import SHEET_COLUMNS, Sheet
from gan_studio.engine.step.state import TrainingState
from gan_studio.engine.training.metric_buffer import MetricBuffer

FLUSH_SECONDS = 0.05
SHEET_ROWS = 8
MOST_CLASS_ROWS = 16
"""Most rows of a class-conditional sheet: one row for each class, beginning with the first class."""


def is_due(step: int, every: int) -> bool:
    """Tell whether `step` is a multiple of `every`, or a power of two before the first multiple."""
    return step % every == 0 or (step < every and step & (step - 1) == 0)


class Keeper:
    """Hands the state of a run to its writer, and yields the events that show it.

    All methods but `add` and `drain` raise NotFiniteError after a step with NaN or infinity, so that nothing of that
    step is kept.

    Args:
        clock: a monotonic clock, in seconds.
    """

    def __init__(
        self,
        config: RunConfig,
        pictures: PictureSet,
        state: TrainingState,
        writer: RunWriter,
        execution: Execution,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.writer = writer
        self._state, self._config, self._execution = state, config, execution
        self._sheet_classes, self._fixed_blend = _class_rows(config, pictures)
        self._rows = len(self._sheet_classes) or SHEET_ROWS
        self._fixed_z = fixed_z(self._rows * SHEET_COLUMNS, config.model.latent_dim, config.model.prior)
        self._metrics = MetricBuffer(torch.device(execution.device))
        self._clock = clock
        self._pictures = 0
        self._measured = self._flushed = self._saved = clock()

    def add(self, scalars: list[torch.Tensor], pictures: int) -> None:
        """Buffer the metrics of a step on the device; `pictures` is how many real pictures D saw in it."""
        self._metrics.append(self._state.step, scalars)
        self._pictures += pictures

    def record(self) -> Iterator[TrainingEvent]:
        """Emit whatever is due after this step: metrics and checkpoints by time, sheets and snapshots by step."""
        now, record = self._clock(), self._config.record
        if self._metrics.is_full or now - self._flushed >= FLUSH_SECONDS:
            yield from self.flush()
            yield from self.writer.poll()
        if is_due(self._state.step, record.sample_every):
            yield self.sheet(recorded=True)
        elif is_due(self._state.step, record.snapshot_every):
            self.snapshot()
        if now - self._saved >= record.checkpoint_seconds and not self.writer.is_checkpointing:
            yield from self.save()
        yield from self.save_again()

    def flush(self) -> Iterator[TrainingEvent]:
        """Fetch the metrics from the device, log them and emit them.

        Their speed covers all that happened since the last flush began: its logging, saves and sheets too.
        """
        if self._metrics.rows:
            now = self._clock()
            seconds = max(now - self._measured, 1e-9)
            rate = self._pictures / seconds
            self._state.soundness.check()
            steps, values = self._metrics.flush()
            self._measured, self._pictures = now, 0
            self.writer.metrics(self._state.branch, steps, values, rate)
            yield MetricsLogged(steps, values, rate, seconds)
        self._flushed = self._clock()

    def drain(self) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Fetch and log the metrics up to and including the first row with NaN or infinity.

        Returns:
            steps int64 [rows] and values float32 [rows, columns].
        """
        steps, values = self._metrics.flush()
        broken = np.flatnonzero(~np.isfinite(values).all(axis=1))
        rows = int(broken[0]) + 1 if len(broken) else len(steps)
        if rows:
            self.writer.metrics(self._state.branch, steps[:rows], values[:rows], 0.0)
        self.restart_clock()
        return steps[:rows], values[:rows]

    def restart_clock(self) -> None:
        """Restart the measurement of images per second, after time in which nothing was trained."""
        self._measured = self._flushed = self._clock()
        self._pictures = 0

    def sheet(self, *, recorded: bool) -> SamplesDrawn:
        """Draw the fixed z with the EMA generator; cell k is sample seed k.

        A recorded sheet brings a snapshot of its generator, so that a click on it opens what was clicked.
        """
        self._check_ema()
        pictures = draw_pictures(self._state.generator_ema, self._fixed_z, self._fixed_blend)
        sheet = Sheet(
            self._state.moment, tile_grid(pictures, SHEET_COLUMNS), SHEET_COLUMNS, self._rows, self._sheet_classes
        )
        if recorded:
            self.writer.sheet(sheet)
            self.snapshot()
        return SamplesDrawn(sheet, recorded)

    def weights(self) -> WeightsPublished:
        """Copy the EMA generator for the explorer."""
        return WeightsPublished(self._state.moment, self._sound_ema())

    def snapshot(self) -> None:
        """Write a snapshot of the EMA generator."""
        self.writer.snapshot(self._state.moment, self._sound_ema())

    def checkpoint(self) -> None:
        """Write a checkpoint."""
        self.writer.checkpoint(take_checkpoint(self._state, self._config, self._execution))
        self._saved = self._clock()

    def save(self) -> Iterator[TrainingEvent]:
        """Log the waiting metrics, then write a checkpoint: after a kill, the run resumes with all of its metrics."""
        yield from self.flush()
        self.checkpoint()

    def save_again(self) -> Iterator[TrainingEvent]:
        """Save again if a failed checkpoint is due for another try."""
        if self.writer.is_retry_due and not self.writer.is_checkpointing:
            yield from self.save()

    def _sound_ema(self) -> dict[str, NDArray[np.generic]]:
        self._check_ema()
        return self._state.copy_ema()

    def _check_ema(self) -> None:
        self._state.soundness.check_all(list(self._state.generator_ema.state_dict().values()))


def _class_rows(config: RunConfig, pictures: PictureSet) -> tuple[tuple[int, ...], NDArray[np.float32] | None]:
    """Return the class of each row of the sheet, and the class blend of each cell: float32 [cells, classes]."""
    if not config.model.conditional:
        return (), None
    count = len(pictures.class_names)
    rows = tuple(range(min(count, MOST_CLASS_ROWS)))
    return rows, np.eye(count, dtype=np.float32)[np.repeat(rows, SHEET_COLUMNS)]
