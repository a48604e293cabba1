"""RunEvents: what the engine tells of the run in hand, as named signals."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from gan_studio.engine.events import (
    BecameNotFinite,
    BranchBegun,
    CheckpointSaved,
    DataReady,
    KnobChanged,
    LoadingProgress,
    MetricsLogged,
    Noticed,
    PhaseChanged,
    RunFailed,
    RunOpened,
    RunPhase,
    SamplesDrawn,
    SavingFailed,
    SavingRecovered,
    SheetSaved,
    SnapshotSaved,
    TargetMoved,
    TrainingEvent,
    WeightsPublished,
)
from gan_studio.engine.moment import Moment
from gan_studio.ui.session.run_state import RunState


class RunEvents(QObject):
    """Keep `state` true to what the engine says, and pass it on.

    Attributes:
        state: the run in hand, or the set-up of the next one.

    Signals:
        state_changed(): something of `state` but its step and rate is another.
        progressed(): step or rate moved.
        loading(object LoadingProgress): pictures are being read or downloaded.
        data_ready(object DataReady): the pictures are in memory.
        run_opened(object RunOpened): training begins or goes on.
        metrics_logged(object steps, object values): new rows.
        samples_drawn(object SamplesDrawn): a new sheet.
        sheet_saved(object Moment): a sheet can be looked at again.
        snapshot_saved(object Moment): a generator can be explored again.
        weights_published(object Moment, object weights): a copy of the EMA generator.
        knob_changed(str name, float value): a live setting has another value.
        checkpoint_saved(int step): a checkpoint is on the disk.
        saving_failed(object SavingFailed): the disk refuses the run; training goes on.
        saving_recovered(): the disk takes the run again.
        branch_begun(object BranchBegun): the run went back, and goes on in a new branch.
        became_not_finite(object BecameNotFinite): a step met NaN; the run waits at its last good checkpoint.
        noticed(object Message): something to know.
        failed(object RunFailed): the run cannot go on.
    """

    state_changed = Signal()
    progressed = Signal()
    loading = Signal(object)
    data_ready = Signal(object)
    run_opened = Signal(object)
    metrics_logged = Signal(object, object)
    samples_drawn = Signal(object)
    sheet_saved = Signal(object)
    snapshot_saved = Signal(object)
    weights_published = Signal(object, object)
    knob_changed = Signal(str, float)
    checkpoint_saved = Signal(int)
    saving_failed = Signal(object)
    saving_recovered = Signal()
    branch_begun = Signal(object)
    became_not_finite = Signal(object)
    noticed = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = RunState()

    def tell(self, event: TrainingEvent) -> None:  # noqa: C901  (one match takes every event apart)
        """Follow an event of the engine, and tell those whom it concerns."""
        match event:
            case MetricsLogged():
                self.state.step = int(event.steps[-1])
                self.state.images_per_second = event.images_per_second
                self.metrics_logged.emit(event.steps, event.values)
                self.progressed.emit()
            case PhaseChanged(phase):
                self._enter(phase)
            case RunOpened():
                self._on_run_opened(event)
            case SamplesDrawn():
                self.samples_drawn.emit(event)
            case SheetSaved(step, branch):
                self.sheet_saved.emit(Moment(branch, step))
            case SnapshotSaved(step, branch):
                self.snapshot_saved.emit(Moment(branch, step))
            case WeightsPublished(step, branch, weights):
                self.weights_published.emit(Moment(branch, step), weights)
            case KnobChanged(_, name, value):
                self.state.knobs[name] = value
                self.knob_changed.emit(name, value)
            case TargetMoved(steps):
                self.state.steps = steps
                self.progressed.emit()
            case CheckpointSaved(step):
                self.checkpoint_saved.emit(step)
            case LoadingProgress():
                self.loading.emit(event)
            case DataReady():
                self.data_ready.emit(event)
            case SavingFailed():
                self.saving_failed.emit(event)
            case SavingRecovered():
                self.saving_recovered.emit()
            case BranchBegun():
                self._on_branch_begun(event)
            case BecameNotFinite():
                self._on_not_finite(event)
            case Noticed(message):
                self.noticed.emit(message)
            case RunFailed():
                self.failed.emit(event)

    def _on_run_opened(self, event: RunOpened) -> None:
        self.state.config, self.state.place = event.config, Path(event.folder)
        self.state.step, self.state.steps, self.state.branch = event.step, event.steps, event.branch
        self.state.device, self.state.knobs = event.device, dict(event.knobs)
        self.run_opened.emit(event)
        self.state_changed.emit()
        self.progressed.emit()

    def _on_not_finite(self, event: BecameNotFinite) -> None:
        self.state.step, self.state.branch, self.state.knobs = event.back_at, event.branch, dict(event.knobs)
        for name, value in event.knobs.items():
            self.knob_changed.emit(name, value)
        self.became_not_finite.emit(event)

    def _on_branch_begun(self, event: BranchBegun) -> None:
        self.state.branch, self.state.step, self.state.knobs = event.branch, event.step, dict(event.knobs)
        self.branch_begun.emit(event)
        self.progressed.emit()

    def _enter(self, phase: RunPhase) -> None:
        self.state.phase = phase
        if phase is not RunPhase.RUNNING:
            self.state.images_per_second = None
        self.state_changed.emit()
