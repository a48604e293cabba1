"""StudioSession: joins the sessions of training, exploring, library and program."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from gan_studio.engine.answering import NotDone
from gan_studio.engine.config.schema import with_values
from gan_studio.engine.events import RunFailed, RunPhase
from gan_studio.engine.library.weights import WeightsRead
from gan_studio.engine.machine.device import Device
from gan_studio.engine.run.contents import RunContents
from gan_studio.engine.text.message import Message
from gan_studio.ui.session.exploring_session import ExploringSession
from gan_studio.ui.session.library_session import LibrarySession
from gan_studio.ui.session.memory_need import MemoryNeed, memory_need
from gan_studio.ui.session.program_session import ProgramSession
from gan_studio.ui.session.training_session import TrainingSession
from gan_studio.ui.session.writer_watch import WriterWatch


class StudioSession(QObject):
    """The access of the window to the engine.

    Signals:
        contents_shown(object RunContents): a run was opened.
        weights_opened(object WeightsRead): a file of weights was opened, and no run is training.
        weights_given_up(): a file of weights is not opened after all, because a run is opened or started.
        refused(object NotDone): what a person asked for cannot be done now.
    """

    contents_shown = Signal(object)
    weights_opened = Signal(object)
    weights_given_up = Signal()
    refused = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.training = TrainingSession(self)
        self.exploring = ExploringSession(self)
        self.library = LibrarySession(self)
        self.program = ProgramSession(self)
        self.writers = WriterWatch(self.training, self.library, self)
        self._devices: tuple[Device, ...] = ()
        self._opening: Path | None = None
        self._connect()

    def start(self) -> None:
        """Start the threads; torch is loaded in the background."""
        self.library.start()
        self.program.start()

    def open_run(self, path: Path) -> None:
        """Open a run from the disk, unless one is training; a file of weights that is being opened is given up."""
        if self.training.state.is_busy:
            self.refused.emit(
                NotDone(Message("open.busy"), Message("kept.training_goes_on"), Message("todo.stop_first"))
            )
        else:
            self._give_up_weights()
            self.library.open_run(path)

    def open_weights(self, path: Path) -> None:
        """Open a file of weights, unless a run is training."""
        if self.training.state.is_busy:
            self._refuse_weights()
        else:
            self._opening = path
            self.library.open_weights(path)

    def memory_need(self) -> MemoryNeed:
        """Compare the estimated memory of a step of the open run, or of the next one, with its device."""
        batch_size = int(self.training.knob("batch_size"))
        config = with_values(self.training.state.config, {"training.batch_size": batch_size})
        return memory_need(config, self.training.device, self._devices)

    def end(self) -> None:
        """Wait for training to end, then end the other threads."""
        self.writers.end()
        self.training.wait()
        self.exploring.end()
        self.library.end()
        self.program.end()

    def _connect(self) -> None:
        training, exploring, library = self.training, self.exploring, self.library
        library.engine_loaded.connect(exploring.start)
        for listed in (library.engine_loaded, library.devices_listed):
            listed.connect(self._note_devices)
        library.run_read.connect(self._show_run)
        library.weights_read.connect(self._show_weights)
        library.not_read.connect(self._note_not_read)
        training.run_opened.connect(exploring.open_training)
        training.weights_published.connect(exploring.use_weights)
        exploring.weights_wanted.connect(training.publish_weights)
        training.branch_begun.connect(training.publish_weights)
        training.state_changed.connect(self._follow_phase)
        training.failed.connect(self._follow_failure)

    def _show_run(self, contents: RunContents) -> None:
        if self.training.state.is_busy:
            return
        state = self.training.state
        was_held = state.writer is not None and state.place == contents.folder.root
        self.training.show_run(contents)
        if was_held:
            self.exploring.reopen(contents.config, contents.folder.root)
        else:
            self.exploring.open_contents(contents)
        self.contents_shown.emit(contents)

    def _show_weights(self, read: WeightsRead) -> None:
        if read.source != self._opening:
            return  # given up, or another file was asked for since
        self._opening = None
        if self.training.state.is_busy:
            self._refuse_weights()
        else:
            self.weights_opened.emit(read)

    def _note_not_read(self, kind: str, _fault: NotDone) -> None:
        if kind == "weights":
            self._opening = None

    def _give_up_weights(self) -> bool:
        """Give up the file of weights that is being opened; returns whether there was one."""
        if self._opening is None:
            return False
        self._opening = None
        self.library.give_up_weights()
        self.weights_given_up.emit()
        return True

    def _refuse_weights(self) -> None:
        happened = Message("open.weights_busy")
        self.refused.emit(NotDone(happened, Message("kept.training_goes_on"), Message("todo.stop_first")))

    def _note_devices(self, devices: tuple[Device, ...]) -> None:
        self._devices = devices

    def _follow_failure(self, failure: RunFailed) -> None:
        """After a GPU failed or ran out of memory, explore the last checkpoint on the CPU."""
        state = self.training.state
        if failure.question in ("out_of_memory", "device_lost") and state.place is not None:
            self.exploring.reopen(state.config, state.place)

    def _follow_phase(self) -> None:
        """When a run starts, open no weights; when it pauses, explore its newest; when it ends, its last checkpoint."""
        state = self.training.state
        if state.is_busy and self._give_up_weights():
            self._refuse_weights()
        if state.phase is RunPhase.PAUSED:
            self.training.publish_weights()
        elif state.phase is RunPhase.FINISHED and state.place is not None and self.training.has_just_ended:
            self.exploring.reopen(state.config, state.place)
