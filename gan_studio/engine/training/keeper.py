"""Keeper: what a run keeps and shows of itself: metrics, sheets, snapshots and checkpoints, sound ones only."""

import time
from collections.abc import Iterator

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
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.checkpoint import take_checkpoint
from gan_studio.engine.run.writer import Recorder
from gan_studio.engine.step.state import TrainingState
from gan_studio.engine.training.metric_buffer import MetricBuffer

FLUSH_SECONDS = 0.05
SHEET_COLUMNS = SHEET_ROWS = 8
MOST_CLASS_ROWS = 16
"""Rows of the sheet of a class-conditional run: one a class, the first classes where there are more."""


def is_due(step: int, every: int) -> bool:
    """Tell whether something that falls on every `every` steps falls on this one; early on, powers of two do too."""
    return step % every == 0 or (step < every and step & (step - 1) == 0)


class Keeper:
    """Hands the state of a run to its recorder and to those who watch.

    Every method but `add` and `drain` raises NotFiniteError where a step was broken: nothing of it is kept.
    """

    def __init__(
        self, config: RunConfig, pictures: PictureSet, state: TrainingState, recorder: Recorder, execution: Execution
    ) -> None:
        self.recorder = recorder
        self._state, self._config, self._execution = state, config, execution
        self._sheet_classes, self._fixed_blend = _class_rows(config, pictures)
        self._rows = len(self._sheet_classes) or SHEET_ROWS
        self._fixed_z = fixed_z(self._rows * SHEET_COLUMNS, config.model.latent_dim, config.model.prior)
        self._metrics = MetricBuffer(torch.device(execution.device))
        self._pictures_since_flush = 0
        self._flushed = self._saved = time.monotonic()

    def add(self, scalars: list[torch.Tensor], pictures: int) -> None:
        """Keep the metrics of a step that showed D so many real pictures, on the device."""
        self._metrics.append(self._state.step, scalars)
        self._pictures_since_flush += pictures

    def record(self) -> Iterator[TrainingEvent]:
        """Hand over what this step owes: metrics by time, sheets and snapshots by step, checkpoints by time."""
        now, record = time.monotonic(), self._config.record
        if self._metrics.is_full or now - self._flushed >= FLUSH_SECONDS:
            yield from self.flush()
            yield from self.recorder.poll()
        if is_due(self._state.step, record.sample_every):
            yield self.sheet(recorded=True)
        if is_due(self._state.step, record.snapshot_every):
            self.snapshot()
        if now - self._saved >= record.checkpoint_seconds and not self.recorder.is_checkpointing:
            yield from self.save()
        yield from self.save_again()

    def flush(self) -> Iterator[TrainingEvent]:
        """Fetch the metrics, commit them and show them."""
        now = time.monotonic()
        if self._metrics.rows:
            rate = self._pictures_since_flush / max(now - self._flushed, 1e-9)
            self._state.soundness.check()
            steps, values = self._metrics.flush()
            self.recorder.metrics(self._state.branch, steps, values, rate)
            yield MetricsLogged(steps, values, rate)
        self.restart_clock()

    def drain(self) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Take the metrics that wait, up to the first row that is not finite, and commit them: as metrics.flush."""
        steps, values = self._metrics.flush()
        broken = np.flatnonzero(~np.isfinite(values).all(axis=1))
        rows = int(broken[0]) + 1 if len(broken) else len(steps)
        if rows:
            self.recorder.metrics(self._state.branch, steps[:rows], values[:rows], 0.0)
        self.restart_clock()
        return steps[:rows], values[:rows]

    def restart_clock(self) -> None:
        """Measure the rate from now on."""
        self._flushed, self._pictures_since_flush = time.monotonic(), 0

    def sheet(self, *, recorded: bool) -> SamplesDrawn:
        """Draw the fixed z by the EMA generator; cell k is sample seed k."""
        self._check_ema()
        pictures = draw_pictures(self._state.generator_ema, self._fixed_z, self._fixed_blend)
        sheet = tile_grid(pictures, SHEET_COLUMNS)
        if recorded:
            self.recorder.sheet(self.moment, sheet)
        place = (self._state.step, self._state.branch)
        return SamplesDrawn(*place, sheet, SHEET_COLUMNS, self._rows, recorded, self._sheet_classes)

    def weights(self) -> WeightsPublished:
        """Copy the EMA generator for those who explore."""
        return WeightsPublished(self._state.step, self._state.branch, self._sound_ema())

    def snapshot(self) -> None:
        """Write a copy of the EMA generator."""
        self.recorder.snapshot(self.moment, self._sound_ema())

    def checkpoint(self) -> None:
        """Write everything to go on bit for bit."""
        self.recorder.checkpoint(take_checkpoint(self._state, self._config, self._execution))
        self._saved = time.monotonic()

    def save(self) -> Iterator[TrainingEvent]:
        """Write a checkpoint and, before it, the metrics that lead to it: a kill would take them for good."""
        yield from self.flush()
        self.checkpoint()

    def save_again(self) -> Iterator[TrainingEvent]:
        """Try to save again soon after a checkpoint that was refused."""
        if self.recorder.is_retry_due and not self.recorder.is_checkpointing:
            yield from self.save()

    @property
    def moment(self) -> Moment:
        """Where the run is."""
        return Moment(self._state.branch, self._state.step)

    def _sound_ema(self) -> dict[str, NDArray[np.generic]]:
        self._check_ema()
        return self._state.copy_ema()

    def _check_ema(self) -> None:
        self._state.soundness.check_all(list(self._state.generator_ema.state_dict().values()))


def _class_rows(config: RunConfig, pictures: PictureSet) -> tuple[tuple[int, ...], NDArray[np.float32] | None]:
    """Choose the class of each row of the sheet, and the blend of each cell: float32 [cells, classes]."""
    if not config.model.conditional:
        return (), None
    count = len(pictures.class_names)
    rows = tuple(range(min(count, MOST_CLASS_ROWS)))
    return rows, np.eye(count, dtype=np.float32)[np.repeat(rows, SHEET_COLUMNS)]
