"""The launched process of window_launch.py: the program itself, which records when things are on the screen.

The program imports its modules in its own order; only Qt has been imported before.
"""

import json
import os
import sys
import time
from typing import TYPE_CHECKING

import psutil
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QToolButton, QWidget

from gan_studio import __main__ as program

if TYPE_CHECKING:
    from gan_studio.ui.main_window import MainWindow

LAUNCHED = "GAN_STUDIO_BENCH_LAUNCHED"
"""Environment variable: time.time() just before the launch."""

IMPORTS = "PYTHONPROFILEIMPORTTIME"
"""Environment variable that makes Python print its account of imports."""

PAINTED = "GAN Studio: the window is painted"
"""Printed to stderr, where window_imports.py finds it in Python's account of imports."""

A_MOMENT_MS = 200
"""Milliseconds between the loaded engine and the click: a hand is not quicker."""


class Notes(QObject):
    """Waits for the painted window and the loaded engine, clicks on Start, and waits for the painted samples.

    Attributes:
        figures: "painted" and "loaded" in seconds since the launch, "sheet" in seconds since the click, and the own
            "memory" once the engine is loaded, in MB of 10^6 bytes.
    """

    def __init__(self, window: "MainWindow", launched: float) -> None:
        super().__init__(window)
        self.figures: dict[str, float] = {}
        self._window, self._launched, self._clicked = window, launched, 0.0
        window.installEventFilter(self)
        window.session.library.engine_loaded.connect(self._note_engine)
        window.session.training.samples_drawn.connect(self._watch_grid)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice a first paint; all of it is on the screen when the next turn of the event loop begins."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, self._note_window if watched is self._window else self._note_sheet)
        return False

    def _note_window(self) -> None:
        self.figures["painted"] = time.time() - self._launched
        if os.environ.get(IMPORTS):
            print(PAINTED, file=sys.stderr, flush=True)

    def _note_engine(self) -> None:
        self.figures["loaded"] = time.time() - self._launched
        self.figures["memory"] = psutil.Process().memory_full_info().uss / 1e6
        QTimer.singleShot(A_MOMENT_MS, self, self._click_start)

    def _click_start(self) -> None:
        self._clicked = time.time()
        button = self._window.findChild(QToolButton, "startButton")
        middle = QPointF(button.rect().center())
        left, no_keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease):
            QApplication.sendEvent(button, QMouseEvent(kind, middle, button.mapToGlobal(middle), left, left, no_keys))

    def _watch_grid(self) -> None:
        self._window.session.training.samples_drawn.disconnect(self._watch_grid)
        self._window.findChild(QWidget, "sampleGrid").installEventFilter(self)

    def _note_sheet(self) -> None:
        self.figures["sheet"] = time.time() - self._clicked
        print(json.dumps(self.figures), flush=True)
        self._window.session.training.abandon()
        QApplication.exit()  # quit() would ask the window, which would ask the person


def main() -> int:
    """Run the program with Notes on its window; returns the exit code."""
    run_loop = QApplication.exec

    def run_with_notes(_app: QApplication) -> int:
        (window,) = (widget for widget in QApplication.topLevelWidgets() if isinstance(widget, QMainWindow))
        Notes(window, float(os.environ[LAUNCHED]))
        return run_loop()

    QApplication.exec = run_with_notes  # type: ignore[method-assign]  # the window exists by then, not yet painted
    return program.main([])
