"""Keys: Space, R and Tab do what the eye expects, and every key is listed."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QLineEdit, QTableWidget, QTabWidget, QWidget

from gan_studio.ui.frame.action_table import ACTIONS
from tests.end2end.conftest import Studio
from tests.engine.references import References
from tests.engine.runs import tiny

OpenStudio = Callable[..., Studio]
FOREVER = tiny(training__steps=1_000_000)


def press(studio: Studio, key: Qt.Key, place: QWidget | None = None) -> None:
    studio.qtbot.keyClick(place or studio.window, key)


def test_that_space_pauses_and_resumes_but_not_while_typing(open_studio: OpenStudio) -> None:
    studio = open_studio()
    studio.window.views.setup.set_config(FOREVER)
    press(studio, Qt.Key.Key_Space)
    assert studio.session.training.state.phase == "idle"
    studio.click("startButton")
    studio.wait_for_phase("running")
    press(studio, Qt.Key.Key_Space)
    studio.wait_for_phase("paused")
    press(studio, Qt.Key.Key_Space)
    studio.wait_for_phase("running")
    search = studio.find(QLineEdit, "setupSearch")
    search.setFocus()
    press(studio, Qt.Key.Key_Space, search)
    assert search.text() == " "
    assert studio.session.training.state.phase == "running"


def test_that_r_goes_to_a_random_point_in_explore_alone(
    open_studio: OpenStudio, references: References, tmp_path: Path
) -> None:
    studio = open_studio(references.copy_to(tmp_path / "run"))
    explore, tabs = studio.window.views.explore, studio.find(QTabWidget, "tabs")
    studio.wait_until(lambda: len(explore.point.values) > 0)
    before = explore.point
    press(studio, Qt.Key.Key_R)
    assert explore.point == before
    tabs.setCurrentWidget(explore)
    studio.wait_until(lambda: explore.picture is not None)
    press(studio, Qt.Key.Key_R)
    assert explore.point != before


def test_that_tab_follows_the_eye(open_studio: OpenStudio, references: References, tmp_path: Path) -> None:
    studio = open_studio(references.copy_to(tmp_path / "run"))
    explore = studio.window.views.explore
    studio.find(QTabWidget, "tabs").setCurrentWidget(explore)
    studio.wait_until(lambda: studio.window.findChild(QWidget, "latentSlider7") is not None)
    studio.window.activateWindow()
    studio.wait_until(studio.window.isActiveWindow)
    areas = [studio.find(QWidget, name) for name in ("runToolbar", "tabs", "setupDock")]
    first = studio.find(QWidget, "startButton")
    first.setFocus()
    visited = [0]
    seen: list[QWidget] = [first]
    while True:
        focused = studio.window.focusWidget()
        press(studio, Qt.Key.Key_Tab, focused)
        reached = studio.window.focusWidget()
        if reached is first:
            break
        assert reached not in seen
        seen.append(reached)
        inside = [place for place, area in enumerate(areas) if area.isAncestorOf(reached)]
        assert inside, f"{type(reached).__name__} {reached.objectName()} in {type(reached.parent()).__name__}"
        visited += inside
    assert visited == sorted(visited)
    assert set(visited) == {0, 1, 2}
    assert studio.find(QWidget, "latentSlider7") in seen
    press(studio, Qt.Key.Key_Backtab, first)
    assert studio.window.focusWidget() is seen[-1]


def test_that_every_key_of_a_menu_and_every_other_key_is_listed(open_studio: OpenStudio) -> None:
    studio = open_studio()
    studio.window.views.actions["keysAction"].trigger()
    table = studio.find(QTableWidget, "keysTable")
    listed = {table.item(row, 0).text(): table.item(row, 1).text() for row in range(table.rowCount())}
    assert len(listed) == table.rowCount()
    assert {spec.shortcut for spec in ACTIONS if spec.shortcut} <= set(listed)
    assert "Pause the run" in listed["Space"]
    assert "choose the picture" in listed["Space"]
    assert all(word in listed["Ctrl+R"] for word in ("Start", "resume", "more"))
    assert "random point" in listed["R"]
    assert all(listed.values())
    assert studio.window.isEnabled()


def test_that_the_list_of_keys_opens_once(open_studio: OpenStudio) -> None:
    studio = open_studio()
    show = studio.window.views.actions["keysAction"]
    show.trigger()
    show.trigger()
    (keys,) = studio.window.findChildren(QDialog, "keysDialog")
    assert keys.isVisible()
    keys.close()
    show.trigger()
    assert [dialog.isVisible() for dialog in studio.window.findChildren(QDialog, "keysDialog")][-1]


def test_that_a_key_finds_settings_even_while_their_dock_is_hidden(open_studio: OpenStudio) -> None:
    studio = open_studio()
    dock, search = studio.find(QWidget, "setupDock"), studio.find(QLineEdit, "setupSearch")
    dock.hide()
    studio.window.views.actions["findSettingAction"].trigger()
    assert dock.isVisible()
    assert studio.window.focusWidget() is search


def test_that_the_window_fits_the_screen_whatever_it_remembers(open_studio: OpenStudio) -> None:
    first = open_studio()
    first.window.setGeometry(4000, 3000, 3000, 2000)
    first.close()
    second = open_studio()
    screen = QGuiApplication.primaryScreen().availableGeometry()
    place = second.window.geometry()
    assert place.height() <= screen.height()
    assert screen.contains(place.topLeft())
    assert place.width() <= max(screen.width(), second.window.minimumSizeHint().width())


def test_that_the_view_menu_has_groups(open_studio: OpenStudio) -> None:
    studio = open_studio()
    menu = studio.find(QWidget, "viewMenu")
    signs = "".join("|" if action.isSeparator() else "x" for action in menu.actions())
    assert signs == "xxx|xx|xxx|x"
    assert not any(one == other == "|" for one, other in pairwise(signs))


def test_that_set_up_and_history_have_room_side_by_side_or_one_below_the_other(open_studio: OpenStudio) -> None:
    studio = open_studio()
    studio.window.resize(1280, 720)
    studio.window.views.history.toggleViewAction().trigger()
    setup, history = studio.find(QWidget, "setupPanel"), studio.find(QWidget, "historyPanel")
    assert studio.window.tabifiedDockWidgets(studio.window.views.history)
    studio.wait_until(lambda: not history.visibleRegion().isEmpty())
    assert history.height() > 400
    assert setup.minimumSizeHint().height() + history.minimumSizeHint().height() < 590
