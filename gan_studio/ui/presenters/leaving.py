"""LeavingPresenter: closing the window while a run is in training: save it, drop it, or stay."""

import time

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from gan_studio.engine.events import RunPhase, SavingFailed
from gan_studio.ui.dialogs.questions import AskLeaving, Leaving
from gan_studio.ui.presenters.views import Views
from gan_studio.ui.session.studio_session import StudioSession
from gan_studio.ui.widgets.translate import translate


class LeavingPresenter(QObject):
    """End the run as a person wishes, and close the window once it has ended."""

    def __init__(self, session: StudioSession, views: Views, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._views, self._window = session, views, window
        self._leaving: Leaving | None = None
        self._safe_since = 0.0

    def ask(self) -> None:
        """Ask whether to save the run in training; a paused run has a checkpoint and is saved without asking."""
        if self._leaving is not None:
            return
        is_paused = self._session.training.state.phase is RunPhase.PAUSED
        at_risk = round(time.monotonic() - self._safe_since)
        self._leave(Leaving.SAVE if is_paused else self._ask(at_risk))

    def _ask(self, seconds: int) -> Leaving:
        return AskLeaving.ask(self._window, seconds, translate(self._session.training.state.name))

    def note_safe(self) -> None:
        """Note that training begins, resumes or was saved: no more than what it does from now on can be lost."""
        self._safe_since = time.monotonic()

    def save_unasked(self) -> None:
        """Save a run in training and wait for it: the operating system ends the session and nobody can answer."""
        self._session.training.hurry()
        self._session.training.stop()
        self._session.training.wait()

    def stay_where_not_saved(self, event: SavingFailed) -> None:
        """Keep the window open if the last checkpoint cannot be saved, so that its notice can be read."""
        if event.is_checkpoint and self._leaving is Leaving.SAVE:
            self._leaving = None

    def leave_when_ended(self) -> None:
        """Close the window once the run has ended; keep it open if the run failed, so that its notice can be read."""
        state = self._session.training.state
        if self._leaving is None or state.is_busy:
            return
        if state.phase is RunPhase.FAILED and self._leaving is Leaving.SAVE:
            self._leaving = None
        else:
            QTimer.singleShot(0, self._window, self._window.close)

    def _leave(self, leaving: Leaving) -> None:
        if leaving is Leaving.STAY:
            return
        self._leaving = leaving
        if leaving is Leaving.SAVE:
            self._session.training.stop()
        else:
            self._session.training.abandon()
        self.leave_when_ended()
