"""A program that was killed or broke down: the next start says so, with its trace, and offers the run."""

import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from gan_studio.engine.support.crash_marker import CrashMarker, crash_texts, state_folder, take_crashes
from tests.end2end.conftest import Studio
from tests.end2end.hands import notice
from tests.end2end.test_program import program, wait_to_hear
from tests.engine.references import References
from tests.reliability.ledger import Page

ROOT = Path(__file__).parent.parent.parent
PATIENCE_SECONDS = 60

MARKED = """
import faulthandler, os
from pathlib import Path
from gan_studio.engine.support.crash_marker import state_folder

def is_marked():
    markers = list(state_folder().glob(f"{os.getpid()}-*.toml"))
    return has_opened() and bool(markers) and "run = " in markers[0].read_text()
"""
BREAK_DOWN = f"{MARKED}\nwhen(is_marked, faulthandler._sigsegv)"
WAIT_TO_BE_KILLED = f"{MARKED}\nwhen(is_marked, lambda: say('marked'))"
READ_AND_OPEN = """
from PySide6.QtWidgets import QLabel
from PySide6.QtGui import QGuiApplication

def bar():
    return window().views.notices

def is_told():
    return window() is not None and bar().isVisible()

def answer():
    for name in ("noticeHeadline", "noticeLines"):
        say(bar().findChild(QLabel, name).text())
    bar().findChild(QAbstractButton, "noticeCopyButton").click()
    say(QGuiApplication.clipboard().text())
    bar().findChild(QAbstractButton, "noticeActionButton").click()
    when(has_opened, lambda: (say(window().session.training.state.place), window().close()))

when(is_told, answer)
"""
MARK_AND_END = """
import os, sys
from pathlib import Path
from gan_studio.engine.support.crash_marker import CrashMarker
marker = CrashMarker()
marker.begin()
marker.set_run(Path(sys.argv[1]))
{act}
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no such signals")


@pytest.fixture
def place(tmp_path: Path, references: References) -> Path:
    references.copy_to(tmp_path / "run")
    return tmp_path / "run"


def told_at_the_next_start() -> str:
    with program(acts=READ_AND_OPEN) as process:
        out, complaints = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0, complaints
    return out


def test_that_a_crash_is_told_of_with_its_trace_and_its_run_can_be_opened(place: Path, ledger: Page) -> None:
    ledger.injected(promise=9, injector="segmentation fault", count=1)
    with program("--run", place, acts=BREAK_DOWN) as process:
        process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == -signal.SIGSEGV
    out = told_at_the_next_start()
    assert "GAN Studio ended unexpectedly" in out
    assert "while the run Fashion-MNIST, 256 pictures was open" in out
    assert "Its error trace begins: Fatal Python error: Segmentation fault" in out
    assert "most recent call first" in out
    assert out.splitlines()[-1] == str(place)
    assert take_crashes() == ()
    assert "Segmentation fault" in crash_texts()[0]


def test_that_a_killed_program_is_told_of_at_the_next_start_and_only_then(place: Path, ledger: Page) -> None:
    ledger.injected(promise=9, injector="kill -9", count=1)
    with program("--run", place, acts=WAIT_TO_BE_KILLED) as process:
        wait_to_hear(process, "marked")
        process.kill()
        process.wait(PATIENCE_SECONDS)
    out = told_at_the_next_start()
    assert "It left no error trace" in out
    assert out.splitlines()[-1] == str(place)
    assert list(state_folder().glob("*.toml")) == []


def test_that_a_program_that_is_at_work_is_not_told_of() -> None:
    marker = CrashMarker()
    marker.begin()
    try:
        assert take_crashes() == ()
        assert list(state_folder().glob(f"{os.getpid()}-*.toml"))
    finally:
        marker.end()
    assert list(state_folder().iterdir()) == []


def test_that_the_number_of_a_dead_program_in_other_hands_hides_no_crash() -> None:
    """Linux gives a number again; the time at which its program began tells the two apart."""
    marker = CrashMarker()
    marker.begin()
    (facts,) = state_folder().glob(f"{os.getpid()}-*.toml")
    facts.write_text(facts.read_text().replace("began = ", "began = 1"))
    (crash,) = take_crashes()
    marker.end()
    assert crash.run is None


def test_that_a_crash_is_told_where_every_start_has_the_same_number(place: Path) -> None:
    """In a container the program before had our number."""
    state_folder().mkdir(parents=True)
    mine = os.getpid()
    (state_folder() / f"{mine}-dead.toml").write_text(f'process = {mine}\nbegan = 1.0\nrun = "{place}"\n')
    (state_folder() / f"{mine}-dead.trace").write_text("Fatal Python error")
    marker = CrashMarker()
    marker.begin()
    (crash,) = take_crashes()
    marker.end()
    assert crash.run == place
    assert crash.trace == "Fatal Python error"


def test_that_another_machine_with_the_same_home_is_left_alone() -> None:
    state_folder().mkdir(parents=True)
    (state_folder() / "1.toml").write_text('process = 1\nhost = "elsewhere"\nbegan = 1.0\n')
    assert take_crashes() == ()
    assert (state_folder() / "1.toml").exists()


@pytest.mark.parametrize("words", ["", "process = [", "began = 'x'", "process = 'x'\n", "\0\0"])
def test_that_a_damaged_marker_stops_no_start(words: str) -> None:
    state_folder().mkdir(parents=True)
    (state_folder() / "77.toml").write_text(words)
    assert len(take_crashes()) <= 1


def test_that_a_program_that_gives_up_by_itself_is_told_of_with_its_words(tmp_path: Path) -> None:
    """A fresh process, because it aborts."""
    act = "marker.write_trace('RuntimeError: no screen'); os._exit(1)"
    program_text = MARK_AND_END.replace("{act}", act)
    subprocess.run(
        [sys.executable, "-c", program_text, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    (crash,) = take_crashes()
    assert crash.run == tmp_path
    assert crash.trace == "RuntimeError: no screen"


def test_that_the_window_writes_a_report_of_the_open_run(
    open_studio: Callable[..., Studio], place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = open_studio(place)
    studio.wait_until(lambda: studio.session.training.state.has_run)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine"), ""))
    studio.window.views.actions["createReportAction"].trigger()
    studio.wait_until(lambda: "Report written" in notice(studio))
    with zipfile.ZipFile(tmp_path / "mine.zip") as archive:
        assert "run.toml" in archive.namelist()
        assert "no sleep" in archive.read("doctor.txt").decode()


def test_that_a_report_that_cannot_be_written_is_told_in_the_window(
    open_studio: Callable[..., Studio], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = open_studio()
    asked = iter(("", str(tmp_path / "gone" / "mine.zip")))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (next(asked), ""))
    studio.window.views.actions["createReportAction"].trigger()  # thought better of it
    studio.window.views.actions["createReportAction"].trigger()
    studio.wait_until(lambda: "could not be written" in notice(studio))


def test_that_only_the_last_crashes_are_kept_for_a_report(tmp_path: Path) -> None:
    state_folder().mkdir(parents=True)
    for number in range(9):
        (state_folder() / f"99{number}.toml").write_text(f"process = 999999{number}\nbegan = {number}.0\n")
    assert len(take_crashes()) == 9
    assert len(crash_texts()) == 5
