"""Setting up a run: presets, what is typed, pictures chosen and dropped, and what cannot begin."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QWidget,
)

from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.run.log import read_knobs
from gan_studio.ui.dialogs.questions import AskFolder
from tests.end2end.conftest import Studio
from tests.end2end.hands import begin, drop, file_url, notice, pictures, text_of
from tests.engine.references import References
from tests.engine.runs import TINY, tiny

OpenStudio = Callable[..., Studio]
FOREVER = tiny(training__steps=1_000_000)


def test_that_a_preset_fills_the_form_and_keeps_pictures_device_and_seed(
    open_studio: OpenStudio, tmp_path: Path
) -> None:
    studio = open_studio()
    assert drop(studio, file_url(pictures(tmp_path / "cats")))
    studio.type_into("seedField", "77")
    presets = studio.find(QComboBox, "presetBox")
    presets.setCurrentIndex(presets.findData("paper"))
    presets.activated.emit(presets.currentIndex())
    config = studio.session.training.state.config
    assert (config.preset, config.model.width, config.data.image_size) == ("paper", 128, 64)
    assert config.data.source == str(tmp_path / "cats")
    assert config.seed == 77
    assert text_of(studio, "widthField") == "128"
    assert studio.find(QComboBox, "imageSizeField").currentText() == "64"
    assert studio.find(QComboBox, "datasetBox").currentText() == "cats"


def test_that_start_takes_what_is_still_being_typed(open_studio: OpenStudio) -> None:
    studio = open_studio()
    studio.window.views.setup.set_config(TINY)
    field = studio.find(QWidget, "stepsField")
    line = field.findChild(QLineEdit)
    assert line is not None
    field.setFocus()
    line.selectAll()
    studio.qtbot.keyClicks(line, "3")
    studio.click("startButton")
    studio.wait_for_phase("finished")
    assert studio.session.training.state.step == 3


def test_that_going_on_takes_what_was_typed_while_the_run_rested(open_studio: OpenStudio) -> None:
    studio = open_studio()
    begin(studio)
    studio.wait_for_phase("finished")
    studio.type_into("learningRateGField", "0.005")
    line = studio.find(QWidget, "stepsField").findChild(QLineEdit)
    assert line is not None
    line.selectAll()
    studio.qtbot.keyClicks(line, "20")
    studio.click("startButton")
    studio.wait_until(lambda: studio.session.training.state.step == 20)
    studio.wait_for_phase("finished")
    place = studio.session.training.state.place
    assert place is not None
    assert ("learning_rate_g", 0.005) in [(row.name, row.value) for row in read_knobs(RunFolder(place).log_file)]
    assert text_of(studio, "learningRateGField") == "0.005"
    assert text_of(studio, "stepsField") == "20\u00a0steps"


def test_that_a_run_that_cannot_begin_is_told_without_a_box_and_can_be_mended(
    open_studio: OpenStudio, tmp_path: Path
) -> None:
    studio = open_studio()
    folder = pictures(tmp_path / "cats")
    assert drop(studio, file_url(folder))
    for file in folder.iterdir():
        file.unlink()
    studio.window.views.setup.set_config(tiny(data__source=str(folder)))
    studio.click("startButton")
    studio.wait_for_phase("failed")
    assert "holds no picture" in notice(studio)
    assert len(notice(studio).splitlines()) == 3
    assert QApplication.activeModalWidget() is None
    begin(studio, tiny(training__steps=2))
    studio.wait_for_phase("finished")
    assert studio.session.training.state.step == 2


def test_that_the_welcome_starts_the_starter_pictures(open_studio: OpenStudio) -> None:
    studio = open_studio()
    studio.click("welcomeStarterButton")
    studio.wait_for_phase("running")
    config = studio.session.training.state.config
    assert (config.preset, config.data.source) == ("quickstart", "starter:fashion-mnist")


def test_that_a_folder_is_chosen_from_wherever_it_is_asked_for(
    open_studio: OpenStudio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = open_studio()
    for number, name in enumerate(("chooseFolderButton", "welcomeFolderButton")):
        folder = pictures(tmp_path / f"folder {number}")
        monkeypatch.setattr(AskFolder, "ask", staticmethod(lambda *_, folder=folder: folder))
        studio.click(name)
        assert studio.session.training.state.config.data.source == str(folder)
        studio.wait_until(lambda: "9 pictures" in studio.find(QLabel, "dataFacts").text())
    monkeypatch.setattr(AskFolder, "ask", staticmethod(lambda *_: None))
    studio.click("chooseFolderButton")
    assert studio.session.training.state.config.data.source == str(tmp_path / "folder 1")


def test_that_a_folder_without_pictures_is_told_when_it_is_chosen(open_studio: OpenStudio, tmp_path: Path) -> None:
    studio = open_studio()
    (tmp_path / "empty").mkdir()
    assert drop(studio, file_url(tmp_path / "empty"))
    studio.wait_until(lambda: "holds no picture" in notice(studio))
    assert "No pictures" in studio.find(QLabel, "dataFacts").text()


def test_that_files_left_out_are_named(open_studio: OpenStudio, tmp_path: Path) -> None:
    studio = open_studio()
    folder = pictures(tmp_path / "cats")
    (folder / "broken.png").write_bytes(b"no picture")
    begin(studio, tiny(data__source=str(folder), training__steps=2))
    studio.wait_for_phase("finished")
    assert "broken.png" in notice(studio)


def test_that_the_device_a_run_goes_on_with_is_the_one_that_is_shown(
    open_studio: OpenStudio, tmp_path: Path, references: References
) -> None:
    references.copy_to(tmp_path / "run", tiny(training__steps=2))
    studio = open_studio(tmp_path / "run")
    studio.wait_until(lambda: studio.session.training.state.has_run)
    devices = studio.find(QComboBox, "deviceBox")
    assert devices.currentData() == "auto"
    devices.setCurrentIndex(devices.findData("cpu"))
    devices.activated.emit(devices.currentIndex())
    studio.click("startButton")
    studio.wait_for_phase("finished")
    assert devices.currentData() == "cpu"
    assert "CPU" in studio.find(QLabel, "statusDevice").text()


def test_that_a_dropped_folder_becomes_the_data_of_the_next_run(open_studio: OpenStudio, tmp_path: Path) -> None:
    studio = open_studio()
    folder = pictures(tmp_path / "cats")
    assert drop(studio, file_url(folder))
    assert studio.session.training.state.config.data.source == str(folder)
    assert studio.find(QComboBox, "datasetBox").currentText() == "cats"
    studio.wait_until(lambda: "9 pictures" in studio.find(QLabel, "dataFacts").text())


def test_that_a_dropped_run_is_opened(open_studio: OpenStudio, tmp_path: Path, references: References) -> None:
    references.copy_to(tmp_path / "run", tiny(training__steps=2))
    studio = open_studio()
    assert drop(studio, file_url(tmp_path / "run"))
    studio.wait_until(lambda: studio.session.training.state.step == 2)
    assert studio.session.training.state.place == tmp_path / "run"


def test_that_a_run_cannot_be_dropped_while_another_trains_and_the_reason_is_told(
    open_studio: OpenStudio, tmp_path: Path, references: References
) -> None:
    references.copy_to(tmp_path / "run", tiny(training__steps=2))
    studio = open_studio()
    begin(studio, FOREVER)
    studio.wait_for_phase("running")
    place, step = studio.session.training.state.place, studio.session.training.state.step
    assert not drop(studio, file_url(tmp_path / "run"))
    assert "Another run is training Stop it first" in studio.find(QWidget, "dropHint").accessibleName()
    assert QApplication.activeModalWidget() is None
    studio.wait_until(lambda: studio.session.training.state.step > step + 5)
    assert studio.session.training.state.place == place


def test_that_only_one_folder_of_this_machine_can_be_dropped(open_studio: OpenStudio, tmp_path: Path) -> None:
    studio = open_studio()
    before = studio.session.training.state.config
    folder = pictures(tmp_path / "cats")
    assert not drop(studio, file_url(folder), file_url(tmp_path))
    assert not drop(studio, file_url(folder / "0.png"))
    assert not drop(studio, QUrl("https://example.org/cats"))
    assert not drop(studio)
    assert studio.session.training.state.config == before
    assert notice(studio) == ""
