"""Leaving in every state by every way, as a process of its own: nothing is lost, nothing is complained of."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from wakepy import modecount

from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.run.log import read_metrics
from gan_studio.engine.support.crash_marker import state_folder
from gan_studio.engine.support.doctor import examine
from gan_studio.engine.support.keep_awake import Wakefulness
from gan_studio.ui.frame.progress_readout import SteadyRate
from gan_studio.ui.presenters.preferences import Preferences
from tests.end2end.conftest import Studio
from tests.end2end.hands import begin
from tests.end2end.programs import CAN_FORK, Forked, launch
from tests.end2end.test_program import FOREVER, Program, check_saved_at_the_last_step, program, wait_to_hear
from tests.engine.commands import SMALL
from tests.engine.references import References
from tests.engine.runs import resume, tiny
from tests.reliability.ledger import Page

ROOT = Path(__file__).parent.parent.parent
PATIENCE_SECONDS = 60

ROUTES = {
    "close": "window().close()",
    "Ctrl-C": "os.kill(os.getpid(), signal.SIGINT)",
    "SIGTERM": "os.kill(os.getpid(), signal.SIGTERM)",
    "log-out": "log_out()",
}
STATES = {
    "idle": "when(has_opened, leave)",
    "loading": "when(has_opened, lambda: (when_in('loading', leave), press_start()))",
    "running": "when(has_opened, press_start); when(has_trained, leave)",
    "paused": "when(has_opened, press_start); when(has_trained, press_pause); when(is_paused, leave)",
    "saving": "when(has_opened, press_start); when(has_trained, lambda: (when_in('saving', leave), press('stop')))",
    "sampling": "when(has_opened, lambda: (explore(), leave()))",
}
TRAINED = ("running", "paused", "saving")

ACTS = """
import os, signal
from PySide6.QtCore import SIGNAL
from gan_studio.ui.dialogs.questions import AskLeaving, Leaving
AskLeaving.ask = staticmethod(lambda parent, seconds, name: say("asked") or Leaving.SAVE)

def press(name):
    window().findChild(QAbstractButton, name + "Button").click()

def press_pause():
    press("pause")

def phase():
    return window().session.training.state.phase

def is_paused():
    return has_trained() and phase() == "paused"

def when_in(name, act):
    once = []
    def look():
        if phase() == name and not once:
            once.append(True)
            QTimer.singleShot(0, act)  # not within the slot: nobody leaves from there
    window().session.training.state_changed.connect(look)

def explore():
    window().views.tabs.setCurrentWidget(window().views.explore)
    window().findChild(QAbstractButton, "randomizeButton").click()

def log_out():
    # What Qt calls the slot with cannot be made in Python; that the slot is connected can be asked.
    assert application.receivers(SIGNAL("commitDataRequest(QSessionManager&)")) == 1
    assert application.receivers(SIGNAL("saveStateRequest(QSessionManager&)")) == 1
    window().save_unasked()
    assert not window().session.training.state.is_busy
    QApplication.quit()

def leave():
    say("left")
    {route}

{state}
"""

HANGING_DISK = """
import threading
from gan_studio.engine.files import atomic

class Hanging(atomic.Disk):
    def sync(self, descriptor):
        if hangs:
            say("hangs")
            threading.Event().wait()
        super().sync(descriptor)

hangs = []
atomic.disk = Hanging()
when(has_opened, press_start)
when(has_trained, lambda: (hangs.append(True), os.kill(os.getpid(), signal.SIGINT)))
"""

COMMAND = """
import sys
from gan_studio.__main__ import main
sys.exit(main(sys.argv[1:]))
"""

SIGNALLED_WHILE_IT_LOADS = """
import os, signal, sys
from gan_studio.__main__ import main

def on_event(event, arguments):
    if event == "import" and arguments[0] == "gan_studio.engine.training.job" and not once:
        once.append(True)
        os.kill(os.getpid(), signal.SIGTERM)

once = []
sys.addaudithook(on_event)
sys.exit(main(sys.argv[1:]))
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no such signals")


def chosen(soak: bool) -> list[tuple[str, str]]:
    """Choose each state with one way out, every way among them; in a soak, all."""
    pairs = [(state, route) for state in STATES for route in ROUTES]
    return pairs if soak else [pairs[len(ROUTES) * row + row % len(ROUTES)] for row in range(len(STATES))]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if {"state", "route"} <= set(metafunc.fixturenames):
        metafunc.parametrize(("state", "route"), chosen(bool(metafunc.config.getoption("--soak", default=False))))


@pytest.fixture
def lasting(tmp_path: Path, references: References) -> Path:
    """Train two steps of a run that would go on for ever."""
    references.copy_to(tmp_path / "run", tiny(training__steps=2, record__sample_every=10))
    facts = tmp_path / "run" / "run.toml"
    facts.write_text(facts.read_text().replace("\nsteps = 2\n", f"\nsteps = {FOREVER}\n"))
    return tmp_path / "run"


@contextmanager
def command(*arguments: object, text: str = COMMAND, is_loaded: bool = CAN_FORK) -> Iterator[Program]:
    """Run a command of the command line; it is ended for good afterwards."""
    given = [str(argument) for argument in arguments]
    process: Program = Forked(text, given) if is_loaded else launch(["-c", text], given)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_for_sheet(process: Program, folder: RunFolder, step: int) -> None:
    while not any(moment.step >= step for moment in folder.sheets()):
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.02)


def check_complaints(told: str) -> None:
    lines = [line for line in told.splitlines() if not line.startswith("This plugin does not support ")]
    assert lines == []


# The window


def test_that_it_is_left_well(state: str, route: str, lasting: Path, ledger: Page) -> None:
    ledger.injected(promise=9, injector="close, signals and log-out in each state", count=1)
    acts = ACTS.replace("{route}", ROUTES[route]).replace("{state}", STATES[state])
    with program("--run", lasting, acts=acts) as process:
        out, told = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0, told
    check_complaints(told)
    assert list(state_folder().iterdir()) == []  # no crash to tell of at the next start
    assert out.startswith("left\n")
    if route != "close":
        assert "asked" not in out
    if state in TRAINED:
        check_saved_at_the_last_step(RunFolder(lasting))
    else:
        assert RunFolder(lasting).checkpoints()[-1].step >= 2
        assert resume(lasting, steps=RunFolder(lasting).checkpoints()[-1].step + 1).trainer is not None


def test_that_a_second_ctrl_c_ends_it_at_once(lasting: Path, ledger: Page) -> None:
    ledger.injected(promise=9, injector="a second Ctrl-C", count=1)
    acts = ACTS.replace("{route}", "").replace("{state}", HANGING_DISK)
    with program("--run", lasting, acts=acts) as process:
        wait_to_hear(process, "hangs")
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE_SECONDS)
    assert process.returncode == -signal.SIGINT
    assert resume(lasting, steps=RunFolder(lasting).checkpoints()[-1].step + 1).trainer is not None


# The command line


def test_that_a_command_signalled_while_it_loads_ends_well(tmp_path: Path, ledger: Page) -> None:
    ledger.injected(promise=9, injector="SIGTERM while loading", count=1)
    arguments = ("train", "--out", tmp_path / "run", *SMALL)
    with command(*arguments, text=SIGNALLED_WHILE_IT_LOADS, is_loaded=False) as process:
        _, told = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0, told
    assert "Traceback" not in told


def test_that_a_closed_terminal_ends_a_command_with_a_checkpoint_of_its_last_step(tmp_path: Path, ledger: Page) -> None:
    ledger.injected(promise=9, injector="SIGHUP", count=1)
    folder = RunFolder(tmp_path / "run")
    inherited = signal.signal(signal.SIGHUP, signal.SIG_DFL)  # tests under nohup would hand on that it is ignored
    with command("train", "--out", folder.root, "--steps", FOREVER, *SMALL, "--json") as process:
        signal.signal(signal.SIGHUP, inherited)
        wait_for_sheet(process, folder, 16)
        process.send_signal(signal.SIGHUP)
        _, told = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0, told
    last = folder.checkpoints()[-1].step
    assert read_metrics(folder.log_file)[0][-1] == last


def test_that_a_run_that_was_put_to_sleep_and_woken_has_lost_nothing(tmp_path: Path, ledger: Page) -> None:
    ledger.injected(promise=9, injector="SIGSTOP and SIGCONT", count=1)
    folder = RunFolder(tmp_path / "run")
    with command("train", "--out", folder.root, "--steps", FOREVER, *SMALL, "--json") as process:
        wait_for_sheet(process, folder, 16)
        process.send_signal(signal.SIGSTOP)
        while psutil.Process(process.pid).status() != psutil.STATUS_STOPPED:
            assert process.poll() is None
        asleep = folder.sheets()[-1].step
        process.send_signal(signal.SIGCONT)
        wait_for_sheet(process, folder, asleep + 1)
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0, told
    steps = list(read_metrics(folder.log_file)[0])
    assert steps == list(range(1, folder.checkpoints()[-1].step + 1))


def test_that_the_computer_is_kept_awake_only_while_a_run_trains(
    open_studio: Callable[..., Studio], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAKEPY_FAKE_SUCCESS", "1")  # what a system that agrees would answer
    studio = open_studio()
    assert modecount() == 0
    begin(studio, tiny(training__steps=FOREVER, record__sample_every=1_000))
    studio.wait_until(lambda: modecount() == 1)
    studio.click("pauseButton")
    studio.wait_until(lambda: modecount() == 0)
    studio.click("startButton")
    studio.wait_until(lambda: modecount() == 1)
    studio.window.views.actions["keepAwakeAction"].trigger()
    studio.wait_until(lambda: modecount() == 0)
    assert not Preferences().keeps_awake
    studio.window.views.actions["keepAwakeAction"].trigger()
    studio.wait_until(lambda: modecount() == 1)
    studio.close()
    assert modecount() == 0


def test_that_a_system_that_does_not_let_itself_be_kept_awake_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("WAKEPY_FORCE_FAILURE", "1")
    with Wakefulness() as wakefulness:
        assert not wakefulness.is_held
        assert wakefulness.reason != ""
    (finding,) = (found for found in examine() if found.name == "no sleep")
    assert finding.ok
    assert "cannot be kept awake" in finding.detail


def test_that_rate_and_time_to_go_recover_after_a_sleep() -> None:
    rate = SteadyRate()
    for shown in [100.0] * 60 + [0.01] + [100.0] * 40:
        rate.add(shown)
    assert rate.value == pytest.approx(100.0, rel=0.02)
