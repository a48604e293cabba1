"""NeighbourGrid: the points around the current one."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu, QSlider, QToolButton
from pytestqt.qtbot import QtBot

from gan_studio.engine.latent import origin
from gan_studio.engine.moment import Moment
from gan_studio.ui.explorer.explored_picture import ExploredPicture
from gan_studio.ui.explorer.neighbour_grid import NEIGHBOURS, NeighbourGrid
from gan_studio.ui.explorer.point_history import VisitedPoint

LEFT = Qt.MouseButton.LeftButton
SHADES = [
    ExploredPicture(np.full((8, 8, 1), 10 * index, np.uint8), VisitedPoint(origin(2), index), Moment(0, 100))
    for index in range(NEIGHBOURS)
]
"""Each picture of one shade of grey: ten times its index."""


@pytest.fixture
def grid(qtbot: QtBot) -> NeighbourGrid:
    grid = NeighbourGrid()
    grid.resize(300, 340)
    qtbot.addWidget(grid)
    with qtbot.waitActive(grid):
        grid.show()
    grid.show_pictures(SHADES)
    return grid


def place_of(grid: NeighbourGrid, index: int) -> QPoint:
    """Find a picture by its shade."""
    image = grid.grab().toImage()
    wanted = (index * 10,) * 3
    for y in range(0, image.height(), 5):
        for x in range(0, image.width(), 5):
            if image.pixelColor(x, y).getRgb()[:3] == wanted:
                return QPoint(x, y) / image.devicePixelRatio()
    raise AssertionError(f"picture {index} is not seen")


@pytest.mark.parametrize("index", [0, 4, 7, 24])
def test_that_a_click_chooses_the_picture_under_it(qtbot: QtBot, grid: NeighbourGrid, index: int) -> None:
    with qtbot.waitSignal(grid.neighbour_chosen) as chosen:
        qtbot.mouseClick(grid, LEFT, pos=place_of(grid, index))
    assert chosen.args == [SHADES[index]]


def menu_at(grid: NeighbourGrid, place: QPoint, reason: QContextMenuEvent.Reason) -> dict[str, QAction]:
    """Open the menu at a place, and return its entries by name."""
    QApplication.sendEvent(grid, QContextMenuEvent(reason, place, grid.mapToGlobal(place)))
    (menu,) = [menu for menu in grid.findChildren(QMenu, "neighbourMenu") if menu.isVisible()]
    menu.close()
    return {action.objectName(): action for action in menu.actions()}


def test_that_the_menu_of_a_neighbour_explores_saves_and_copies_it(qtbot: QtBot, grid: NeighbourGrid) -> None:
    entries = menu_at(grid, place_of(grid, 7), QContextMenuEvent.Reason.Mouse)
    with qtbot.waitSignal(grid.neighbour_chosen) as chosen:
        entries["exploreNeighbourAction"].trigger()
    with qtbot.waitSignal(grid.save_requested) as saved:
        entries["saveNeighbourAction"].trigger()
    with qtbot.waitSignal(grid.copy_requested) as copied:
        entries["copyNeighbourAction"].trigger()
    assert chosen.args == saved.args == copied.args == [SHADES[7]]


def test_that_an_open_menu_keeps_its_picture_whatever_is_shown_meanwhile(qtbot: QtBot, grid: NeighbourGrid) -> None:
    entries = menu_at(grid, place_of(grid, 7), QContextMenuEvent.Reason.Mouse)
    told = list[ExploredPicture]()
    for signal in (grid.neighbour_chosen, grid.save_requested, grid.copy_requested):
        signal.connect(told.append)
    grid.show_pictures(SHADES[::-1])
    for entry in entries.values():
        entry.trigger()
    assert told == [SHADES[7]] * 3
    grid.clear()
    for entry in entries.values():
        entry.trigger()
    assert told == [SHADES[7]] * 5
    assert not entries["exploreNeighbourAction"].isEnabled()


def test_that_the_menu_key_opens_the_menu_where_the_arrow_keys_are(qtbot: QtBot, grid: NeighbourGrid) -> None:
    entries = menu_at(grid, QPoint(1, 1), QContextMenuEvent.Reason.Keyboard)
    assert "exploreNeighbourAction" not in entries
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    entries = menu_at(grid, QPoint(1, 1), QContextMenuEvent.Reason.Keyboard)
    with qtbot.waitSignal(grid.save_requested) as saved:
        entries["saveNeighbourAction"].trigger()
    assert saved.args == [SHADES[13]]


def test_that_the_middle_is_where_we_are(qtbot: QtBot, grid: NeighbourGrid) -> None:
    with qtbot.assertNotEmitted(grid.neighbour_chosen):
        qtbot.mouseClick(grid, LEFT, pos=place_of(grid, 12))


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_that_arrow_keys_walk_and_a_key_chooses(qtbot: QtBot, grid: NeighbourGrid, key: Qt.Key) -> None:
    grid.setFocus()
    for step in (Qt.Key.Key_Up, Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Left):
        qtbot.keyClick(grid, step)
    with qtbot.waitSignal(grid.neighbour_chosen) as chosen:
        qtbot.keyClick(grid, key)
    assert chosen.args == [SHADES[5]]


def test_that_the_walk_begins_in_the_middle_again(qtbot: QtBot, grid: NeighbourGrid) -> None:
    chosen = list[ExploredPicture]()
    grid.neighbour_chosen.connect(chosen.append)
    for _ in range(2):
        qtbot.keyClick(grid, Qt.Key.Key_Right)
        qtbot.keyClick(grid, Qt.Key.Key_Return)
    assert chosen == [SHADES[13], SHADES[13]]


def test_that_the_cell_of_the_keyboard_is_seen(qtbot: QtBot, grid: NeighbourGrid) -> None:
    grid.setFocus()
    before = grid.grab().toImage()
    qtbot.keyClick(grid, Qt.Key.Key_Down)
    assert grid.grab().toImage() != before


def test_that_distance_and_directions_ask_for_other_neighbours(qtbot: QtBot, grid: NeighbourGrid) -> None:
    with qtbot.waitSignal(grid.neighbourhood_changed):
        grid.findChild(QSlider, "neighbourDistance").setValue(120)
    assert grid.distance == 1.2
    with qtbot.waitSignal(grid.neighbourhood_changed):
        qtbot.mouseClick(grid.findChild(QToolButton, "neighbourVariation"), LEFT)
    assert grid.variation == 1


def test_that_nothing_is_chosen_where_nothing_is_shown(qtbot: QtBot, grid: NeighbourGrid) -> None:
    place = place_of(grid, 7)
    grid.clear()
    with qtbot.assertNotEmitted(grid.neighbour_chosen):
        qtbot.mouseClick(grid, LEFT, pos=place)
        qtbot.keyClick(grid, Qt.Key.Key_Right)
        qtbot.keyClick(grid, Qt.Key.Key_Return)
