"""TrainingSession: the run in hand. Engine events become named signals; intents become commands to its control."""

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from gan_studio.engine.config import RunConfig
from gan_studio.engine.events import (
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
    SheetSaved,
    SnapshotSaved,
    TargetMoved,
    TrainingEvent,
    WeightsPublished,
)
from gan_studio.engine.qt_threads import TrainingThread
from gan_studio.engine.run_folder import Moment, new_run_place, runs_root
from gan_studio.engine.run_reader import RunContents
from gan_studio.ui.session.run_state import RunState
from gan_studio.ui.session.start_terms import StartTerms

TAKE_MS = 50
"""Events are taken at most this often, in milliseconds."""


class TrainingSession(QObject):
    """Start, pause, step, stop and steer a run.

    Attributes:
        state, terms: the run in hand, and what the next start begins from.

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
    noticed = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = RunState()
        self.thread_in_hand: TrainingThread | None = None
        self.terms = StartTerms()
        self._device: str | None = None
        self._waiting_knobs: dict[str, float] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(TAKE_MS)
        self._timer.timeout.connect(self._take_events)

    # What a person wants

    def set_config(self, config: RunConfig) -> None:
        """Take the set-up of the next run; ignored while a run is open, which keeps its own."""
        if not self.state.has_run:
            self.state.config = config
            self.state.steps = config.training.steps
            self.state_changed.emit()

    def set_fine_tune(self, origin: Path | None) -> None:
        """Begin the next new run from the weights of an earlier one, or from none; ignored while a run is open."""
        if not self.state.has_run:
            self.terms.fine_tune = origin
            self.state_changed.emit()

    def start(self) -> None:
        """Begin a run, let a paused one go on, or go on with the open run that has ended."""
        self.terms.refuse()
        self._start()

    def accept(self, question: str) -> None:
        """Start all the same, where a run failed with a question; of another set-up than was asked about, it asks."""
        self.terms.accept(question, self.state.config)
        self._start()

    def _start(self) -> None:
        if self.state.phase is RunPhase.PAUSED and self.thread_in_hand is not None:
            self.thread_in_hand.control.resume()
        elif self.state.can_start and self.thread_in_hand is None:
            self._launch()

    def pause(self) -> None:
        """Hold the run after the step in hand."""
        if self.thread_in_hand is not None:
            self.thread_in_hand.control.pause()

    def step_once(self) -> None:
        """Do one step in a paused run."""
        if self.state.can_step and self.thread_in_hand is not None:
            self.thread_in_hand.control.step_once()

    def stop(self) -> None:
        """End the run with a checkpoint of its last step."""
        if self.thread_in_hand is not None:
            self.thread_in_hand.control.stop()

    def set_knob(self, name: str, value: float) -> None:
        """Change a live setting, or where the run finishes ("steps"); of a run that rests, when it goes on."""
        if self.thread_in_hand is None:
            self._keep_knob(name, value)
        elif name == "steps":
            self.thread_in_hand.control.extend_to(int(value))
        else:
            self.thread_in_hand.control.set_knob(name, value)

    def sample_now(self) -> None:
        """Draw and record a sheet between two steps."""
        if self.thread_in_hand is not None:
            self.thread_in_hand.control.sample_now()

    def checkpoint_now(self) -> None:
        """Save between two steps."""
        if self.thread_in_hand is not None:
            self.thread_in_hand.control.checkpoint_now()

    def publish_weights(self) -> None:
        """Ask for a copy of the EMA generator."""
        if self.thread_in_hand is not None:
            self.thread_in_hand.control.publish_weights()

    def show_run(self, contents: RunContents) -> None:
        """Take a run from the disk as the run in hand; Start goes on with it."""
        self._device, self._waiting_knobs, self.terms.fine_tune = None, {}, None
        self.state = RunState(
            phase=RunPhase.FINISHED,
            config=contents.config,
            place=contents.folder.root,
            step=contents.moment.step,
            steps=contents.target,
            branch=contents.moment.branch,
        )
        self.state_changed.emit()
        self.progressed.emit()

    def forget_run(self, config: RunConfig) -> None:
        """Let go of an ended run, and set up the next one."""
        if not self.state.is_busy:
            self._waiting_knobs = {}
            self.state = RunState(config=config, steps=config.training.steps)
            self.state_changed.emit()
            self.progressed.emit()

    def abandon(self) -> None:
        """End the run after the step in hand without a checkpoint: what came after the last one is lost."""
        if self.thread_in_hand is not None:
            self.thread_in_hand.control.abandon()

    def set_device(self, name: str) -> None:
        """Train the next run, or go on with the open one, on another device."""
        if self.state.has_run:
            self._device = name
        else:
            self.set_config(self.state.config.model_copy(update={"device": name}))

    @property
    def device(self) -> str:
        """Name of the device chosen for the run in hand."""
        return self._device or self.state.config.device

    @property
    def has_just_ended(self) -> bool:
        """Whether the run in hand was trained here and its thread is about to end."""
        return self.state.phase is RunPhase.FINISHED and self.thread_in_hand is not None

    def wait(self) -> None:
        """Wait until the training thread has ended."""
        if self.thread_in_hand is not None:
            self.thread_in_hand.wait()
            self._on_thread_finished()

    # How it is done

    def _launch(self) -> None:
        state = self.state
        if state.place is None:
            place, config, steps, self._device = new_run_place(state.config, runs_root()), state.config, None, None
        else:
            if state.step >= state.steps:
                self._keep_knob("steps", state.step + state.config.training.steps)
            place, config, steps = state.place, None, state.steps
        origin = self.terms.fine_tune if config is not None else None
        self.thread_in_hand = TrainingThread(
            place, config, steps=steps, device=self._device, accepts=self.terms.accepts, fine_tune=origin, parent=self
        )
        self.thread_in_hand.events_waiting.connect(self._timer.start)
        self.thread_in_hand.finished.connect(self._on_thread_finished)
        for name, value in self._waiting_knobs.items():
            self.set_knob(name, value)
        self._enter(RunPhase.LOADING)
        self.thread_in_hand.start()

    def _keep_knob(self, name: str, value: float) -> None:
        """Keep a change for a run that rests until it goes on."""
        if self.state.has_run:
            self._waiting_knobs[name] = value
        if self.state.has_run and name == "steps":
            self.state.steps = int(value)
            self.progressed.emit()

    def _on_thread_finished(self) -> None:
        thread = self.thread_in_hand
        if thread is None:
            return
        self._take_events()
        self.thread_in_hand = None
        thread.deleteLater()
        self.state_changed.emit()

    def _take_events(self) -> None:
        if self.thread_in_hand is not None:
            for event in self.thread_in_hand.take_events():
                self._on_event(event)

    def _on_event(self, event: TrainingEvent) -> None:  # noqa: C901  (one match takes every event apart)
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
            case Noticed(message):
                self.noticed.emit(message)
            case RunFailed():
                self.terms.ask(event.question, self.state.config)
                self.failed.emit(event)

    def _on_run_opened(self, event: RunOpened) -> None:
        self.state.config, self.state.place = event.config, Path(event.folder)
        self.state.step, self.state.steps, self.state.branch = event.step, event.steps, event.branch
        self.state.device = event.device
        self._waiting_knobs, self.terms.fine_tune = {}, None
        self.run_opened.emit(event)
        self.state_changed.emit()
        self.progressed.emit()

    def _enter(self, phase: RunPhase) -> None:
        self.state.phase = phase
        if phase is not RunPhase.RUNNING:
            self.state.images_per_second = None
        self.state_changed.emit()
