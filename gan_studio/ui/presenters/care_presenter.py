"""CarePresenter: what the window does for the program itself: faults, crashes and reports told, sleep kept away."""

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gan_studio.engine.events import RunPhase
from gan_studio.engine.library.runs import NotRead
from gan_studio.engine.run.folder import is_run
from gan_studio.engine.support.crash_marker import Crash
from gan_studio.engine.support.log import Fault
from gan_studio.engine.text.message import Message
from gan_studio.ui.dialogs.questions import AskReportPath
from gan_studio.ui.presenters.preferences import Preferences
from gan_studio.ui.presenters.views import Views
from gan_studio.ui.session.studio_session import StudioSession
from gan_studio.ui.widgets.translate import translate

OPEN_RUN = "open-run:"
"""Action of the notice of a crash: this, and the folder of the run that was open."""
MOST_LINES = 3
"""Lines of a crash's trace that are shown; all of it is copied with the details."""


class CarePresenter(QObject):
    """Show what CareSession tells, and ask it for what a person wants."""

    def __init__(self, session: StudioSession, views: Views, preferences: Preferences, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._views, self._preferences, self._window = session, views, preferences, window
        views.actions["keepAwakeAction"].setChecked(preferences.keeps_awake)

    def follow_run(self) -> None:
        """Mark which run is open, and keep the computer awake while one trains."""
        state = self._session.training.state
        self._session.care.mark_run(state.place)
        self._session.care.keep_awake(self._preferences.keeps_awake and state.phase is RunPhase.RUNNING)

    def choose_awake(self, is_wanted: bool) -> None:
        """Keep the computer awake while training from now on, or let it sleep."""
        self._preferences.keeps_awake = is_wanted
        self.follow_run()

    def choose_report(self) -> None:
        """Ask where to write a report, and write it."""
        path = AskReportPath.ask(self._window)
        if path is not None:
            self._session.care.write_report(path, self._session.training.state.place)

    def answer_notice(self, action: str) -> None:
        """Open the run that was open when the program ended unexpectedly, where that is what a notice offered."""
        if action.startswith(OPEN_RUN):
            self._session.open_run(Path(action.removeprefix(OPEN_RUN)))

    def show_fault(self, fault: Fault) -> None:
        """Show what went wrong where nobody waited for it."""
        self._show(
            Message("program.fault", summary=fault.summary),
            Message("kept.program_goes_on"),
            Message("todo.create_report"),
            details=f"{fault.place}\n{fault.trace}".rstrip(),
        )

    def show_crashes(self, crashes: tuple[Crash, ...]) -> None:
        """Show that the program ended unexpectedly, and offer the run that was open."""
        for crash in crashes:
            if crash.run is not None and is_run(crash.run):
                happened = Message("program.crashed_with_run", ended=crash.ended, name=crash.run.name)
                kept, action = Message("kept.run_folder", folder=crash.run), f"{OPEN_RUN}{crash.run}"
                self._show(happened, kept, _last_words(crash), crash.text, self.tr("Open the run"), action)
            else:
                happened = Message("program.crashed", ended=crash.ended)
                self._show(happened, Message("kept.nothing_open"), _last_words(crash), crash.text)

    def show_written(self, path: str) -> None:
        """Say where a report was written, and what is in it."""
        said = self.tr("It holds no names, no passwords and no pictures; look into it before you pass it on.")
        self._views.notices.show_notice(self.tr("Report written: {path}").format(path=path), said)

    def show_not_written(self, fault: NotRead) -> None:
        """Show why there is no report."""
        self._show(fault.happened, fault.kept, fault.todo)

    def _show(
        self, happened: Message, kept: Message, todo: Message, details: str = "", words: str = "", action: str = ""
    ) -> None:
        self._views.notices.show_error(translate(happened), translate(kept), translate(todo), details, words, action)


def _last_words(crash: Crash) -> Message:
    lines = [line.strip() for line in crash.trace.splitlines() if line.strip()]
    if not lines:
        return Message("program.no_trace")
    return Message("program.trace", lines=" ".join(lines[:MOST_LINES]))
