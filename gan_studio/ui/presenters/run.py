"""RunPresenter: the open run: starting and leaving it, its phase and progress, and what can be done with it now."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from gan_studio.engine.answering import NotDone
from gan_studio.engine.config.presets import load_preset
from gan_studio.engine.events import CheckpointSaved, LoadingProgress, RunOpened, RunPhase
from gan_studio.engine.run.contents import RunContents
from gan_studio.engine.run.folder import is_run
from gan_studio.engine.text.mark import QT_TRANSLATE_NOOP
from gan_studio.engine.text.message import Message
from gan_studio.engine.text.units import bytes_text, duration_text
from gan_studio.ui.dialogs.questions import AskRun
from gan_studio.ui.frame.notices import NoticeButton
from gan_studio.ui.presenters.library import LibraryPresenter
from gan_studio.ui.presenters.next_run.pictures import PicturesPresenter
from gan_studio.ui.presenters.next_run.setup import SetupPresenter
from gan_studio.ui.presenters.runs.earlier import EarlierRunsPresenter
from gan_studio.ui.presenters.views import Views
from gan_studio.ui.session.memory_need import MemoryNeed
from gan_studio.ui.session.studio_session import StudioSession
from gan_studio.ui.widgets.number_text import grouped
from gan_studio.ui.widgets.translate import translate

CPU_REDRAW_HZ, GPU_REDRAW_HZ = 4, 20
PROGRESS_MS = 250
"""Milliseconds between two updates of step and speed: as fast as an eye reads; each costs 0.5 ms of training."""

LONGEST_WAIT = 60.0
"""Seconds to the first sample sheet above which a person is asked before the start."""

BEFORE_START = "before-start"
"""Topic of the notice that asks before a start."""

_N = QT_TRANSLATE_NOOP
_PHASES = {
    RunPhase.IDLE: _N("Phase", "Ready. Start begins a run."),
    RunPhase.LOADING: _N("Phase", "Loading pictures and networks…"),
    RunPhase.RUNNING: _N("Phase", "Training."),
    RunPhase.PAUSED: _N("Phase", "Paused. The networks stay in memory, and you can still explore."),
    RunPhase.SAVING: _N("Phase", "Saving a checkpoint of the last step…"),
    RunPhase.FINISHED: _N("Phase", "The run is saved. It can be trained on at any time."),
    RunPhase.FAILED: _N("Phase", "Stopped by an error."),
}
"""What the status line says in each phase."""


class RunPresenter(QObject):
    """Start, open and leave runs, and show how far the open one is.

    Signals:
        emptied(): another run begins or none is open; nothing of the last run is shown any more.
    """

    emptied = Signal()

    def __init__(
        self,
        session: StudioSession,
        views: Views,
        setup: SetupPresenter,
        pictures: PicturesPresenter,
        library: LibraryPresenter,
        earlier: EarlierRunsPresenter,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session, self._views, self._window = session, views, window
        self._setup, self._pictures, self._library, self._earlier = setup, pictures, library, earlier
        self._progress_timer = QTimer(self, singleShot=True, interval=PROGRESS_MS)
        self._progress_timer.timeout.connect(self.show_progress)

    # Starting

    def start(self) -> None:
        """Begin or resume the run, with what is still being typed in the dock; ask first if memory or time is short."""
        self._setup.take_what_is_typed()
        if not (self._asks_about_memory() or self._asks_about_time()):
            self._session.training.start()

    def start_starter(self) -> None:
        """Begin the preset quickstart on the pictures that come with the program."""
        self._setup.choose_preset("quickstart")
        self._pictures.choose_source(load_preset("quickstart").config.data.source)
        self.start()

    def accept(self, question: str) -> None:
        """Accept a question and start. Accepting some questions changes the set-up."""
        self._setup.take_what_is_typed()
        training = self._session.training
        training.accept(question)
        if not training.state.has_run:
            self._setup.show_config(training.state.config)

    def choose_place(self) -> None:
        """Ask where the pictures of the open run are now, and resume it with them."""
        if self._pictures.choose_place():
            self.accept("moved_pictures")

    @property
    def place_text(self) -> str:
        """Name of the button for it."""
        return self._pictures.place_text()

    def take_back_question(self) -> None:
        """Withdraw the question before a start, because the set-up has changed."""
        self._views.notices.withdraw(BEFORE_START)

    def _asks_about_memory(self) -> bool:
        """Ask first if a step will hardly fit into memory; a paused run has shown that it fits."""
        need = self._session.memory_need()
        if self._session.training.state.is_busy or not need.is_short:
            return False
        advice = self.tr("A smaller batch, size or width needs less.")
        self._ask(self.memory_text(need), advice, NoticeButton(self.tr("Start anyway"), self._accept_memory))
        return True

    def _accept_memory(self) -> None:
        self._setup.take_what_is_typed()
        if not self._asks_about_time():
            self.accept("memory")

    def _asks_about_time(self) -> bool:
        """Ask first if the first sheet or the whole of a new run takes long."""
        state, expected = self._session.training.state, self._views.setup.expectation
        if state.has_run or state.is_busy or expected is None:
            return False
        if expected.first_seconds <= LONGEST_WAIT and not expected.is_long:
            return False
        first, whole = duration_text(expected.first_seconds), duration_text(expected.all_seconds)
        text = self.tr(
            "On this machine, all {steps} steps will take about {whole}, and the first samples about {first}."
        )
        advice = self.tr("A smaller size, width or batch is faster.")
        button = NoticeButton(self.tr("Start anyway"), partial(self.accept, "slow"))
        steps = grouped(state.config.training.steps)
        self._ask(text.format(steps=steps, first=first, whole=whole), advice, button)
        return True

    def _ask(self, text: str, advice: str, button: NoticeButton) -> None:
        self._views.notices.show_notice(text, advice, button, topic=BEFORE_START)

    def memory_text(self, need: MemoryNeed) -> str:
        """Write how much memory a step needs, and how much its device has."""
        if need.on_gpu:
            text = self.tr("This set-up needs about {needed} of GPU memory; the GPU has {present} in total.")
        else:
            text = self.tr("This set-up needs about {needed} of memory; {present} is free.")
        return text.format(needed=bytes_text(need.needed), present=bytes_text(need.present))

    # Opening and leaving

    def choose_run(self) -> None:
        """Ask for the folder of a run, and open it."""
        folder = AskRun.ask(self._window)
        if folder is not None:
            self._session.open_run(folder)

    def open_path(self, path: str) -> None:
        """Open a run, or take a folder or file of pictures for the next run."""
        if is_run(Path(path)):
            self._session.open_run(Path(path))
        else:
            self._pictures.choose_source(path)

    def new_run(self) -> None:
        """Close the run that has ended; its set-up becomes that of the next run."""
        self._session.training.forget_run(self._session.training.state.config)
        self.show_no_run()
        self._setup.show_config(self._session.training.state.config)

    def show_folder(self) -> None:
        """Show the files of the run in the file manager."""
        place = self._session.training.state.place
        if place is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(place)))

    def show_no_run(self) -> None:
        """Show that no run is open, and which runs were open before."""
        self._empty()
        self._earlier.read()
        self._library.measure()

    def show_run_opened(self, event: RunOpened) -> None:
        """Show that a run begins or resumes."""
        if event.moment.step == 0:
            self._empty()
        self._views.train.set_redraw_hz(CPU_REDRAW_HZ if event.execution.is_cpu else GPU_REDRAW_HZ)

    def show_contents(self, contents: RunContents) -> None:
        """Show the metrics and the checkpoint of a run that was opened from disk."""
        self._empty()
        self._views.train.set_metrics(contents.steps, contents.values)
        self._views.status.set_checkpoint(contents.moment.step, contents.saved_at)
        for fault in (contents.fault, contents.name_fault):
            if fault is not None:
                self.show_notice(fault)

    def _empty(self) -> None:
        self._views.train.clear()
        self._views.status.forget_run()
        self.emptied.emit()

    # Where the run is

    def show_state(self) -> None:
        """Show the phase of the run, and what can be done now."""
        state, views = self._session.training.state, self._views
        for name, is_possible in (
            ("startAction", state.can_start),
            ("pauseAction", state.can_pause),
            ("stepAction", state.can_step),
            ("stopAction", state.can_stop),
            ("checkpointNowAction", state.can_sample),
            ("newRunAction", not state.is_busy),
            ("openRunAction", not state.is_busy),
            ("openWeightsAction", not state.is_busy),
            ("showFolderAction", state.has_run),
            ("renameRunAction", state.has_run),
        ):
            views.actions[name].setEnabled(is_possible)
        views.train.set_loss(state.config.training.loss)
        views.status.set_message(QCoreApplication.translate("Phase", _PHASES[state.phase]))
        views.status.set_execution(state.execution)
        self.show_progress()

    def follow_progress(self) -> None:
        """Show step, speed and remaining time soon, but once for many changes."""
        if not self._progress_timer.isActive():
            self._progress_timer.start()

    def show_progress(self) -> None:
        """Show step, speed and remaining time."""
        state = self._session.training.state
        readout = self._views.toolbar.readout
        readout.set_progress(state.step, state.steps, state.images_per_second, state.pictures_per_step)

    def show_loading(self, progress: LoadingProgress) -> None:
        """Show how many pictures were read, or how many bytes were downloaded."""
        write = bytes_text if progress.is_download else grouped
        if progress.is_download:
            text = self.tr("Downloading pictures: {done} of {total}")
        elif progress.total:
            text = self.tr("Reading pictures: {done} of {total}")
        else:
            text = self.tr("Looking for pictures…")
        self._views.status.set_message(text.format(done=write(progress.done), total=write(progress.total)))

    def show_checkpoint(self, saved: CheckpointSaved) -> None:
        """Show the step of the last checkpoint."""
        self._views.status.set_checkpoint(saved.moment.step)

    # Messages

    def show_notice(self, message: Message) -> None:
        """Show an info notice of the engine."""
        self._views.notices.show_notice(translate(message))

    def show_refusal(self, refusal: NotDone) -> None:
        """Show why something that a person asked for cannot be done."""
        self._views.notices.show_fault(refusal)
