"""NeighbourGrid: the points around the current one."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu, QSlider, QToolButton
from pytestqt.qtbot import QtBot

from gan_studio.ui.explorer.neighbour_grid import NEIGHBOURS, NeighbourGrid

LEFT = Qt.MouseButton.LeftButton
SHADES = np.arange(NEIGHBOURS, dtype=np.uint8).reshape(-1, 1, 1, 1) * 10 + np.zeros((1, 8, 8, 1), np.uint8)
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
    assert chosen.args == [index]


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
    with qtbot.waitSignal(grid.copied):
        entries["copyNeighbourAction"].trigger()
    assert (chosen.args, saved.args) == ([7], [7])
    assert QApplication.clipboard().image().pixelColor(2, 2).red() == 70


def test_that_the_menu_key_opens_the_menu_where_the_arrow_keys_are(qtbot: QtBot, grid: NeighbourGrid) -> None:
    entries = menu_at(grid, QPoint(1, 1), QContextMenuEvent.Reason.Keyboard)
    assert "exploreNeighbourAction" not in entries
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    entries = menu_at(grid, QPoint(1, 1), QContextMenuEvent.Reason.Keyboard)
    with qtbot.waitSignal(grid.save_requested) as saved:
        entries["saveNeighbourAction"].trigger()
    assert saved.args == [13]


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
    assert chosen.args == [5]


def test_that_the_walk_begins_in_the_middle_again(qtbot: QtBot, grid: NeighbourGrid) -> None:
    chosen = list[int]()
    grid.neighbour_chosen.connect(chosen.append)
    for _ in range(2):
        qtbot.keyClick(grid, Qt.Key.Key_Right)
        qtbot.keyClick(grid, Qt.Key.Key_Return)
    assert chosen == [13, 13]


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
