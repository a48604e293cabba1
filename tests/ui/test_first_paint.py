"""FirstPaint: what waits for the window begins after it is painted, and only once."""

import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gan_studio.ui.first_paint import FirstPaint

LAUNCH = """
import sys
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
from gan_studio import app
from gan_studio.ui import first_paint
from gan_studio.ui.main_window import MainWindow

NOT_YET = (
    "torch", "torchvision", "triton", "sympy", "safetensors", "cuda.bindings", "urllib.request", "ssl", "av",
    "numpy.ma",
)

class Look(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            print("painted", *[name for name in NOT_YET if name in sys.modules])
        return False

def begin(window):
    print("begun")
    QApplication.exit()

make = MainWindow.__init__

def init(window, *arguments):
    make(window, *arguments)
    window.look = Look()
    window.installEventFilter(window.look)

MainWindow.__init__, MainWindow.begin = init, begin
first_paint.LATEST_MS = 10**6
sys.exit(app.main([]))
"""
"""The program, which tells when its window is painted, what is loaded by then, and when it begins to load the rest."""


class Painted(QWidget):
    """A widget that notes when it is painted."""

    def __init__(self, name: str, order: list[str]) -> None:
        super().__init__()
        self._name, self._order = name, order
        self.setMinimumSize(40, 40)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._order.append(self._name)


def test_that_it_tells_once_after_all_of_the_window_is_painted(qtbot: QtBot) -> None:
    order: list[str] = []
    window = Painted("window", order)
    qtbot.addWidget(window)
    QVBoxLayout(window).addWidget(Painted("part", order))
    first = FirstPaint(window)
    first.painted.connect(lambda: order.append("told"))
    with qtbot.waitSignal(first.painted):
        window.show()
    assert order == ["window", "part", "told"]
    window.repaint()
    qtbot.waitUntil(lambda: order.count("part") == 2)
    assert order.count("told") == 1


def test_that_a_window_that_is_never_painted_is_waited_for_no_longer_than_a_moment(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    first = FirstPaint(window)
    with qtbot.waitSignal(first.painted):
        pass


def test_that_the_program_loads_what_is_slow_only_once_its_window_is_painted(tmp_path: Path) -> None:
    """A fresh process, because this one has loaded what is slow."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(Path(__file__).parents[2])}
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "GAN_STUDIO_RUNS"):
        environment[name] = str(tmp_path)
    command = [sys.executable, "-c", LAUNCH]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.splitlines() == ["painted", "begun"]
