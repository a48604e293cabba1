"""SpeedPresenter: how fast this machine trains, from which the set-up panel estimates how long a run takes."""

from PySide6.QtCore import QObject, QTimer

from gan_studio.engine.events import DataReady, RunPhase
from gan_studio.engine.models.estimates import speed_of
from gan_studio.ui.presenters.preferences import Preferences
from gan_studio.ui.presenters.views import Views
from gan_studio.ui.session.studio_session import StudioSession

SMOOTHING = 0.3
"""Weight of the newest measurement in the smoothed speed of this machine."""

SPEED_MS = 1000
"""Milliseconds between two measurements during a run: each plans all layers to count their operations."""

IDLE_MS = 3000
"""Milliseconds without a change, once the engine is loaded, before this machine is measured. A start comes first."""


class SpeedPresenter(QObject):
    """Measure the machine in every run; before the first run, measure it in the background.

    Speeds are in multiply-adds a second.
    """

    def __init__(self, session: StudioSession, views: Views, preferences: Preferences, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._views, self._preferences = session, views, preferences
        self._speed = 0.0
        self._classes = 0
        self._has_engine = False
        self._idle = QTimer(self, singleShot=True, interval=IDLE_MS)
        self._idle.timeout.connect(session.library.measure_speed)
        self._pause = QTimer(self, singleShot=True, interval=SPEED_MS)

    def show_remembered(self) -> None:
        """Show what an earlier run measured."""
        self._views.setup.set_speed(self._preferences.speed)

    def take_engine(self) -> None:
        """Measure this machine once the window has been idle, now that torch is loaded."""
        self._has_engine = True
        self._measure_when_idle()

    def show_measured(self, speed: float) -> None:
        """Show what was measured in the background, unless a run has measured it: a run is more exact."""
        if not self._preferences.speed:
            self._preferences.speed = speed
            self._views.setup.set_speed(speed)

    def take_data(self, event: DataReady) -> None:
        """Note the number of classes, which decides how large the networks are."""
        self._classes = len(event.class_names)

    def follow_run(self) -> None:
        """Measure this machine in the run that trains."""
        state = self._session.training.state
        if state.phase is RunPhase.RUNNING and state.images_per_second and not self._pause.isActive():
            self._pause.start()
            classes = self._classes if state.config.model.conditional else 0
            now = speed_of(state.config, state.images_per_second, classes)
            self._speed += ((now - self._speed) * SMOOTHING) if self._speed else now

    def show_state(self) -> None:
        """Show and remember the speed once the run no longer trains."""
        self._measure_when_idle()
        if self._speed and self._session.training.state.phase is not RunPhase.RUNNING:
            self._preferences.speed, self._speed = self._speed, 0.0
            self._views.setup.set_speed(self._preferences.speed)

    def _measure_when_idle(self) -> None:
        """Begin to wait for an idle window, unless a run trains or the speed is known."""
        if self._session.training.state.is_busy:
            self._idle.stop()
            self._session.library.stop_measuring()
        elif self._has_engine and not self._preferences.speed:
            self._idle.start()
