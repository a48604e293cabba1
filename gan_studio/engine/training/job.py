"""TrainingJob: a new run or one that goes on, from its pictures to its last checkpoint, as one generator of events."""

import traceback
from collections.abc import Generator, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import torch

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.control import TrainingControl
from gan_studio.engine.data.picture_set import PictureSet, load_pictures
from gan_studio.engine.data.questions import (
    QuestionError,
    classes_of,
    data_ready,
    differences,
    many_left_out,
    other_pictures,
    picture_facts,
    too_many_left_out,
)
from gan_studio.engine.events import Noticed, PhaseChanged, RunFailed, RunOpened, RunPhase, TrainingEvent
from gan_studio.engine.machine.devices import environment, has_cuda, prepare_thread
from gan_studio.engine.machine.execution import Execution, decide_execution
from gan_studio.engine.machine.faults import kind_of
from gan_studio.engine.machine.kernel_trial import distrust_kernels
from gan_studio.engine.machine.spinning import ActiveWaiting
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.checkpoint import Checkpoint, newest_checkpoint, read_checkpoint, restore, take_checkpoint
from gan_studio.engine.run.folder import RunFolder, create_run, is_run, open_run
from gan_studio.engine.run.log import read_metrics
from gan_studio.engine.run.writer import Recorder
from gan_studio.engine.step.state import TrainingState, build_state
from gan_studio.engine.text.message import EngineError, Message
from gan_studio.engine.training.fine_tune import take_weights
from gan_studio.engine.training.trainer import Trainer


@dataclass
class TrainingJob:
    """What a training thread, the command line or a script runs.

    Attributes:
        place: run folder; it must not hold a run when `config` is given, and must hold one otherwise.
        config: set-up of a new run, or None to go on with the run at `place`.
        steps: where to finish, or None for what the run says.
        device: another device to go on with, or None.
        niceness: that the thread has at least, on Linux, so that a window stays first.
        accepts: questions (RunFailed.question) that a person has answered with yes.
        fine_tune: run folder or safetensors file whose weights a new run begins with.
        back_to: kept checkpoint that the run goes back to first, in a new branch; None: it goes on where it was.
        rate_share: what both learning rates are multiplied with when the run goes back.
        trainer: the trainer, from RunOpened on.
    """

    place: Path
    config: RunConfig | None = None
    steps: int | None = None
    device: str | None = None
    niceness: int = 0
    accepts: frozenset[str] = frozenset()
    fine_tune: Path | None = None
    back_to: Moment | None = None
    rate_share: float = 1.0
    trainer: Trainer | None = field(default=None, init=False)

    def run(self, control: TrainingControl) -> Generator[TrainingEvent, None, None]:
        """Yield everything that happens, faults included: it never raises what a run meets."""
        try:
            if self.config is None:
                yield from self._resume(control)
            else:
                yield from self._start(self.config, control)
        except EngineError as error:
            question = error.question if isinstance(error, QuestionError) else ""
            yield RunFailed(error.happened, error.kept, error.todo, question=question)
            yield PhaseChanged(RunPhase.FAILED)
            return
        except _StoppedWhileLoadingError:
            yield PhaseChanged(RunPhase.IDLE if self.config is not None else RunPhase.FINISHED)
            return
        except Exception as error:  # noqa: BLE001  (the one place where a fault of ours becomes an event)
            if type(error).__module__.partition(".")[0] == "triton":
                distrust_kernels()  # going on is then done by torch's
            failure = self._unexpected(error)
            fault = kind_of(error)
        else:
            return
        if fault is not None:  # now that nothing of the failed step refers to what it held
            self.trainer = None
            fault.free_memory()
            failure = RunFailed(fault.happened, self._kept, fault.todo, question=fault.question)
        yield failure
        yield PhaseChanged(RunPhase.FAILED)

    def _start(self, config: RunConfig, control: TrainingControl) -> Iterator[TrainingEvent]:
        yield PhaseChanged(RunPhase.LOADING)
        if is_run(self.place):
            raise EngineError(
                Message("run.exists", path=self.place), Message("kept.file_untouched"), Message("todo.resume_or_other")
            )
        execution = decide_execution(config)
        prepare_thread(execution.threads, self.niceness)
        pictures = yield from _pictures(config, control)
        if many_left_out(pictures) and "bad_pictures" not in self.accepts:
            raise too_many_left_out(pictures)
        state = build_state(config, torch.device(execution.device), len(classes_of(config, pictures)))
        origin = take_weights(state, self.fine_tune) if self.fine_tune else None
        facts = picture_facts(config, pictures)
        known = origin.facts() if origin else None
        folder = create_run(self.place, config, environment(), facts, asdict(execution), known)
        recorder = Recorder(folder, config.record.checkpoints_kept)
        try:
            trainer = Trainer(config, pictures, state, recorder, execution)
            yield self._opened(trainer, folder, config, execution, classes_of(config, pictures))
            if origin:
                recorder.note(state.branch, state.step, origin.message)
                yield Noticed(origin.message)
            yield from _train(trainer, control, execution)
        finally:
            recorder.close()

    def _resume(self, control: TrainingControl) -> Iterator[TrainingEvent]:
        yield PhaseChanged(RunPhase.LOADING)
        folder = open_run(self.place)
        facts, config = folder.read_facts(), folder.read_config()
        first = _first_execution(folder, facts)
        execution = _reused(first, config, self.device)
        prepare_thread(execution.threads, self.niceness)
        recorder = Recorder(folder, config.record.checkpoints_kept)
        try:
            pictures = yield from _pictures(config, control)
            changes = differences(facts["pictures"], picture_facts(config, pictures))
            if changes and "other_pictures" not in self.accepts:
                raise other_pictures(config, changes)
            state = build_state(config, torch.device(execution.device), len(classes_of(config, pictures)))
            faults: tuple[Message, ...] = ()
            if self.back_to is None and _never_began(folder, facts):
                checkpoint = take_checkpoint(state, config, execution)
            else:
                checkpoint, faults = self._checkpoint(folder, state, config)
            goes_on = self._goes_on(folder, checkpoint)
            restore(state, checkpoint)
            knobs = recorder.knobs_from(state.branch, 0)
            replay = tuple(row for row in knobs if goes_on and row.step >= state.step and row.name != "steps")
            trainer = Trainer(config, pictures, state, recorder, execution, replay)
            targets = [int(row.value) for row in knobs if row.name == "steps"]
            trainer.steering.steps = self.steps or (targets or [config.training.steps])[-1]
            yield self._opened(trainer, folder, config, execution, classes_of(config, pictures))
            if self.steps and goes_on:
                yield from trainer.steering.extend_to(self.steps)
            if not goes_on:
                yield from trainer.steering.begin_branch(checkpoint.moment, self.rate_share)
            reasons = first.differences(execution)
            if changes:
                reasons.append(str(Message("data.other_pictures", source=config.data.source)))
            yield from (Noticed(Message("checkpoint.skipped", reason=fault)) for fault in faults)
            if reasons:
                message = Message("run.not_exact", step=state.step, reasons="; ".join(reasons))
                recorder.note(state.branch, state.step, message)
                yield Noticed(message)
            yield from _train(trainer, control, execution)
        finally:
            recorder.close()

    def _checkpoint(
        self, folder: RunFolder, state: TrainingState, config: RunConfig
    ) -> tuple[Checkpoint, tuple[Message, ...]]:
        if self.back_to is None:
            return newest_checkpoint(folder, state, config)
        return read_checkpoint(folder.checkpoint(self.back_to), state, config), ()

    def _goes_on(self, folder: RunFolder, checkpoint: Checkpoint) -> bool:
        """Whether the run goes on in the branch of a checkpoint, which is the newest, instead of beginning another."""
        newest = folder.checkpoints()[-1:]
        return self.back_to is None and (not newest or newest[0].branch == checkpoint.moment.branch)

    def _opened(
        self, trainer: Trainer, folder: RunFolder, config: RunConfig, execution: Execution, classes: tuple[str, ...]
    ) -> RunOpened:
        self.trainer, state = trainer, trainer.state
        device = execution.device if execution.device == "cpu" else f"{execution.device} ({execution.hardware})"
        knobs = dict(state.knobs)
        return RunOpened(folder.root, config, state.step, state.branch, trainer.steering.steps, device, knobs, classes)

    def _unexpected(self, error: Exception) -> RunFailed:
        step = self.trainer.state.step if self.trainer else 0
        happened = Message("run.broke", step=step, error=f"{type(error).__name__}: {error}")
        return RunFailed(happened, self._kept, Message("todo.resume"), traceback.format_exc())

    @property
    def _kept(self) -> Message:
        try:
            is_there = is_run(self.place)
        except OSError:  # the disk itself may be what failed
            is_there = self.config is None
        return Message("kept.run_folder", folder=self.place) if is_there else Message("kept.nothing_begun")


class _StoppedWhileLoadingError(Exception):
    """A person thought better of it before training began."""


def _first_execution(folder: RunFolder, facts: dict[str, Any]) -> Execution:
    try:
        return Execution.from_facts(facts["execution"])
    except ValueError as error:
        raise EngineError(
            Message("run.damaged", path=folder.config_file), Message("kept.file_untouched"), Message("todo.mend_file")
        ) from error


def _never_began(folder: RunFolder, facts: dict[str, Any]) -> bool:
    """Tell whether a run was killed before it saved or did anything: its step 0 follows from its configuration."""
    return not (folder.checkpoints() or "origin" in facts or len(read_metrics(folder.log_file)[0]))


def _train(trainer: Trainer, control: TrainingControl, execution: Execution) -> Iterator[TrainingEvent]:
    with ActiveWaiting(execution.threads if execution.device == "cpu" else 1):
        yield from trainer.run(control)


def _pictures(config: RunConfig, control: TrainingControl) -> Generator[TrainingEvent, None, PictureSet]:
    loading = load_pictures(config.data)
    while True:
        try:
            yield next(loading)
        except StopIteration as end:
            pictures: PictureSet = end.value
            break
        if control.is_stopping:
            raise _StoppedWhileLoadingError
    yield data_ready(pictures)
    return pictures


def _reused(first: Execution, config: RunConfig, device: str | None) -> Execution:
    """Take what fixed the bits at the first start, as far as this machine has it."""
    moves = device is not None and device != first.device
    fuses = config.fused_kernels and (first.is_fused or moves)
    wanted = config.model_copy(update={"device": device or first.device, "fused_kernels": fuses})
    if device is None and first.device.startswith("cuda") and not has_cuda():
        wanted = config.model_copy(update={"device": "cpu"})
    here = decide_execution(wanted)
    same_kind = here.device == first.device
    if not same_kind:
        return replace(here, threads=first.threads)
    return replace(here, threads=first.threads, precision=first.precision)
