"""Run a training job on the terminal, with a progress bar or one JSON object at the end."""

import json
import math
import shlex
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from gan_studio.cli.expecting import expect_long
from gan_studio.cli.output import BUG, DONE, REFUSED, picture_lines, tell_error
from gan_studio.engine.control import TrainingControl
from gan_studio.engine.events import (
    METRIC_COLUMNS,
    BecameNotFinite,
    BranchBegun,
    CheckpointSaved,
    DataReady,
    KnobChanged,
    LoadingProgress,
    MetricsLogged,
    Noticed,
    PicturesFollowed,
    RunFailed,
    RunOpened,
    SavingFailed,
    SavingRecovered,
    TargetMoved,
    TrainingEvent,
)
from gan_studio.engine.library.advice import advise
from gan_studio.engine.run.checkpoint import state_hash
from gan_studio.engine.step.state import TrainingState
from gan_studio.engine.text.message import Message
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.pace import Pace


class _Terminal:
    """Shows the events of a job as they come."""

    def __init__(self, *, quiet: bool, is_preset_open: bool) -> None:
        self._is_preset_open = is_preset_open
        self._followed: PicturesFollowed | None = None
        self._data: DataReady | None = None
        self.console = Console(stderr=True, highlight=False, soft_wrap=True)
        self.progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed:,.0f} / {task.total:,.0f}"),
            TextColumn("{task.fields[figures]}"),
            TimeRemainingColumn(),
            console=self.console,
            disable=quiet,
        )
        self._task: TaskID | None = None
        self.pace = Pace()
        self.last: dict[str, float | None] = {}
        self.name = ""

    def show(self, event: TrainingEvent) -> None:  # noqa: C901  (one match takes every event apart)
        """Show one event."""
        match event:
            case LoadingProgress(done, total, is_download) if done < total:
                self._loading(done, total, is_download=is_download)
            case PicturesFollowed():
                self._followed = event
                self.console.print(str(event.taken), markup=False)
            case DataReady():
                self._data = event
                self._pictures(event)
            case RunOpened():
                self._advise(event)
                self.name = str(event.name)
                self.console.print(f"{self.name}: {event.folder}", markup=False)
                self._begin_training(event)
            case MetricsLogged():
                self._figures(event)
            case TargetMoved(steps) if self._task is not None:
                self.progress.update(self._task, total=steps)
            case KnobChanged(step, name, value):
                self.console.print(f"step {step}: {name} = {value:g}", markup=False)
            case SavingFailed(message):
                self.console.print(f"{message} Training goes on, and the save is tried again.", markup=False)
            case SavingRecovered():
                self.console.print("Saving works again.")
            case BranchBegun(moment, left):
                self.console.print(f"branch {moment.branch}, from step {left.step} of branch {left.branch}")
            case BecameNotFinite():
                self.console.print(str(Message("fault.met", step=event.step, place=event.place)), markup=False)
            case Noticed(message):
                self.console.print(str(message), markup=False)

    def _advise(self, opened: RunOpened) -> None:
        """Recommend another preset for these pictures if nobody chose one, and announce a run that takes long."""
        on_gpu = not opened.execution.is_cpu
        nature = self._followed.nature if self._followed is not None else None
        if self._is_preset_open and nature is not None and self._data is not None:
            advice = advise(self._data.count, nature, on_gpu=on_gpu)
            if advice.preset != opened.config.preset:
                recommended = Message("advice.preset", name=advice.preset, reason=advice.reason)
                self.console.print(str(recommended), markup=False)
        if opened.moment.step == 0 and not on_gpu and (expected := expect_long(opened.config)) is not None:
            self.console.print(str(expected), markup=False)

    def _loading(self, done: int, total: int, *, is_download: bool) -> None:
        if is_download:
            self._bar("downloading, MB", done / 10**6, total / 10**6)
        else:
            self._bar("reading pictures", done, total)

    def _bar(self, words: str, done: float, total: float) -> None:
        if self._task is None:
            self._task = self.progress.add_task(words, figures="")
        self.progress.update(self._task, description=words, completed=done, total=total)

    def _begin_training(self, event: RunOpened) -> None:
        """Begin the bar of steps; the steps before are not counted as fast ones."""
        self._bar("training", 0, event.steps)
        if self._task is not None:
            self.progress.reset(self._task, total=event.steps, completed=event.moment.step)

    def _figures(self, event: MetricsLogged) -> None:
        self.pace.add(event)
        self.last = {
            name: float(value) if math.isfinite(value) else None
            for name, value in zip(METRIC_COLUMNS, event.values[-1], strict=True)
        }
        if self._task is not None:
            loss_d, loss_g = event.values[-1][:2]
            figures = f"loss D {loss_d:.3f}  G {loss_g:.3f}  {self.pace.recent or 0:,.0f} img/s"
            self.progress.update(self._task, completed=int(event.steps[-1]), figures=figures)

    def _pictures(self, event: DataReady) -> None:
        self.console.print(f"{event.count:,} pictures")
        for line in picture_lines(event.notes, event.left_out):
            self.console.print(line, markup=False)


def run_job(job: TrainingJob, control: TrainingControl, *, as_json: bool, is_preset_open: bool = False) -> int:
    """Run a job to its end.

    Args:
        job: the job.
        control: stops and steers it.
        as_json: whether to print a JSON object at the end instead of progress.
        is_preset_open: whether nobody chose the preset, so that another may be recommended.

    Returns:
        The exit code; REFUSED if the last step could not be saved.
    """
    terminal = _Terminal(quiet=as_json, is_preset_open=is_preset_open)
    failure: RunFailed | None = None
    saved = -1
    with terminal.progress:
        for event in job.run(control):
            terminal.show(event)
            match event:
                case RunFailed():
                    failure = event
                case BecameNotFinite():
                    failure = _broken_down(job, event)
                    control.stop()
                case CheckpointSaved(moment):
                    saved = moment.step
    if failure is not None:
        tell_error(failure.happened, failure.kept, failure.todo)
        if failure.traceback:
            terminal.console.print(failure.traceback, markup=False)
        return BUG if failure.traceback else REFUSED
    if as_json and job.trainer is not None:
        print(json.dumps(_summary(job, job.trainer.state, terminal)))
    is_lost = job.trainer is not None and saved != job.trainer.state.step
    return REFUSED if is_lost else DONE


def _broken_down(job: TrainingJob, event: BecameNotFinite) -> RunFailed:
    """Describe how a run on the command line ends after NaN: it stops at its last good checkpoint."""
    happened = Message("fault.met", step=event.step, place=event.place)
    kept = Message("kept.good_checkpoint", step=event.back_to.step, folder=job.request.place)
    knobs = job.trainer.state.knobs if job.trainer else {}
    rates = " ".join(f"--knob {name}={knobs[name] / 2:g}" for name in sorted(knobs) if name.startswith("learning_rate"))
    folder = shlex.quote(str(job.request.place))
    return RunFailed(happened, kept, Message("todo.half_rate", folder=folder, step=event.back_to.step, knobs=rates))


def _summary(job: TrainingJob, state: TrainingState, terminal: _Terminal) -> dict[str, Any]:
    return {
        "name": terminal.name,
        "folder": str(job.request.place.resolve()),
        "step": state.step,
        "pictures_seen": state.pictures_seen,
        "images_per_second": round(terminal.pace.overall or 0.0, 1),
        "metrics": terminal.last,
        "state_sha256": state_hash(state),
    }
