"""Closing the window: what is asked, what is kept, and that nothing stays behind."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.run.log import read_metrics
from gan_studio.ui.dialogs.questions import AskLeaving, Leaving
from gan_studio.ui.main_window import MainWindow
from gan_studio.ui.presenters.preferences import Preferences
from gan_studio.ui.session.studio_session import StudioSession
from tests.end2end.conftest import Studio
from tests.engine.references import References
from tests.engine.runs import TINY, resume, tiny
from tests.guards import alive, left_behind

OpenStudio = Callable[..., Studio]
FOREVER = tiny(training__steps=1_000_000, record__sample_every=1_000)


class Answer:
    """Somebody who is asked how to leave, and says always the same."""

    def __init__(self, leaving: Leaving) -> None:
        self.leaving = leaving
        self.asked: list[int] = []

    def __call__(self, _parent: QWidget, seconds: int, _name: str) -> Leaving:
        self.asked.append(seconds)
        return self.leaving


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[[Leaving], Answer]:
    def prepare(leaving: Leaving) -> Answer:
        answer = Answer(leaving)
        monkeypatch.setattr(AskLeaving, "ask", staticmethod(answer))
        return answer

    return prepare


def training(studio: Studio) -> Path:
    """Train a while; returns the run folder."""
    studio.window.views.setup.set_config(FOREVER)
    studio.click("startButton")
    studio.wait_until(lambda: studio.session.training.state.step > 5)
    place = studio.session.training.state.place
    assert place is not None
    return place


def wait_until_left(studio: Studio) -> None:
    studio.wait_until(lambda: not studio.window.isVisible())
    assert studio.session.training.thread_in_hand is None


def check_saved_at_the_last_step(place: Path) -> None:
    folder = RunFolder(place)
    last = folder.checkpoints()[-1].step
    assert last > 5
    assert read_metrics(folder.log_file)[0][-1] == last
    assert folder.sheets()[-1].step == last
    assert folder.snapshots()[-1].step == last
    trainer = resume(place, steps=last + 1).trainer
    assert trainer is not None
    assert trainer.state.step == last + 1


def test_that_an_idle_window_closes_at_once_and_asks_nothing(
    open_studio: OpenStudio, answer: Callable[[Leaving], Answer]
) -> None:
    studio, asked = open_studio(), answer(Leaving.STAY)
    assert studio.window.close()
    assert not studio.window.isVisible()
    assert asked.asked == []


def test_that_a_run_closed_with_save_has_a_checkpoint_of_its_last_step(
    open_studio: OpenStudio, answer: Callable[[Leaving], Answer]
) -> None:
    studio, asked = open_studio(), answer(Leaving.SAVE)
    place = training(studio)
    assert not studio.window.close()
    wait_until_left(studio)
    assert len(asked.asked) == 1
    studio.close()
    check_saved_at_the_last_step(place)


def test_that_a_run_closed_without_saving_keeps_what_it_had(
    open_studio: OpenStudio, answer: Callable[[Leaving], Answer]
) -> None:
    studio, _ = open_studio(), answer(Leaving.DISCARD)
    place = training(studio)
    before = RunFolder(place).checkpoints()
    studio.window.close()
    wait_until_left(studio)
    studio.close()
    assert RunFolder(place).checkpoints() == before
    assert resume(place, steps=2).trainer is not None


def test_that_keeping_on_training_keeps_on_training_and_asks_again_the_next_time(
    open_studio: OpenStudio, answer: Callable[[Leaving], Answer]
) -> None:
    studio, asked = open_studio(), answer(Leaving.STAY)
    place = training(studio)
    assert not studio.window.close()
    step = studio.session.training.state.step
    studio.wait_until(lambda: studio.session.training.state.step > step + 5)
    assert studio.window.isVisible()
    assert not studio.window.close()
    assert len(asked.asked) == 2
    answer(Leaving.SAVE)
    studio.window.close()
    wait_until_left(studio)
    studio.close()
    check_saved_at_the_last_step(place)


def test_that_a_paused_run_is_saved_without_a_question(
    open_studio: OpenStudio, answer: Callable[[Leaving], Answer]
) -> None:
    studio, asked = open_studio(), answer(Leaving.STAY)
    place = training(studio)
    studio.click("pauseButton")
    studio.wait_for_phase("paused")
    step = studio.session.training.state.step
    studio.click("stepButton")
    studio.wait_until(lambda: studio.session.training.state.step == step + 1)
    studio.window.close()
    wait_until_left(studio)
    assert asked.asked == []
    studio.close()
    assert RunFolder(place).checkpoints()[-1].step == step + 1
    check_saved_at_the_last_step(place)


def test_that_a_finished_run_is_left_at_once(open_studio: OpenStudio, answer: Callable[[Leaving], Answer]) -> None:
    studio, asked = open_studio(), answer(Leaving.STAY)
    studio.window.views.setup.set_config(TINY)
    studio.click("startButton")
    studio.wait_for_phase("finished")
    assert studio.window.close()
    assert asked.asked == []


def test_that_a_run_that_ends_while_it_is_asked_about_is_left_like_a_finished_one(
    open_studio: OpenStudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = open_studio()
    place = training(studio)

    def ask(_parent: QWidget, _seconds: int, _name: str) -> Leaving:
        studio.session.training.stop()
        studio.wait_for_phase("finished")
        return Leaving.SAVE

    monkeypatch.setattr(AskLeaving, "ask", staticmethod(ask))
    studio.window.close()
    wait_until_left(studio)
    studio.close()
    check_saved_at_the_last_step(place)


def test_that_closing_twice_asks_once(open_studio: OpenStudio, answer: Callable[[Leaving], Answer]) -> None:
    studio, asked = open_studio(), answer(Leaving.SAVE)
    training(studio)
    studio.window.close()
    studio.window.close()
    wait_until_left(studio)
    assert len(asked.asked) == 1


def test_that_a_window_closed_while_pictures_are_read_is_gone_without_a_run(
    open_studio: OpenStudio, answer: Callable[[Leaving], Answer], tmp_path: Path
) -> None:
    studio, _ = open_studio(), answer(Leaving.SAVE)
    studio.window.views.setup.set_config(FOREVER)
    studio.click("startButton")
    studio.window.close()
    wait_until_left(studio)


def test_that_a_window_closed_while_the_engine_loads_waits_for_it(qtbot: QtBot) -> None:
    session = StudioSession()
    window = MainWindow(session, Preferences())
    window.show()
    window.begin()
    assert window.close()
    session.end()
    window.deleteLater()
    session.deleteLater()


def test_that_no_thread_is_left_when_the_window_is_gone(
    open_studio: OpenStudio, answer: Callable[[Leaving], Answer], tmp_path: Path, references: References
) -> None:
    references.copy_to(tmp_path / "run", tiny(training__steps=1))
    before = alive()
    studio, _ = open_studio(tmp_path / "run"), answer(Leaving.SAVE)
    studio.wait_until(lambda: studio.session.training.state.has_run)
    studio.click("startButton")
    studio.wait_for_phase("finished")
    studio.window.close()
    studio.close()
    assert left_behind(before) == []


def test_that_an_old_checkpoint_does_not_count_as_training_that_would_be_lost(
    open_studio: OpenStudio, tmp_path: Path, answer: Callable[[Leaving], Answer], references: References
) -> None:
    references.copy_to(tmp_path / "run", tiny(training__steps=2, record__sample_every=1_000))
    with closing(sqlite3.connect(tmp_path / "run" / "run.sqlite")) as log, log:
        log.execute("UPDATE metrics SET wall_time = wall_time - 500000")
    studio, asked = open_studio(tmp_path / "run"), answer(Leaving.STAY)
    studio.wait_until(lambda: studio.session.training.state.has_run)
    studio.session.training.set_knob("steps", 1_000_000)
    studio.click("startButton")
    studio.wait_until(lambda: studio.session.training.state.step > 5)
    studio.window.close()
    assert asked.asked[0] < 1000
