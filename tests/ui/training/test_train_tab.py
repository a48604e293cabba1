"""TrainTab: plots and samples of one run; a new sheet never replaces a past one that is shown."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QApplication,
    QCheckBox,
    QLabel,
    QMenu,
    QPushButton,
    QScrollBar,
    QSlider,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gan_studio.engine.events import METRIC_COLUMNS
from gan_studio.engine.moment import Moment
from gan_studio.engine.sheet import Sheet
from gan_studio.ui.training.samples.sample_grid import SampleGrid
from gan_studio.ui.training.train_tab import TrainTab

SHEETS = [Moment(0, 0), Moment(0, 100), Moment(0, 200)]


def sheet(step: int, classes: tuple[int, ...] = (), branch: int = 0) -> Sheet:
    """Make a sheet of 4 x 4 cells, as bright as its step."""
    return Sheet(Moment(branch, step), np.full((32, 32, 1), step % 251, np.uint8), 4, 4, classes)


@pytest.fixture
def tab(qtbot: QtBot) -> TrainTab:
    tab = TrainTab()
    qtbot.addWidget(tab)
    tab.resize(900, 600)
    tab.set_redraw_hz(100)
    tab.show()
    qtbot.waitExposed(tab)
    return tab


def grid(tab: TrainTab) -> SampleGrid:
    return tab.findChild(SampleGrid, "sampleGrid")


def show_live(tab: TrainTab, step: int) -> None:
    tab.show_sheet(sheet(step), live=True)


def step_in_sight(tab: TrainTab) -> int:
    """Read the step in the caption, checked against the picture."""
    step = int(grid(tab).accessibleDescription().split(",")[0].removeprefix("step ").replace("\u202f", ""))
    centre = grid(tab).cell_rect(0).center().toPoint()
    assert grid(tab).grab().toImage().pixelColor(centre).red() == step % 251
    return step


def test_that_a_live_sheet_is_shown_with_its_step(tab: TrainTab):
    show_live(tab, 1240)
    assert step_in_sight(tab) == 1240
    assert tab.shown_sheet is not None
    assert tab.shown_sheet.moment == (0, 1240)


def test_that_a_live_sheet_leaves_the_past_in_sight(tab: TrainTab, qtbot: QtBot):
    tab.set_sheets(SHEETS)
    show_live(tab, 200)
    with qtbot.waitSignal(tab.sheet_requested) as asked:
        tab.findChild(QSlider, "sampleHistorySlider").setValue(1)
    branch, step = asked.args[0]
    tab.show_sheet(sheet(step, branch=branch), live=False)
    tab.set_sheets([*SHEETS, Moment(0, 300)])
    show_live(tab, 300)
    assert step_in_sight(tab) == 100
    with qtbot.waitSignal(tab.live_requested):
        tab.findChild(QAbstractButton, "liveSheetButton").click()
    assert step_in_sight(tab) == 300


def test_that_a_past_sheet_that_comes_late_does_not_replace_the_present(tab: TrainTab):
    tab.set_sheets(SHEETS)
    show_live(tab, 200)
    tab.findChild(QSlider, "sampleHistorySlider").setValue(0)
    tab.findChild(QAbstractButton, "liveSheetButton").click()
    tab.show_sheet(sheet(0), live=False)
    assert step_in_sight(tab) == 200


def show_classes(tab: TrainTab, classes: tuple[int, ...] = (), live: bool = True) -> None:
    tab.show_sheet(sheet(100, classes), live=live)


def test_that_the_rows_of_a_conditional_run_are_its_classes(tab: TrainTab):
    tab.set_class_names(("Shirt", "Bag", "Boot", "Coat", "Dress"))
    show_classes(tab, (4, 3, 2, 0))
    assert grid(tab).accessibleDescription().endswith("one class per row; Dress; Coat; Boot; Shirt")
    assert [tab.class_of_sample(seed) for seed in (0, 3, 4, 15)] == [4, 4, 3, 0]
    assert step_in_sight(tab) == 100


def test_that_a_sheet_from_the_disk_has_its_classes_in_order(tab: TrainTab):
    tab.set_sheets(SHEETS)
    tab.set_class_names(("Shirt", "Bag", "Boot", "Coat", "Dress"))
    tab.findChild(QSlider, "sampleHistorySlider").setValue(1)
    show_classes(tab, live=False)
    assert grid(tab).accessibleDescription().endswith("Shirt; Bag; Boot; Coat")
    assert tab.class_of_sample(7) == 1


def test_that_names_that_come_after_the_sheet_are_shown(tab: TrainTab):
    show_classes(tab)
    assert tab.class_of_sample(7) is None
    tab.set_class_names(("Shirt", "Bag", "Boot", "Coat"))
    assert tab.class_of_sample(7) == 1


def test_that_another_run_forgets_the_classes(tab: TrainTab):
    tab.set_class_names(("Shirt", "Bag", "Boot", "Coat"))
    show_classes(tab)
    tab.clear()
    show_classes(tab)
    assert tab.class_of_sample(0) is None
    assert grid(tab).accessibleDescription().endswith("seeds 0 to 15")


def test_that_the_loss_decides_what_the_plots_say(tab: TrainTab):
    tab.set_loss("hinge")
    assert tab.findChild(QLabel, "probabilityPlotTitle").text() == "D's scores"


def test_that_a_clicked_sample_is_told(tab: TrainTab, qtbot: QtBot):
    show_live(tab, 100)
    with qtbot.waitSignal(tab.sample_clicked) as clicked:
        QTest.mouseClick(grid(tab), Qt.MouseButton.LeftButton, pos=grid(tab).cell_rect(6).center().toPoint())
    assert clicked.args == [6]


def test_that_sampling_and_saving_are_asked_for(tab: TrainTab, qtbot: QtBot):
    show_live(tab, 100)
    with qtbot.waitSignal(tab.sample_now_requested):
        tab.findChild(QPushButton, "sampleNowButton").click()
    with qtbot.waitSignal(tab.save_sheet_requested):
        tab.findChild(QPushButton, "saveSheetButton").click()


def test_that_the_samples_are_on_the_left_as_large_as_fits_and_the_plots_beside_them(tab: TrainTab) -> None:
    show_live(tab, 100)
    tab.resize(1240, 700)
    plots = [tab.findChild(QWidget, name) for name in ("lossPlot", "probabilityPlot")]
    left, right = grid(tab).cell_rect(0), grid(tab).cell_rect(15)
    assert right.bottom() - left.top() >= 0.8 * tab.height() - 60
    places = [part.mapTo(tab, part.rect().topLeft()) for part in plots]
    assert all(place.x() > grid(tab).mapTo(tab, right.bottomRight().toPoint()).x() for place in places)
    assert places[0].y() < places[1].y()
    assert all(part.width() > 0.3 * tab.width() for part in plots)


def test_that_a_tall_tab_has_the_plots_below_the_samples(tab: TrainTab) -> None:
    show_live(tab, 100)
    tab.resize(tab.minimumSizeHint().width(), 1300)
    plot = tab.findChild(QWidget, "lossPlot")
    bottom = grid(tab).mapTo(tab, grid(tab).cell_rect(15).bottomRight().toPoint())
    assert plot.mapTo(tab, plot.rect().topLeft()).y() > bottom.y()


def test_that_a_sample_of_the_sheet_is_asked_to_be_saved(tab: TrainTab, qtbot: QtBot) -> None:
    show_live(tab, 100)
    with qtbot.waitSignal(tab.save_sample_requested) as saved:
        grid(tab).sample_save_requested.emit(6)
    assert saved.args == [6]


def test_that_a_sheet_that_comes_while_a_menu_is_open_waits_for_the_choice(tab: TrainTab, qtbot: QtBot) -> None:
    show_live(tab, 100)
    place = grid(tab).cell_rect(6).center().toPoint()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, grid(tab).mapToGlobal(place))
    QApplication.sendEvent(grid(tab), event)
    (menu,) = grid(tab).findChildren(QMenu, "sampleMenu")
    show_live(tab, 200)
    steps = list[int]()
    tab.save_sample_requested.connect(lambda _seed: steps.append(step_in_sight(tab)))
    menu.setActiveAction(next(action for action in menu.actions() if action.objectName() == "saveSampleAction"))
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert steps == [100]
    qtbot.waitUntil(lambda: step_in_sight(tab) == 200)


def test_that_the_smoothness_of_the_samples_is_told_and_restored(tab: TrainTab, qtbot: QtBot) -> None:
    show_live(tab, 100)
    button = tab.findChild(QAbstractButton, "smoothSheetButton")
    with qtbot.waitSignal(tab.smooth_chosen) as chosen:
        button.click()
    assert chosen.args == [True]
    with qtbot.assertNotEmitted(tab.smooth_chosen):
        tab.set_smooth(False)
    assert not button.isChecked()


def test_that_sampling_can_be_switched_off(tab: TrainTab, qtbot: QtBot):
    show_live(tab, 100)
    tab.set_sample_now_enabled(False)
    with qtbot.assertNotEmitted(tab.sample_now_requested):
        tab.findChild(QPushButton, "sampleNowButton").click()


def test_that_the_welcome_fills_the_tab_while_no_run_is_open(tab: TrainTab):
    welcome = QLabel("three ways in")
    tab.set_rest_widget(welcome)
    assert welcome.isVisible()
    assert welcome.width() == tab.width()
    show_live(tab, 100)
    tab.show_rest(is_at_rest=False)
    assert not welcome.isVisible()
    assert grid(tab).isVisible()
    tab.show_rest(is_at_rest=True)
    assert welcome.isVisible()


def test_that_a_change_of_language_leaves_the_welcome_alone(tab: TrainTab):
    welcome = QLabel("three ways in")
    tab.set_rest_widget(welcome)
    for part in tab.findChildren(QWidget):
        QApplication.sendEvent(part, QEvent(QEvent.Type.LanguageChange))
    assert welcome.text() == "three ways in"


def test_that_metrics_are_replaced_and_added(tab: TrainTab, qtbot: QtBot):
    values = np.full((50, len(METRIC_COLUMNS)), 0.5, np.float32)
    step = tab.findChild(QLabel, "lossPlotStep")
    tab.append_metrics(np.arange(1, 51), values)
    qtbot.waitUntil(lambda: step.text() == "step 50")
    tab.set_metrics(np.arange(1, 21), values[:20])
    qtbot.waitUntil(lambda: step.text() == "step 20")
    tab.append_metrics(np.arange(21, 31), values[:10])
    qtbot.waitUntil(lambda: step.text() == "step 30")
    tab.clear()
    qtbot.waitUntil(lambda: step.text() == "")


def test_that_every_control_has_a_name_and_says_what_it_does(tab: TrainTab):
    show_live(tab, 100)
    kinds = (QAbstractButton, QAbstractSlider, QCheckBox, SampleGrid)
    controls = [
        part for part in tab.findChildren(QWidget) if isinstance(part, kinds) and not isinstance(part, QScrollBar)
    ]
    assert len(controls) >= 9
    for part in controls:
        assert part.objectName(), part
        assert part.accessibleName() or part.text(), part.objectName()
        assert isinstance(part, SampleGrid) or part.toolTip(), part.objectName()
    names = [part.objectName() for part in controls]
    assert len(set(names)) == len(names)


def test_that_the_tab_key_goes_from_the_samples_on_the_left_to_the_plots(tab: TrainTab) -> None:
    reached, part = list[str](), tab.nextInFocusChain()
    while part is not tab:
        reached.append(part.objectName())
        part = part.nextInFocusChain()
    assert reached.index("sampleGrid") < reached.index("smoothingSlider") < reached.index("lossPlotCanvas")


def test_that_every_control_is_reached_by_the_tab_key(tab: TrainTab, qtbot: QtBot):
    tab.set_sheets(SHEETS)
    show_live(tab, 200)
    tab.findChild(QSlider, "sampleHistorySlider").setValue(1)
    tab.activateWindow()
    tab.findChild(QSlider, "smoothingSlider").setFocus()
    reached = set()
    for _ in range(30):
        focused = tab.focusWidget()
        reached.add(focused.objectName())
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    wanted = {
        "smoothingSlider",
        "logScaleBox",
        "followBox",
        "lossPlotCanvas",
        "probabilityPlotCanvas",
        "sampleNowButton",
    }
    wanted |= {"saveSheetButton", "sampleGrid", "previousSheetButton", "sampleHistorySlider", "nextSheetButton"}
    assert wanted | {"liveSheetButton"} <= reached
