"""FirstPaint: reports when a window is on the screen, so that work that it does not need can wait until then."""

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

LATEST_MS = 2000
"""Milliseconds after which a window counts as painted; one that starts hidden or minimised is never painted."""


class FirstPaint(QObject):
    """Watches a window until it is painted for the first time.

    A thread that loads libraries holds the interpreter lock for long stretches. If it started together with the
    window, it would delay the painting: a new event loop runs such work before the window system asks for any pixels.

    Signals:
        painted(): emitted once, when all of the window is painted or LATEST_MS have passed.
    """

    painted = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._latest = QTimer(self, singleShot=True, interval=LATEST_MS)
        self._latest.timeout.connect(self._tell)
        self._latest.start()
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice the first paint event; the next turn of the event loop comes after the whole window is painted."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            self._latest.start(0)
        return False

    def _tell(self) -> None:
        self._window.removeEventFilter(self)
        self.painted.emit()
