"""SampleHistory: walks through past sheets; a new sheet never replaces the one that is shown."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QSlider
from pytestqt.qtbot import QtBot

from gan_studio.engine.moment import Moment
from gan_studio.ui.training.samples.sample_history import SampleHistory

SHEETS = [Moment(0, step) for step in range(0, 1000, 100)]


def moments(*steps: int, branch: int = 0) -> list[Moment]:
    return [Moment(branch, step) for step in steps]


@pytest.fixture
def history(qtbot: QtBot) -> SampleHistory:
    history = SampleHistory()
    qtbot.addWidget(history)
    history.resize(500, 40)
    history.set_sheets(SHEETS)
    history.show()
    return history


@pytest.fixture
def slider(history: SampleHistory) -> QSlider:
    return history.findChild(QSlider, "sampleHistorySlider")


def button(history: SampleHistory, name: str) -> QAbstractButton:
    return history.findChild(QAbstractButton, name)


def place(history: SampleHistory) -> str:
    return history.findChild(QLabel, "sheetPlace").text()


def test_that_it_begins_live_at_the_newest_sheet(history: SampleHistory):
    assert history.is_live
    assert history.current == (0, 900)
    assert button(history, "liveSheetButton").isChecked()
    assert place(history) == "newest, 10 kept"


def test_that_each_move_of_the_slider_asks_for_its_sheet(history: SampleHistory, slider: QSlider, qtbot: QtBot):
    for place_asked, sheet in ((3, (0, 300)), (4, (0, 400))):
        with qtbot.waitSignal(history.sheet_requested) as asked:
            slider.setValue(place_asked)
        assert asked.args == [sheet]
    assert not history.is_live
    assert not button(history, "liveSheetButton").isChecked()
    assert place(history) == "step 400 (5 of 10)"


def test_that_new_sheets_leave_a_past_one_in_place(history: SampleHistory, slider: QSlider, qtbot: QtBot):
    slider.setValue(3)
    with qtbot.assertNotEmitted(history.sheet_requested), qtbot.assertNotEmitted(history.live_requested):
        history.set_sheets([*SHEETS, *moments(1000)])
        history.set_sheets([*SHEETS, *moments(1000, 1100)])
    assert history.current == (0, 300)
    assert place(history) == "step 300 (4 of 12)"


def test_that_live_goes_along_with_new_sheets_without_asking(history: SampleHistory, qtbot: QtBot):
    with qtbot.assertNotEmitted(history.sheet_requested), qtbot.assertNotEmitted(history.live_requested):
        history.set_sheets([*SHEETS, *moments(1000)])
    assert history.is_live
    assert history.current == (0, 1000)


def test_that_the_right_end_is_live(history: SampleHistory, slider: QSlider, qtbot: QtBot):
    slider.setValue(2)
    with qtbot.waitSignal(history.live_requested), qtbot.assertNotEmitted(history.sheet_requested):
        slider.setValue(slider.maximum())
    assert history.is_live


def test_that_the_live_button_goes_to_the_newest_sheet(history: SampleHistory, slider: QSlider, qtbot: QtBot):
    slider.setValue(2)
    with qtbot.waitSignal(history.live_requested):
        button(history, "liveSheetButton").click()
    assert history.is_live
    assert history.current == (0, 900)


def test_that_letting_go_of_live_holds_the_sheet_in_sight(history: SampleHistory, qtbot: QtBot):
    with qtbot.waitSignal(history.sheet_requested) as asked:
        button(history, "liveSheetButton").click()
    assert asked.args == [(0, 900)]
    history.set_sheets([*SHEETS, *moments(1000)])
    assert history.current == (0, 900)


def test_that_the_buttons_go_one_sheet_back_and_forth(history: SampleHistory, qtbot: QtBot):
    with qtbot.waitSignal(history.sheet_requested) as asked:
        button(history, "previousSheetButton").click()
    assert asked.args == [(0, 800)]
    button(history, "previousSheetButton").click()
    with qtbot.waitSignal(history.sheet_requested) as asked:
        button(history, "nextSheetButton").click()
    assert asked.args == [(0, 800)]
    with qtbot.waitSignal(history.live_requested):
        button(history, "nextSheetButton").click()
    assert not button(history, "nextSheetButton").isEnabled()


def test_that_arrow_keys_move_the_slider(history: SampleHistory, slider: QSlider, qtbot: QtBot):
    with qtbot.waitSignal(history.sheet_requested) as asked:
        QTest.keyClick(slider, Qt.Key.Key_Left)
    assert asked.args == [(0, 800)]


def test_that_thinning_keeps_the_sheet_in_sight_or_the_one_before(history: SampleHistory, slider: QSlider):
    slider.setValue(5)
    history.set_sheets(moments(0, 200, 500, 900))
    assert history.current == (0, 500)
    history.set_sheets(moments(0, 200, 900))
    assert history.current == (0, 200)
    assert not history.is_live


def test_that_going_back_shows_the_nearest_earlier_sheet_on_the_way_in_place_of_one_beyond(
    history: SampleHistory, slider: QSlider, qtbot: QtBot
):
    slider.setValue(7)
    with qtbot.waitSignal(history.sheet_requested) as asked:
        history.set_sheets(moments(0, 200, 500))
    assert asked.args == [(0, 500)]
    with qtbot.assertNotEmitted(history.sheet_requested):
        history.set_sheets([*moments(0, 200, 500), *moments(600, 700, branch=1)])
    assert history.current == (0, 500)
    slider.setValue(3)
    with qtbot.waitSignal(history.sheet_requested) as asked:
        history.set_sheets([*moments(0, 200, 500, 550), Moment(2, 700)])
    assert asked.args == [(0, 550)]
    assert not history.is_live


def test_that_branches_have_sheets_of_their_own(history: SampleHistory, slider: QSlider, qtbot: QtBot):
    history.set_sheets([*SHEETS, Moment(1, 900)])
    assert history.current == (1, 900)
    with qtbot.waitSignal(history.sheet_requested) as asked:
        slider.setValue(9)
    assert asked.args == [(0, 900)]


def test_that_without_sheets_there_is_nothing_to_move(history: SampleHistory, slider: QSlider):
    slider.setValue(3)
    history.set_sheets([])
    assert history.current is None
    assert history.is_live
    assert not slider.isEnabled()
    assert place(history) == ""
    history.set_sheets(moments(0))
    assert history.current == (0, 0)


def test_that_the_wheel_does_not_leave_live_without_focus(history: SampleHistory, slider: QSlider):
    middle = QPointF(slider.rect().center())
    turn = QWheelEvent(
        middle,
        slider.mapToGlobal(middle),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(slider, turn)
    assert history.is_live
