"""FirstPaint: tells when a window is on the screen, so that what is not needed to paint it can wait until then."""

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

LATEST_MS = 2000
"""A window that is not painted by then starts hidden or minimised; what waits for it need not wait any longer."""


class FirstPaint(QObject):
    """Watches a window until it is painted for the first time.

    A thread that loads libraries holds the interpreter for long stretches: begun with the window it holds up its
    painting, and the event loop begins such things before the window system has asked for a single pixel.

    Signals:
        painted(): once; all of the window is painted, or it will not be soon.
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
        """See the painting begin; when the next turn of the event loop begins, it is over."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            self._latest.start(0)
        return False

    def _tell(self) -> None:
        self._window.removeEventFilter(self)
        self.painted.emit()
