"""RunEvents: the events of the open run as Qt signals."""

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
    PicturesFollowed,
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
from gan_studio.engine.training.pace import Pace
from gan_studio.ui.session.run_state import RunState


class RunEvents(QObject):
    """Updates `state` from each event, and emits it as a signal.

    Attributes:
        state: the open run, or the set-up of the next one.

    Signals:
        state_changed(): `state` changed in something other than step and speed.
        progressed(): step or speed changed.
        loading(object LoadingProgress): pictures are being read or downloaded.
        pictures_followed(object Message): what the set-up took from its pictures.
        data_ready(object DataReady): the pictures are in memory.
        run_opened(object RunOpened): training begins or resumes.
        metrics_logged(object steps, object values): new rows.
        samples_drawn(object Sheet): a new sheet.
        sheet_saved(object SheetSaved): a sheet can be shown again later.
        snapshot_saved(object SnapshotSaved): a snapshot can be explored.
        weights_published(object WeightsPublished): a copy of the EMA generator.
        knob_changed(str name, float value): a live setting changed.
        target_moved(float steps): the run finishes at this step now, or still, where the change could not be logged.
        checkpoint_saved(object CheckpointSaved): a checkpoint was written.
        saving_failed(object SavingFailed): a save failed; training goes on.
        saving_recovered(): saving works again.
        branch_begun(object BranchBegun): the run went back, and continues in a new branch.
        became_not_finite(object BecameNotFinite): a step met NaN; the run waits at its last good checkpoint.
        noticed(object Message): something a person should know.
        failed(object RunFailed): the run cannot go on.
    """

    state_changed = Signal()
    progressed = Signal()
    loading = Signal(object)
    pictures_followed = Signal(object)
    data_ready = Signal(object)
    run_opened = Signal(object)
    metrics_logged = Signal(object, object)
    samples_drawn = Signal(object)
    sheet_saved = Signal(object)
    snapshot_saved = Signal(object)
    weights_published = Signal(object)
    knob_changed = Signal(str, float)
    target_moved = Signal(float)
    checkpoint_saved = Signal(object)
    saving_failed = Signal(object)
    saving_recovered = Signal()
    branch_begun = Signal(object)
    became_not_finite = Signal(object)
    noticed = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = RunState()
        self._measured = Pace()

    def tell(self, event: TrainingEvent) -> None:  # noqa: C901  (one match takes every event apart)
        """Update the state from an event of the engine, and emit its signal."""
        match event:
            case MetricsLogged():
                self.state.moment = Moment(self.state.moment.branch, int(event.steps[-1]))
                self._measure(event)
                self.metrics_logged.emit(event.steps, event.values)
                self.progressed.emit()
            case PhaseChanged(phase):
                self._enter(phase)
            case RunOpened():
                self._on_run_opened(event)
            case SamplesDrawn(sheet):
                self.samples_drawn.emit(sheet)
            case SheetSaved():
                self.sheet_saved.emit(event)
            case SnapshotSaved():
                self.snapshot_saved.emit(event)
            case WeightsPublished():
                self.weights_published.emit(event)
            case KnobChanged(_, name, value):
                self.state.knobs[name] = value
                self.knob_changed.emit(name, value)
            case TargetMoved(steps):
                self.state.steps = steps
                self.target_moved.emit(float(steps))
                self.progressed.emit()
            case CheckpointSaved():
                self.checkpoint_saved.emit(event)
            case LoadingProgress():
                self.loading.emit(event)
            case PicturesFollowed(taken, _):
                self.pictures_followed.emit(taken)
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

    def _measure(self, event: MetricsLogged) -> None:
        """Keep the speed of a run that trains; single steps in a pause have none."""
        if self.state.phase is RunPhase.RUNNING:
            self._measured.add(event)
            self.state.images_per_second = self._measured.recent

    def _on_run_opened(self, event: RunOpened) -> None:
        self.state.config, self.state.place = event.config, Path(event.folder)
        self.state.moment, self.state.steps = event.moment, event.steps
        self.state.execution, self.state.knobs = event.execution, dict(event.knobs)
        self.state.name = event.name
        self.run_opened.emit(event)
        self.state_changed.emit()
        self.progressed.emit()

    def _on_not_finite(self, event: BecameNotFinite) -> None:
        self.state.moment, self.state.knobs = event.back_to, dict(event.knobs)
        for name, value in event.knobs.items():
            self.knob_changed.emit(name, value)
        self.became_not_finite.emit(event)

    def _on_branch_begun(self, event: BranchBegun) -> None:
        self.state.moment, self.state.knobs = event.moment, dict(event.knobs)
        self.branch_begun.emit(event)
        self.progressed.emit()

    def _enter(self, phase: RunPhase) -> None:
        self.state.phase = phase
        if phase is not RunPhase.RUNNING:
            self.state.images_per_second, self._measured = None, Pace()
        self.state_changed.emit()
