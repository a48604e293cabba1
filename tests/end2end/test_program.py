"""The program as a process of its own: launched with a run, and ended by Ctrl-C, SIGTERM or its window."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.run.log import read_metrics
from tests.end2end.programs import CAN_FORK, Forked, launch
from tests.engine.references import References
from tests.engine.runs import resume, tiny

FOREVER = 1_000_000_000
Program = Forked | subprocess.Popen[str]
PATIENCE_SECONDS = 60

AT_THE_WINDOW = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication
from gan_studio.__main__ import main

def window():
    return next((w for w in QApplication.topLevelWidgets() if w.objectName() == "mainWindow"), None)

def has_opened():
    return window() is not None and window().session.training.state.has_run

def has_trained():
    return has_opened() and window().session.training.state.step > 30

def say(word):
    print(word, flush=True)

def press_start():
    window().findChild(QAbstractButton, "startButton").click()

def when(claim, act):
    QTimer.singleShot(20, lambda: act() if claim() else when(claim, act))

application = QApplication(["gan-studio"])
{acts}
sys.exit(main(sys.argv[1:]))
"""
"""A person: says what is done once something is there."""

START = """
when(has_opened, press_start)
when(has_trained, lambda: say("trained"))
"""
TELL_OF_QUESTIONS = """
from gan_studio.ui.dialogs.questions import AskLeaving, Leaving
AskLeaving.ask = staticmethod(lambda parent, seconds, name: say("asked") or Leaving.STAY)
"""
START_AND_CLOSE = """
from gan_studio.ui.dialogs.questions import AskLeaving, Leaving
AskLeaving.ask = staticmethod(lambda parent, seconds, name: Leaving.SAVE)
when(has_opened, press_start)
when(has_trained, lambda: window().close())
"""
START_AND_ASK_TO_LEAVE = """
when(has_opened, press_start)
when(has_trained, lambda: window().close())
when(lambda: QApplication.activeModalWidget() is not None, lambda: say("asked"))
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no such signals")


@pytest.fixture
def place(tmp_path: Path, references: References) -> Path:
    """Train two steps of a run that would go on for ever."""
    references.copy_to(tmp_path / "run", tiny(training__steps=2, record__sample_every=10))
    facts = tmp_path / "run" / "run.toml"
    facts.write_text(facts.read_text().replace("\nsteps = 2\n", f"\nsteps = {FOREVER}\n"))
    assert RunFolder(tmp_path / "run").read().config.training.steps == FOREVER
    return tmp_path / "run"


@contextmanager
def program(*arguments: object, acts: str = "", is_loaded: bool = CAN_FORK) -> Iterator[Program]:
    """Begin the window, without a screen; it is ended for good afterwards.

    Args:
        arguments: of the command line.
        acts: what a person does at the window; nothing: the program is launched as its user does.
        is_loaded: fork a program that has everything loaded, where the test is not about the launch.
    """
    text, given = AT_THE_WINDOW.replace("{acts}", acts), [str(argument) for argument in arguments]
    process: Program
    if acts and is_loaded:
        process = Forked(text, given, QT_QPA_PLATFORM="offscreen")
    else:
        process = launch(["-c", text] if acts else ["-m", "gan_studio"], given, QT_QPA_PLATFORM="offscreen")
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_to_hear(process: Program, word: str) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == f"{word}\n"


def check_ended_well(process: Program) -> str:
    out, told = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0, told
    assert "Traceback" not in told
    assert "QThread" not in told
    return out


def check_saved_at_the_last_step(folder: RunFolder) -> None:
    last = folder.checkpoints()[-1].step
    assert last > 2
    assert read_metrics(folder.log_file)[0][-1] == last
    assert folder.sheets()[-1].step == last
    trainer = resume(folder.root, steps=last + 1).trainer
    assert trainer is not None
    assert trainer.state.step == last + 1


@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)])
def test_that_a_signal_while_it_trains_ends_it_well_with_a_checkpoint_of_the_last_step(
    place: Path, number: int
) -> None:
    with program("--run", place, acts=TELL_OF_QUESTIONS + START) as process:
        wait_to_hear(process, "trained")
        process.send_signal(number)
        assert check_ended_well(process) == ""  # nothing was asked
    check_saved_at_the_last_step(RunFolder(place))


@pytest.mark.slow
def test_that_closing_the_window_and_saving_ends_it_with_a_checkpoint_of_the_last_step(place: Path) -> None:
    with program("--run", place, acts=START_AND_CLOSE) as process:
        check_ended_well(process)
    check_saved_at_the_last_step(RunFolder(place))


def test_that_a_signal_is_an_answer_to_the_question_how_to_leave(place: Path) -> None:
    with program("--run", place, acts=START_AND_ASK_TO_LEAVE) as process:
        wait_to_hear(process, "asked")
        process.send_signal(signal.SIGTERM)
        check_ended_well(process)
    check_saved_at_the_last_step(RunFolder(place))


def test_that_an_idle_window_ends_at_once_and_remembers_the_run_it_was_launched_with(
    place: Path, own_home: Path
) -> None:
    opened = "when(has_opened, lambda: say('opened'))"
    with program("--run", place, acts=opened, is_loaded=False) as process:
        wait_to_hear(process, "opened")
        process.send_signal(signal.SIGINT)
        check_ended_well(process)
    (settings,) = own_home.rglob("*.ini")
    assert str(place) in settings.read_text()
    assert "geometry=" in settings.read_text()


def test_that_a_signal_while_the_engine_is_still_loading_ends_it_well(own_home: Path) -> None:
    shown = "when(lambda: window() is not None and window().isVisible(), lambda: say('shown'))"
    with program(acts=shown, is_loaded=False) as process:
        wait_to_hear(process, "shown")
        process.send_signal(signal.SIGTERM)
        check_ended_well(process)


def test_that_wrong_arguments_are_refused_before_a_window_is_made() -> None:
    with program("--run") as process:
        _, told = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 2
    assert "usage: gan-studio" in told
