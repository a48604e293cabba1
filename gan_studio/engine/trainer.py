"""Trainer: the loop of a run, as a generator of events, obedient between two steps."""

import sqlite3
import time
from collections import deque
from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray

from gan_studio.engine.checkpoint import take_checkpoint
from gan_studio.engine.config import LIVE_KNOBS, RunConfig
from gan_studio.engine.control import (
    CheckpointNow,
    Command,
    ExtendTo,
    PublishWeights,
    SampleNow,
    SetKnob,
    StepOnce,
    TrainingControl,
)
from gan_studio.engine.data.sources import PictureSet
from gan_studio.engine.devices import Execution
from gan_studio.engine.drawing import draw_pictures
from gan_studio.engine.events import (
    KnobChanged,
    MetricsLogged,
    Noticed,
    PhaseChanged,
    RunPhase,
    SamplesDrawn,
    TargetMoved,
    TrainingEvent,
    WeightsPublished,
)
from gan_studio.engine.feed import PictureFeed
from gan_studio.engine.latent import fixed_z
from gan_studio.engine.messages import Message
from gan_studio.engine.metrics import MetricBuffer
from gan_studio.engine.pixels import tile_grid
from gan_studio.engine.recorder import Recorder
from gan_studio.engine.run_folder import Moment
from gan_studio.engine.run_log import KnobRow
from gan_studio.engine.step_noise import StepNoise
from gan_studio.engine.train_step import StepSettings, train_step
from gan_studio.engine.training_state import TrainingState

FLUSH_SECONDS = 0.05
SHEET_COLUMNS = SHEET_ROWS = 8
MOST_CLASS_ROWS = 16
"""Rows of the sheet of a class-conditional run: one a class, the first classes where there are more."""


def is_due(step: int, every: int) -> bool:
    """Tell whether something that falls on every `every` steps falls on this one; early on, powers of two do too."""
    return step % every == 0 or (step < every and step & (step - 1) == 0)


class Trainer:
    """One run in memory.

    Attributes:
        state: what the steps read and change.
        steps: where the run finishes; moving it never changes what is trained.
    """

    def __init__(
        self,
        config: RunConfig,
        pictures: PictureSet,
        state: TrainingState,
        recorder: Recorder,
        execution: Execution,
        replay: tuple[KnobRow, ...] = (),
    ) -> None:
        self.state = state
        self.steps = config.training.steps
        self._config = config
        self._execution = execution
        self._recorder = recorder
        self._replay = list(replay)
        self._device = torch.device(execution.device)
        self._feed = PictureFeed(config, pictures, self._device)
        self._settings = StepSettings(config.training.loss, execution.precision)
        self._sheet_classes, self._fixed_blend = _class_rows(config, pictures)
        rows = len(self._sheet_classes) or SHEET_ROWS
        self._fixed_z = fixed_z(rows * SHEET_COLUMNS, config.model.latent_dim, config.model.prior)
        self._metrics = MetricBuffer(self._device)
        self._pictures_since_flush = 0
        self._flushed = self._saved = time.monotonic()

    def run(self, control: TrainingControl) -> Iterator[TrainingEvent]:
        """Train until the target or a stop, obeying `control` between two steps.

        Ends with a checkpoint of the last step, unless it was abandoned; so does a loop that is left with `break`.
        """
        try:
            yield from self._run(control)
        except GeneratorExit:
            if not control.is_abandoned:
                self._save_and_leave()
            raise

    def _run(self, control: TrainingControl) -> Iterator[TrainingEvent]:
        if self.state.step == 0:
            yield from self._begin()
        yield PhaseChanged(RunPhase.RUNNING)
        while not control.is_stopping and self.state.step < self.steps:
            if control.is_paused:
                yield from self._hold(control)
                continue
            yield from self._obey(control.take())
            yield from self._one_step()
        yield from self._obey(control.take())
        yield from self._end(save=not control.is_abandoned)

    def draw_sheet(self) -> NDArray[np.uint8]:
        """Draw the fixed z by the EMA generator: uint8 [H, W, C], cell k is sample seed k."""
        return tile_grid(draw_pictures(self.state.generator_ema, self._fixed_z, self._fixed_blend), SHEET_COLUMNS)

    def _begin(self) -> Iterator[TrainingEvent]:
        """Record step 0, so that a run can be opened and resumed from its first second."""
        yield self._sheet(recorded=True)
        self._recorder.snapshot(self._moment, self.state.copy_ema())
        self._checkpoint()

    def _one_step(self) -> Iterator[TrainingEvent]:
        yield from self._replay_knobs()
        state, model, batch_size = self.state, self._config.model, self._config.training.batch_size
        count = int(state.knobs["d_steps"]) if state.knobs["train_d"] else 1
        batches = [self._feed.batch(state.pictures_seen + index * batch_size) for index in range(count)]
        noise = StepNoise(self._config.seed, state.step, self._device)
        z = noise.z(count, batch_size, model.latent_dim, model.prior)
        scalars = train_step(state, batches, z, noise, self._settings)
        self._metrics.append(state.step, scalars)
        self._pictures_since_flush += count * batch_size
        yield from self._record()

    def _record(self) -> Iterator[TrainingEvent]:
        """Hand over what this step owes: metrics by time, sheets and snapshots by step, checkpoints by time."""
        now, record = time.monotonic(), self._config.record
        if self._metrics.is_full or now - self._flushed >= FLUSH_SECONDS:
            yield from self._flush()
            yield from self._recorder.poll()
        if is_due(self.state.step, record.sample_every):
            yield self._sheet(recorded=True)
        if is_due(self.state.step, record.snapshot_every):
            self._recorder.snapshot(self._moment, self.state.copy_ema())
        if now - self._saved >= record.checkpoint_seconds and not self._recorder.is_checkpointing:
            self._checkpoint()

    def _flush(self) -> Iterator[TrainingEvent]:
        """Fetch the metrics, commit them and show them."""
        now = time.monotonic()
        if self._metrics.rows:
            rate = self._pictures_since_flush / max(now - self._flushed, 1e-9)
            steps, values = self._metrics.flush()
            self._recorder.metrics(self.state.branch, steps, values, rate)
            yield MetricsLogged(steps, values, rate)
        self._flushed, self._pictures_since_flush = now, 0

    def _hold(self, control: TrainingControl) -> Iterator[TrainingEvent]:
        """Stay paused: the same state in memory, a checkpoint on the disk, and every command answered."""
        yield from self._flush()
        self._checkpoint()
        yield PhaseChanged(RunPhase.PAUSED)
        while control.is_paused and not control.is_stopping:
            yield from self._obey(control.take(), paused=True)
            yield from self._recorder.poll()
            control.wait(0.1)
        self._flushed = time.monotonic()
        if not control.is_stopping:
            yield PhaseChanged(RunPhase.RUNNING)

    def _obey(self, commands: tuple[Command, ...], *, paused: bool = False) -> Iterator[TrainingEvent]:
        for command in commands:
            match command:
                case SetKnob(name, value):
                    yield from self._set_knob(name, value)
                case ExtendTo(steps):
                    yield from self._extend_to(steps)
                case SampleNow():
                    yield self._sheet(recorded=True)
                case CheckpointNow():
                    self._checkpoint()
                case PublishWeights():
                    yield WeightsPublished(self.state.step, self.state.branch, self.state.copy_ema())
                case StepOnce() if paused and self.state.step < self.steps:
                    yield from self._one_step()
                    yield from self._flush()
                    yield self._sheet(recorded=False)

    def _set_knob(self, name: str, value: float) -> Iterator[TrainingEvent]:
        """Log a knob change, then let it take effect."""
        if not _is_allowed(name, value):
            yield Noticed(Message("knob.refused", name=name, value=value))
            return
        step, branch = self.state.step, self.state.branch
        try:
            if self._replay:
                self._recorder.drop_knobs_after(branch, step)
                self._replay.clear()
            self._recorder.knob(branch, step, name, value)
        except sqlite3.Error as error:
            yield Noticed(Message("knob.not_logged", name=name, error=error))
            return
        self.state.set_knob(name, value)
        yield KnobChanged(step, name, value)

    def _extend_to(self, steps: int) -> Iterator[TrainingEvent]:
        self.steps = max(steps, 1)
        try:
            self._recorder.knob(self.state.branch, self.state.step, "steps", self.steps)
        except sqlite3.Error as error:
            yield Noticed(Message("knob.not_logged", name="steps", error=error))
        yield TargetMoved(self.steps)

    def _replay_knobs(self) -> Iterator[TrainingEvent]:
        """Apply again, at their steps, the knob changes that a crash cut off."""
        while self._replay and self._replay[0].step <= self.state.step:
            row = self._replay.pop(0)
            self.state.set_knob(row.name, row.value)
            yield KnobChanged(row.step, row.name, row.value)

    def _end(self, *, save: bool) -> Iterator[TrainingEvent]:
        yield PhaseChanged(RunPhase.SAVING)
        yield from self._flush()
        if save:
            yield self._sheet(recorded=True)
            self._recorder.snapshot(self._moment, self.state.copy_ema())
            self._checkpoint()
        yield from self._recorder.wait()
        yield PhaseChanged(RunPhase.FINISHED)

    def _save_and_leave(self) -> None:
        """Save what can no longer be told: nobody takes events any more."""
        deque(self._flush(), maxlen=0)
        self._recorder.snapshot(self._moment, self.state.copy_ema())
        self._checkpoint()
        self._recorder.wait()

    def _sheet(self, *, recorded: bool) -> SamplesDrawn:
        sheet = self.draw_sheet()
        if recorded:
            self._recorder.sheet(self._moment, sheet)
        rows = len(self._fixed_z) // SHEET_COLUMNS
        moment = (self.state.step, self.state.branch)
        return SamplesDrawn(*moment, sheet, SHEET_COLUMNS, rows, recorded, self._sheet_classes)

    def _checkpoint(self) -> None:
        self._recorder.checkpoint(take_checkpoint(self.state, self._config, self._execution))
        self._saved = time.monotonic()

    @property
    def _moment(self) -> Moment:
        return Moment(self.state.branch, self.state.step)


def _class_rows(config: RunConfig, pictures: PictureSet) -> tuple[tuple[int, ...], NDArray[np.float32] | None]:
    """Choose the class of each row of the sheet, and the blend of each cell: float32 [cells, classes]."""
    if not config.model.conditional:
        return (), None
    count = len(pictures.class_names)
    rows = tuple(range(min(count, MOST_CLASS_ROWS)))
    return rows, np.eye(count, dtype=np.float32)[np.repeat(rows, SHEET_COLUMNS)]


def _is_allowed(name: str, value: float) -> bool:
    spec = LIVE_KNOBS.get(name)
    if spec is None or (spec.kind == "flag" and value not in (0, 1)) or (spec.kind == "int" and value % 1):
        return False
    low = spec.minimum is None or value > spec.minimum or (value == spec.minimum and not spec.open_minimum)
    high = spec.maximum is None or value < spec.maximum or (value == spec.maximum and not spec.open_maximum)
    return low and high
