"""TrainingJob: trains a new or a resumed run, from its pictures to its last checkpoint, and yields its events."""

import traceback
from collections.abc import Generator, Iterator
from dataclasses import asdict, dataclass, replace

import torch

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.control import TrainingControl
from gan_studio.engine.data.following import fit_to, follow
from gan_studio.engine.data.looking import nature_of
from gan_studio.engine.data.picture_set import PictureSet
from gan_studio.engine.data.questions import (
    QuestionError,
    classes_of,
    differences,
    has_many_left_out,
    left_out_question,
    other_pictures_question,
    picture_facts,
)
from gan_studio.engine.data.source import StoppedError
from gan_studio.engine.events import (
    Noticed,
    PhaseChanged,
    PicturesFollowed,
    RunFailed,
    RunOpened,
    RunPhase,
    TrainingEvent,
)
from gan_studio.engine.files.paths import absolute
from gan_studio.engine.machine.decision import decide_execution, reuse_execution
from gan_studio.engine.machine.devices import environment, prepare_thread
from gan_studio.engine.machine.execution import Execution
from gan_studio.engine.machine.faults import find_hardware_fault
from gan_studio.engine.machine.kernel_trial import distrust_kernels
from gan_studio.engine.machine.spinning import SpinGuard
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.checkpoint import newest_checkpoint, read_checkpoint, restore, take_checkpoint
from gan_studio.engine.run.creation import check_new_place, create_run
from gan_studio.engine.run.folder import RunFile, RunFolder, damaged, is_run, open_run
from gan_studio.engine.run.log import read_metrics
from gan_studio.engine.run.places import with_found_path, with_source, with_whole_path
from gan_studio.engine.run.writer import RunWriter
from gan_studio.engine.step.state import TrainingState, build_state
from gan_studio.engine.text.message import EngineError, Message
from gan_studio.engine.training.fine_tune import classes_before, set_up_of, take_weights
from gan_studio.engine.training.pictures import (
    StoppedWhileLoadingError,
    load_for,
    note_place,
    remembered_pictures,
    told,
)
from gan_studio.engine.training.request import RunRequest
from gan_studio.engine.training.trainer import Trainer


@dataclass(frozen=True)
class _Restored:
    """A state set to a checkpoint.

    Attributes:
        config: the set-up of the run.
        state: the restored state.
        moment: moment of the checkpoint.
        faults: why newer checkpoints could not be used.
        goes_on: whether the run continues the checkpoint's branch instead of beginning another.
    """

    config: RunConfig
    state: TrainingState
    moment: Moment
    faults: tuple[Message, ...]
    goes_on: bool


class TrainingJob:
    """Trains a run from its pictures to its last checkpoint, for a thread, the command line or a script.

    Attributes:
        request: which run, and how it begins.
        trainer: the trainer, from RunOpened on.
    """

    def __init__(self, request: RunRequest) -> None:
        self.request = request
        self.trainer: Trainer | None = None

    def run(self, control: TrainingControl) -> Generator[TrainingEvent, None, None]:
        """Yield every event of the run. A fault becomes an event and is never raised."""
        is_new = self.request.config is not None
        try:
            yield PhaseChanged(RunPhase.LOADING)
            self.request = replace(self.request, place=absolute(self.request.place))
            yield from self._start(control) if is_new else self._resume(control)
        except EngineError as error:
            question = error.question if isinstance(error, QuestionError) else ""
            yield RunFailed(error.happened, error.kept, error.todo, question=question)
            yield PhaseChanged(RunPhase.FAILED)
            return
        except StoppedWhileLoadingError:
            yield PhaseChanged(RunPhase.IDLE if is_new else RunPhase.FINISHED)
            return
        except Exception as error:  # noqa: BLE001  (the one place where a bug becomes an event)
            if type(error).__module__.partition(".")[0] == "triton":
                distrust_kernels()  # a resume then uses torch's kernels
            failure = self._unexpected(error)
            fault = find_hardware_fault(error)
        else:
            return
        if fault is not None:  # now that nothing refers to the tensors of the failed step
            self.trainer = None
            fault.free_memory()
            failure = RunFailed(fault.happened, self._kept, fault.todo, question=fault.question)
        yield failure
        yield PhaseChanged(RunPhase.FAILED)

    def _start(self, control: TrainingControl) -> Iterator[TrainingEvent]:
        """Begin a new run."""
        place = self.request.place
        check_new_place(place)
        config = with_whole_path((yield from self._follow_pictures(control)))
        execution = decide_execution(config)
        prepare_thread(execution.threads, self.request.niceness)
        pictures = yield from load_for(config, control, classes_before(self.request.fine_tune))
        if has_many_left_out(pictures) and "bad_pictures" not in self.request.accepts:
            raise left_out_question(pictures)
        classes = classes_of(config, pictures)
        state = build_state(config, torch.device(execution.device), len(classes))
        weights, moment = self.request.fine_tune, self.request.fine_tune_from
        origin = take_weights(state, weights, moment) if weights else None
        facts, known = picture_facts(config, pictures), origin.facts() if origin else None
        folder = create_run(place, config, environment(), facts, asdict(execution), known, self.request.name)
        writer = RunWriter(folder, config.record.checkpoints_kept)
        try:
            self.trainer = trainer = Trainer(config, pictures, state, writer, execution)
            yield _opened(trainer, folder, config, execution, classes)
            for message in origin.messages if origin else ():
                yield from told(writer, state, message)
            yield from _train(trainer, control, execution)
        finally:
            writer.close()

    def _follow_pictures(self, control: TrainingControl) -> Generator[TrainingEvent, None, RunConfig]:
        """Let the weights to start from, or else the pictures, decide what the set-up leaves open, and say what."""
        config, left = self.request.config or RunConfig(), self.request.left_to_pictures
        if not left:
            return config
        origin = set_up_of(self.request.fine_tune) if self.request.fine_tune else None
        nature = None
        if origin is not None and self.request.fine_tune is not None:
            config, taken = fit_to(config, origin, self.request.fine_tune, left)
        else:
            try:
                nature = yield from nature_of(config.data, lambda: control.is_stopping)
            except StoppedError as stopped:
                raise StoppedWhileLoadingError from stopped
            config, taken = follow(config, nature, left)
        if taken is not None:
            yield PicturesFollowed(taken, nature)
        return config

    def _resume(self, control: TrainingControl) -> Iterator[TrainingEvent]:
        """Resume a run: read it, ask about changes, restore its state, and report what is not exact."""
        folder = open_run(self.request.place)
        file, remembered = self._read(folder)
        first = _first_execution(folder, file)
        execution = reuse_execution(first, file.config, self.request.device)
        prepare_thread(execution.threads, self.request.niceness)
        writer = RunWriter(folder, file.config.record.checkpoints_kept)
        try:
            known, is_named = file.pictures, self.request.data is not None
            pictures = yield from remembered_pictures(file.config, control, known, is_named=is_named)
            changes = self._accepted_changes(file, pictures)
            left = self._restored(folder, file, pictures, execution)
            trainer = self._trainer_of(left, pictures, writer, execution)
            yield _opened(trainer, folder, file.config, execution, classes_of(file.config, pictures))
            yield from self._go_on(trainer, left)
            if file.name_fault is not None:
                yield Noticed(file.name_fault)
            yield from (Noticed(Message("checkpoint.skipped", reason=fault)) for fault in left.faults)
            if file.config.data.source != remembered:
                yield from note_place(writer, left.state, remembered, file.config.data.source)
            if reasons := [*first.differences(execution), *changes]:
                inexact = Message("run.not_exact", step=left.state.step, reasons="; ".join(reasons))
                yield from told(writer, left.state, inexact)
            yield from _train(trainer, control, execution)
        finally:
            writer.close()

    def _read(self, folder: RunFolder) -> tuple[RunFile, str]:
        """Read run.toml with the place where the pictures are now; returns the place that it remembers, too."""
        file, named = folder.read(), self.request.data
        remembered = file.config
        config = with_found_path(remembered, folder) if named is None else with_source(remembered, named)
        return replace(file, config=config if named is None else with_whole_path(config)), remembered.data.source

    def _accepted_changes(self, file: RunFile, pictures: PictureSet) -> list[str]:
        """Say what changed in the pictures since the run began; raises QuestionError unless a person accepted it."""
        changes = differences(file.pictures, picture_facts(file.config, pictures))
        if changes and "other_pictures" not in self.request.accepts:
            raise other_pictures_question(file.config, changes)
        return [str(Message("data.other_pictures", source=file.config.data.source))] if changes else []

    def _restored(self, folder: RunFolder, file: RunFile, pictures: PictureSet, execution: Execution) -> _Restored:
        """Build new networks, and load the checkpoint that the run continues from or goes back to."""
        config, back_to = file.config, self.request.back_to
        classes = classes_of(config, pictures)
        state = build_state(config, torch.device(execution.device), len(classes))
        faults: tuple[Message, ...] = ()
        if back_to is not None:
            checkpoint = read_checkpoint(folder.checkpoint(back_to), state, config)
        elif _never_began(folder, file):
            checkpoint = take_checkpoint(state, config, execution)
        else:
            checkpoint, faults = newest_checkpoint(folder, state, config)
        newest = folder.checkpoints()[-1:]
        goes_on = back_to is None and (not newest or newest[0].branch == checkpoint.moment.branch)
        restore(state, checkpoint)
        return _Restored(config, state, checkpoint.moment, faults, goes_on)

    def _trainer_of(self, left: _Restored, pictures: PictureSet, writer: RunWriter, execution: Execution) -> Trainer:
        """Build the trainer, which replays the knob changes that were logged after the checkpoint."""
        knobs = writer.knobs_from(left.state.branch, 0)
        replay = tuple(row for row in knobs if left.goes_on and row.step >= left.state.step and row.name != "steps")
        self.trainer = Trainer(left.config, pictures, left.state, writer, execution, replay)
        targets = [int(row.value) for row in knobs if row.name == "steps"]
        target = (targets or [left.config.training.steps])[-1]
        self.trainer.steering.steps = target if left.goes_on else self.request.steps or target
        return self.trainer

    def _go_on(self, trainer: Trainer, left: _Restored) -> Iterator[TrainingEvent]:
        """Continue the same branch, with a new target if one is requested, or begin a branch."""
        if not left.goes_on:
            yield from trainer.steering.begin_from(left.moment, self.request.rate_share)
        elif self.request.steps:
            yield from trainer.steering.extend_to(self.request.steps)

    def _unexpected(self, error: Exception) -> RunFailed:
        step = self.trainer.state.step if self.trainer else 0
        happened = Message("run.broke", step=step, error=f"{type(error).__name__}: {error}")
        return RunFailed(happened, self._kept, Message("todo.resume"), traceback.format_exc())

    @property
    def _kept(self) -> Message:
        place = self.request.place
        try:
            is_there = is_run(place)
        except OSError:  # the disk itself may be what failed
            is_there = self.request.config is None
        return Message("kept.run_folder", folder=place) if is_there else Message("kept.nothing_begun")


def _first_execution(folder: RunFolder, file: RunFile) -> Execution:
    try:
        return Execution.from_facts(file.execution)
    except ValueError as error:
        raise damaged(folder) from error


def _never_began(folder: RunFolder, file: RunFile) -> bool:
    """Tell whether a run was killed before it saved or did anything: its set-up then determines its step 0."""
    return not (folder.checkpoints() or file.has_origin or len(read_metrics(folder.log_file)[0]))


def _opened(
    trainer: Trainer, folder: RunFolder, config: RunConfig, execution: Execution, classes: tuple[str, ...]
) -> RunOpened:
    state, steps = trainer.state, trainer.steering.steps
    knobs, name = dict(state.knobs), folder.read().name
    return RunOpened(folder.root, config, state.moment, steps, execution, knobs, classes, name)


def _train(trainer: Trainer, control: TrainingControl, execution: Execution) -> Iterator[TrainingEvent]:
    with SpinGuard(execution.threads if execution.device == "cpu" else 1):
        yield from trainer.run(control)
