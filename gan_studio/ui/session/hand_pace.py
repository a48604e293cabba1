"""HandPace: limits how often a dragged slider draws a picture, so that training on the CPU loses little."""

import math
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

SHARE = 0.04
"""Seconds of processor time, the drawing thread's and the window's together, that dragging takes from training in each
second. All threads of a step wait for the one that is interrupted, so training loses about as much and a little more
(benchmarks/window_slider.py)."""

LONGEST_REST_SECONDS = 0.6
"""A slider that keeps moving shows a picture at least this often, however expensive it is."""

STILL_SECONDS = 0.2
"""After this long without a move, the waiting picture is drawn at once, and so is the next one."""


class HandPace(QObject):
    """Admits pictures, with rests between them that keep the processor time of drawing and painting at SHARE.

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
        self._moved = -math.inf
        self._begun, self._own_before, self._drawing = 0.0, 0.0, 0.0
        self._is_wanted = False
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self._look_again)

    @property
    def is_moving(self) -> bool:
        """Whether the slider moved within the last STILL_SECONDS."""
        return self._clock() - self._moved < STILL_SECONDS

    def admit(self) -> bool:
        """Note a move, and return whether a picture may be drawn now; if not, due() is emitted later."""
        self._is_wanted = self.is_moving and self._rest.isActive()
        self._moved = self._clock()
        if not self._is_wanted:
            self._begin()
        return not self._is_wanted

    def finish(self, seconds: float) -> None:
        """Note that a picture was drawn.

        Args:
            seconds: processor time of the thread that drew it.
        """
        self._drawing += seconds
        if self._rest.isActive():
            self._look_again()

    def stop(self) -> None:
        """End the rest; a waiting picture is due now."""
        self._rest.stop()
        self._end_rest()

    def _begin(self) -> None:
        self._begun, self._own_before, self._drawing = self._clock(), self._own_time(), 0.0
        self._rest.start(round(1000 * LONGEST_REST_SECONDS))

    def _look_again(self) -> None:
        """Prolong the rest by the processor time spent meanwhile, painting included."""
        left = self._seconds_left()
        if left > 0:
            self._rest.start(math.ceil(1000 * min(left, STILL_SECONDS)))  # the slider may come to rest meanwhile
        else:
            self._rest.stop()
            self._end_rest()

    def _seconds_left(self) -> float:
        """Return how long to rest from now on; 0 if a picture waits and the slider is still."""
        if self._is_wanted and not self.is_moving:
            return 0.0
        spent = self._drawing + self._own_time() - self._own_before
        return self._begun + min(spent / SHARE, LONGEST_REST_SECONDS) - self._clock()

    def _end_rest(self) -> None:
        if self._is_wanted:
            self._is_wanted = False
            self._begin()
            self.due.emit()
