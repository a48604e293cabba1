"""SetupPresenter: the set-up of the next run: presets, files and the command line."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from gan_studio.engine.config.as_command import command_line
from gan_studio.engine.config.presets import (
    FOLLOWING,
    Preset,
    all_presets,
    load_preset,
    preset_names,
    shipped_preset_names,
)
from gan_studio.engine.config.schema import RunConfig, field_specs, stated_paths, value_at, with_values
from gan_studio.engine.data.known.known_sets import KNOWN_SETS
from gan_studio.engine.events import RunOpened
from gan_studio.engine.library.setups import SetupRead
from gan_studio.engine.machine.bfloat16 import stated_precision
from gan_studio.engine.machine.device import Device
from gan_studio.engine.nature import Nature
from gan_studio.engine.run.contents import RunContents
from gan_studio.engine.text.message import EngineError, Message
from gan_studio.engine.text.units import duration_text
from gan_studio.ui.dialogs.preset import AskPresetName
from gan_studio.ui.dialogs.questions import AskSetupFile
from gan_studio.ui.frame.notices import NoticeButton
from gan_studio.ui.presenters.next_run.following import OF_THE_SOURCE, Following
from gan_studio.ui.presenters.preferences import Preferences
from gan_studio.ui.presenters.views import Views
from gan_studio.ui.session.studio_session import StudioSession
from gan_studio.ui.widgets.number_text import grouped
from gan_studio.ui.widgets.translate import translate

_DEVICES = "devices"
"""Topic of the notice about a device that is not listed."""

OF_THE_PICTURES = (*OF_THE_SOURCE, "data.fit", "data.background")
"""Settings that stay with a person's own pictures when another preset is chosen."""


class SetupPresenter(QObject):
    """Keep the same set-up in the dock, the toolbar and the session.

    Attributes:
        taken: what the set-up took from its pictures, in one sentence; None: nothing.

    Signals:
        changed(): the set-up of the next run has changed.
    """

    changed = Signal()

    def __init__(self, session: StudioSession, views: Views, preferences: Preferences, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._views, self._preferences, self._window = session, views, preferences, window
        self.taken: Message | None = None
        self._following = Following()
        self._devices: tuple[Device, ...] = ()

    # The set-up itself

    def set_up(self, config: RunConfig) -> None:
        """Use a set-up for the next run, and preview its pictures."""
        before = self._session.training.state.config
        self._session.training.set_config(config)
        self._session.training.terms.left_to_pictures = self._following.left_at_start(config)
        if config != before:
            self.changed.emit()
        if config.data != before.data:
            self._session.library.preview(config.data)

    def set_up_by_hand(self, config: RunConfig) -> None:
        """Use a set-up that a person changed: what was changed no longer follows the pictures."""
        self._following.note_change(self._session.training.state.config, config)
        self.set_up(config)

    def choose_source(self, source: str) -> None:
        """Train the next run on other pictures: they decide anew, or the preset does if they are its own."""
        self.follow(self._following.other_source(self._session.training.state.config, source))

    def follow(self, config: RunConfig) -> None:
        """Show and use a set-up, once what it leaves to its pictures follows them, as far as they are known."""
        config, taken = self._following.followed(config)
        self.show_taken(taken)
        self.show_and_set_up(config)

    def show_taken(self, taken: Message | None) -> None:
        """Show what the set-up took from its pictures, in one sentence; None: nothing."""
        self.taken = taken
        self._views.setup.set_taken(taken)

    def take_nature(self, source: str, nature: Nature | None) -> None:
        """Let the set-up follow its pictures, now that these were looked at."""
        self._following.take(source, nature)
        state = self._session.training.state
        if nature is not None and not state.has_run and not state.is_busy and state.config.data.source == source:
            self.follow(self._views.setup.config())

    def show_and_set_up(self, config: RunConfig) -> None:
        """Show a set-up, and use it for the next run."""
        self.show_config(config)
        self.set_up(config)

    def take_what_is_typed(self) -> None:
        """Use what is still being typed in the dock; an open run takes it as a live setting."""
        config = self._views.setup.config()
        if not self._session.training.state.has_run:
            self.set_up_by_hand(config)

    def show_config(self, config: RunConfig) -> None:
        """Show a set-up in the dock and the toolbar."""
        self._views.setup.set_config(config)
        self._views.toolbar.show_preset(config.preset)
        self._views.toolbar.show_source(config.data.source)
        self._views.toolbar.show_device(config.device)

    def show_run_opened(self, event: RunOpened) -> None:
        """Show the set-up and the live settings of a run that begins or resumes."""
        self._following.settle(event.config)
        self.show_config(event.config)
        self._views.toolbar.show_device(self._session.training.device)
        self._show_knobs({**event.knobs, "steps": event.steps})

    def show_contents(self, contents: RunContents) -> None:
        """Show the set-up, the live settings and the pictures of a run that was opened from disk."""
        self._following.begin()
        self._following.settle(contents.config)
        self.show_taken(None)
        self.show_config(contents.config)
        self._show_knobs({**contents.knobs, "steps": contents.target})
        self._session.library.preview(contents.config.data)

    def _show_knobs(self, knobs: dict[str, float]) -> None:
        for name, value in knobs.items():
            self._views.setup.set_knob(name, value)

    # What can be chosen

    def show_folds(self) -> None:
        """Fold the parts of the dock as they were left."""
        for name, is_open in self._views.setup.parts().items():
            self._views.setup.open_part(name, self._preferences.is_open(name, is_open))

    def keep_fold(self, name: str, is_open: bool) -> None:
        """Remember whether a part of the dock is folded."""
        self._preferences.set_open(name, is_open)

    def show_devices(self, devices: tuple[Device, ...]) -> None:
        """List the devices, now that torch is loaded and knows them."""
        self._devices = devices
        self._views.toolbar.set_devices(devices)
        self._views.notices.withdraw(_DEVICES)

    def show_device_missed(self, fault: EngineError) -> None:
        """Show why a device is not listed, and offer to look again."""
        button = NoticeButton(self.tr("Look for devices again"), self._session.library.list_devices)
        self._views.notices.show_fault(fault, button=button, topic=_DEVICES)

    def show_state(self) -> None:
        """Show what can be set up now, and what the next run fine-tunes from."""
        state, actions = self._session.training.state, self._views.actions
        is_held = state.has_run or state.is_busy
        for name in (
            "presetsAction",
            "openPicturesAction",
            "openPictureFileAction",
            "fineTuneAction",
            "importSetupAction",
        ):
            actions[name].setEnabled(not is_held)
        self._views.toolbar.set_locked(has_run=is_held, is_busy=state.is_busy)
        self._views.setup.set_locked(is_held)
        terms = self._session.training.terms
        self._views.setup.set_fine_tune(None if state.has_run else terms.fine_tune, self._name_of_origin())

    def _name_of_origin(self) -> str:
        """Name the run that the next one fine-tunes from, and the step; empty for a file of weights."""
        terms = self._session.training.terms
        if terms.fine_tune_name is None or terms.fine_tune_from is None:
            return ""
        text = self.tr("step {step} of {name}")
        return text.format(name=translate(terms.fine_tune_name), step=grouped(terms.fine_tune_from.step))

    # Presets

    def show_presets(self) -> None:
        """List the presets, shipped ones first."""
        shipped = shipped_preset_names()
        rows = [(preset.name, preset.title, self._about(preset, preset.name in shipped)) for preset in all_presets()]
        self._views.toolbar.set_presets(rows)
        self._views.toolbar.show_preset(self._session.training.state.config.preset)

    def _about(self, preset: Preset, is_shipped: bool) -> str:
        if not is_shipped:
            return preset.summary or self.tr("One of your own presets.")
        if not preset.minutes:
            return preset.summary
        time = self.tr("As it is, the whole run took about {time} on the two CPU cores where it was measured.")
        return f"{preset.summary} {time.format(time=duration_text(60 * preset.minutes))}"

    def choose_preset(self, name: str) -> None:
        """Set up the next run from a preset; device and seed stay.

        A person's own pictures (not a known data set) stay too, with all that is said about them, unless the preset
        names pictures of that kind.
        """
        now = self._session.training.state.config
        try:
            preset = load_preset(name).config
        except EngineError as error:
            self._views.notices.show_fault(error)
            self.show_config(now)
            return
        brings_pictures = now.data.source in KNOWN_SETS or preset.data.source not in KNOWN_SETS
        source = preset.data.source if brings_pictures else now.data.source
        stays = OF_THE_PICTURES if source == now.data.source else ()
        self._following.begin()
        kept = {path: value_at(now, path) for path in ("device", "seed", *stays)}
        self.follow(with_values(preset, {"data.source": source, **kept}))

    def save_preset(self) -> None:
        """Ask for a name, and save the set-up in the dock as a preset."""
        config = self._views.setup.config()
        own = tuple(name for name in preset_names() if name not in shipped_preset_names())
        name = AskPresetName.ask(self._window, own, config.preset if config.preset in own else "")
        if name is not None:
            self._session.library.save_preset(name, config)

    def show_saved_preset(self, saved: RunConfig) -> None:
        """List a preset that was saved, and choose it for the next run."""
        self.show_presets()
        state = self._session.training.state
        if not state.has_run and not state.is_busy:
            self.show_and_set_up(with_values(state.config, {"preset": saved.preset}))
        self._views.notices.show_notice(self.tr("Preset saved: {name}").format(name=saved.preset))

    # Files and the command line

    def import_setup(self) -> None:
        """Ask for a file, and read the set-up in it."""
        path = AskSetupFile.ask(self._window)
        if path is not None:
            self._session.library.import_setup(path)

    def take_setup(self, read: SetupRead) -> None:
        """Use a set-up that was read, or only its networks if only they were wanted; an open run keeps its own."""
        state = self._session.training.state
        if state.has_run or state.is_busy:
            return
        if read.only_networks:
            self.take_networks(read.config)
            text = self.tr("Network settings taken from {path}")
        else:
            self._following.begin(stated_paths(read.config))
            self.follow(read.config)
            text = self.tr("Set-up imported from {path}")
        self._views.notices.show_notice(text.format(path=read.path))

    def take_networks(self, other: RunConfig) -> None:
        """Set up the model, picture size and channels of another set-up, whatever the pictures are like."""
        paths = [spec.path for spec in field_specs() if spec.path.startswith("model.")]
        taken = {path: value_at(other, path) for path in (*paths, *FOLLOWING)}
        self._following.keep_networks()
        self.follow(with_values(self._session.training.state.config, taken))

    def export_setup(self) -> None:
        """Ask for a file, and write the set-up in the dock into it."""
        config = self._views.setup.config()
        path = AskSetupFile.ask_new(self._window, f"{config.preset}.toml")
        if path is not None:
            self._session.library.export_setup(path, config)

    def show_written(self, path: str) -> None:
        """Show where a set-up was exported to."""
        self._views.notices.show_notice(self.tr("Set-up exported: {path}").format(path=path))

    def copy_command(self) -> None:
        """Copy the command that trains with the set-up in the dock, in the precision that was decided for it."""
        config = self._views.setup.config()
        if precision := self._decided_precision(config):
            config = with_values(config, {"precision": precision})
        try:
            terms = self._session.training.terms
            command = command_line(config, terms.fine_tune, terms.fine_tune_from)
        except EngineError as error:
            self._views.notices.show_fault(error)
            return
        QGuiApplication.clipboard().setText(command)
        self._views.notices.show_notice(self.tr("Command line copied:"), command)

    def _decided_precision(self, config: RunConfig) -> str | None:
        """Return what "auto" is, or would be, on the CPU here; None where it is the same on every CPU, or on a GPU."""
        execution = self._session.training.state.execution
        if execution is not None:
            differs = execution.is_cpu and stated_precision(config, "") is not None
            return execution.precision if differs else None
        here = [device for device in self._devices if config.device in ("auto", device.name)]
        return stated_precision(config, here[0].bfloat16) if here and here[0].name == "cpu" else None
