"""An exception that nobody catches, wherever it is raised in the running program: in the log file and in a notice."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import qWarning

from gan_studio.engine.support.log import faults
from gan_studio.ui.qt_warnings import leave_qt, watch_qt
from tests.reliability.ledger import Page

ROOT = Path(__file__).parent.parent.parent
PATIENCE_SECONDS = 60

PROGRAM = """
import atexit, gc, itertools, json, sys, threading, weakref
from PySide6.QtCore import (
    QAbstractListModel, QEvent, QObject, QRunnable, QThread, QThreadPool, QTimer, Qt, Signal, qCritical, qWarning,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QLabel, QListView, QPushButton, QWidget
from gan_studio import app

def lose(place):
    raise ValueError(f"lost in {place}")

def window():
    return next((w for w in QApplication.topLevelWidgets() if w.objectName() == "mainWindow"), None)

class Painted(QWidget):
    def paintEvent(self, event):
        lose("virtual method")

class Closed(QWidget):
    def closeEvent(self, event):
        lose("event handler")

class Filter(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.User:
            lose("event filter")
        return False

class Worker(QThread):
    def run(self):
        lose("QThread")

class Telling(QThread):
    told = Signal()
    def run(self):
        self.told.emit()

class Job(QRunnable):
    def run(self):
        lose("pool")

class Model(QAbstractListModel):
    def rowCount(self, parent):
        return 1
    def data(self, index, role):
        lose("model")

class Dying:
    def __del__(self):
        lose("__del__")

class Held:
    pass

def generate():
    try:
        yield
    finally:
        lose("generator close")

kept = []

def keep(thing):
    kept.append(thing)
    return thing

def at_a_timer():
    timer = keep(QTimer(singleShot=True))
    timer.timeout.connect(lambda: lose("timer"))
    timer.start(0)

def at_a_slot():
    button = keep(QPushButton())
    button.clicked.connect(lambda: lose("slot"))
    QTimer.singleShot(0, button.click)

def at_a_close():
    closed = keep(Closed())
    closed.show()
    QTimer.singleShot(0, closed.close)

def at_a_filter():
    watched = keep(QObject())
    watched.installEventFilter(keep(Filter()))
    QApplication.postEvent(watched, QEvent(QEvent.Type.User))

def at_a_queued_slot():
    telling = keep(Telling())
    telling.told.connect(keep(Ear()).hear)
    telling.start()

def at_a_model():
    view = keep(QListView())
    view.setModel(keep(Model()))
    view.show()

def at_a_weakref():
    held = Held()
    kept.append(weakref.ref(held, lambda _: lose("weakref")))

def at_a_generator():
    next(generate())

def at_a_collection():
    gc.callbacks.append(in_collection)
    gc.collect()

RAISING = (
    lambda: lose("single shot"), at_a_timer, at_a_slot, lambda: keep(Painted()).show(), at_a_close, at_a_filter,
    lambda: keep(Worker()).start(), at_a_queued_slot, lambda: QThreadPool.globalInstance().start(keep(Job())),
    at_a_model, lambda: threading.Thread(target=lose, args=("thread",)).start(), Dying, at_a_weakref, at_a_generator,
    at_a_collection, lambda: atexit.register(lose, "atexit"), lambda: qWarning("lost in qWarning"),
    lambda: qCritical("lost in qCritical"), lambda: QPainter().save(),
)

def in_collection(phase, info):
    if in_collection in gc.callbacks:
        gc.callbacks.remove(in_collection)
        lose("gc callback")

class Ear(QObject):
    def hear(self):
        lose("queued slot")

def notices():
    bar, seen = window().views.notices, []
    while bar.isVisible():
        seen.append(bar.findChild(QLabel, "noticeHeadline").text())
        bar.dismiss()
    return seen

seen = []
looks = itertools.count()

def look():
    seen.extend(notices())
    if sum("lost in" in text for text in seen) < EXPECTED and next(looks) < 1000:
        QTimer.singleShot(20, look)
    else:
        print(json.dumps(seen), flush=True)
        for thing in kept:
            if isinstance(thing, QThread):
                thing.wait()
        QTimer.singleShot(0, QApplication.closeAllWindows)

def begin():
    if window() is None or not window().isVisible():
        QTimer.singleShot(20, begin)
    else:
        for act in RAISING:
            QTimer.singleShot(0, act)
        look()

application = QApplication(["gan-studio"])
QTimer.singleShot(0, begin)
sys.exit(app.main([]))
"""

PLACES = (
    "single shot", "timer", "slot", "virtual method", "event handler", "event filter", "QThread", "queued slot", "pool",
    "model", "thread", "__del__", "weakref", "generator close", "gc callback", "qWarning", "qCritical",
)  # fmt: skip


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], str, int]:
    """Run the program and raise everywhere in it; returns the notices, the log file and the exit code."""
    home = tmp_path_factory.mktemp("uncaught")
    folders = {name: str(home) for name in ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
    environment = {**os.environ, **folders, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    program = PROGRAM.replace("EXPECTED", str(len(PLACES)))
    ended = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    (log,) = home.rglob("gan-studio.log")
    assert ended.stdout, ended.stderr
    return json.loads(ended.stdout), log.read_text(encoding="utf-8"), ended.returncode


@pytest.mark.parametrize("place", PLACES)
def test_that_nothing_raised_is_lost(outcome: tuple[list[str], str, int], place: str, ledger: Page) -> None:
    ledger.injected(promise=10, injector="exceptions that nobody catches", count=1)
    notices, log, _ = outcome
    assert any(text.endswith(f"lost in {place}") for text in notices), notices
    assert f"lost in {place}\n" in log


def test_that_a_fault_that_comes_with_every_painting_is_told_once(outcome: tuple[list[str], str, int]) -> None:
    notices, log, _ = outcome
    assert sum(text.endswith("lost in virtual method") for text in notices) == 1
    assert "lost in virtual method (time 2)" in log


def test_that_the_log_says_where_it_was_raised(outcome: tuple[list[str], str, int]) -> None:
    _, log, _ = outcome
    assert "in paintEvent" in log
    assert "in eventFilter" in log


def test_that_what_qt_itself_warns_of_is_not_lost(outcome: tuple[list[str], str, int]) -> None:
    notices, log, _ = outcome
    assert any("QPainter::save" in text for text in notices)
    assert "QPainter::save" in log


def test_that_what_is_raised_after_the_window_is_in_the_log(outcome: tuple[list[str], str, int]) -> None:
    _, log, code = outcome
    assert "lost in atexit" in log
    assert code == 0


# What Qt says of the user's system, and what it says of us


@pytest.fixture
def shown() -> Iterator[list[str]]:
    """Note what would be shown as a fault of the program."""
    told: list[str] = []
    faults.listen(lambda fault: told.append(fault.summary))
    watch_qt()
    told.clear()
    yield told
    leave_qt()
    faults.listen(None)


@pytest.mark.no_qt_log
@pytest.mark.parametrize(
    "text",
    [
        'Detected locale "C" with character encoding "ANSI_X3.4-1968", which is not UTF-8.\nQt depends on it',
        "QStandardPaths: wrong permissions on runtime directory /run/user/0, 0755 instead of 0700",
        "Qt: Session management error: None of the authentication protocols specified are supported",
        "Warning: Ignoring XDG_SESSION_TYPE=wayland on Gnome. Use QT_QPA_PLATFORM=wayland to run on Wayland anyway.",
        "QApplication: invalid style override 'breeze' passed, ignoring it.",
        "QXcbConnection: XCB error: 3 (BadWindow), sequence: 1, resource id: 2, major code: 40 (TranslateCoords)",
        "QFontDatabase: Cannot find font directory /usr/lib/fonts.",
        "This plugin does not support raise()",
    ],
)
def test_that_what_qt_says_of_the_users_system_is_no_fault_of_the_program(shown: list[str], text: str) -> None:
    qWarning(text)
    assert shown == []


@pytest.mark.no_qt_log
@pytest.mark.parametrize(
    "text",
    [
        "QObject::connect: No such signal Window::lost()",
        "QPainter::begin: Paint device returned engine == 0, type: 2",
        "QThread: Destroyed while thread is still running",
        "QLayout: Attempting to add QLayout to QWidget, which already has a layout",
        "QSocketNotifier: Can only be used with threads started with QThread",
    ],
)
def test_that_what_qt_says_of_a_wrong_use_is_a_fault_of_the_program(shown: list[str], text: str) -> None:
    qWarning(text)
    assert shown == [text]
