"""Runs by name: their cards, renaming, what the first button says, taking up an earlier step, going back once asked."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QListWidget, QPushButton, QTabWidget, QToolButton, QWidget

from gan_studio.engine.control import TrainingControl
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest
from gan_studio.ui.dialogs.run_name import AskRunName
from gan_studio.ui.presenters.preferences import Preferences
from gan_studio.ui.widgets.elided_label import ElidedLabel
from tests.end2end.conftest import Studio
from tests.end2end.hands import begin, notice
from tests.engine.references import References
from tests.engine.runs import TINY, finish, tiny

OpenStudio = Callable[..., Studio]
HOSTILE = "<b>Frogs</b> [*] & co %1 {name}"
"""A name that nothing may take for markup, for a placeholder or for a shortcut."""


@pytest.fixture
def run(tmp_path: Path, references: References) -> Path:
    """Copy a finished run of 12 steps, and put it on the list of recent runs."""
    place = references.copy_to(tmp_path / "run")
    Preferences().add_recent_run(str(place))
    return place


def start_text(studio: Studio) -> str:
    return studio.find(QToolButton, "startButton").text()


def card(studio: Studio) -> QWidget:
    """Return the first card, once its run was read."""
    studio.wait_until(lambda: " of " in studio.find(QWidget, "welcomeRecent0").toolTip())
    return studio.find(QWidget, "welcomeRecent0")


def rename(studio: Studio, monkeypatch: pytest.MonkeyPatch, action: str, name: str) -> None:
    monkeypatch.setattr(AskRunName, "ask", staticmethod(lambda _parent, _shown: name))
    studio.find(QAction, action).trigger()
    studio.wait_until(lambda: notice(studio) != "")


def test_that_the_first_button_says_what_it_does_and_keeps_its_width(open_studio: OpenStudio) -> None:
    studio = open_studio()
    button = studio.find(QWidget, "startButton")
    width = button.width()
    assert start_text(studio) == "Start"
    begin(studio, tiny(training__steps=1_000_000))
    training = studio.session.training
    studio.wait_until(lambda: training.state.step > 2)
    studio.click("pauseButton")
    studio.wait_for_phase("paused")
    assert start_text(studio) == "Resume"
    assert button.accessibleName() == "Resume"
    training.set_knob("steps", training.state.step + 1)
    studio.click("startButton")
    studio.wait_for_phase("finished")
    assert start_text(studio) == "Train 1\u202f000\u202f000 more"
    assert f"to step {training.state.step + 1_000_000:,}".replace(",", "\u202f") in button.toolTip()
    wide = button.width()
    studio.window.views.actions["newRunAction"].trigger()
    assert start_text(studio) == "Start"
    assert button.width() == wide >= width


def test_that_a_run_at_its_end_trains_as_many_steps_more_as_its_button_says(open_studio: OpenStudio, run: Path) -> None:
    studio = open_studio(run)
    studio.wait_until(lambda: start_text(studio) == "Train 12 more")
    studio.click("startButton")
    studio.wait_until(lambda: studio.session.training.state.step == 24)
    studio.wait_for_phase("finished")


def test_that_the_window_names_its_run_and_follows_another_name(
    open_studio: OpenStudio, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = open_studio()
    assert studio.window.windowTitle() == "GAN Studio"
    assert not studio.find(QAction, "renameRunAction").isEnabled()
    studio.session.open_run(run)
    studio.wait_until(lambda: studio.window.windowTitle() == "Fashion-MNIST, 256 pictures – GAN Studio")
    rename(studio, monkeypatch, "renameRunAction", HOSTILE)
    assert studio.window.windowTitle() == f"{HOSTILE.replace('[*]', '[*][*]')} – GAN Studio"
    assert HOSTILE in notice(studio)
    assert str(RunFolder(run).read().name) == HOSTILE


def test_that_a_run_is_renamed_from_its_card(
    open_studio: OpenStudio, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = open_studio()
    assert card(studio).accessibleName() == "Fashion-MNIST, 256 pictures"  # type: ignore[attr-defined]
    rename(studio, monkeypatch, "welcomeRecent0Rename", "Frogs")
    studio.wait_until(lambda: studio.find(QWidget, "welcomeRecent0").accessibleName() == "Frogs")
    assert "Fashion-MNIST, 256 pictures" in studio.find(QWidget, "welcomeRecent0").toolTip()


def test_that_a_run_taken_off_the_list_stays_on_the_disk(open_studio: OpenStudio, run: Path) -> None:
    studio = open_studio()
    card(studio)
    studio.find(QAction, "welcomeRecent0TakeOff").trigger()
    assert studio.window.findChild(QWidget, "welcomeRecent0") is None
    assert Preferences().recent_runs == ()
    assert RunFolder(run).checkpoints()


def test_that_a_card_continues_its_run(open_studio: OpenStudio, run: Path) -> None:
    studio = open_studio()
    card(studio)
    studio.click("welcomeRecent0Continue")
    studio.wait_until(lambda: studio.session.training.state.step == 24)
    studio.wait_for_phase("finished")


def test_that_a_card_explores_its_run_without_training(open_studio: OpenStudio, run: Path) -> None:
    studio = open_studio()
    card(studio)
    studio.click("welcomeRecent0Explore")
    tabs = studio.find(QTabWidget, "tabs")
    studio.wait_until(lambda: tabs.currentWidget() is studio.find(QWidget, "exploreTab"))
    assert studio.session.training.state.phase == "finished"
    assert studio.session.training.state.step == 12


def test_that_a_card_fine_tunes_from_any_kept_step_with_the_networks_of_its_run(
    open_studio: OpenStudio, run: Path
) -> None:
    studio = open_studio()
    card(studio)
    studio.click("welcomeRecent0FineTune")
    studio.wait_until(lambda: studio.window.findChild(QListWidget, "startStepList") is not None)
    steps = studio.find(QListWidget, "startStepList")
    assert [steps.item(row).text().split(" · ")[0] for row in range(2)] == ["step 12", "step 8"]
    assert steps.currentRow() == 0
    steps.setCurrentRow(1)
    assert "D from random weights" in studio.find(QLabel, "startStepTold").text()
    studio.click("startStepButton")
    terms = studio.session.training.terms
    assert (terms.fine_tune, terms.fine_tune_from) == (run, Moment(0, 8))
    assert studio.window.views.setup.config().model == TINY.model
    assert "step 8 of Fashion-MNIST, 256 pictures" in notice(studio)
    assert "D from random weights" in notice(studio)


def test_that_what_is_fine_tuned_follows_another_name_of_its_run(
    open_studio: OpenStudio, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = open_studio()
    card(studio)
    studio.click("welcomeRecent0FineTune")
    studio.wait_until(lambda: studio.window.findChild(QListWidget, "startStepList") is not None)
    rename(studio, monkeypatch, "welcomeRecent0Rename", "Frogs")
    heading = studio.find(QLabel, "startStepHeading")
    studio.wait_until(lambda: heading.text() == "From which step of Frogs does the new run start?")
    studio.click("startStepButton")
    line = studio.find(ElidedLabel, "fineTuneLabel")
    assert line.full_text == "Fine-tunes: step 12 of Frogs"
    rename(studio, monkeypatch, "welcomeRecent0Rename", "Toads")
    studio.wait_until(lambda: line.full_text == "Fine-tunes: step 12 of Toads")


def test_that_going_back_asks_once_what_it_is_and_halves_the_rates_of_now(open_studio: OpenStudio, run: Path) -> None:
    control, rate = TrainingControl(), 4e-5
    control.set_knob("learning_rate_g", rate)
    finish(TrainingJob(RunRequest(run, steps=16)), control)
    studio = open_studio(run)
    training = studio.session.training
    studio.wait_until(lambda: training.state.step == 16)
    studio.window.views.history.panel.checkpoint_wanted.emit(Moment(0, 12))
    studio.wait_until(lambda: "loss D" in studio.find(QLabel, "goingBackFacts").text())
    assert "Branch 0 stays as it is, at step 16" in studio.find(QLabel, "goingBackStays").text()
    assert training.state.branch == 0
    assert "G 4e-5 to 2e-5" in studio.find(QPushButton, "goBackSlowerButton").toolTip()
    studio.click("goBackSlowerButton")
    studio.wait_until(lambda: training.state.branch == 1)
    studio.wait_for_phase("finished")
    assert training.knob("learning_rate_g") == pytest.approx(rate / 2)


def test_that_a_cancelled_question_leaves_the_run_where_it_is(open_studio: OpenStudio, run: Path) -> None:
    studio = open_studio(run)
    studio.wait_until(lambda: studio.session.training.state.step == 12)
    studio.window.views.history.panel.checkpoint_wanted.emit(Moment(0, 0))
    dialog = studio.find(QWidget, "goingBackDialog")
    dialog.close()
    assert studio.session.training.state.phase == "finished"
    assert len(RunFolder(run).checkpoints()) == 2
