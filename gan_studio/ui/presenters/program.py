"""ProgramPresenter: the program itself: its faults and crashes, bug reports, and keeping the computer awake."""

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gan_studio.engine.answering import NotDone
from gan_studio.engine.events import RunPhase
from gan_studio.engine.run.folder import is_run
from gan_studio.engine.support.crash_marker import Crash
from gan_studio.engine.support.log import Fault
from gan_studio.engine.text.message import Message
from gan_studio.ui.dialogs.questions import AskReportPath
from gan_studio.ui.frame.notices import NoticeButton
from gan_studio.ui.presenters.preferences import Preferences
from gan_studio.ui.presenters.views import Views
from gan_studio.ui.session.studio_session import StudioSession

MOST_LINES = 3
"""Lines of a crash's trace that are shown; "Copy details" copies the whole trace."""


class ProgramPresenter(QObject):
    """Show faults and crashes of the program, write reports, and keep the computer awake."""

    def __init__(self, session: StudioSession, views: Views, preferences: Preferences, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._views, self._preferences, self._window = session, views, preferences, window
        views.actions["keepAwakeAction"].setChecked(preferences.keeps_awake)

    # What a person wants

    def choose_awake(self, is_wanted: bool) -> None:
        """From now on keep the computer awake while a run trains, or let it sleep."""
        self._preferences.keeps_awake = is_wanted
        self.follow_run()

    def choose_report(self) -> None:
        """Ask where to save a report, and write it."""
        path = AskReportPath.ask(self._window)
        if path is not None:
            self._session.program.write_report(path, self._session.training.state.place)

    # What the session reports

    def follow_run(self) -> None:
        """Note which run is open, in case of a crash, and keep the computer awake while it trains."""
        state = self._session.training.state
        self._session.program.mark_run(state.place)
        self._session.program.keep_awake(self._preferences.keeps_awake and state.phase is RunPhase.RUNNING)

    def show_fault(self, fault: Fault) -> None:
        """Show an exception that nothing handled."""
        words = NotDone(
            Message("program.fault", summary=fault.summary),
            Message("kept.program_goes_on"),
            Message("todo.create_report"),
        )
        self._views.notices.show_fault(words, f"{fault.place}\n{fault.trace}".rstrip())

    def show_crashes(self, crashes: tuple[Crash, ...]) -> None:
        """Show that the program ended unexpectedly, and offer to open the run that was open."""
        for crash in crashes:
            if crash.run is not None and is_run(crash.run):
                happened = Message("program.crashed_with_run", ended=crash.ended, name=crash.name or crash.run.name)
                words = NotDone(happened, Message("kept.run_folder", folder=crash.run), _last_words(crash))
                button = NoticeButton(self.tr("Open the run"), partial(self._session.open_run, crash.run))
                self._views.notices.show_fault(words, crash.text, button)
            else:
                happened = Message("program.crashed", ended=crash.ended)
                words = NotDone(happened, Message("kept.nothing_open"), _last_words(crash))
                self._views.notices.show_fault(words, crash.text)

    def show_written(self, path: str) -> None:
        """Show where a report was written, and what is in it."""
        said = self.tr("It contains no names, passwords or pictures. Read it before you pass it on.")
        self._views.notices.show_notice(self.tr("Report written: {path}").format(path=path), said)

    def show_not_done(self, fault: NotDone) -> None:
        """Show why no report was written."""
        self._views.notices.show_fault(fault)


def _last_words(crash: Crash) -> Message:
    lines = [line.strip() for line in crash.trace.splitlines() if line.strip()]
    if not lines:
        return Message("program.no_trace")
    return Message("program.trace", lines=" ".join(lines[:MOST_LINES]))
