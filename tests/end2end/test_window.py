"""The window as a whole: what can be done when, what a set-up is made of, runs opened, dropped and remembered."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDockWidget,
    QLabel,
    QLineEdit,
    QMenu,
    QSlider,
    QTabWidget,
    QWidget,
)

from gan_studio.api import load_run
from gan_studio.engine.config import RunConfig
from gan_studio.engine.recorder import Recorder
from gan_studio.engine.run_folder import Moment, RunFolder
from gan_studio.engine.run_log import read_knobs
from gan_studio.engine.run_reader import read_sheet
from gan_studio.ui.dialogs import AskFolder, AskPicturePath, AskRun
from gan_studio.ui.preferences import Preferences
from tests.end2end.conftest import Studio
from tests.engine.runs import TINY, tiny, train

OpenStudio = Callable[..., Studio]
FOREVER = tiny(training__steps=1_000_000)


def begin(studio: Studio, config: RunConfig = TINY) -> None:
    """Set up a small run, and start it."""
    studio.window.views.setup.set_config(config)
    studio.click("startButton")


def notice(studio: Studio) -> str:
    """Return what the notice bar says, or nothing where it is not there."""
    bar = studio.find(QWidget, "noticeBar")
    words = (studio.find(QLabel, "noticeHeadline").text(), studio.find(QLabel, "noticeLines").text())
    return "\n".join(words) if bar.isVisible() else ""


def enabled(studio: Studio) -> dict[str, bool]:
    names = ("start", "pause", "step", "stop")
    by_action = {name: studio.window.views.actions[f"{name}Action"].isEnabled() for name in names}
    assert by_action == {name: studio.find(QWidget, f"{name}Button").isEnabled() for name in names}
    return by_action


def picture_of(studio: Studio) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]] | None:
    return studio.window.views.explore.picture


def text_of(studio: Studio, name: str) -> str:
    field = studio.find(QWidget, name)
    line = field.findChild(QLineEdit)
    assert line is not None
    return line.text()


def pictures(folder: Path, count: int = 9) -> Path:
    folder.mkdir()
    for number in range(count):
        Image.new("L", (40, 40), number * 25).save(folder / f"{number}.png")
    return folder


def drop(studio: Studio, *urls: QUrl) -> bool:
    """Drag something over the window and let it fall where that is allowed; returns whether it was."""
    mime = QMimeData()
    mime.setUrls(list(urls))
    buttons, none, copy = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
    over = QDragEnterEvent(QPoint(5, 5), copy, mime, buttons, none)
    over.ignore()
    QApplication.sendEvent(studio.window, over)
    if over.isAccepted():
        QApplication.sendEvent(studio.window, QDropEvent(QPointF(5, 5), copy, mime, buttons, none))
    return over.isAccepted()


def file_url(path: Path) -> QUrl:
    return QUrl.fromLocalFile(str(path))


# What can be done when


def test_that_what_can_be_pressed_follows_the_run(open_studio: OpenStudio) -> None:
    studio = open_studio()
    actions = studio.window.views.actions
    assert enabled(studio) == {"start": True, "pause": False, "step": False, "stop": False}
    assert not actions["sampleNowAction"].isEnabled()
    assert not actions["showFolderAction"].isEnabled()
    begin(studio, FOREVER)
    studio.wait_for_phase("running")
    assert enabled(studio) == {"start": False, "pause": True, "step": False, "stop": True}
    assert not actions["newRunAction"].isEnabled()
    assert not actions["openRunAction"].isEnabled()
    assert actions["showFolderAction"].isEnabled()
    assert not studio.find(QComboBox, "deviceBox").isEnabled()
    studio.click("pauseButton")
    studio.wait_for_phase("paused")
    assert enabled(studio) == {"start": True, "pause": False, "step": True, "stop": True}
    assert actions["sampleNowAction"].isEnabled()
    studio.click("stopButton")
    studio.wait_for_phase("finished")
    assert enabled(studio) == {"start": True, "pause": False, "step": False, "stop": False}
    assert actions["newRunAction"].isEnabled()
    assert studio.find(QComboBox, "deviceBox").isEnabled()
    assert not studio.find(QComboBox, "presetBox").isEnabled()


def test_that_the_status_line_says_where_the_run_is(open_studio: OpenStudio) -> None:
    studio = open_studio()
    message = studio.find(QLabel, "statusMessage")
    assert "Ready" in message.text()
    begin(studio)
    studio.wait_for_phase("finished")
    assert "saved" in message.text()
    studio.wait_until(lambda: "12 / 12" in studio.find(QLabel, "stepReadout").text())


def test_that_no_box_has_the_mouse_wheel_before_somebody_chose_it(open_studio: OpenStudio) -> None:
    studio = open_studio()
    assert not isinstance(QApplication.focusWidget(), QComboBox | QSlider)
    assert not isinstance(studio.window.focusWidget(), QComboBox | QSlider)


def test_that_keys_do_what_buttons_do(open_studio: OpenStudio) -> None:
    studio = open_studio()
    studio.window.activateWindow()
    studio.qtbot.waitUntil(studio.window.isActiveWindow)
    studio.window.views.setup.set_config(FOREVER)
    control = Qt.KeyboardModifier.ControlModifier
    studio.qtbot.keyClick(studio.window, Qt.Key.Key_2, control)
    assert studio.find(QTabWidget, "tabs").currentWidget() is studio.find(QWidget, "exploreTab")
    studio.qtbot.keyClick(studio.window, Qt.Key.Key_1, control)
    assert studio.find(QTabWidget, "tabs").currentWidget() is studio.find(QWidget, "trainTab")
    studio.qtbot.keyClick(studio.window, Qt.Key.Key_R, control)
    studio.wait_for_phase("running")
    studio.qtbot.keyClick(studio.window, Qt.Key.Key_P, control)
    studio.wait_for_phase("paused")
    step = studio.session.training.state.step
    studio.qtbot.keyClick(studio.window, Qt.Key.Key_Right, control)
    studio.wait_until(lambda: studio.session.training.state.step == step + 1)
    studio.qtbot.keyClick(studio.window, Qt.Key.Key_Period, control)
    studio.wait_for_phase("finished")


# Setting up


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
    assert text_of(studio, "stepsField") == "20"


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
    assert "holds no PNG" in notice(studio)
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
    studio.wait_until(lambda: "holds no PNG" in notice(studio))
    assert "No pictures" in studio.find(QLabel, "dataFacts").text()


def test_that_files_left_out_are_named(open_studio: OpenStudio, tmp_path: Path) -> None:
    studio = open_studio()
    folder = pictures(tmp_path / "cats")
    (folder / "broken.png").write_bytes(b"no picture")
    begin(studio, tiny(data__source=str(folder), training__steps=2))
    studio.wait_for_phase("finished")
    assert "broken.png" in notice(studio)


# Dropping


def test_that_a_dropped_folder_becomes_the_data_of_the_next_run(open_studio: OpenStudio, tmp_path: Path) -> None:
    studio = open_studio()
    folder = pictures(tmp_path / "cats")
    assert drop(studio, file_url(folder))
    assert studio.session.training.state.config.data.source == str(folder)
    assert studio.find(QComboBox, "datasetBox").currentText() == "cats"
    studio.wait_until(lambda: "9 pictures" in studio.find(QLabel, "dataFacts").text())


def test_that_a_dropped_run_is_opened(open_studio: OpenStudio, tmp_path: Path) -> None:
    train(tmp_path / "run")
    studio = open_studio()
    assert drop(studio, file_url(tmp_path / "run"))
    studio.wait_until(lambda: studio.session.training.state.step == 12)
    assert studio.session.training.state.place == tmp_path / "run"


def test_that_a_run_dropped_while_another_trains_is_refused_without_a_box(
    open_studio: OpenStudio, tmp_path: Path
) -> None:
    train(tmp_path / "run", tiny(training__steps=1))
    studio = open_studio()
    begin(studio, FOREVER)
    studio.wait_for_phase("running")
    place, step = studio.session.training.state.place, studio.session.training.state.step
    drop(studio, file_url(tmp_path / "run"))
    assert "cannot be opened while this one trains" in notice(studio)
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


# Opening


def test_that_an_opened_run_is_shown_whole(open_studio: OpenStudio, tmp_path: Path) -> None:
    config = tiny(model__prior="uniform", training__learning_rate_g=3e-4, data__channels=3)
    train(tmp_path / "run", config)
    studio = open_studio(tmp_path / "run")
    studio.wait_until(lambda: studio.window.views.train.shown_sheet is not None)
    sheet = studio.window.views.train.shown_sheet
    assert sheet is not None
    assert sheet.step == 12
    assert np.array_equal(sheet.pixels, read_sheet(RunFolder(tmp_path / "run"), Moment(0, 12)))
    assert text_of(studio, "widthField") == "4"
    assert text_of(studio, "learningRateGField") == "0.0003"
    assert not studio.find(QWidget, "widthField").isEnabled()
    studio.wait_until(lambda: "12 / 12" in studio.find(QLabel, "stepReadout").text())
    studio.find(QTabWidget, "tabs").setCurrentWidget(studio.find(QWidget, "exploreTab"))
    studio.wait_until(lambda: picture_of(studio) is not None)
    assert np.array_equal(picture_of(studio), load_run(tmp_path / "run").sample(1)[0])
    assert studio.find(QSlider, "snapshotSlider").maximum() == len(RunFolder(tmp_path / "run").snapshots())


def test_that_a_sample_that_is_clicked_is_explored(open_studio: OpenStudio, tmp_path: Path) -> None:
    train(tmp_path / "run")
    studio = open_studio(tmp_path / "run")
    studio.wait_until(lambda: studio.window.views.train.shown_sheet is not None)
    studio.wait_until(lambda: picture_of(studio) is not None)
    studio.window.views.train.sample_clicked.emit(21)
    assert studio.find(QTabWidget, "tabs").currentWidget() is studio.find(QWidget, "exploreTab")
    expected = load_run(tmp_path / "run").sample(1, seed=21)[0]
    studio.wait_until(lambda: np.array_equal(picture_of(studio), expected))


def test_that_a_run_can_be_chosen_and_another_after_it(
    open_studio: OpenStudio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(tmp_path / "one", tiny(training__steps=2))
    train(tmp_path / "two", tiny(training__steps=3, model__latent_dim=5))
    studio = open_studio()
    for name, steps, latent_dim in (("one", 2, 8), ("two", 3, 5)):
        monkeypatch.setattr(AskRun, "ask", staticmethod(lambda *_, name=name: tmp_path / name))
        studio.window.views.actions["openRunAction"].trigger()
        studio.wait_until(lambda steps=steps: studio.session.training.state.step == steps)
        studio.wait_until(lambda size=latent_dim: len(studio.window.views.explore.point.values) == size)
    studio.wait_until(lambda: picture_of(studio) is not None)
    assert np.array_equal(picture_of(studio), load_run(tmp_path / "two").sample(1)[0])
    assert Preferences().recent_runs == (str(tmp_path / "two"), str(tmp_path / "one"))


def test_that_a_new_run_lets_go_of_the_old_one_and_names_it_among_the_recent_ones(open_studio: OpenStudio) -> None:
    studio = open_studio()
    begin(studio)
    studio.wait_for_phase("finished")
    place = studio.session.training.state.place
    assert place is not None
    studio.window.views.actions["newRunAction"].trigger()
    assert studio.session.training.state.phase == "idle"
    assert studio.find(QWidget, "welcomePanel").isVisible()
    assert studio.find(QWidget, "widthField").isEnabled()
    assert text_of(studio, "widthField") == "4"
    assert studio.window.views.train.shown_sheet is None
    assert not studio.find(QWidget, "explorerImage").isVisible()
    studio.wait_until(lambda: studio.window.findChild(QWidget, "welcomeRecent0") is not None)
    assert place.name in studio.find(QWidget, "welcomeRecent0").toolTip()
    studio.click("startButton")
    studio.wait_for_phase("finished")
    assert studio.session.training.state.place != place


def test_that_recent_runs_are_listed_opened_and_forgotten(open_studio: OpenStudio, tmp_path: Path) -> None:
    for name in ("one", "two"):
        train(tmp_path / name, tiny(training__steps=2))
        Preferences().add_recent_run(str(tmp_path / name))
    studio = open_studio()
    menu = studio.find(QMenu, "recentMenu")
    menu.aboutToShow.emit()
    entries = {action.text(): action for action in menu.actions() if action.text()}
    assert list(entries)[:2] == ["two", "one"]
    entries["one"].trigger()
    studio.wait_until(lambda: studio.session.training.state.place == tmp_path / "one")
    menu.aboutToShow.emit()
    assert next(action.text() for action in menu.actions()) == "one"
    list(menu.actions())[-1].trigger()
    assert Preferences().recent_runs == ()


def test_that_a_card_of_the_welcome_opens_its_run(open_studio: OpenStudio, tmp_path: Path) -> None:
    train(tmp_path / "one", tiny(training__steps=2))
    Preferences().add_recent_run(str(tmp_path / "one"))
    Preferences().add_recent_run(str(tmp_path / "gone"))
    studio = open_studio()
    studio.wait_until(lambda: studio.window.findChild(QWidget, "welcomeRecent0") is not None)
    assert studio.window.findChild(QWidget, "welcomeRecent1") is None
    studio.click("welcomeRecent0")
    studio.wait_until(lambda: studio.session.training.state.place == tmp_path / "one")


def test_that_only_sheets_that_are_still_kept_can_be_asked_for(open_studio: OpenStudio, tmp_path: Path) -> None:
    """A long run thins its sheets and snapshots; the sliders over them know."""
    train(tmp_path / "run", tiny(training__steps=1))
    studio = open_studio(tmp_path / "run")
    studio.wait_until(lambda: studio.window.views.train.shown_sheet is not None)
    recorder, training = Recorder(RunFolder(tmp_path / "run")), studio.session.training
    pixels, arrays = np.zeros((256, 256, 1), np.uint8), {"weight": np.zeros(1, np.float32)}
    for step in range(2, 216):
        recorder.sheet(Moment(0, step), pixels)
        recorder.snapshot(Moment(0, step), arrays)
        training.sheet_saved.emit(Moment(0, step))
        training.snapshot_saved.emit(Moment(0, step))
    recorder.wait()
    recorder.close()
    asked: list[int] = []
    studio.window.views.train.sheet_requested.connect(lambda key: asked.append(key[1]))
    sheets = studio.find(QSlider, "sampleHistorySlider")
    for place in range(sheets.maximum()):
        sheets.setValue(place)
    kept = [moment.step for moment in RunFolder(tmp_path / "run").sheets()]
    assert asked == kept[:-1]
    snapshots = RunFolder(tmp_path / "run").snapshots()
    assert studio.find(QSlider, "snapshotSlider").maximum() == len(snapshots)


# Saving


def test_that_the_sheet_and_the_picture_in_sight_are_saved(
    open_studio: OpenStudio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(tmp_path / "run")
    studio = open_studio(tmp_path / "run")
    studio.wait_until(lambda: studio.window.views.train.shown_sheet is not None)
    monkeypatch.setattr(AskPicturePath, "ask", staticmethod(lambda _parent, name: tmp_path / name))
    studio.window.views.actions["saveSheetAction"].trigger()
    studio.wait_until(lambda: "samples-step-12.png" in notice(studio))
    with Image.open(tmp_path / "samples-step-12.png") as saved:
        assert saved.size == (256, 256)
    studio.find(QTabWidget, "tabs").setCurrentWidget(studio.find(QWidget, "exploreTab"))
    studio.wait_until(lambda: picture_of(studio) is not None)
    studio.window.views.explore.save_requested.emit()
    studio.wait_until((tmp_path / "picture.png").exists)


def test_that_nothing_is_saved_where_nobody_says_where(
    open_studio: OpenStudio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(tmp_path / "run", tiny(training__steps=1))
    studio = open_studio(tmp_path / "run")
    studio.wait_until(lambda: studio.window.views.train.shown_sheet is not None)
    monkeypatch.setattr(AskPicturePath, "ask", staticmethod(lambda *_: None))
    with studio.qtbot.assertNotEmitted(studio.session.library.picture_saved, wait=0):
        studio.window.views.actions["saveSheetAction"].trigger()


# Look


def brightness(widget: QWidget) -> float:
    image = widget.grab().toImage().scaled(32, 32)
    return sum(image.pixelColor(x, y).lightness() for x in range(32) for y in range(32)) / 32**2


def test_that_the_theme_changes_the_whole_window_at_once_and_is_remembered(open_studio: OpenStudio) -> None:
    studio = open_studio()
    actions = studio.window.views.actions
    actions["darkThemeAction"].trigger()
    studio.wait_until(lambda: brightness(studio.window) < 90)
    assert actions["darkThemeAction"].isChecked()
    assert Preferences().theme == "dark"
    actions["lightThemeAction"].trigger()
    studio.wait_until(lambda: brightness(studio.window) > 180)
    assert not actions["darkThemeAction"].isChecked()


def test_that_size_and_docks_are_as_they_were_left(open_studio: OpenStudio) -> None:
    first = open_studio()
    dock = first.find(QDockWidget, "setupDock")
    first.window.resize(first.window.width(), 640)  # the screen of the tests is narrower than the window
    dock.toggleViewAction().trigger()
    assert dock.isHidden()
    first.close()
    second = open_studio()
    assert second.window.height() == 640
    assert second.find(QDockWidget, "setupDock").isHidden()
    second.window.views.actions["resetLayoutAction"].trigger()
    assert second.find(QDockWidget, "setupDock").isVisible()


def test_that_entries_of_the_view_menu_can_be_told_apart(open_studio: OpenStudio) -> None:
    studio = open_studio()
    for menu in studio.window.menuBar().findChildren(QMenu):
        texts = [action.text().replace("&", "") for action in menu.actions() if not action.isSeparator()]
        assert len(set(texts)) == len(texts), menu.objectName()
        assert "" not in texts, menu.objectName()
    assert all(isinstance(action, QAction) for action in studio.window.menuBar().actions())
