"""SampleGrid: sharp pixels, and every cell can be pointed at, chosen and copied."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QToolTip
from pytestqt.qtbot import QtBot

from gan_studio.ui.training.samples.sample_grid import SampleGrid

CELL = 8
Reason = QContextMenuEvent.Reason


def sheet(columns: int, rows: int, channels: int = 1) -> np.ndarray:
    """Make a sheet whose cell k is all of value 3 * k."""
    values = np.arange(columns * rows, dtype=np.uint8).reshape(rows, columns) * 3
    return values.repeat(CELL, axis=0).repeat(CELL, axis=1)[..., np.newaxis].repeat(channels, axis=2)


@pytest.fixture
def grid(qtbot: QtBot) -> SampleGrid:
    grid = SampleGrid()
    qtbot.addWidget(grid)
    grid.resize(400, 300)
    grid.set_sheet(sheet(6, 4), 6, 4, "step 1 240, seeds 0 to 23")
    grid.show()
    qtbot.waitExposed(grid)
    return grid


@pytest.mark.parametrize("channels", [1, 3])
def test_that_each_cell_is_drawn_where_it_belongs(grid: SampleGrid, channels: int):
    grid.set_sheet(sheet(6, 4, channels), 6, 4, "")
    picture = grid.grab().toImage()
    for seed in range(24):
        centre = grid.cell_rect(seed).center().toPoint()
        assert picture.pixelColor(centre).getRgb()[:3] == (3 * seed,) * 3


def test_that_pixels_are_enlarged_sharp_and_whole(grid: SampleGrid):
    checks = np.indices((20, 20)).sum(axis=0).astype(np.uint8)[..., np.newaxis] % 2 * 255
    grid.set_sheet(checks, 1, 1, "")
    area = grid.cell_rect(0)
    assert area.width() == area.height()
    assert area.width() % 20 == 0
    picture = grid.grab().toImage()
    shades = {picture.pixelColor(x, int(area.center().y())).red() for x in range(int(area.left()), int(area.right()))}
    assert shades == {0, 255}


@pytest.mark.parametrize("size", [(400, 300), (300, 500), (170, 190), (1500, 900)])
def test_that_the_sheet_stays_inside_keeps_its_shape_and_is_centred(grid: SampleGrid, size: tuple[int, int]):
    grid.resize(*size)
    whole = grid.cell_rect(0).united(grid.cell_rect(23))
    assert QRectF(grid.rect()).contains(whole)
    assert {grid.cell_rect(seed).width() - grid.cell_rect(seed).height() for seed in range(24)} == {0}
    assert abs(whole.center().x() - grid.width() / 2) <= 1
    assert whole.width() >= 0.8 * grid.width() or whole.height() >= 0.7 * grid.height()


TITLES = ("Shirt", "Bag", "A very long name of a class that no window has room for", "Coat")


def hover(grid: SampleGrid, place: QPoint) -> str:
    """Rest the mouse at a place, and return the tooltip."""
    QApplication.sendEvent(grid, QHelpEvent(QEvent.Type.ToolTip, place, grid.mapToGlobal(place)))
    return QToolTip.text()


def test_that_rows_are_named_to_their_left(grid: SampleGrid):
    before = grid.grab().toImage()
    grid.set_sheet(sheet(6, 4), 6, 4, "", TITLES)
    picture = grid.grab().toImage()
    assert QRectF(grid.rect()).contains(grid.cell_rect(0).united(grid.cell_rect(23)))
    for seed in (0, 6, 12, 18):
        cell = grid.cell_rect(seed)
        line = {picture.pixel(x, int(cell.center().y()) - y) for x in range(int(cell.left())) for y in range(-4, 4)}
        assert len(line) > 2
    assert picture != before
    assert "Bag" in grid.accessibleDescription()


def test_that_names_of_rows_leave_most_of_the_room_to_the_sheet(grid: SampleGrid):
    grid.set_sheet(sheet(6, 4), 6, 4, "", TITLES)
    assert grid.cell_rect(0).left() <= 0.35 * grid.width()


def test_that_a_cut_name_is_whole_in_the_tooltip(grid: SampleGrid):
    grid.set_sheet(sheet(6, 4), 6, 4, "", TITLES)
    cell = grid.cell_rect(12)
    assert hover(grid, QPoint(int(cell.left()) - 12, int(cell.center().y()))).endswith(f">{TITLES[2]}</p>")
    assert hover(grid, grid.cell_rect(19).center().toPoint()).count("</p>") == 3


def test_that_a_name_that_looks_like_markup_is_shown_as_it_is(grid: SampleGrid):
    grid.set_sheet(sheet(6, 4), 6, 4, "", ("<h1>Shirt", "Bag", "Boot", "Coat"))
    assert "&lt;h1&gt;Shirt" in hover(grid, grid.cell_rect(2).center().toPoint())
    QToolTip.hideText()


def test_that_there_is_a_name_for_each_row_or_none(grid: SampleGrid):
    with pytest.raises(ValueError, match="2 titles for 4 rows"):
        grid.set_sheet(sheet(6, 4), 6, 4, "", ("Shirt", "Bag"))


def test_that_a_click_beside_the_names_still_tells_the_seed(grid: SampleGrid, qtbot: QtBot):
    grid.set_sheet(sheet(6, 4), 6, 4, "", TITLES)
    with qtbot.waitSignal(grid.sample_clicked) as clicked:
        QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.cell_rect(12).center().toPoint())
    assert clicked.args == [12]


def test_that_a_checkerboard_is_seen_through_transparent_pictures(grid: SampleGrid):
    see_through = np.zeros((16, 16, 4), np.uint8)
    see_through[:8, :, :] = (255, 0, 0, 255)
    grid.set_sheet(see_through, 1, 1, "")
    picture, area = grid.grab().toImage(), grid.cell_rect(0).toRect()
    row = {picture.pixel(x, area.bottom() - 5) for x in range(area.left(), area.right())}
    assert len(row) == 2
    assert picture.pixelColor(area.center().x(), area.top() + 5).getRgb()[:3] == (255, 0, 0)
    grid.findChild(QAction, "gridCopyAction").trigger()
    assert QApplication.clipboard().image().pixelColor(3, 12).alpha() == 0


def test_that_a_click_tells_the_seed(grid: SampleGrid, qtbot: QtBot):
    with qtbot.waitSignal(grid.sample_clicked) as clicked:
        QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.cell_rect(15).center().toPoint())
    assert clicked.args == [15]


def test_that_a_click_beside_the_sheet_tells_nothing(grid: SampleGrid, qtbot: QtBot):
    with qtbot.assertNotEmitted(grid.sample_clicked):
        QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=QPoint(1, 1))


def test_that_samples_are_apart_and_every_click_on_the_sheet_is_on_the_nearest_one(
    grid: SampleGrid, qtbot: QtBot
) -> None:
    chosen = list[int]()
    grid.sample_clicked.connect(chosen.append)
    for seed in range(24):
        cell = grid.cell_rect(seed)
        assert all(not cell.intersects(grid.cell_rect(other)) for other in range(seed))
        corners = (cell.topLeft() + QPointF(1, 1), cell.bottomRight() - QPointF(1, 1), cell.center())
        for place in corners:
            QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=place.toPoint())
        assert chosen == [seed] * 3
        chosen.clear()
    left, right = grid.cell_rect(0), grid.cell_rect(1)
    gap = range(int(left.right()), int(right.left()) + 1)
    assert len(gap) > 3
    for x in gap:
        QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=QPoint(x, int(left.center().y())))
    assert chosen == sorted(chosen)
    assert len(chosen) == len(gap)
    assert set(chosen) == {0, 1}


def test_that_what_is_between_samples_is_the_window(grid: SampleGrid) -> None:
    left, right = grid.cell_rect(22), grid.cell_rect(23)
    middle = QPoint(int((left.right() + right.left()) / 2), int(left.center().y()))
    assert grid.grab().toImage().pixelColor(middle) == grid.palette().window().color()


def test_that_smooth_samples_blend_their_own_pixels_and_nothing_beside_them(grid: SampleGrid) -> None:
    halves = np.zeros((4, 8, 1), np.uint8)
    halves[:, 2:4], halves[:, 4:] = 200, 100
    grid.set_sheet(halves, 2, 1, "")

    def shades(seed: int) -> set[int]:
        cell, picture = grid.cell_rect(seed), grid.grab().toImage()
        line = range(int(cell.left()) + 1, int(cell.right()) - 1)
        return {picture.pixelColor(x, int(cell.center().y())).red() for x in line}

    assert shades(0) == {0, 200}
    grid.set_smooth(True)
    assert len(shades(0)) > 5
    assert shades(1) == {100}


@pytest.mark.parametrize("size", [(400, 300), (900, 700)])
def test_that_the_sheet_fills_the_room_that_it_asks_for(grid: SampleGrid, size: tuple[int, int]) -> None:
    grid.set_smooth(True)
    for width, height in ((grid.width_for(size[1]), size[1]), (size[0], grid.height_for(size[0]))):
        grid.resize(width, height)
        whole = grid.cell_rect(0).united(grid.cell_rect(23))
        assert QRectF(grid.rect()).contains(whole)
        assert width - whole.width() < 12
        assert height - whole.height() < grid.fontMetrics().height() + 16


def menu_at(grid: SampleGrid, place: QPoint, reason: QContextMenuEvent.Reason = Reason.Mouse) -> dict[str, QAction]:
    """Open the menu at a place, and return its entries by name."""
    QApplication.sendEvent(grid, QContextMenuEvent(reason, place, grid.mapToGlobal(place)))
    (menu,) = [menu for menu in grid.findChildren(QMenu, "sampleMenu") if menu.isVisible()]
    entries = {action.objectName(): action for action in menu.actions() if not action.isSeparator()}
    menu.close()
    return entries


SHEET_ENTRIES = {"saveThisSheetAction", "copyThisSheetAction"}


def test_that_the_menu_of_a_sample_explores_saves_and_copies_it(grid: SampleGrid, qtbot: QtBot) -> None:
    entries = menu_at(grid, grid.cell_rect(9).center().toPoint())
    assert entries.keys() == {"exploreSampleAction", "saveSampleAction", "copySampleAction"} | SHEET_ENTRIES
    with qtbot.waitSignal(grid.sample_clicked) as explored:
        entries["exploreSampleAction"].trigger()
    with qtbot.waitSignal(grid.sample_save_requested) as saved:
        entries["saveSampleAction"].trigger()
    with qtbot.waitSignal(grid.copied):
        entries["copySampleAction"].trigger()
    copied = QApplication.clipboard().image()
    assert (explored.args, saved.args) == ([9], [9])
    assert (copied.width(), copied.height(), copied.pixelColor(3, 3).red()) == (CELL, CELL, 27)


def test_that_the_menu_beside_the_samples_is_that_of_the_sheet(grid: SampleGrid, qtbot: QtBot) -> None:
    entries = menu_at(grid, QPoint(1, 1))
    assert entries.keys() == SHEET_ENTRIES
    with qtbot.waitSignal(grid.save_requested):
        entries["saveThisSheetAction"].trigger()
    with qtbot.waitSignal(grid.copied):
        entries["copyThisSheetAction"].trigger()
    assert QApplication.clipboard().image().width() == 6 * CELL


def test_that_the_menu_key_opens_the_menu_of_the_selected_sample(grid: SampleGrid, qtbot: QtBot) -> None:
    QTest.keyClick(grid, Qt.Key.Key_End)
    entries = menu_at(grid, QPoint(1, 1), Reason.Keyboard)
    with qtbot.waitSignal(grid.sample_save_requested) as saved:
        entries["saveSampleAction"].trigger()
    assert saved.args == [23]


def test_that_an_empty_grid_has_no_menu(grid: SampleGrid) -> None:
    grid.clear()
    QApplication.sendEvent(grid, QContextMenuEvent(Reason.Mouse, QPoint(5, 5), grid.mapToGlobal(QPoint(5, 5))))
    assert not grid.findChildren(QMenu)


def test_that_arrow_keys_move_and_enter_chooses(grid: SampleGrid, qtbot: QtBot):
    QTest.keyClick(grid, Qt.Key.Key_Home)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left):
        QTest.keyClick(grid, key)
    with qtbot.waitSignal(grid.sample_clicked) as clicked:
        QTest.keyClick(grid, Qt.Key.Key_Return)
    assert clicked.args == [7]


def test_that_the_selection_stops_at_the_edges(grid: SampleGrid, qtbot: QtBot):
    QTest.keyClick(grid, Qt.Key.Key_End)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down):
        QTest.keyClick(grid, key)
    with qtbot.waitSignal(grid.sample_clicked) as clicked:
        QTest.keyClick(grid, Qt.Key.Key_Space)
    assert clicked.args == [23]


def test_that_a_smaller_sheet_drops_a_selection_it_has_no_cell_for(grid: SampleGrid, qtbot: QtBot):
    QTest.keyClick(grid, Qt.Key.Key_End)
    grid.set_sheet(sheet(2, 2), 2, 2, "")
    with qtbot.assertNotEmitted(grid.sample_clicked):
        QTest.keyClick(grid, Qt.Key.Key_Return)


def test_that_the_cell_under_the_mouse_is_marked(grid: SampleGrid):
    before = grid.grab(grid.cell_rect(9).toRect()).toImage()
    QTest.mouseMove(grid, grid.cell_rect(9).center().toPoint())
    assert grid.grab(grid.cell_rect(9).toRect()).toImage() != before
    QApplication.sendEvent(grid, QEvent(QEvent.Type.Leave))
    assert grid.grab(grid.cell_rect(9).toRect()).toImage() == before


def test_that_the_tooltip_names_the_seed(grid: SampleGrid):
    place = grid.cell_rect(11).center().toPoint()
    QApplication.sendEvent(grid, QHelpEvent(QEvent.Type.ToolTip, place, grid.mapToGlobal(place)))
    assert "11" in QToolTip.text()
    QToolTip.hideText()


def test_that_the_sheet_is_copied_as_it_is(grid: SampleGrid):
    grid.findChild(QAction, "gridCopyAction").trigger()
    copied = QApplication.clipboard().image()
    assert (copied.width(), copied.height()) == (6 * CELL, 4 * CELL)
    assert copied.pixelColor(6 * CELL - 1, 4 * CELL - 1).red() == 3 * 23


def test_that_saving_is_asked_for(grid: SampleGrid, qtbot: QtBot):
    with qtbot.waitSignal(grid.save_requested):
        grid.findChild(QAction, "gridSaveAction").trigger()


def test_that_the_picture_does_not_change_with_the_array_it_came_from(grid: SampleGrid):
    pixels = sheet(6, 4)
    grid.set_sheet(pixels, 6, 4, "")
    pixels[:] = 255
    grid.repaint()
    assert grid.grab().toImage().pixelColor(grid.cell_rect(0).center().toPoint()).red() == 0


def test_that_an_empty_grid_offers_nothing(grid: SampleGrid, qtbot: QtBot):
    grid.clear()
    actions = [grid.findChild(QAction, name) for name in ("gridSaveAction", "gridCopyAction")]
    assert not any(action.isEnabled() for action in actions)
    assert grid.cell_rect(0).isEmpty()
    with qtbot.assertNotEmitted(grid.sample_clicked):
        QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.rect().center())


def test_that_a_screen_reader_hears_what_the_sheet_is(grid: SampleGrid):
    assert grid.accessibleName()
    assert "1 240" in grid.accessibleDescription()
