"""ExploreTab: a walk through the latent space of one generator."""

import re

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt, QTranslator
from PySide6.QtGui import QAction, QColor, QContextMenuEvent, QGuiApplication, QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QMenu,
    QPushButton,
    QSlider,
    QSpinBox,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gan_studio.engine.latent import LatentPoint, draw_point, neighbours, origin
from gan_studio.engine.moment import Moment
from gan_studio.ui.explorer.explore_bar import LAST_SAMPLE_SEED
from gan_studio.ui.explorer.explore_tab import ExploreTab
from gan_studio.ui.explorer.neighbour_grid import NeighbourGrid
from gan_studio.ui.explorer.point_history import VisitedPoint
from gan_studio.ui.explorer.sliders.latent_sliders import LatentSliders

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
SAMPLE_0 = draw_point(0, 30, "normal")
RED = np.full((8, 8, 3), (255, 0, 0), np.uint8)
STEP_1000 = Moment(0, 1000)


class Shouting(QTranslator):
    """A language that is told apart from English at a glance."""

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:
        return re.sub(r"[^{}]+(?![^{]*})", lambda part: part[0].upper(), text)


@pytest.fixture
def tab(qtbot: QtBot) -> ExploreTab:
    """Show the tab with a latent space of 30, at seed 0, after it asked for the neighbours."""
    tab = ExploreTab()
    tab.resize(900, 600)
    qtbot.addWidget(tab)
    with qtbot.waitActive(tab):
        tab.show()
    with qtbot.waitSignal(tab.neighbours_wanted):
        tab.set_model(30, "normal")
    qtbot.waitUntil(lambda: tab.findChild(QSlider, "latentSlider29") is not None)
    return tab


def click(qtbot: QtBot, tab: ExploreTab, name: str) -> None:
    qtbot.mouseClick(tab.findChild(QWidget, name), LEFT)


def caption(tab: ExploreTab, moment: Moment = STEP_1000) -> str:
    """Return the caption of a picture of the current point, with plain spaces."""
    tab.show_picture(RED, moment, tab.point)
    return " ".join(tab.findChild(QLabel, "explorerCaption").full_text.split())


def type_seed(qtbot: QtBot, tab: ExploreTab, text: str) -> None:
    box = tab.findChild(QSpinBox, "sampleSeed")
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, text)
    qtbot.keyClick(box, Qt.Key.Key_Return)


def entries_by_key(widget: QWidget) -> dict[str, QAction]:
    """Open the menu of a picture with the menu key, and return its entries by name."""
    middle = widget.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, middle, widget.mapToGlobal(middle))
    QApplication.sendEvent(widget, event)
    (menu,) = [menu for menu in widget.findChildren(QMenu) if menu.isVisible()]
    menu.close()
    return {action.objectName(): action for action in menu.actions()}


def drag(qtbot: QtBot, tab: ExploreTab, index: int) -> None:
    slider = tab.findChild(QSlider, f"latentSlider{index}")
    middle = slider.rect().center()
    qtbot.mousePress(slider, LEFT, pos=middle)
    for way in (10, 20, 30):
        qtbot.mouseMove(slider, middle + QPoint(way, 0))
    qtbot.mouseRelease(slider, LEFT, pos=middle + QPoint(30, 0))


def test_that_a_seed_that_is_too_large_goes_to_the_largest(qtbot: QtBot) -> None:
    tab = ExploreTab()
    qtbot.addWidget(tab)
    tab.set_model(8, "normal")
    tab.show()
    type_seed(qtbot, tab, "99999999999")
    assert tab.findChild(QSpinBox, "sampleSeed").value() == LAST_SAMPLE_SEED


def test_that_weights_without_a_run_are_named_and_have_no_snapshots(tab: ExploreTab) -> None:
    tab.set_file("netG.safetensors")
    assert caption(tab) == "Seed 0, weights netG.safetensors, no run"
    assert not tab.findChild(QSlider, "snapshotSlider").isVisible()
    tab.set_model(30, "normal")
    assert caption(tab) == "Seed 0, step 1 000"
    assert tab.findChild(QSlider, "snapshotSlider").isVisible()


def test_that_without_a_model_it_says_what_to_do(qtbot: QtBot) -> None:
    tab = ExploreTab()
    qtbot.addWidget(tab)
    with qtbot.waitExposed(tab):
        tab.show()
    text = tab.findChild(QLabel, "exploreEmptyText")
    assert text.isVisible()
    assert text.text() == "Start a run or open one to explore it"
    with qtbot.assertNotEmitted(tab.picture_wanted):
        tab.open_sample(3)


CLASSES = ("Shirt", "Bag", "Boot")


@pytest.fixture
def conditional(qtbot: QtBot, tab: ExploreTab) -> ExploreTab:
    """Show the tab with a generator of three classes."""
    with qtbot.waitSignal(tab.neighbours_wanted):
        tab.set_model(30, "normal", CLASSES)
    return tab


def class_box(tab: ExploreTab) -> QComboBox:
    return tab.findChild(QComboBox, "classBox")


def blend_slider(tab: ExploreTab) -> QSlider:
    return tab.findChild(QSlider, "classBlendSlider")


def pick_bag(qtbot: QtBot, tab: ExploreTab) -> None:
    class_box(tab).setFocus()
    qtbot.keyClicks(class_box(tab), "Ba")


def test_that_classes_are_offered_only_where_there_are_any(qtbot: QtBot, conditional: ExploreTab) -> None:
    assert class_box(conditional).isVisible()
    assert conditional.point == SAMPLE_0.with_blend((1, 0, 0))
    conditional.set_model(30, "normal")
    assert not class_box(conditional).isVisible()
    assert conditional.point == SAMPLE_0


def test_that_a_picked_class_asks_for_the_same_z_and_can_be_undone(qtbot: QtBot, conditional: ExploreTab) -> None:
    with qtbot.waitSignal(conditional.picture_wanted) as wanted:
        pick_bag(qtbot, conditional)
    assert wanted.args == [SAMPLE_0.with_blend((0, 1, 0))]
    assert caption(conditional) == "Seed 0, step 1 000 · Bag"
    click(qtbot, conditional, "undoButton")
    assert conditional.point.blend == (1, 0, 0)
    assert class_box(conditional).currentText() == "Shirt"
    click(qtbot, conditional, "redoButton")
    assert conditional.point.blend == (0, 1, 0)
    assert class_box(conditional).currentText() == "Bag"


def test_that_the_blend_follows_the_hand_and_is_one_step_of_the_history(qtbot: QtBot, conditional: ExploreTab) -> None:
    wanted = list[LatentPoint]()
    conditional.picture_wanted.connect(wanted.append)
    slider = blend_slider(conditional)
    middle = slider.rect().center()
    qtbot.mousePress(slider, LEFT, pos=middle)
    for way in (10, 20, 30):
        qtbot.mouseMove(slider, middle + QPoint(way, 0))
    qtbot.mouseRelease(slider, LEFT, pos=middle + QPoint(30, 0))
    assert len({point.blend for point in wanted}) >= 3
    assert wanted[-1] == conditional.point
    assert "Shirt" in caption(conditional)
    assert "Bag" in caption(conditional)
    click(qtbot, conditional, "undoButton")
    assert conditional.point == SAMPLE_0.with_blend((1, 0, 0))
    assert not conditional.findChild(QPushButton, "undoButton").isEnabled()


def test_that_all_ways_to_another_point_keep_the_class(qtbot: QtBot, conditional: ExploreTab) -> None:
    blend_slider(conditional).setValue(25)
    for name in ("randomizeButton", "resetButton"):
        click(qtbot, conditional, name)
        assert conditional.point.blend == (0.75, 0.25, 0)
    type_seed(qtbot, conditional, "7")
    drag(qtbot, conditional, 3)
    assert conditional.point.blend == (0.75, 0.25, 0)


def test_that_neighbours_are_of_the_same_blend(qtbot: QtBot, conditional: ExploreTab) -> None:
    with qtbot.waitSignal(conditional.neighbours_wanted) as wanted:
        blend_slider(conditional).setValue(50)
    assert wanted.args == [neighbours(SAMPLE_0.with_blend((0.5, 0.5, 0)), 25, 0.5, "normal")]


def test_that_a_slider_and_a_blend_are_two_steps_of_the_history(qtbot: QtBot, conditional: ExploreTab) -> None:
    slider = conditional.findChild(QSlider, "latentSlider7")
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    moved = conditional.point
    blend_slider(conditional).setFocus()
    qtbot.keyClick(blend_slider(conditional), Qt.Key.Key_Right)
    assert conditional.point.values == moved.values
    click(qtbot, conditional, "undoButton")
    assert conditional.point == moved
    click(qtbot, conditional, "undoButton")
    assert conditional.point == SAMPLE_0.with_blend((1, 0, 0))


def test_that_a_sample_of_a_class_is_one_step_of_the_history(qtbot: QtBot, conditional: ExploreTab) -> None:
    conditional.open_sample(21, 2)
    assert conditional.point == draw_point(21, 30, "normal").with_blend((0, 0, 1))
    assert class_box(conditional).currentText() == "Boot"
    click(qtbot, conditional, "undoButton")
    assert conditional.point == SAMPLE_0.with_blend((1, 0, 0))


def test_that_the_sphere_can_be_walked(qtbot: QtBot, tab: ExploreTab) -> None:
    tab.set_model(30, "sphere")
    assert tab.point == draw_point(0, 30, "sphere")
    box = tab.findChild(QWidget, "latentValue7")
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "2.5")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert tab.point == draw_point(0, 30, "sphere").with_value(7, 2.5)
    assert "sphere" in tab.findChild(QLabel, "latentStatus").toolTip()


def test_that_a_reason_stands_in_place_of_the_explorer(tab: ExploreTab) -> None:
    tab.set_enabled_reason("The engine is loading")
    assert tab.findChild(QLabel, "exploreEmptyText").text() == "The engine is loading"
    assert not tab.findChild(QPushButton, "randomizeButton").isVisible()
    tab.set_enabled_reason(None)
    assert tab.findChild(QPushButton, "randomizeButton").isVisible()


def test_that_a_model_begins_at_sample_0_without_history(qtbot: QtBot, tab: ExploreTab) -> None:
    tab.open_sample(3)
    with qtbot.waitSignal(tab.picture_wanted) as wanted:
        tab.set_model(20, "uniform")
    assert wanted.args == [draw_point(0, 20, "uniform")]
    assert tab.picture is None
    assert not tab.findChild(QPushButton, "undoButton").isEnabled()


def test_that_a_drag_asks_for_a_picture_on_every_move_of_one_number(qtbot: QtBot, tab: ExploreTab) -> None:
    wanted = list[LatentPoint]()
    tab.picture_wanted.connect(wanted.append)
    drag(qtbot, tab, 7)
    assert len(wanted) >= 3
    assert wanted[-1] == tab.point
    assert {point.with_value(7, 0.0) for point in wanted} == {SAMPLE_0.with_value(7, 0.0)}


def test_that_a_drag_is_one_step_of_the_history(qtbot: QtBot, tab: ExploreTab) -> None:
    drag(qtbot, tab, 7)
    moved = tab.point
    click(qtbot, tab, "undoButton")
    assert tab.point == SAMPLE_0
    assert not tab.findChild(QPushButton, "undoButton").isEnabled()
    click(qtbot, tab, "redoButton")
    assert tab.point == moved != SAMPLE_0


def test_that_keys_undo_and_redo(qtbot: QtBot, tab: ExploreTab) -> None:
    slider = tab.findChild(QSlider, "latentSlider7")
    slider.setFocus()
    for _ in range(3):
        qtbot.keyClick(slider, Qt.Key.Key_Right)
    moved = tab.point
    qtbot.keyClick(slider, Qt.Key.Key_Z, CTRL)
    assert tab.point == SAMPLE_0
    qtbot.keyClick(slider, Qt.Key.Key_Z, CTRL | SHIFT)
    assert tab.point == moved


def test_that_undo_works_after_typing_a_value(qtbot: QtBot, tab: ExploreTab) -> None:
    box = tab.findChild(QWidget, "latentValue7")
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "2.5")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert tab.point == SAMPLE_0.with_value(7, 2.5)
    qtbot.keyClick(tab.focusWidget(), Qt.Key.Key_Z, CTRL)
    assert tab.point == SAMPLE_0


def test_that_a_typed_seed_is_exactly_that_sample(qtbot: QtBot, tab: ExploreTab) -> None:
    type_seed(qtbot, tab, "1234")
    assert tab.point == draw_point(1234, 30, "normal")
    assert caption(tab) == "Seed 1234, step 1 000"
    qtbot.keyClick(tab.findChild(QSpinBox, "sampleSeed"), Qt.Key.Key_Z, CTRL)
    assert tab.point == SAMPLE_0
    assert tab.findChild(QSpinBox, "sampleSeed").value() == 0


def test_that_the_same_seed_typed_again_goes_back_to_the_sample(qtbot: QtBot, tab: ExploreTab) -> None:
    drag(qtbot, tab, 7)
    assert caption(tab).startswith("Moved away from seed 0")
    type_seed(qtbot, tab, "0")
    assert tab.point == SAMPLE_0


def test_that_randomize_draws_the_sample_whose_seed_it_shows(qtbot: QtBot, tab: ExploreTab) -> None:
    click(qtbot, tab, "randomizeButton")
    seed = tab.findChild(QSpinBox, "sampleSeed").value()
    assert tab.point == draw_point(seed, 30, "normal") != SAMPLE_0


def test_that_randomize_leaves_pinned_numbers(qtbot: QtBot, tab: ExploreTab) -> None:
    tab.findChild(QToolButton, "latentPin3").click()
    tab.findChild(QToolButton, "latentPin20").click()
    click(qtbot, tab, "randomizeButton")
    kept = {index for index in range(30) if tab.point.values[index] == SAMPLE_0.values[index]}
    assert kept == {3, 20}


def test_that_reset_goes_to_the_mean(qtbot: QtBot, tab: ExploreTab) -> None:
    click(qtbot, tab, "resetButton")
    assert tab.point == origin(30)
    assert caption(tab).startswith("The mean")
    drag(qtbot, tab, 7)
    assert caption(tab).startswith("Moved away from the mean")
    for _ in range(2):
        click(qtbot, tab, "undoButton")
    assert tab.point == SAMPLE_0


def test_that_the_branch_of_the_generator_is_told_after_going_back(tab: ExploreTab) -> None:
    assert caption(tab, Moment(2, 300)) == "Seed 0, step 300, branch 2"


def test_that_the_caption_describes_the_picture_that_is_shown_while_drawing_lags(
    qtbot: QtBot, conditional: ExploreTab
) -> None:
    def shown() -> str:
        return " ".join(conditional.findChild(QLabel, "explorerCaption").full_text.split())

    conditional.open_sample(3, 1)
    late = conditional.point
    conditional.open_sample(4, 2)
    conditional.show_picture(RED, Moment(0, 500), late)
    assert shown() == f"Seed 3, step 500 · {CLASSES[1]}"
    drag(qtbot, conditional, 2)
    assert shown() == f"Seed 3, step 500 · {CLASSES[1]}"
    QApplication.sendEvent(conditional, QEvent(QEvent.Type.LanguageChange))
    assert shown() == f"Seed 3, step 500 · {CLASSES[1]}"
    conditional.show_picture(RED, Moment(0, 900), conditional.point)
    assert shown() == f"Moved away from seed 4, step 900 · {CLASSES[2]}"


def test_that_a_picture_nobody_asked_for_is_not_shown(tab: ExploreTab) -> None:
    tab.show_picture(RED, STEP_1000, draw_point(77, 30, "normal"))
    assert tab.picture is None


def test_that_a_neighbour_is_named_after_the_point_it_was_drawn_around(qtbot: QtBot, tab: ExploreTab) -> None:
    with qtbot.waitSignal(tab.neighbours_wanted) as wanted:
        tab.open_sample(3)
    tab.show_neighbours(np.zeros((25, 8, 8, 1), np.uint8), wanted.args[0], STEP_1000)
    tab.open_sample(9)
    grid = tab.findChild(QWidget, "neighbourGrid")
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    qtbot.keyClick(grid, Qt.Key.Key_Return)
    assert tab.point == wanted.args[0][13]
    assert caption(tab).startswith("Moved away from seed 3,")


def test_that_neighbours_are_asked_for_once_the_hand_rests(qtbot: QtBot, tab: ExploreTab) -> None:
    asked = list[tuple[LatentPoint, ...]]()
    tab.neighbours_wanted.connect(asked.append)
    with qtbot.waitSignal(tab.neighbours_wanted):
        drag(qtbot, tab, 7)
        assert asked == []
    assert asked == [neighbours(tab.point, 25, 0.5, "normal")]


def test_that_another_distance_asks_for_other_neighbours(qtbot: QtBot, tab: ExploreTab) -> None:
    with qtbot.waitSignal(tab.neighbours_wanted) as wanted:
        tab.findChild(QSlider, "neighbourDistance").setValue(100)
    assert wanted.args == [neighbours(SAMPLE_0, 25, 1.0, "normal")]
    with qtbot.waitSignal(tab.neighbours_wanted) as wanted:
        tab.findChild(QToolButton, "neighbourVariation").click()
    assert wanted.args == [neighbours(SAMPLE_0, 25, 1.0, "normal", variation=1)]


def test_that_a_chosen_neighbour_is_the_one_that_was_seen(qtbot: QtBot, tab: ExploreTab) -> None:
    seen = neighbours(origin(30), 25, 0.2, "normal")
    tab.show_neighbours(np.zeros((25, 8, 8, 1), np.uint8), seen, STEP_1000)
    grid = tab.findChild(QWidget, "neighbourGrid")
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    qtbot.keyClick(grid, Qt.Key.Key_Return)
    assert tab.point == seen[13]
    click(qtbot, tab, "undoButton")
    assert tab.point == SAMPLE_0


def test_that_pictures_and_points_must_be_as_many(tab: ExploreTab) -> None:
    with pytest.raises(ValueError, match="9 pictures of 25 points"):
        tab.show_neighbours(np.zeros((9, 8, 8, 1), np.uint8), neighbours(origin(30), 25, 0.2, "normal"), STEP_1000)


def test_that_the_picture_can_be_copied_and_saved_once_there_is_one(qtbot: QtBot, tab: ExploreTab) -> None:
    assert not tab.findChild(QPushButton, "copyPictureButton").isEnabled()
    assert not tab.findChild(QPushButton, "savePictureButton").isEnabled()
    tab.show_picture(RED, STEP_1000, tab.point)
    assert tab.picture is RED
    click(qtbot, tab, "copyPictureButton")
    image = QGuiApplication.clipboard().image()
    assert (image.width(), image.height(), image.pixelColor(3, 3).name()) == (8, 8, "#ff0000")
    with qtbot.waitSignal(tab.copied):
        click(qtbot, tab, "copyPictureButton")
    with qtbot.waitSignal(tab.save_requested) as saved:
        click(qtbot, tab, "savePictureButton")
    (shown,) = saved.args
    assert (shown.pixels is RED, shown.moment, shown.place.point) == (True, STEP_1000, SAMPLE_0)


def test_that_a_late_picture_is_saved_with_the_z_that_it_was_drawn_from(qtbot: QtBot, tab: ExploreTab) -> None:
    tab.show_picture(RED, STEP_1000, tab.point)
    drag(qtbot, tab, 3)
    with qtbot.waitSignal(tab.save_requested) as saved:
        click(qtbot, tab, "savePictureButton")
    assert saved.args[0].place == VisitedPoint(SAMPLE_0, 0, True)
    tab.show_picture(RED, STEP_1000, tab.point)
    with qtbot.waitSignal(tab.save_requested) as saved:
        click(qtbot, tab, "savePictureButton")
    assert saved.args[0].place == VisitedPoint(tab.point, 0, False)


def test_that_a_neighbour_is_saved_with_its_own_z_and_generator(qtbot: QtBot, tab: ExploreTab) -> None:
    with qtbot.waitSignal(tab.neighbours_wanted) as wanted:
        tab.open_sample(3)
    pictures = np.arange(25, dtype=np.uint8).reshape(25, 1, 1, 1).repeat(8, axis=1).repeat(8, axis=2)
    tab.show_neighbours(pictures, wanted.args[0], Moment(1, 500))
    tab.open_sample(9)
    grid = tab.findChild(NeighbourGrid, "neighbourGrid")
    for index, is_sample in ((12, True), (13, False)):
        with qtbot.waitSignal(tab.save_requested) as saved:
            entries_by_key(grid)["saveNeighbourAction"].trigger()
        qtbot.keyClick(grid, Qt.Key.Key_Right)
        (shown,) = saved.args
        assert shown.place == VisitedPoint(wanted.args[0][index], 3, is_sample)
        assert (shown.moment, shown.pixels[0, 0, 0]) == ((1, 500), index)


def test_that_a_menu_is_about_its_picture_even_after_another_model_is_explored(qtbot: QtBot, tab: ExploreTab) -> None:
    tab.show_picture(RED, STEP_1000, tab.point)
    seen = neighbours(origin(30), 25, 0.2, "normal")
    tab.show_neighbours(np.full((25, 8, 8, 3), (0, 0, 255), np.uint8), seen, STEP_1000)
    grid = tab.findChild(NeighbourGrid, "neighbourGrid")
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    entries = entries_by_key(grid) | entries_by_key(tab.findChild(QWidget, "explorerImage"))
    tab.set_model(8, "uniform")
    first = tab.point
    entries["exploreNeighbourAction"].trigger()
    assert tab.point == first
    for of_what, colour, point in (("Picture", "#ff0000", SAMPLE_0), ("Neighbour", "#0000ff", seen[13])):
        entries[f"copy{of_what}Action"].trigger()
        assert QGuiApplication.clipboard().image().pixelColor(3, 3).name() == colour
        with qtbot.waitSignal(tab.save_requested) as saved:
            entries[f"save{of_what}Action"].trigger()
        assert (saved.args[0].place.point, saved.args[0].moment) == (point, STEP_1000)


@pytest.mark.parametrize(("size", "least"), [((960, 560), 400), ((1650, 800), 640), ((2240, 1300), 1130)])
def test_that_the_picture_fills_the_height_and_nothing_is_cramped(
    qtbot: QtBot, tab: ExploreTab, size: tuple[int, int], least: int
) -> None:
    tab.resize(*size)
    tab.show_picture(RED, STEP_1000, tab.point)
    image = tab.findChild(QWidget, "explorerImage").grab().toImage()
    red = [y for y in range(image.height()) if image.pixelColor(image.width() // 2, y) == QColor("red")]
    assert len(red) >= least
    for kind in (NeighbourGrid, LatentSliders):
        part = tab.findChild(kind)
        assert part.height() >= 180
        assert part.width() >= 240


def test_that_an_earlier_generator_can_be_chosen(qtbot: QtBot, tab: ExploreTab) -> None:
    tab.set_snapshots((Moment(0, 500), Moment(0, 1000)))
    with qtbot.waitSignal(tab.source_chosen) as chosen:
        tab.findChild(QSlider, "snapshotSlider").setValue(1)
    assert chosen.args == [Moment(0, 1000)]


def test_that_a_sample_from_elsewhere_is_one_step_of_the_history(qtbot: QtBot, tab: ExploreTab) -> None:
    point = draw_point(3, 30, "normal")
    with qtbot.waitSignal(tab.picture_wanted) as wanted:
        tab.open_sample(3)
    assert wanted.args == [point]
    slider = tab.findChild(QSlider, "latentSlider2")
    qtbot.waitUntil(lambda: slider.value() == round(point.values[2] * 1000))
    click(qtbot, tab, "undoButton")
    assert tab.point == SAMPLE_0


@pytest.mark.parametrize("size", [(1270, 690), (700, 470)])
@pytest.mark.parametrize("names", [(), CLASSES, ("a long name " * 9, "an other one " * 9)])
def test_that_it_fits_large_and_small_windows(
    qtbot: QtBot, tab: ExploreTab, size: tuple[int, int], names: tuple[str, ...]
) -> None:
    tab.set_model(30, "normal", names)
    tab.resize(*size)
    assert (tab.width(), tab.height()) == size
    for name in ("explorerImage", "neighbourGrid", "latentSlider0", "snapshotSlider", "copyPictureButton"):
        widget = tab.findChild(QWidget, name)
        assert widget.visibleRegion().boundingRect() == widget.rect()


def test_that_it_speaks_another_language_at_once(qtbot: QtBot, tab: ExploreTab) -> None:
    tab.show_picture(RED, Moment(0, 500), tab.point)
    translator = Shouting()
    QCoreApplication.installTranslator(translator)
    try:
        last = tab.findChild(QSlider, "latentSlider29")
        qtbot.waitUntil(lambda: last.accessibleName() == "Z 29")
        assert tab.findChild(QPushButton, "randomizeButton").text() == "RANDOMIZE"
        assert tab.findChild(QLabel, "explorerCaption").full_text == "SEED 0, STEP 500"
        assert tab.findChild(QLabel, "snapshotLabel").full_text == "NO SNAPSHOTS"
    finally:
        QCoreApplication.removeTranslator(translator)


def test_that_icons_follow_the_theme(qtbot: QtBot, tab: ExploreTab) -> None:
    buttons = [tab.findChild(QAbstractButton, name) for name in ("undoButton", "neighbourVariation", "latentPin29")]
    before = [button.icon().cacheKey() for button in buttons]
    palette = QPalette(tab.palette())
    for role in (QPalette.ColorRole.ButtonText, QPalette.ColorRole.PlaceholderText):
        palette.setColor(role, QColor("#abcdef"))
    tab.setPalette(palette)
    qtbot.waitUntil(lambda: all(button.icon().cacheKey() != key for button, key in zip(buttons, before, strict=True)))


def test_that_every_control_has_a_name_and_a_tooltip(tab: ExploreTab) -> None:
    controls = tab.findChildren(QPushButton) + tab.findChildren(QToolButton) + tab.findChildren(QSlider)
    named = [control for control in controls if control.objectName() and not control.objectName().startswith("qt_")]
    assert len(named) > 40
    assert [control.objectName() for control in named if not (control.accessibleName() and control.toolTip())] == []
