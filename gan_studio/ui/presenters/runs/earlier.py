"""EarlierRunsPresenter: the cards of earlier runs, the list in the File menu, and the names of runs."""

import os
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from gan_studio.engine.answering import NotDone
from gan_studio.engine.config.presets import preset_or_default
from gan_studio.engine.files.paths import path_of, text_of
from gan_studio.engine.library.recent import RecentRun
from gan_studio.engine.library.runs import RunRenamed
from gan_studio.engine.run.contents import RunContents
from gan_studio.engine.text.message import Message, readable
from gan_studio.ui.dialogs.run_name import AskRunName
from gan_studio.ui.frame.run_card import CONTINUE, EXPLORE, FINE_TUNE, RENAME, SHOW_FOLDER, RunFacts
from gan_studio.ui.presenters.preferences import Preferences
from gan_studio.ui.presenters.views import Views
from gan_studio.ui.session.studio_session import StudioSession
from gan_studio.ui.widgets.date_text import date_text
from gan_studio.ui.widgets.number_text import grouped
from gan_studio.ui.widgets.translate import translate


class EarlierRunsPresenter(QObject):
    """Show earlier runs one by one as they are read, and do with them what a person wants.

    Signals:
        start_wanted(): train the run that was opened.
        fine_tune_wanted(str path): start a new run from the weights of this one.
    """

    start_wanted = Signal()
    fine_tune_wanted = Signal(str)

    def __init__(self, session: StudioSession, views: Views, preferences: Preferences, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._views, self._preferences, self._window = session, views, preferences, window
        self._known: dict[str, RecentRun] = {}
        self._names: dict[str, Message] = {}
        self._cards: dict[str, RunFacts] = {}
        self._waiting: list[str] = []
        self._opening: tuple[Path, str] | None = None

    # The list

    def remember_run(self) -> None:
        """Put the open run first among the earlier ones."""
        state = self._session.training.state
        if state.place is not None:
            path = text_of(state.place)
            self._preferences.add_recent_run(path)
            self._names[path] = state.name
            for told in (self._known, self._cards):  # what its card says is no longer true
                told.pop(path, None)

    def read(self) -> None:
        """Read the earlier runs again, the newest first."""
        self._waiting = list(self._preferences.recent_runs)
        self._show_cards()
        self._read_next()

    def show_read(self, run: RecentRun) -> None:
        """Show a run that was read, and read the next one."""
        self._known[run.path], self._names[run.path] = run, run.name
        self._cards.pop(run.path, None)
        self._show_cards()
        self._waiting = [path for path in self._waiting if path != run.path]
        self._read_next()

    def show_not_read(self, kind: str, fault: NotDone) -> None:
        """Show on its card why a run could not be read, and read the next one; train none that could not be opened."""
        if kind == "run":
            self.forget_opening()
        if kind == "recent" and self._waiting:
            path = self._waiting[0]
            self.show_read(RecentRun(path, Message("name.given", name=self._name(path)), fault=fault.happened))

    def list_in_menu(self) -> None:
        """List the earlier runs in the File menu."""
        can_open = not self._session.training.state.is_busy
        rows = [(path, self._name_and_date(path)) for path in self._preferences.recent_runs]
        self._views.menus.set_recent(rows, can_open=can_open)

    def forget(self) -> None:
        """Forget which runs were open; the runs themselves stay."""
        self._preferences.clear_recent_runs()
        self._show_cards()

    def retranslate(self) -> None:
        """Write the cards in the language of the window."""
        self._cards = {}
        self._show_cards()

    def _read_next(self) -> None:
        if self._waiting:
            self._session.library.read_recent(self._waiting[0])

    def _name(self, path: str) -> str:
        name = self._names.get(path)
        return translate(name) if name is not None else readable(path_of(path).name)

    def _name_and_date(self, path: str) -> str:
        """Tell runs on the same pictures apart."""
        known = self._known.get(path)
        return " · ".join(part for part in (self._name(path), date_text(known.created) if known else "") if part)

    # Cards

    def _show_cards(self) -> None:
        paths = self._preferences.recent_runs
        for path in paths:
            if path not in self._cards:
                self._cards[path] = self._card(path)
        self._views.welcome.set_recent([self._cards[path] for path in paths])

    def _card(self, path: str) -> RunFacts:
        run = self._known.get(path)
        if run is None:
            return RunFacts(path, self._name(path), "", self.tr("Reading…"))
        if run.fault is not None:
            fault = translate(run.fault)
            return RunFacts(path, self._name(path), "", fault, run.picture, can_open=False, is_there=run.is_there)
        reached = self.tr("step {step} of {steps}").format(step=grouped(run.step), steps=grouped(run.steps))
        return RunFacts(path, self._name(path), self._details(run), reached, run.picture, continue_tip=self._tip(run))

    def _details(self, run: RecentRun) -> str:
        """Write date, data and preset; the data only if the name does not tell."""
        data = "" if run.name == run.data else translate(run.data)
        preset = preset_or_default(run.preset)
        title = preset.title if preset.name == run.preset else readable(run.preset)
        return " · ".join(part for part in (date_text(run.created), data, title) if part)

    def _tip(self, run: RecentRun) -> str:
        if run.step < run.steps:
            return self.tr("Open the run and train on, to step {steps}.").format(steps=grouped(run.steps))
        return self.tr("The run is at its end. Open it and train on.")

    # What a person wants

    def open(self, path: str, then: str = "") -> None:
        """Open a run, and then perhaps CONTINUE or EXPLORE."""
        place = path_of(path)
        self._opening = (place, then) if then else None
        self._session.open_run(place)

    def do(self, what: str, path: str) -> None:
        """Do with a run what its card offers."""
        if what in (CONTINUE, EXPLORE):
            self.open(path, what)
        elif what == FINE_TUNE:
            self.fine_tune_wanted.emit(path)
        elif what == RENAME:
            self._ask_name(path_of(path), self._name(path))
        elif what == SHOW_FOLDER:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path_of(path))))
        else:
            self._preferences.remove_recent_run(path)
            self._show_cards()

    def forget_opening(self) -> None:
        """Do nothing more with a run that is not opened after all."""
        self._opening = None

    def follow_contents(self, contents: RunContents) -> None:
        """Train or explore a run that was opened for that."""
        opening, self._opening = self._opening, None
        if opening is None or contents.folder.root != Path(os.path.realpath(opening[0])):
            return
        if opening[1] == EXPLORE:
            self._views.tabs.setCurrentWidget(self._views.explore)
        elif self._session.training.state.can_start:
            self._views.tabs.setCurrentWidget(self._views.train)
            self.start_wanted.emit()

    # Names

    def rename_open_run(self) -> None:
        """Ask for another name for the open run."""
        state = self._session.training.state
        if state.place is not None:
            self._ask_name(state.place, translate(state.name))

    def _ask_name(self, place: Path, shown: str) -> None:
        name = AskRunName.ask(self._window, shown)
        if name is not None and name != shown:
            self._session.library.rename_run(place, name)

    def show_renamed(self, renamed: RunRenamed) -> None:
        """Show the new name of a run everywhere."""
        self._session.training.note_name(renamed.path, renamed.name)
        path = text_of(renamed.path)
        if path in self._preferences.recent_runs:
            self._session.library.read_recent(path)
        self._views.notices.show_notice(self.tr("Renamed: {name}").format(name=translate(renamed.name)))
