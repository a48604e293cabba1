"""Pictures that were moved, and pictures that cannot be used, as a person meets them at the window."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton

from gan_studio.engine.run.folder import RunFolder
from gan_studio.ui.dialogs.questions import AskFolder, AskPictureFile
from tests.end2end.conftest import Studio
from tests.end2end.hands import drop, file_url, notice, pictures
from tests.engine.runs import tiny, train

OpenStudio = Callable[..., Studio]


@pytest.fixture
def moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Train a run and move its pictures; a person who is asked for a folder names the new one. Return it."""
    train(tmp_path / "run", tiny(data__source=str(pictures(tmp_path / "before.2024")), training__steps=2))
    now = (tmp_path / "before.2024").rename(tmp_path / "now")
    monkeypatch.setattr(AskPictureFile, "ask", lambda *_: None)
    monkeypatch.setattr(AskFolder, "ask", lambda *_: now)
    return now


def press(studio: Studio, name: str = "noticeActionButton") -> None:
    button = studio.find(QPushButton, name)
    studio.wait_until(button.isVisible)
    assert button.text() == "Choose where the pictures are now…"
    studio.click(name)


def remembered(run: Path) -> str:
    return RunFolder(run).read().config.data.source


def test_that_a_run_whose_pictures_were_moved_asks_for_their_place_and_goes_on(
    open_studio: OpenStudio, tmp_path: Path, moved: Path
) -> None:
    studio = open_studio(tmp_path / "run")
    studio.wait_until(lambda: "can no longer be read" in notice(studio))
    press(studio)
    studio.wait_until(lambda: "9 pictures" in studio.find(QLabel, "dataFacts").text())
    studio.click("startButton")
    studio.wait_for_phase("finished")
    assert remembered(tmp_path / "run") == str(moved)
    assert studio.session.training.state.step > 2


def test_that_a_start_without_the_moved_pictures_asks_for_their_place(
    open_studio: OpenStudio, tmp_path: Path, moved: Path
) -> None:
    studio = open_studio(tmp_path / "run")
    studio.wait_until(lambda: "can no longer be read" in notice(studio))
    studio.click("startButton")
    studio.wait_for_phase("failed")
    assert str(tmp_path / "before.2024") in notice(studio)
    press(studio)
    studio.wait_for_phase("finished")
    assert remembered(tmp_path / "run") == str(moved)


def start_without(studio: Studio) -> None:
    studio.wait_until(lambda: "can no longer be read" in notice(studio))
    studio.click("startButton")
    studio.wait_for_phase("failed")


def test_that_a_folder_of_other_pictures_can_be_chosen_again(
    open_studio: OpenStudio, tmp_path: Path, moved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = iter([pictures(tmp_path / "other", 7), moved])
    monkeypatch.setattr(AskFolder, "ask", lambda *_: next(chosen))
    studio = open_studio(tmp_path / "run")
    start_without(studio)
    press(studio)
    studio.wait_until(lambda: "instead of" in notice(studio))
    studio.wait_for_phase("failed")
    assert "gan-studio" not in notice(studio)
    assert studio.find(QPushButton, "noticeActionButton").text() == "Go on anyway"
    press(studio, "noticeOtherButton")
    studio.wait_for_phase("finished")
    assert remembered(tmp_path / "run") == str(moved)


def test_that_a_wrong_folder_does_not_stay_when_the_pictures_are_back(
    open_studio: OpenStudio, tmp_path: Path, moved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.setattr(AskFolder, "ask", lambda *_: tmp_path / "empty")
    studio = open_studio(tmp_path / "run")
    start_without(studio)
    assert "gan-studio" not in notice(studio)
    press(studio)
    studio.wait_until(lambda: str(tmp_path / "empty") in notice(studio))
    studio.wait_for_phase("failed")
    assert "gan-studio" not in notice(studio)
    assert "there" not in notice(studio)
    moved.rename(tmp_path / "before.2024")
    studio.click("startButton")
    studio.wait_for_phase("finished")
    assert remembered(tmp_path / "run") == str(tmp_path / "before.2024")


def test_that_a_refused_folder_leaves_the_pictures_before_it_selected(open_studio: OpenStudio, tmp_path: Path) -> None:
    studio = open_studio()
    studio.wait_until(lambda: "pictures" in studio.find(QLabel, "dataFacts").text())
    drop(studio, file_url(pictures(tmp_path / "cats")))
    studio.wait_until(lambda: "9 pictures" in studio.find(QLabel, "dataFacts").text())
    (tmp_path / "empty").mkdir()
    drop(studio, file_url(tmp_path / "empty"))
    studio.wait_until(lambda: "cats is still selected." in notice(studio))
    assert str(tmp_path / "empty") in notice(studio)
    assert studio.session.training.state.config.data.source == str(tmp_path / "cats")
    assert studio.find(QComboBox, "datasetBox").currentText() == "cats"
    studio.wait_until(lambda: "9 pictures" in studio.find(QLabel, "dataFacts").text())
