"""SetupIntents: what a person wants with set-ups as a whole: keep, import, export, copy, fine-tune."""

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from gan_studio.engine.config.as_command import command_line
from gan_studio.engine.config.presets import preset_names, shipped_preset_names
from gan_studio.engine.config.schema import RunConfig, field_specs, value_at, with_values
from gan_studio.engine.library.setups import SetupRead
from gan_studio.engine.run.folder import is_run
from gan_studio.engine.text.message import EngineError
from gan_studio.ui.dialogs.preset import AskPresetName
from gan_studio.ui.dialogs.questions import AskOrigin, AskPictureFile, AskSetupFile
from gan_studio.ui.presenters.run_intents import RunIntents
from gan_studio.ui.presenters.views import Views
from gan_studio.ui.session.studio_session import StudioSession

TAKE_NETWORKS = "take-networks"
"""Action of the notice that offers the networks of the origin."""


class SetupIntents(QObject):
    """Turn clicks about set-ups into commands."""

    def __init__(self, session: StudioSession, views: Views, runs: RunIntents, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._views, self._runs, self._window = session, views, runs, window
        self._network_file: Path | None = None

    def choose_file(self) -> None:
        """Ask for a file that holds pictures."""
        path = AskPictureFile.ask(self._window)
        if path is not None:
            self._runs.choose_source(str(path))

    def save_preset(self) -> None:
        """Ask for a name, and keep the set-up in sight under it."""
        config = self._views.setup.config()
        own = tuple(name for name in preset_names() if name not in shipped_preset_names())
        name = AskPresetName.ask(self._window, own, config.preset if config.preset in own else "")
        if name is not None:
            self._session.library.save_preset(name, config)

    def take_saved_preset(self, saved: RunConfig) -> None:
        """Call the set-up of the next run as it was saved."""
        state = self._session.training.state
        if not state.has_run and not state.is_busy:
            self._runs.show_and_set_up(with_values(state.config, {"preset": saved.preset}))
        text = self.tr("Saved as a preset: {name}").format(name=saved.preset)
        self._views.notices.show_notice(text)

    def import_setup(self) -> None:
        """Ask for a file, and read the set-up in it."""
        path = AskSetupFile.ask(self._window)
        if path is not None:
            self._network_file = None
            self._session.library.import_setup(path)

    def take_setup(self, read: SetupRead) -> None:
        """Take a set-up that was read, or of an origin its networks alone; an open run keeps its own."""
        state = self._session.training.state
        if state.has_run or state.is_busy:
            return
        if read.path == self._network_file:
            self._runs.show_and_set_up(with_networks_of(state.config, read.config))
            text = self.tr("The networks are those of {path} now.")
        else:
            self._runs.show_and_set_up(read.config)
            text = self.tr("Set-up taken from {path}")
        self._network_file = None
        self._views.notices.show_notice(text.format(path=read.path))

    def export_setup(self) -> None:
        """Ask for a file, and write the set-up in sight into it."""
        config = self._views.setup.config()
        path = AskSetupFile.ask_new(self._window, f"{config.preset}.toml")
        if path is not None:
            self._session.library.export_setup(path, config)

    def copy_command(self) -> None:
        """Copy the command that trains by the set-up in sight."""
        try:
            command = command_line(self._views.setup.config(), self._session.training.terms.fine_tune)
        except EngineError as error:
            self._session.refused.emit(error.happened, error.kept, error.todo)
            return
        QGuiApplication.clipboard().setText(command)
        self._views.notices.show_notice(self.tr("Copied:"), command)

    def choose_origin(self) -> None:
        """Ask what the next run begins from."""
        origin = AskOrigin.ask(self._window)
        if origin is None:
            return
        self._session.training.set_fine_tune(origin)
        text = self.tr("The next run begins with the weights of {name}.").format(name=origin.name)
        detail = self.tr("Its networks need the same shapes.")
        if is_run(origin):
            self._views.notices.show_notice(text, detail, self.tr("Take its network settings"), TAKE_NETWORKS)
        else:
            self._views.notices.show_notice(text, detail)

    def forget_origin(self) -> None:
        """Begin the next run from fresh weights after all."""
        self._session.training.set_fine_tune(None)

    def answer_notice(self, action: str) -> None:
        """Take the networks of the origin, where that is what a notice offered."""
        origin = self._session.training.terms.fine_tune
        if action == TAKE_NETWORKS and origin is not None:
            self._network_file = origin / "run.toml"
            self._session.library.import_setup(self._network_file)


def with_networks_of(config: RunConfig, other: RunConfig) -> RunConfig:
    """Return a set-up with the model, picture size and channels of another."""
    paths = [spec.path for spec in field_specs() if spec.path.startswith("model.")]
    return with_values(config, {path: value_at(other, path) for path in (*paths, "data.image_size", "data.channels")})
