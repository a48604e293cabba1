"""RunToolbar: the buttons of a run, the three boxes beside them, and the progress."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTranslator
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QMainWindow, QToolButton
from pytestqt.qtbot import QtBot

from gan_studio.engine.data.known.known_sets import KNOWN_SETS
from gan_studio.engine.machine.device import Device
from gan_studio.ui.frame.actions import Actions
from gan_studio.ui.frame.run_toolbar import CHOOSE_FILE, CHOOSE_FOLDER, RUN_BUTTONS, RunToolbar
from gan_studio.ui.widgets.rich_text import paragraphs

PRESETS = [("quickstart", "Quickstart", "Fast."), ("paper", "Paper", "As published.")]
STARTER, OTHER = "starter:fashion-mnist", "torchvision:cifar10"
SOURCES = [(name, KNOWN_SETS[name].title) for name in (STARTER, OTHER)]
DEVICES = [Device("cuda:0", "A GPU, 16 GB", 16 * 10**9), Device("cpu", "CPU, 8 GB", 8 * 10**9)]


class Marking(QTranslator):
    """Puts every text in angle marks."""

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:
        return f"«{text}»"


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    window = QMainWindow()
    window.resize(1280, 200)
    qtbot.addWidget(window)
    return window


@pytest.fixture
def actions(window: QMainWindow) -> Actions:
    return Actions(window)


@pytest.fixture
def toolbar(qtbot: QtBot, window: QMainWindow, actions: Actions) -> RunToolbar:
    toolbar = RunToolbar(actions, window)
    toolbar.set_presets(PRESETS)
    toolbar.set_sources(SOURCES)
    toolbar.show_source(STARTER)
    toolbar.set_devices(DEVICES)
    window.addToolBar(toolbar)
    with qtbot.waitExposed(window):
        window.show()
    return toolbar


def box(toolbar: RunToolbar, name: str) -> QComboBox:
    found = toolbar.findChild(QComboBox, name)
    assert isinstance(found, QComboBox)
    return found


def pick(qtbot: QtBot, chosen: QComboBox, row: int) -> None:
    """Choose a row as a person does: open the list, and press Enter on it."""
    chosen.setFocus()
    chosen.showPopup()
    chosen.view().setCurrentIndex(chosen.model().index(row, 0))
    qtbot.keyClick(chosen.view(), Qt.Key.Key_Return)


@pytest.mark.parametrize("name", RUN_BUTTONS)
def test_that_each_button_is_its_action(qtbot: QtBot, toolbar: RunToolbar, actions: Actions, name: str) -> None:
    button = toolbar.findChild(QToolButton, f"{name}Button")
    assert button is not None
    with qtbot.waitSignal(actions[f"{name}Action"].triggered):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    actions[f"{name}Action"].setEnabled(False)
    assert not button.isEnabled()
    assert button.toolTip() == actions[f"{name}Action"].toolTip()


def test_that_a_chosen_preset_is_told_by_its_name(qtbot: QtBot, toolbar: RunToolbar) -> None:
    with qtbot.waitSignal(toolbar.preset_chosen) as chosen:
        pick(qtbot, box(toolbar, "presetBox"), 1)
    assert chosen.args == ["paper"]
    assert box(toolbar, "presetBox").itemData(1, Qt.ItemDataRole.ToolTipRole) == "As published."


def test_that_a_chosen_device_is_told_by_its_name(qtbot: QtBot, toolbar: RunToolbar) -> None:
    assert [box(toolbar, "deviceBox").itemData(row) for row in range(3)] == ["auto", "cuda:0", "cpu"]
    with qtbot.waitSignal(toolbar.device_chosen) as chosen:
        pick(qtbot, box(toolbar, "deviceBox"), 2)
    assert chosen.args == ["cpu"]


def test_that_the_chosen_device_stays_chosen_when_more_become_known(toolbar: RunToolbar) -> None:
    toolbar.show_device("cpu")
    toolbar.set_devices([DEVICES[0], Device("cuda:1", "Another GPU", 10**9), DEVICES[1]])
    assert box(toolbar, "deviceBox").currentData() == "cpu"
    toolbar.show_device("cuda:7")
    assert box(toolbar, "deviceBox").currentData() == "auto"


def test_that_known_sets_are_listed_by_title_and_told_by_source(qtbot: QtBot, toolbar: RunToolbar) -> None:
    data = box(toolbar, "datasetBox")
    assert [data.itemData(row) for row in range(data.count())] == [STARTER, OTHER, None, CHOOSE_FOLDER, CHOOSE_FILE]
    assert data.itemText(1) == str(KNOWN_SETS[OTHER].title)
    with qtbot.waitSignal(toolbar.source_chosen) as chosen:
        pick(qtbot, data, 1)
    assert chosen.args == [OTHER]


@pytest.mark.parametrize("wish", [CHOOSE_FOLDER, CHOOSE_FILE])
def test_that_the_last_entries_ask_for_a_folder_or_a_file_and_leave_the_choice(
    qtbot: QtBot, toolbar: RunToolbar, wish: str
) -> None:
    data = box(toolbar, "datasetBox")
    wanted, other = toolbar.folder_wanted, toolbar.file_wanted
    if wish == CHOOSE_FILE:
        wanted, other = other, wanted
    with qtbot.waitSignal(wanted), qtbot.assertNotEmitted(other), qtbot.assertNotEmitted(toolbar.source_chosen):
        pick(qtbot, data, data.findData(wish))
    assert data.currentData() == STARTER


def test_that_a_folder_is_shown_by_its_name_and_can_be_chosen_again(qtbot: QtBot, toolbar: RunToolbar) -> None:
    data = box(toolbar, "datasetBox")
    before = data.count()
    with qtbot.assertNotEmitted(toolbar.source_chosen):
        toolbar.show_source("/home/somebody/cats")
        toolbar.show_source("/home/somebody/cats")
        toolbar.show_source(STARTER)
    row = data.findText("cats")
    assert data.count() == before + 1
    assert row == data.findData(CHOOSE_FOLDER) - 1
    assert data.itemData(row, Qt.ItemDataRole.ToolTipRole) == paragraphs("/home/somebody/cats")
    with qtbot.waitSignal(toolbar.source_chosen) as chosen:
        pick(qtbot, data, row)
    assert chosen.args == ["/home/somebody/cats"]


def test_that_an_open_run_holds_its_preset_and_data_and_says_why(toolbar: RunToolbar) -> None:
    toolbar.set_locked(has_run=True, is_busy=False)
    enabled = [box(toolbar, name).isEnabled() for name in ("presetBox", "datasetBox", "deviceBox")]
    assert enabled == [False, False, True]
    assert "New run" in box(toolbar, "presetBox").toolTip()
    toolbar.set_locked(has_run=True, is_busy=True)
    assert not box(toolbar, "deviceBox").isEnabled()
    assert "Stop the run first" in box(toolbar, "deviceBox").toolTip()
    toolbar.set_locked(has_run=False, is_busy=False)
    assert box(toolbar, "presetBox").isEnabled()
    assert "New run" not in box(toolbar, "presetBox").toolTip()


@pytest.mark.parametrize("name", ["presetBox", "datasetBox", "deviceBox"])
def test_that_the_wheel_over_a_box_changes_nothing(qtbot: QtBot, toolbar: RunToolbar, name: str) -> None:
    chosen = box(toolbar, name)
    chosen.setCurrentIndex(0)
    chosen.clearFocus()
    place = QPointF(chosen.mapTo(chosen.window(), chosen.rect().center()))
    QTest.wheelEvent(chosen.window().windowHandle(), place, QPoint(0, -240))
    assert chosen.currentIndex() == 0


def test_that_how_far_the_run_is_stands_at_the_right(toolbar: RunToolbar) -> None:
    toolbar.readout.set_progress(1_240, 10_000, 812.0, 64)
    texts = [label.text() for label in toolbar.readout.findChildren(QLabel)]
    assert any("812" in text for text in texts)
    assert toolbar.readout.geometry().right() > toolbar.width() * 0.9


def test_that_every_text_follows_the_language(toolbar: RunToolbar, actions: Actions) -> None:
    texts: dict[str, Callable[[], str]] = {
        "starter": lambda: box(toolbar, "datasetBox").itemText(0),
        "folder": lambda: box(toolbar, "datasetBox").itemText(3),
        "automatic": lambda: box(toolbar, "deviceBox").itemText(0),
        "preset": box(toolbar, "presetBox").toolTip,
        "button": toolbar.findChild(QToolButton, "startButton").text,
        "name": toolbar.findChild(QToolButton, "startButton").accessibleName,
    }
    translator = Marking()
    QApplication.installTranslator(translator)
    try:
        actions.retranslate()
        QApplication.sendEvent(toolbar, QEvent(QEvent.Type.LanguageChange))
        assert {name: text() for name, text in texts.items() if "«" not in text()} == {}
    finally:
        QApplication.removeTranslator(translator)


def test_that_every_box_has_a_title_beside_it(toolbar: RunToolbar) -> None:
    for name, title in (("presetBox", "Preset"), ("datasetBox", "Data"), ("deviceBox", "Device")):
        label = toolbar.findChild(QLabel, f"{name}Title")
        assert (label.text(), label.isVisible(), label.buddy()) == (title, True, box(toolbar, name))
        assert label.geometry().right() < box(toolbar, name).geometry().left()


def test_that_a_narrow_window_shortens_the_boxes_and_hides_nothing(window: QMainWindow, toolbar: RunToolbar) -> None:
    wide = box(toolbar, "datasetBox").width()
    window.resize(1000, 200)
    QApplication.processEvents()
    assert box(toolbar, "datasetBox").width() < wide
    shown = [box(toolbar, name) for name in ("presetBox", "datasetBox", "deviceBox")]
    shown += [toolbar.readout, *(toolbar.findChild(QToolButton, f"{name}Button") for name in RUN_BUTTONS)]
    assert all(part.isVisible() and part.visibleRegion().boundingRect() == part.rect() for part in shown)


def test_that_the_first_button_is_wide_enough_for_every_text_and_never_shrinks(
    toolbar: RunToolbar, actions: Actions
) -> None:
    button = toolbar.findChild(QToolButton, "startButton")
    assert button is not None
    places = set()
    for texts in (("Start", "Train 20 000 more"), ("Start", "Train 4 more")):
        toolbar.keep_width_for(texts)
        for text in texts:
            actions.set_words("startAction", text, "What it does.")
            QApplication.processEvents()
            places.add(box(toolbar, "presetBox").x())
            assert button.accessibleName() == text
            assert button.toolTip().startswith("What it does. (")
    assert len(places) == 1
    actions.retranslate()
    assert button.text() == "Train 4 more"
