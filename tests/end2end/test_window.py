"""The window as a whole: what can be done when, by button and by key, and how it looks."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDockWidget,
    QLabel,
    QMenu,
    QSlider,
    QTabWidget,
    QWidget,
)

from gan_studio.ui.presenters.preferences import Preferences
from tests.end2end.conftest import Studio
from tests.end2end.hands import begin, brightness, enabled
from tests.engine.runs import tiny

OpenStudio = Callable[..., Studio]
FOREVER = tiny(training__steps=1_000_000)


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
