"""A gesture: many small moves that make one entry of the undo history."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from gan_studio.ui.widgets.fine_slider import KEYS_REST_MS


class Gesture(QObject):
    """Joins moves into one gesture, which ends when `end` is called or when no move comes for a while.

    Args:
        is_held: whether the mouse holds a slider. While it does, the gesture does not end by itself.
        parent: the widget whose moves are joined.

    Signals:
        ended: a gesture is over; emitted once for all of its moves.
    """

    ended = Signal()

    def __init__(self, is_held: Callable[[], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._is_held = is_held
        self._is_going = False
        self._rest = QTimer(self, singleShot=True, interval=KEYS_REST_MS)
        self._rest.timeout.connect(self._end_unless_held)

    def move(self) -> None:
        """Begin a gesture, or continue the current one."""
        self._is_going = True
        self._rest.start()

    def end(self) -> None:
        """End the current gesture; without one, do nothing."""
        if self._is_going:
            self.drop()
            self.ended.emit()

    def drop(self) -> None:
        """Forget the current gesture without a signal."""
        self._is_going = False
        self._rest.stop()

    def _end_unless_held(self) -> None:
        if self._is_held():
            self._rest.start()
        else:
            self.end()
