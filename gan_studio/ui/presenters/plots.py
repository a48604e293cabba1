"""PlotsPresenter: marks and learning rates beside the metrics, what is saved of the plots, and how they are shown."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from gan_studio.engine.answering import NotDone
from gan_studio.engine.events import BranchBegun, RunFailed, SavingFailed
from gan_studio.engine.files.paths import file_name
from gan_studio.engine.library.rates import LearningRates
from gan_studio.engine.library.step_marks import MarksRead, StepMark, fault_mark
from gan_studio.engine.run.contents import RunContents
from gan_studio.engine.text.message import Message
from gan_studio.ui.dialogs.questions import AskTablePath
from gan_studio.ui.presenters.library import LibraryPresenter
from gan_studio.ui.presenters.preferences import Preferences
from gan_studio.ui.presenters.views import Views
from gan_studio.ui.session.studio_session import StudioSession

READ_MS = 500
"""Milliseconds in which several changes lead to one reading of the marks."""

CHOICES = ("wholeRange", "gradientPlot", "ratePlot")
"""Choices about the plots that are remembered."""


class PlotsPresenter(QObject):
    """Read what happened along the run whenever more may have happened; keep the faults that only this program saw."""

    def __init__(
        self,
        session: StudioSession,
        views: Views,
        preferences: Preferences,
        library: LibraryPresenter,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session, self._views, self._preferences = session, views, preferences
        self._library, self._window = library, window
        self._place: Path | None = None
        self._read: tuple[tuple[StepMark, ...], LearningRates] = ((), LearningRates())
        self._seen: list[StepMark] = []
        self._refused: Message | None = None
        self._is_told = False
        self._reading = QTimer(self, singleShot=True, interval=READ_MS)
        self._reading.timeout.connect(self._ask)

    def show_choices(self) -> None:
        """Show the plots as they were left."""
        for choice in CHOICES:
            self._views.train.set_plot_choice(choice, self._preferences.is_chosen(choice))

    # What a person wants

    def keep_choice(self, choice: str, is_on: bool) -> None:
        """Remember a choice about the plots."""
        self._preferences.set_chosen(choice, is_on)

    def save_table(self, columns: tuple[str, ...], word: str) -> None:
        """Ask where to save columns of the whole run as CSV, and save them."""
        state = self._session.training.state
        if state.place is not None:
            path = AskTablePath.ask(self._window, f"{self._run_name}-{word}.csv")
            if path is not None:
                self._session.library.write_table(path, state.place, state.moment, columns)

    def save_picture(self, pixels: NDArray[np.uint8], word: str) -> None:
        """Ask how and where to save a plot, and save it."""
        self._library.save_plot(pixels, f"{self._run_name}-{word}")

    def show_written(self, path: str) -> None:
        """Show where a table was saved."""
        self._library.show_saved(path)

    # What happened

    def show_contents(self, contents: RunContents) -> None:
        """Read the marks of a run that was opened from disk, unless its log was found unreadable."""
        self._follow_run()
        if contents.fault is None:
            self._ask()

    def show_not_read(self, kind: str, fault: NotDone) -> None:
        """Show why the marks could not be read: once a run, because they are asked for again and again."""
        if kind == "marks" and not self._is_told:
            self._is_told = True
            self._views.notices.show_fault(fault)

    def read_soon(self) -> None:
        """Read the marks soon, but once for many changes."""
        self._follow_run()
        if not self._reading.isActive():
            self._reading.start()

    def follow_branch(self, event: BranchBegun) -> None:
        """Forget at once what lies beyond the step that the run went back to, and read the marks of the new branch."""
        marks, rates = self._read
        self._seen = [mark for mark in self._seen if mark.step <= event.moment.step]
        self._read = (tuple(mark for mark in marks if mark.step <= event.moment.step), rates)
        self._show()
        self.read_soon()

    def note_saving_failed(self, event: SavingFailed) -> None:
        """Mark that saving failed; tries that fail alike are one mark."""
        self._follow_run()
        if event.message != self._refused:
            self._refused = event.message
            self._note(event.message)

    def note_saving_recovered(self) -> None:
        """Mark the next failure again."""
        self._refused = None

    def note_failure(self, failure: RunFailed) -> None:
        """Mark where the run stopped by an error."""
        self._note(failure.happened)

    def show_marks(self, read: MarksRead) -> None:
        """Show the marks and learning rates, unless another run or branch is open by now."""
        state = self._session.training.state
        if (read.path, read.branch) == (state.place, state.branch):
            self._read = (read.marks, read.rates)
            self._show()

    def _note(self, text: Message) -> None:
        self._follow_run()
        self._seen.append(fault_mark(self._session.training.state.step, text))
        self._show()

    def _show(self) -> None:
        marks, rates = self._read
        self._views.train.set_marks(sorted((*marks, *self._seen), key=lambda mark: mark.step), rates)

    def _follow_run(self) -> None:
        """Forget the marks of another run."""
        place = self._session.training.state.place
        if place != self._place:
            self._place, self._seen, self._refused, self._is_told = place, [], None, False
            self._read = ((), LearningRates())

    def _ask(self) -> None:
        state = self._session.training.state
        if state.place is not None:
            self._session.library.read_marks(state.place, state.branch)

    @property
    def _run_name(self) -> str:
        return file_name(self._library.run_name) or "run"
