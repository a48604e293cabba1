"""HandPace: how soon after a picture the next one may be drawn, so that a hand on a slider spares training."""

import time

from PySide6.QtCore import QObject, QTimer, Signal

SPARING = 60
"""A picture is followed by a rest of so many times what it took. A hand that has rested gets its picture at once; in a
drag each picture costs training about three times what it takes to draw, because the threads of a step wait for the
one that was interrupted (measured: benchmarks/window_slider.py)."""

SHOWING_MS = 2.0
"""What it takes to bring a picture to the window and onto the screen, over and above drawing it."""

LONGEST_REST_MS = 300


class HandPace(QObject):
    """Admits pictures with rests between them.

    Signals:
        due(): the rest is over, and a picture that was turned away is begun now.
    """

    due = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._begun: float | None = None
        self._is_wanted = False
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self._end_rest)

    @property
    def is_moving(self) -> bool:
        """Whether a hand has moved just now."""
        return self._rest.isActive()

    def admit(self) -> bool:
        """Tell whether a picture may be begun now; where not, due() follows."""
        self._is_wanted = self._rest.isActive()
        if not self._is_wanted:
            self._begin()
        return not self._is_wanted

    def finish(self) -> None:
        """Take note that the picture has come."""
        begun, self._begun = self._begun, None
        if begun is not None:
            took_ms = 1000 * (time.monotonic() - begun) + SHOWING_MS
            self._rest.start(round(min(SPARING * took_ms, LONGEST_REST_MS)))

    def stop(self) -> None:
        """Rest no longer; a picture that was turned away is begun now."""
        self._rest.stop()
        self._end_rest()

    def _begin(self) -> None:
        self._begun = time.monotonic()
        self._rest.start(LONGEST_REST_MS)

    def _end_rest(self) -> None:
        if self._is_wanted:
            self._is_wanted = False
            self._begin()
            self.due.emit()
