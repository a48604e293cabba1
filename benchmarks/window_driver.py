"""Drive the real window from a program: a virtual screen, a home folder, a hand, and figures with their budgets."""

import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import psutil
from PySide6.QtCore import QEvent, QEventLoop, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton, QWidget

from gan_studio.__main__ import SPINS
from gan_studio.engine.config.presets import load_preset
from gan_studio.engine.config.schema import RunConfig, with_values
from gan_studio.engine.events import METRIC_COLUMNS
from gan_studio.engine.machine.cores import allowed_cores
from gan_studio.ui.main_window import MainWindow
from gan_studio.ui.presenters.preferences import Preferences
from gan_studio.ui.session.studio_session import StudioSession
from gan_studio.ui.widgets.theme import apply_theme

if TYPE_CHECKING:
    from gan_studio.engine.training.trainer import Trainer

CORES = len(allowed_cores())
LOOK_SECONDS, LONGEST_STEP_SECONDS = 0.0005, 20.0
NEVER_ENDING = 1_000_000
"""Steps of a run that is measured while it trains: more than it will ever do."""

POINTS = 100_000
"""Steps that are already in the plots when a measurement begins."""

Found = TypeVar("Found", bound=QObject)


@dataclass(frozen=True)
class Figure:
    """One measured number.

    Attributes:
        name: what was measured.
        value: the number.
        unit: its unit.
        budget: what is allowed, such as "<= 8", or "" if there is no budget.
    """

    name: str
    value: float
    unit: str = ""
    budget: str = ""

    def line(self) -> str:
        """Return the figure as one line."""
        return f"{self.name:<58}{self.value:>10.3f} {self.unit:<6}{self.budget and 'budget ' + self.budget}".rstrip()


def tell(figures: Sequence[Figure], *, as_json: bool) -> None:
    """Print figures as a table, or as one JSON object: name to value."""
    if as_json:
        print(json.dumps({figure.name: figure.value for figure in figures}))
    else:
        print("\n".join(figure.line() for figure in figures))


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest of the values that `percent` percent of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(math.ceil(len(ordered) * percent / 100), 1) - 1]


class StepRate:
    """Measures steps a second, from the end of one step to the end of another."""

    def __init__(self, trainer: "Trainer") -> None:
        """Begin at the end of the current step; the calling thread sleeps until then."""
        self._trainer = trainer
        self._first = self._next_end()

    def end(self) -> float:
        """Return the rate up to the end of the current step; the calling thread sleeps until then."""
        (first, first_step), (last, last_step) = self._first, self._next_end()
        return (last_step - first_step) / (last - first)

    def _next_end(self) -> tuple[float, int]:
        step, until = self._trainer.state.step, time.perf_counter() + LONGEST_STEP_SECONDS
        while self._trainer.state.step == step:
            if time.perf_counter() > until:
                raise TimeoutError(f"no step in {LONGEST_STEP_SECONDS} s: this machine is too busy to measure on")
            time.sleep(LOOK_SECONDS)
        return time.perf_counter(), self._trainer.state.step


class OtherWork:
    """Measures how busy other programs are meanwhile, so that figures from a busy machine are marked as such."""

    def __init__(self) -> None:
        self._busy, self._ours, self._begun = _busy_seconds(), _family_seconds(), time.monotonic()

    def figure(self) -> Figure:
        """Return the share of the cores that other programs took since the start."""
        spent = time.monotonic() - self._begun
        others = (_busy_seconds() - self._busy) - (_family_seconds() - self._ours)
        return Figure("other work on this machine meanwhile", max(100 * others / spent / CORES, 0.0), "%")


def _busy_seconds() -> float:
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0))


def _family_seconds() -> float:
    """Return CPU seconds of this process and all its children, including the screen and ended ones."""
    total = 0.0
    for process in (psutil.Process(), *psutil.Process().children(recursive=True)):
        try:
            times = process.cpu_times()
        except psutil.Error:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


@contextmanager
def screen() -> Iterator[None]:
    """Provide a screen: the existing one, or an Xvfb of 1600 x 1000 inside the context."""
    if not sys.platform.startswith("linux") or os.environ.get("DISPLAY") or os.environ.get("QT_QPA_PLATFORM"):
        yield
        return
    if shutil.which("Xvfb") is None:
        raise SystemExit("no DISPLAY, and no Xvfb to make one: apt install xvfb")
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=(writer,), stderr=subprocess.DEVNULL)
    os.close(writer)
    with os.fdopen(reader) as answer:
        os.environ["DISPLAY"] = f":{answer.readline().strip()}"
    os.environ["QT_QPA_PLATFORM"] = "xcb"
    try:
        yield
    finally:
        del os.environ["DISPLAY"], os.environ["QT_QPA_PLATFORM"]
        server.terminate()
        server.wait()


@contextmanager
def own_home() -> Iterator[Path]:
    """Keep runs and settings in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="gan-studio-", ignore_cleanup_errors=True) as folder:
        os.environ["XDG_CONFIG_HOME"] = folder
        os.environ["GAN_STUDIO_RUNS"] = str(Path(folder) / "runs")
        yield Path(folder)


def quickstart(changes: Mapping[str, Any]) -> RunConfig:
    """Return the quickstart set-up on the CPU, with some settings replaced and practically endless."""
    base = {"device": "cpu", "training.steps": NEVER_ENDING}
    return with_values(load_preset("quickstart").config, {**base, **changes})


class Studio:
    """The window, and what a person does in it.

    Attributes:
        session: the sessions that join window and engine.
        window: the main window, 1280 x 800.
    """

    def __init__(self, app: QApplication) -> None:
        apply_theme(app, "light")
        self.session = StudioSession()
        self.window = MainWindow(self.session, Preferences())

    def begin(self) -> None:
        """Show the window and wait until the engine is loaded."""
        loaded: list[object] = []
        self.session.library.engine_loaded.connect(loaded.append)
        self.window.show()
        self.window.begin()
        self.wait_until(lambda: bool(loaded))

    def find(self, kind: type[Found], name: str) -> Found:
        """Find a widget by its object name."""
        found = self.window.findChild(kind, name)
        if found is None:
            raise LookupError(name)
        return found  # type: ignore[no-any-return]

    def click(self, name: str) -> None:
        """Click a button with the mouse, once it is enabled."""
        button = self.window.findChild(QToolButton, name) or self.find(QPushButton, name)
        self.wait_until(button.isEnabled)
        middle = QPointF(button.rect().center())
        for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease):
            send_mouse(button, kind, middle)

    def start(self, config: RunConfig) -> None:
        """Set up a run, click Start and wait for the first step."""
        self.window.views.setup.set_config(config)
        self.click("startButton")
        self.wait_until(lambda: self.session.training.state.step > 0)

    def fill_plots(self, rows: int) -> None:
        """Fill the plots with random rows, as if the running run had done so many steps before."""
        training, train = self.session.training, self.window.views.train
        training.metrics_logged.disconnect(train.append_metrics)
        steps = np.arange(1, rows + 1, dtype=np.int64)
        walk = np.random.default_rng(0).normal(size=(rows, len(METRIC_COLUMNS))).astype(np.float32)
        train.set_metrics(steps, np.abs(0.7 + 0.2 * walk))
        training.metrics_logged.connect(lambda new, values: train.append_metrics(new + rows, values))
        self.spin(1.0)

    @property
    def trainer(self) -> "Trainer":
        """The trainer of the running run."""
        thread = self.session.training.thread_in_hand
        if thread is None:
            raise LookupError("no run is at work")
        return thread.job.trainer

    def spin(self, seconds: float) -> None:
        """Run the event loop for so long, without polling in it."""
        loop = QEventLoop()
        QTimer.singleShot(round(seconds * 1000), loop, loop.quit)
        loop.exec()

    def wait_until(self, claim: Callable[[], bool], seconds: float = 120.0) -> None:
        """Run the event loop until a claim holds.

        Raises:
            TimeoutError: the claim did not hold in time.
        """
        until = time.monotonic() + seconds
        while not claim():
            if time.monotonic() > until:
                raise TimeoutError(f"waited {seconds:.0f} s for {claim}")
            self.spin(0.01)

    def close(self) -> None:
        """End the run, the window and the threads, without a last save."""
        self.session.training.abandon()
        self.session.training.wait()
        self.window.close()
        self.session.end()


def send_mouse(widget: QWidget, kind: QEvent.Type, place: QPointF) -> None:
    """Deliver one event of the left mouse button immediately, as the window system would."""
    is_move, is_release = kind == QEvent.Type.MouseMove, kind == QEvent.Type.MouseButtonRelease
    button = Qt.MouseButton.NoButton if is_move else Qt.MouseButton.LeftButton
    held = Qt.MouseButton.NoButton if is_release else Qt.MouseButton.LeftButton
    everywhere = QPointF(widget.mapToGlobal(place))
    event = QMouseEvent(kind, place, everywhere, button, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, event)


@contextmanager
def open_studio() -> Iterator[Studio]:
    """Open the window in a temporary home folder and load the engine; needs a screen."""
    os.environ.setdefault("GOMP_SPINCOUNT", SPINS)  # as the program does
    with own_home():
        app = QApplication.instance() or QApplication(["gan-studio"])
        if not isinstance(app, QApplication):
            raise TypeError("a Qt program without windows is running already")
        app.setApplicationName("gan-studio")
        studio = Studio(app)
        try:
            studio.begin()
            yield studio
        finally:
            studio.close()
