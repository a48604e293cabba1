"""Trainer: the training loop of a run, as a generator of events; commands are carried out between two steps."""

import time
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import closing, suppress

import torch

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.control import (
    CheckpointNow,
    Command,
    ExtendTo,
    PublishWeights,
    RollBack,
    SampleNow,
    SetKnob,
    StepOnce,
    TrainingControl,
)
from gan_studio.engine.data.feed import PictureFeed
from gan_studio.engine.data.picture_set import PictureSet
from gan_studio.engine.events import (
    BecameNotFinite,
    MetricsLogged,
    Noticed,
    PhaseChanged,
    RunPhase,
    TrainingEvent,
)
from gan_studio.engine.kernels.switch import use_fused_kernels
from gan_studio.engine.machine.execution import Execution
from gan_studio.engine.machine.training_device import arithmetic, own_stream
from gan_studio.engine.moment import Moment
from gan_studio.engine.replay.captured import CapturedStep
from gan_studio.engine.run.log import KnobRow
from gan_studio.engine.run.writer import RunWriter
from gan_studio.engine.step.noise import StepNoise
from gan_studio.engine.step.soundness import NotFiniteError
from gan_studio.engine.step.state import TrainingState
from gan_studio.engine.step.step import StepSettings
from gan_studio.engine.step.values import structure_of
from gan_studio.engine.text.message import Message
from gan_studio.engine.training.keeper import Keeper
from gan_studio.engine.training.steering import Steering

WAIT_SECONDS = 0.1
"""Seconds between two checks whether the last checkpoint is due for another try."""


class Trainer:
    """One run in memory.

    Attributes:
        state: networks, optimizers and position; each step changes it.
        steering: target, live settings and branch.
    """

    def __init__(
        self,
        config: RunConfig,
        pictures: PictureSet,
        state: TrainingState,
        writer: RunWriter,
        execution: Execution,
        replay: tuple[KnobRow, ...] = (),
    ) -> None:
        self.state = state
        self._config, self._execution = config, execution
        self._writer = writer
        self._device = torch.device(execution.device)
        self._feed = PictureFeed(config, pictures, self._device)
        if execution.is_fused:
            use_fused_kernels(state.generator, state.discriminator)
        settings = StepSettings(config.training.loss, execution.precision)
        self._step = CapturedStep(state, settings, is_on=config.capture_step)
        self._keeper = Keeper(config, pictures, state, writer, execution)
        self.steering = Steering(config, state, self._keeper, execution, replay)

    def run(self, control: TrainingControl) -> Iterator[TrainingEvent]:
        """Train until the target or a stop, carrying out commands of `control` between two steps.

        Ends with a checkpoint of the last step unless the run is abandoned, also when the caller leaves its loop with
        `break`.
        """
        with own_stream(self._device), arithmetic(self._device, self._execution.precision):
            try:
                with closing(self._run(control)) as events:
                    yield from events
            except GeneratorExit:
                if not control.is_abandoned:
                    self._save_and_leave()
                raise

    def _run(self, control: TrainingControl) -> Generator[TrainingEvent, None, None]:
        if self.state.step == 0 and self.state.branch == 0:
            yield from self._begin()
        self._keeper.restart_clock()
        yield PhaseChanged(RunPhase.RUNNING)
        while not control.is_stopping and self.state.step < self.steering.steps:
            try:
                if control.is_paused:
                    yield from self._hold(control)
                else:
                    yield from self._obey(control.take())
                    yield from self._one_step()
            except NotFiniteError:
                yield from self._break_down(control)
        yield from self._end(control)

    def _begin(self) -> Iterator[TrainingEvent]:
        """Save step 0, so that a run can be opened and resumed from its first second."""
        yield self._keeper.sheet(recorded=True)
        self._keeper.checkpoint()
        yield from self._writer.wait()  # train only once step 0 is safe on the disk

    def _one_step(self) -> Iterator[TrainingEvent]:
        yield from self.steering.replay()
        state, model, structure = self.state, self._config.model, structure_of(self.state)
        count, size = structure.d_steps, structure.batch_size
        batches = [self._feed.batch(state.pictures_seen + index * size, size) for index in range(count)]
        noise = StepNoise(self._config.seed, state.step, self._device)
        z = noise.z(count, size, model.latent_dim, model.prior)
        scalars = self._step.step(batches, z, noise)
        yield from self._tell_of_refusal(self._step.take_refusal())
        self._keeper.add(scalars, count * size)
        if self._device.type == "cpu":
            state.soundness.check_steps()  # on a CUDA device the next flush of metrics checks
        yield from self._keeper.record()

    def _tell_of_refusal(self, refusal: Message | None) -> Iterator[TrainingEvent]:
        if refusal is not None:
            self._writer.note(self.state.branch, self.state.step, refusal)
            yield Noticed(refusal)

    def _hold(self, control: TrainingControl) -> Iterator[TrainingEvent]:
        """Stay paused: the state stays in memory, a checkpoint is saved, commands are answered."""
        yield from self._keeper.save()
        yield PhaseChanged(RunPhase.PAUSED)
        while control.is_paused and not control.is_stopping:
            yield from self._obey(control.take(), paused=True)
            yield from self._writer.poll()
            yield from self._keeper.save_again()
            control.wait(0.1)
        self._keeper.restart_clock()
        if not control.is_stopping:
            yield PhaseChanged(RunPhase.RUNNING)

    def _obey(self, commands: tuple[Command, ...], *, paused: bool = False) -> Iterator[TrainingEvent]:
        for command in commands:
            match command:
                case SetKnob(name, value):
                    yield from self.steering.set_knob(name, value)
                case ExtendTo(steps):
                    yield from self.steering.extend_to(steps)
                case SampleNow():
                    yield self._keeper.sheet(recorded=True)
                case CheckpointNow():
                    yield from self._keeper.save()
                case PublishWeights():
                    yield self._keeper.weights()
                case RollBack(step, branch, rate_share):
                    moment = Moment(self.state.branch if branch is None else branch, step)
                    yield from self.steering.roll_back(moment, rate_share)
                case StepOnce() if paused and self.state.step < self.steering.steps:
                    self._keeper.restart_clock()
                    yield from self._one_step()
                    yield from self._keeper.flush()
                    yield self._keeper.sheet(recorded=False)

    def _break_down(self, control: TrainingControl) -> Iterator[TrainingEvent]:
        """Report where NaN or infinity began, return to the last good checkpoint, and pause there.

        Raises:
            EngineError: no checkpoint is usable.
        """
        steps, values = self._keeper.drain()
        met_at = int(steps[-1]) if len(steps) else self.state.step
        place = self.state.soundness.first_fault(values[-1].tolist() if len(steps) else ())
        if len(steps):
            yield MetricsLogged(steps, values, 0.0)
        yield from self._writer.wait()
        yield from self.steering.go_back_to_last_good()
        moment = self.state.moment
        self._writer.note(moment.branch, met_at, Message("fault.met", step=met_at, place=place))
        control.pause()
        yield BecameNotFinite(met_at, place, moment, dict(self.state.knobs))

    def _end(self, control: TrainingControl) -> Iterator[TrainingEvent]:
        yield PhaseChanged(RunPhase.SAVING)
        try:
            yield from self._obey(control.take())
            yield from self._keeper.flush()
            if not control.is_abandoned:
                self._keeper.checkpoint()
                yield self._keeper.sheet(recorded=True)
        except NotFiniteError:
            yield from self._break_down(control)
        yield from self._writer.wait()
        yield from self._wait_for_disk(control)
        yield PhaseChanged(RunPhase.FINISHED)

    def _wait_for_disk(self, control: TrainingControl) -> Iterator[TrainingEvent]:
        """Keep trying to save the last step, as long as the control is patient."""
        is_late = self._writer.is_refused
        while self._writer.is_refused and control.is_patient:
            time.sleep(WAIT_SECONDS)
            yield from self._keeper.save_again()
            yield from self._writer.wait()
        if is_late and not self._writer.is_refused:
            yield self._keeper.sheet(recorded=True)
            yield from self._writer.wait()

    def _save_and_leave(self) -> None:
        """Save without events: the caller has left the loop."""
        with suppress(NotFiniteError):
            deque(self._keeper.flush(), maxlen=0)
            self._keeper.checkpoint()
            self._keeper.snapshot()
        self._writer.wait()
