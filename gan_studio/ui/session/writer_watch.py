"""WriterWatch: keeps the open run read-only while another program trains it."""

from PySide6.QtCore import QObject, QTimer

from gan_studio.engine.events import RunFailed
from gan_studio.engine.run.lock import WriterSeen
from gan_studio.ui.session.library_session import LibrarySession
from gan_studio.ui.session.training_session import TrainingSession

LOOK_MS = 3000
"""Milliseconds between two checks whether the other program still trains."""


class WriterWatch(QObject):
    """Makes the open run read-only while another program trains it, and reads it again afterwards."""

    def __init__(self, training: TrainingSession, library: LibrarySession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._training, self._library = training, library
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)
        training.state_changed.connect(self._follow)
        training.failed.connect(self._look_where_locked)
        library.writer_read.connect(self._take)

    def end(self) -> None:
        """Stop checking."""
        self._timer.stop()

    def _follow(self) -> None:
        is_held = self._training.state.writer is not None
        if is_held and not self._timer.isActive():
            self._timer.start()
        elif not is_held:
            self._timer.stop()

    def _look_where_locked(self, failure: RunFailed) -> None:
        if failure.happened.key == "run.locked":
            self._look()

    def _look(self) -> None:
        if self._training.state.place is not None:
            self._library.look_for_writer(self._training.state.place)

    def _take(self, seen: WriterSeen) -> None:
        state = self._training.state
        if state.place != seen.path:
            return
        if seen.writer is not None:
            self._training.set_writer(seen.writer)
        elif state.writer is not None:
            self._library.open_run(seen.path)  # if it cannot be read, the timer tries again
