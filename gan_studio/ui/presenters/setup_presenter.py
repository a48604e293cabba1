"""SetupPresenter: what is known of pictures, presets and origins, shown in dock and toolbar."""

from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from gan_studio.engine.config.presets import Preset, load_preset, preset_names, shipped_preset_names
from gan_studio.engine.data.known.known_sets import KNOWN_SETS
from gan_studio.engine.data.preview import Preview
from gan_studio.engine.events import DataReady, RunPhase
from gan_studio.engine.models.estimates import speed_of
from gan_studio.engine.text.message import EngineError
from gan_studio.ui.presenters.preferences import Preferences
from gan_studio.ui.presenters.views import Views
from gan_studio.ui.session.studio_session import StudioSession
from gan_studio.ui.widgets.number_text import long_text
from gan_studio.ui.widgets.translate import translate

SMOOTHING = 0.3
"""Weight of the newest rate in the speed of this machine."""

SPEED_MS = 1000
"""Between two looks at the rate of a run: each plans all layers to count their operations."""

IDLE_MS = 3000
"""With the engine loaded and nothing changed, before this machine is measured: a hand that wants to start is first."""

MOST_NAMED = 3
"""Files left out that a notice names."""


class SetupPresenter(QObject):
    """Bring what the next run is made of to the widgets that show it."""

    def __init__(self, session: StudioSession, views: Views, preferences: Preferences, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._views, self._preferences = session, views, preferences
        self._speed = 0.0
        self._classes = 0
        self._has_engine = False
        self._idle = QTimer(self, singleShot=True, interval=IDLE_MS)
        self._idle.timeout.connect(session.library.measure_speed)
        self._pause = QTimer(self, singleShot=True, interval=SPEED_MS)

    def show_choices(self) -> None:
        """List the known sets of pictures and the presets."""
        self._views.toolbar.set_sources([(known.name, known.title) for known in KNOWN_SETS.values()])
        self.show_presets()
        self._views.setup.set_speed(self._preferences.speed)
        for name, is_open in self._views.setup.parts().items():
            self._views.setup.open_part(name, self._preferences.is_open(name, is_open))

    def keep_fold(self, name: str, is_open: bool) -> None:
        """Remember which parts of the set-up are folded away."""
        self._preferences.set_open(name, is_open)

    def show_presets(self) -> None:
        """List the presets, shipped ones first."""
        own = self.tr("One of your own presets.")
        shipped = shipped_preset_names()
        rows = [
            (preset.name, preset.title, self._about(preset) if preset.name in shipped else preset.summary or own)
            for preset in _presets()
        ]
        self._views.toolbar.set_presets(rows)
        self._views.toolbar.show_preset(self._session.training.state.config.preset)

    def _about(self, preset: Preset) -> str:
        if not preset.minutes:
            return preset.summary
        time = self.tr("All of its steps take about {time} on two CPU cores.").format(time=long_text(preset.minutes))
        return f"{preset.summary} {time}"

    def show_state(self) -> None:
        """Show what can be set up now, and what the next run begins from."""
        state, actions = self._session.training.state, self._views.actions
        is_free = not state.has_run and not state.is_busy
        for name in ("openPicturesAction", "openPictureFileAction", "fineTuneAction", "importSetupAction"):
            actions[name].setEnabled(is_free)
        self._views.setup.set_fine_tune(None if state.has_run else self._session.training.terms.fine_tune)
        self._measure_when_idle()
        if self._speed and state.phase is not RunPhase.RUNNING:
            self._preferences.speed, self._speed = self._speed, 0.0
            self._views.setup.set_speed(self._preferences.speed)

    def take_engine(self) -> None:
        """Now that torch is there, measure this machine as soon as the window rests."""
        self._has_engine = True
        self._measure_when_idle()

    def _measure_when_idle(self) -> None:
        """Measure once nothing has changed for a while; never beside a run, nor where one has told the speed."""
        if self._session.training.state.is_busy:
            self._idle.stop()
            self._session.library.stop_measuring()
        elif self._has_engine and not self._preferences.speed:
            self._idle.start()

    def show_speed(self, multiply_adds_per_second: float) -> None:
        """Take what was measured beside the window, unless a run has told better."""
        if not self._preferences.speed:
            self._preferences.speed = multiply_adds_per_second
            self._views.setup.set_speed(multiply_adds_per_second)

    def follow_speed(self) -> None:
        """Measure this machine by the run that trains."""
        state = self._session.training.state
        if state.phase is RunPhase.RUNNING and state.images_per_second and not self._pause.isActive():
            self._pause.start()
            classes = self._classes if state.config.model.conditional else 0
            now = speed_of(state.config, state.images_per_second, classes)
            self._speed += ((now - self._speed) * SMOOTHING) if self._speed else now

    def show_preview(self, preview: Preview) -> None:
        """Show pictures of the chosen source."""
        setup, known = self._views.setup, KNOWN_SETS.get(preview.source)
        name = translate(known.title) if known else Path(preview.source).name
        setup.set_preview(preview.images, preview.count, name, preview.sizes)
        if preview.held_out:
            seen = preview.count - (preview.held_out if preview.is_held_out_about else 0)
            setup.set_shares(seen, preview.held_out, is_about=preview.is_held_out_about)
        setup.set_classes(preview.class_names, preview.class_counts)
        setup.set_note(preview.note)
        setup.set_left_out(preview.left_out)

    def show_data_ready(self, event: DataReady) -> None:
        """Show what the run trains on, and name the files that were left out."""
        setup = self._views.setup
        setup.set_shares(event.count, event.held_out)
        setup.set_classes(event.class_names, event.class_counts)
        self._classes = len(event.class_names)
        setup.set_left_out(event.left_out)
        if event.left_out:
            text = self.tr("{count} files could not be used and were left out.").format(count=len(event.left_out))
            first = ", ".join(f"{name} ({translate(reason)})" for name, reason in event.left_out[:MOST_NAMED])
            self._views.notices.show_notice(text, first)

    def show_written(self, path: str) -> None:
        """Say where a set-up was written."""
        self._views.notices.show_notice(self.tr("Set-up saved: {path}").format(path=path))


def _presets() -> list[Preset]:
    found = []
    for name in preset_names():
        try:
            found.append(load_preset(name))
        except EngineError:
            continue  # gone or damaged since it was listed
    return found
