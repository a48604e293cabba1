"""A run that another program trains: it is looked at, not touched, and free as soon as that program is gone."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QTabWidget, QWidget

from gan_studio.engine.run.folder import RunFolder
from tests.architecture import ROOT
from tests.end2end.conftest import Studio
from tests.end2end.hands import enabled, notice, picture_of
from tests.engine.references import References
from tests.engine.runs import tiny

OpenStudio = Callable[..., Studio]
Begin = Callable[..., "subprocess.Popen[str]"]
HOLDS = """
import sys
from pathlib import Path
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.run.lock import RunLock
lock = RunLock(RunFolder(Path(sys.argv[1])))
print("held", flush=True)
sys.stdin.read()
lock.release()
"""
NOTHING_ENABLED = dict.fromkeys(("start", "pause", "step", "stop"), False)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, references: References) -> Path:
    """Train a run of a few steps; who else trains it is looked at often."""
    monkeypatch.setattr("gan_studio.ui.session.writer_watch.LOOK_MS", 50)
    references.copy_to(tmp_path / "run", tiny(training__steps=4))
    return tmp_path / "run"


@pytest.fixture
def other_program() -> Iterator[Begin]:
    """Begin programs of this machine; those that still run in the end are killed."""
    begun: list[subprocess.Popen[str]] = []

    def begin(*arguments: str) -> "subprocess.Popen[str]":
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        pipe = subprocess.PIPE
        begun.append(
            subprocess.Popen([sys.executable, *arguments], env=environment, stdin=pipe, stdout=pipe, text=True)
        )
        return begun[-1]

    yield begin
    for program in begun:
        program.kill()
        program.communicate()


def holder(begin: Begin, run: Path) -> "subprocess.Popen[str]":
    """Begin a program that holds a run and does nothing with it."""
    program = begin("-c", HOLDS, str(run))
    assert program.stdout is not None
    assert program.stdout.readline() == "held\n"
    return program


def opened(open_studio: OpenStudio, run: Path) -> Studio:
    studio = open_studio(run)
    studio.wait_until(lambda: studio.session.training.state.has_run)
    return studio


def test_that_a_run_that_another_program_trains_is_looked_at_and_goes_on_here_once_that_is_killed(
    open_studio: OpenStudio, run: Path, other_program: Begin
) -> None:
    """A fresh process, because the other program is killed."""
    program = other_program("-m", "gan_studio", "resume", str(run), "--steps", "1000000")
    before = RunFolder(run).checkpoints()
    studio = open_studio()
    studio.wait_until(RunFolder(run).writer_file.exists)
    studio.session.open_run(run)
    studio.wait_until(lambda: studio.session.training.state.writer is not None)
    assert f"process {program.pid} on" in notice(studio)
    assert "view and explore it here" in notice(studio)
    assert enabled(studio) == NOTHING_ENABLED
    assert f"process {program.pid}" in studio.find(QWidget, "startButton").toolTip()
    studio.session.training.start()
    studio.session.training.roll_back(before[0])
    assert studio.session.training.thread_in_hand is None
    studio.find(QTabWidget, "tabs").setCurrentWidget(studio.find(QWidget, "exploreTab"))
    studio.wait_until(lambda: picture_of(studio) is not None)
    program.kill()
    program.wait()
    studio.wait_until(lambda: enabled(studio)["start"])
    assert "other program has ended" in notice(studio)
    assert "process" not in studio.find(QWidget, "startButton").toolTip()
    step = studio.session.training.state.step
    assert step == RunFolder(run).checkpoints()[-1].step
    studio.click("startButton")
    studio.wait_until(lambda: studio.session.training.state.step > step)


def test_that_a_run_is_free_when_the_other_program_ends_by_itself(
    open_studio: OpenStudio, run: Path, other_program: Begin
) -> None:
    program = holder(other_program, run)
    studio = opened(open_studio, run)
    assert enabled(studio) == NOTHING_ENABLED
    program.communicate("", timeout=60)
    studio.wait_until(lambda: enabled(studio)["start"])


def test_that_a_run_that_another_program_took_meanwhile_is_not_started(
    open_studio: OpenStudio, run: Path, other_program: Begin
) -> None:
    studio = opened(open_studio, run)
    program = holder(other_program, run)
    studio.click("startButton")
    studio.wait_for_phase("failed")
    studio.wait_until(lambda: enabled(studio) == NOTHING_ENABLED)
    assert f"process {program.pid} on" in notice(studio)
    program.kill()
    studio.wait_until(lambda: enabled(studio)["start"])
    studio.click("startButton")
    studio.wait_for_phase("finished")
    assert studio.session.training.state.step == 8


def test_that_another_run_can_be_opened_while_one_is_held(
    open_studio: OpenStudio, run: Path, other_program: Begin, tmp_path: Path, references: References
) -> None:
    holder(other_program, run)
    references.copy_to(tmp_path / "free", tiny(training__steps=2))
    studio = opened(open_studio, run)
    studio.session.open_run(tmp_path / "free")
    studio.wait_until(lambda: studio.session.training.state.step == 2)
    assert enabled(studio)["start"]
    assert notice(studio) == ""
