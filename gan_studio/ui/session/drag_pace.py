"""DragPace: how often a dragged slider draws a picture while the CPU trains. The hand comes first."""

import math
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

SHARE = 0.25
"""Part of a core that a drag may take: the drawing thread's processor time and the window's, in a second. All threads
of a step wait for the one that is interrupted, so training loses about as much (benchmarks/window_slider.py)."""

LONGEST_REST_SECONDS = 1 / 18
"""However expensive a picture is, the next one begins this soon."""

STILL_SECONDS = 0.2
"""After this long without a move, the slider is no longer dragged."""


class DragPace(QObject):
    """Admits a picture, and then none until drawing and painting have kept to their SHARE.

    Args:
        clock: a monotonic clock, in seconds.
        own_time: processor time of the calling thread (the window's), in seconds.

    Signals:
        due(): the rest is over, and a picture that had to wait is drawn now.
    """

    due = Signal()

    def __init__(
        self,
        parent: QObject | None = None,
        clock: Callable[[], float] = time.monotonic,
        own_time: Callable[[], float] = time.thread_time,
    ) -> None:
        super().__init__(parent)
        self._clock, self._own_time = clock, own_time
        self._moved, self._begun, self._own_before = -math.inf, 0.0, 0.0
        self._is_wanted = False
        self._rest = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._rest.timeout.connect(self._end)

    @property
    def is_moving(self) -> bool:
        """Whether the slider moved within the last STILL_SECONDS."""
        return self._clock() - self._moved < STILL_SECONDS

    def admit(self) -> bool:
        """Note a move, and return whether a picture may be drawn now; if not, due() is emitted later."""
        if not self.is_moving:
            self._own_before = self._own_time()  # what the window did before the drag is not the hand's
        self._moved = self._clock()
        self._is_wanted = self._rest.isActive()
        if not self._is_wanted:
            self._begin()
        return not self._is_wanted

    def finish(self, seconds: float) -> None:
        """Note that a picture was drawn: the rest after it is set by what it took, and the window since the one before.

        Args:
            seconds: processor time of the thread that drew it.
        """
        own = self._own_time()
        spent, self._own_before = seconds + own - self._own_before, own
        if self._rest.isActive():
            left = self._begun + min(spent / SHARE, LONGEST_REST_SECONDS) - self._clock()
            self._rest.start(max(0, math.ceil(1000 * left)))

    def stop(self) -> None:
        """End the rest; a waiting picture is due now."""
        self._rest.stop()
        self._end()

    def _begin(self) -> None:
        self._begun = self._clock()
        self._rest.start(math.ceil(1000 * LONGEST_REST_SECONDS))

    def _end(self) -> None:
        if self._is_wanted:
            self._is_wanted = False
            self._begin()
            self.due.emit()
