"""Set-ups as a whole: presets of one's own, files, the command line, origins, and questions before a start."""

import shlex
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QLabel, QListView, QPushButton, QToolButton, QWidget

from gan_studio.cli.main import build_parser
from gan_studio.cli.values import chosen_config
from gan_studio.engine.config.files import config_toml, read_config
from gan_studio.engine.config.schema import with_values
from gan_studio.engine.moment import Moment
from gan_studio.ui.dialogs.preset import AskPresetName
from gan_studio.ui.dialogs.questions import AskOrigin, AskPictureFile, AskSetupFile
from gan_studio.ui.presenters.preferences import Preferences
from tests.end2end.conftest import Studio
from tests.end2end.hands import begin, drop, file_url, notice, pictures, text_of
from tests.engine.pictures import make_folder, noise
from tests.engine.references import References
from tests.engine.runs import TINY, tiny

OpenStudio = Callable[..., Studio]


def answer_with(monkeypatch: pytest.MonkeyPatch, asker: type, reply: object, method: str = "ask") -> None:
    monkeypatch.setattr(asker, method, staticmethod(lambda *_: reply))


def trigger(studio: Studio, name: str) -> None:
    action = studio.window.views.actions[name]
    assert action.isEnabled(), name
    action.trigger()


def test_that_a_preset_of_ones_own_is_listed_chosen_and_there_in_the_next_window(
    open_studio: OpenStudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = open_studio()
    studio.type_into("widthField", "12")
    answer_with(monkeypatch, AskPresetName, "my small one")
    trigger(studio, "savePresetAction")
    presets = studio.find(QComboBox, "presetBox")
    studio.wait_until(lambda: presets.currentData() == "my small one")
    assert studio.session.training.state.config.preset == "my small one"
    studio.close()
    again = open_studio()
    presets = again.find(QComboBox, "presetBox")
    assert presets.count() - 1 == presets.findData("my small one")
    presets.setCurrentIndex(presets.count() - 1)
    presets.activated.emit(presets.currentIndex())
    assert text_of(again, "widthField") == "12"


def test_that_a_set_up_is_exported_and_imported(
    open_studio: OpenStudio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio, path = open_studio(), tmp_path / "mine.toml"
    studio.type_into("batchSizeField", "48")
    answer_with(monkeypatch, AskSetupFile, path, "ask_new")
    trigger(studio, "exportSetupAction")
    studio.wait_until(lambda: "mine.toml" in notice(studio))
    assert read_config(path) == studio.window.views.setup.config()
    path.write_text(config_toml(TINY), encoding="utf-8")
    answer_with(monkeypatch, AskSetupFile, path)
    trigger(studio, "importSetupAction")
    studio.wait_until(lambda: studio.session.training.state.config == TINY)
    assert studio.window.views.setup.config() == TINY


def test_that_a_wrong_set_up_is_told_in_three_parts_and_changes_nothing(
    open_studio: OpenStudio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio, path = open_studio(), tmp_path / "wrong.toml"
    before = studio.session.training.state.config
    path.write_text("[training]\nbatch_size = 0\n", encoding="utf-8")
    answer_with(monkeypatch, AskSetupFile, path)
    trigger(studio, "importSetupAction")
    studio.wait_until(lambda: "training.batch_size" in notice(studio))
    assert len(notice(studio).splitlines()) == 3
    assert studio.session.training.state.config == before


def test_that_the_copied_command_gives_the_set_up_in_sight(open_studio: OpenStudio) -> None:
    studio = open_studio()
    studio.type_into("batchSizeField", "48")
    trigger(studio, "copyCommandAction")
    words = shlex.split(QGuiApplication.clipboard().text())
    assert words[:2] == ["gan-studio", "train"]
    assert "training.batch_size=48" in words
    assert chosen_config(build_parser().parse_args(words[1:]))[0] == studio.window.views.setup.config()


def test_that_the_copied_command_begins_from_the_same_weights(open_studio: OpenStudio, tmp_path: Path) -> None:
    studio = open_studio()
    studio.session.training.set_fine_tune(tmp_path / "earlier run", Moment(2, 40))
    trigger(studio, "copyCommandAction")
    words = shlex.split(QGuiApplication.clipboard().text())
    options = build_parser().parse_args(words[1:])
    assert options.fine_tune == tmp_path / "earlier run"
    assert (options.fine_tune_branch, options.fine_tune_step) == (2, 40)


def test_that_parts_of_the_set_up_stay_folded_in_the_next_window(open_studio: OpenStudio) -> None:
    studio = open_studio()
    for name in ("dataSectionButton", "tricksPartButton"):
        studio.find(QToolButton, name).click()
    studio.close()
    again = open_studio()
    assert not again.find(QWidget, "dataPanel").isVisible()
    assert again.find(QWidget, "tricksPart").findChild(QWidget, "dStepsField").isVisible()
    assert again.find(QWidget, "widthField").isVisible()


def test_that_the_share_held_out_and_a_stray_picture_are_told_before_a_run(
    open_studio: OpenStudio, tmp_path: Path
) -> None:
    studio = open_studio()
    facts = studio.find(QLabel, "dataFacts")
    studio.wait_until(lambda: "1\u202f000 of them held out" in facts.text())
    assert "11\u202f000 pictures" in facts.text()
    folder = pictures(tmp_path / "pets", 30)
    for name in ("cat", "dog"):
        pictures(folder / name, 5)
    (folder / "0.png").rename(folder / "stray.png")
    for file in folder.glob("[0-9]*.png"):
        file.unlink()
    studio.window.views.toolbar.source_chosen.emit(str(folder))
    studio.wait_until(lambda: "11 pictures" in facts.text())
    assert "about 1 of them held out" in facts.text()
    assert "because stray.png lies beside them" in facts.text()
    begin(studio, tiny(data__source=str(folder), model__conditional=True))
    studio.wait_for_phase("failed")
    assert "because stray.png lies beside them" in notice(studio)


def test_that_the_time_to_the_first_sheet_is_told_before_any_run(
    open_studio: OpenStudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gan_studio.ui.presenters.speed.IDLE_MS", 10)
    studio = open_studio()
    line = studio.find(QLabel, "costLine")
    studio.wait_until(lambda: "On this machine a step takes about" in line.text())
    assert Preferences().speed > 0


def test_that_the_next_run_begins_from_an_earlier_one_until_that_is_removed(
    open_studio: OpenStudio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, references: References
) -> None:
    origin = tmp_path / "earlier run"
    references.copy_to(origin, with_values(TINY, {"training.steps": 2}))
    studio = open_studio()
    label = studio.find(QLabel, "fineTuneLabel")
    answer_with(monkeypatch, AskOrigin, origin)
    trigger(studio, "fineTuneAction")
    studio.wait_until(lambda: studio.window.findChild(QWidget, "startStepButton") is not None)
    studio.click("startStepButton")
    assert label.isVisible()
    assert "step 2 of Fashion-MNIST, 256 pictures" in label.toolTip() + label.text()
    assert studio.session.training.state.config.model == TINY.model
    assert studio.window.views.setup.config().data.image_size == TINY.data.image_size
    studio.click("removeFineTuneButton")
    assert not label.isVisible()
    trigger(studio, "fineTuneAction")
    studio.wait_until(studio.find(QWidget, "startStepDialog").isVisible)
    studio.click("startStepButton")
    begin(studio)
    studio.wait_for_phase("finished")
    assert not label.isVisible()
    assert not studio.window.views.actions["fineTuneAction"].isEnabled()


def test_that_many_bad_pictures_are_asked_about_and_the_run_starts_all_the_same(
    open_studio: OpenStudio, tmp_path: Path
) -> None:
    folder = pictures(tmp_path / "cats")
    for number in range(6):
        (folder / f"broken {number}.png").write_bytes(b"\x89PNG\r\n\x1a\n nothing")
    studio = open_studio()
    assert drop(studio, file_url(folder))
    begin(studio, with_values(tiny(training__steps=2), {"data.source": str(folder)}))
    studio.wait_for_phase("failed")
    assert not studio.session.training.state.has_run
    button = studio.find(QPushButton, "noticeActionButton")
    assert button.text() == "Start anyway"
    studio.click("noticeActionButton")
    studio.wait_for_phase("finished")
    assert studio.session.training.state.step == 2


def test_that_classes_and_shares_of_the_pictures_are_shown(open_studio: OpenStudio, tmp_path: Path) -> None:
    root = tmp_path / "pets"
    root.mkdir()
    pictures(root / "cat", 9)
    pictures(root / "dog", 5)
    studio = open_studio()
    assert drop(studio, file_url(root))
    rows = studio.find(QListView, "classCountsList")
    studio.wait_until(lambda: [rows.model().index(row, 0).data() for row in range(2)] == ["cat  9", "dog  5"])
    assert rows.isVisible()
    assert "original size 40 × 40" in studio.find(QLabel, "dataFacts").text()


def test_that_a_dropped_file_of_pictures_becomes_the_data_of_the_next_run(
    open_studio: OpenStudio, tmp_path: Path
) -> None:
    path = tmp_path / "digits.npy"
    np.save(path, np.zeros((20, 28, 28), np.uint8))
    studio = open_studio()
    assert drop(studio, file_url(path))
    assert studio.session.training.state.config.data.source == str(path)
    studio.wait_until(lambda: "20 pictures" in studio.find(QLabel, "dataFacts").text())
    (tmp_path / "notes.txt").write_text("no pictures", encoding="utf-8")
    assert not drop(studio, file_url(tmp_path / "notes.txt"))
    assert not drop(studio, QUrl("https://example.org/digits.npy"))


def test_that_a_file_is_chosen_from_wherever_it_is_asked_for(
    open_studio: OpenStudio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = open_studio()
    for number, ask in enumerate(
        (
            lambda: trigger(studio, "openPictureFileAction"),
            lambda: studio.click("chooseFileButton"),
            studio.window.views.toolbar.file_wanted.emit,
        )
    ):
        path = tmp_path / f"{number}.npy"
        np.save(path, np.zeros((20, 28, 28), np.uint8))
        answer_with(monkeypatch, AskPictureFile, path)
        ask()
        assert studio.session.training.state.config.data.source == str(path)
        assert studio.find(QComboBox, "datasetBox").currentText() == path.name


def test_that_an_open_run_keeps_its_pictures_and_says_so(open_studio: OpenStudio, tmp_path: Path) -> None:
    studio, path = open_studio(), tmp_path / "digits.npy"
    np.save(path, np.zeros((20, 28, 28), np.uint8))
    begin(studio, tiny(training__steps=2))
    studio.wait_for_phase("finished")
    before = studio.session.training.state.config
    assert not drop(studio, file_url(path))
    assert "The open run keeps its pictures" in studio.find(QWidget, "dropHint").accessibleName()
    assert studio.session.training.state.config == before


def test_that_the_set_up_follows_its_pictures_until_a_person_sets_it(open_studio: OpenStudio, tmp_path: Path) -> None:
    studio = open_studio()
    assert shape_of(studio) == (32, 1)
    studio.window.views.toolbar.source_chosen.emit("torchvision:cifar10")
    assert shape_of(studio) == (32, 3)
    assert "colour, 3 channels" in studio.find(QLabel, "dataFacts").text()
    studio.window.views.toolbar.source_chosen.emit("starter:fashion-mnist")
    assert shape_of(studio) == (32, 1), "its own pictures: the preset decides"
    assert drop(studio, file_url(make_folder(tmp_path / "colour", noise(9, 70, 80, 3))))
    studio.wait_until(lambda: shape_of(studio) == (64, 3))
    assert "colour, 3 channels, 64 × 64 px" in studio.find(QLabel, "dataFacts").text()
    channels = studio.find(QComboBox, "channelsField")
    channels.setCurrentIndex(0)
    channels.activated.emit(0)
    assert shape_of(studio) == (64, 1)
    trigger(studio, "copyCommandAction")
    assert "data.channels=1" in QGuiApplication.clipboard().text(), "the pictures would decide otherwise"
    assert drop(studio, file_url(make_folder(tmp_path / "others", noise(9, 20, 20, 3))))
    studio.wait_until(lambda: shape_of(studio) == (32, 1))


def test_that_a_run_started_before_the_preview_follows_its_pictures_too(
    open_studio: OpenStudio, tmp_path: Path
) -> None:
    studio = open_studio()
    studio.window.views.setup.config_changed.emit(tiny(training__steps=2, data__channels=1))
    assert drop(studio, file_url(make_folder(tmp_path / "colour", noise(9, 20, 20, 3))))
    studio.click("startButton")
    studio.wait_for_phase("finished")
    assert shape_of(studio)[1] == 3
    assert "colour, 3 channels" in studio.find(QLabel, "dataFacts").text()


def shape_of(studio: Studio) -> tuple[int, int]:
    """Return size and channels of the next run."""
    data = studio.session.training.state.config.data
    return data.image_size, data.channels


def test_that_a_slow_set_up_asks_before_it_starts(open_studio: OpenStudio) -> None:
    Preferences().speed = 1.0  # a multiply-add a second
    studio = open_studio()
    studio.window.views.setup.set_config(TINY)
    studio.session.training.set_config(TINY)
    studio.click("startButton")
    assert "steps will take about" in notice(studio)
    assert "and the first samples about" in notice(studio)
    assert not studio.session.training.state.is_busy
    button = studio.find(QPushButton, "noticeActionButton")
    assert button.text() == "Start anyway"
    button.click()
    studio.wait_until(lambda: studio.session.training.state.step == TINY.training.steps)


def test_that_a_run_measures_the_machine(open_studio: OpenStudio) -> None:
    Preferences().speed = 1e15
    studio = open_studio()
    begin(studio, tiny(training__steps=100))
    studio.wait_until(lambda: studio.session.training.state.step == 100 and not studio.session.training.state.is_busy)
    studio.wait_until(lambda: 0 < Preferences().speed < 1e15)
    assert "On this machine a step takes about" in studio.find(QLabel, "costLine").text()
