"""RunIntents: what a person wants, passed to the session."""

from pathlib import Path

from pydantic import ValidationError
from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from gan_studio.engine.config.presets import load_preset
from gan_studio.engine.config.schema import RunConfig, with_values
from gan_studio.engine.data.known.known_sets import KNOWN_SETS
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.folder import is_run
from gan_studio.engine.text.message import EngineError
from gan_studio.ui.dialogs.questions import AskFolder, AskPicturePath, AskRun
from gan_studio.ui.presenters.fault_presenter import ACCEPT, MEMORY, ROLL_BACK, FaultPresenter
from gan_studio.ui.presenters.run_presenter import RunPresenter
from gan_studio.ui.presenters.views import Views
from gan_studio.ui.session.studio_session import StudioSession

LONGEST_WAIT = 60.0
"""Seconds to the first sheet beyond which a person is asked first."""

HALF = 0.5
"""Share of the rates with which a run goes on that met NaN."""


class RunIntents(QObject):
    """Turn clicks into commands."""

    def __init__(
        self, session: StudioSession, views: Views, presenter: RunPresenter, faults: FaultPresenter, window: QWidget
    ) -> None:
        super().__init__(window)
        self._faults = faults
        self._session, self._views, self._presenter, self._window = session, views, presenter, window

    def set_up(self, config: RunConfig) -> None:
        """Take a set-up for the next run, and look at its pictures."""
        before = self._session.training.state.config
        self._session.training.set_config(config)
        if config != before:
            self._faults.take_back_question()
        if config.data != before.data:
            self._session.library.preview(config.data)

    def show_and_set_up(self, config: RunConfig) -> None:
        """Take a set-up and show it."""
        self._presenter.show_config(config)
        self.set_up(config)

    def choose_preset(self, name: str) -> None:
        """Begin the next set-up from a preset; pictures of one's own stay unless it names such, device and seed too."""
        now = self._session.training.state.config
        try:
            preset = load_preset(name).config
        except EngineError as error:
            self._presenter.show_refusal(error.happened, error.kept, error.todo)
            self._presenter.show_config(now)
            return
        brings_pictures = now.data.source in KNOWN_SETS or preset.data.source not in KNOWN_SETS
        source = preset.data.source if brings_pictures else now.data.source
        self.show_and_set_up(with_values(preset, {"data.source": source, "device": now.device, "seed": now.seed}))

    def choose_source(self, source: str) -> None:
        """Train the next run on other pictures; a set in colour is trained in colour."""
        now = self._session.training.state.config
        changes: dict[str, object] = {"data.source": source}
        known = KNOWN_SETS.get(source)
        if known is not None and known.channels > now.data.channels:
            changes["data.channels"] = known.channels
            text = self.tr("These pictures are in colour: the set-up has {channels} channels now.")
            self._views.notices.show_notice(text.format(channels=known.channels))
        try:
            self.show_and_set_up(with_values(now, changes))
        except ValidationError:
            self._presenter.show_config(now)

    def choose_folder(self) -> None:
        """Ask for a folder of pictures."""
        folder = AskFolder.ask(self._window, self.tr("Choose a folder of pictures"))
        if folder is not None:
            self.choose_source(str(folder))

    def choose_run(self) -> None:
        """Ask for the folder of a run, and open it."""
        folder = AskRun.ask(self._window)
        if folder is not None:
            self._session.open_run(folder)

    def open_path(self, path: str) -> None:
        """Open a run, or take a folder or file of pictures for the next one."""
        state, place = self._session.training.state, Path(path)
        is_held = state.has_run or state.is_busy
        if is_run(place) or (is_held and place.is_dir()):
            self._session.open_run(place)
        elif is_held:
            text = self.tr("The open run keeps its own pictures.")
            self._views.notices.show_notice(text, self.tr("File > New run sets up another."))
        else:
            self.choose_source(path)

    def open_run(self, path: str) -> None:
        """Open the run in a folder."""
        self._session.open_run(Path(path))

    def start(self) -> None:
        """Begin or go on, with what is still being typed in the set-up."""
        self._take_what_is_typed()
        if not (self._asks_about_memory() or self._asks_about_time()):
            self._session.training.start()

    def answer_notice(self, action: str) -> None:
        """Start all the same, or go back, where that is what a notice offered."""
        training = self._session.training
        if action.startswith(ROLL_BACK):
            branch, _, step = action.removeprefix(ROLL_BACK).partition(":")
            training.roll_back(Moment(int(branch), int(step)), HALF)
        elif action.startswith(ACCEPT):
            self._take_what_is_typed()
            question = action.removeprefix(ACCEPT)
            if question == MEMORY and self._asks_about_time():
                return
            training.accept(question)
            if not training.state.has_run:
                self._presenter.show_config(training.state.config)

    def _asks_about_memory(self) -> bool:
        """Ask first where a step will hardly find memory enough; a paused run has shown that it does."""
        need = self._session.memory_need()
        if self._session.training.state.is_busy or not need.is_short:
            return False
        self._faults.show_memory(need)
        return True

    def _asks_about_time(self) -> bool:
        """Ask first where the first sheet of a new run takes long."""
        state, expected = self._session.training.state, self._views.setup.first_sheet_seconds or 0.0
        if state.has_run or state.is_busy or expected <= LONGEST_WAIT:
            return False
        self._faults.show_slow(expected)
        return True

    def start_starter(self) -> None:
        """Begin quickstart on the pictures that come along."""
        self.choose_preset("quickstart")
        self.choose_source(load_preset("quickstart").config.data.source)
        self.start()

    def new_run(self) -> None:
        """Let go of the ended run; its set-up is the first of the next one."""
        self._session.training.forget_run(self._session.training.state.config)
        self._presenter.show_no_run()
        self._presenter.show_config(self._session.training.state.config)

    def open_sample(self, seed: int) -> None:
        """Explore a sample of the sheet."""
        self._views.tabs.setCurrentWidget(self._views.explore)
        self._views.explore.open_sample(seed, self._views.train.class_of_sample(seed))

    def save_sheet(self) -> None:
        """Save the sheet in sight."""
        sheet = self._views.train.shown_sheet
        if sheet is not None:
            self._save(sheet.pixels, f"samples-step-{sheet.step}.png")

    def save_picture(self) -> None:
        """Save the picture of the explorer."""
        picture = self._views.explore.picture
        if picture is not None:
            self._save(picture, "picture.png")

    def show_folder(self) -> None:
        """Show the files of the run."""
        place = self._session.training.state.place
        if place is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(place)))

    def _take_what_is_typed(self) -> None:
        config = self._views.setup.config()
        if not self._session.training.state.has_run:
            self.set_up(config)

    def _save(self, pixels: object, name: str) -> None:
        path = AskPicturePath.ask(self._window, name)
        if path is not None:
            self._session.library.save_picture(path, pixels)  # type: ignore[arg-type]
