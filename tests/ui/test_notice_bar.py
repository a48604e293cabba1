"""NoticeBar: infos go by themselves, errors stay until they are dismissed."""

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QCursor, QEnterEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gan_studio.ui.notice_bar import NoticeBar

NEVER = 3600.0


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    QCursor.setPos(5000, 5000)  # where an earlier test left it, it might hold every notice
    window = QWidget()
    window.resize(700, 300)
    QVBoxLayout(window)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    return window


def bar_in(window: QWidget, seconds_shown: float = NEVER) -> NoticeBar:
    bar = NoticeBar(seconds_shown=seconds_shown)
    window.layout().addWidget(bar)
    return bar


def headline(bar: NoticeBar) -> str:
    return bar.findChild(QLabel, "noticeHeadline").text()


def test_that_the_bar_is_there_only_while_there_is_something_to_say(qtbot: QtBot, window: QWidget) -> None:
    bar = bar_in(window)
    assert not bar.isVisible()
    bar.show_notice("Saved.", "Step 100")
    assert bar.isVisible()
    assert headline(bar) == "Saved."
    qtbot.mouseClick(bar.findChild(QToolButton, "noticeCloseButton"), Qt.MouseButton.LeftButton)
    assert not bar.isVisible()


def test_that_an_info_goes_by_itself(qtbot: QtBot, window: QWidget) -> None:
    bar = bar_in(window, seconds_shown=0.01)
    bar.show_notice("Saved.")
    qtbot.waitUntil(lambda: not bar.isVisible())


def test_that_the_mouse_holds_an_info(qtbot: QtBot, window: QWidget) -> None:
    bar, other = bar_in(window, seconds_shown=0.01), bar_in(window, seconds_shown=0.01)
    bar.show_notice("Saved.")
    middle = QPointF(5, 5)
    QApplication.sendEvent(bar, QEnterEvent(middle, middle, middle))
    other.show_notice("Goes first.")
    qtbot.waitUntil(lambda: not other.isVisible())
    assert bar.isVisible()
    QApplication.sendEvent(bar, QEvent(QEvent.Type.Leave))
    qtbot.waitUntil(lambda: not bar.isVisible())


def test_that_an_error_stays_and_says_all_three_parts(qtbot: QtBot, window: QWidget) -> None:
    bar, other = bar_in(window, seconds_shown=0.01), bar_in(window, seconds_shown=0.01)
    bar.show_error("The disk is full.", "Step 100 is safe.", "Free some space.", "OSError 28")
    other.show_notice("Goes first.")
    qtbot.waitUntil(lambda: not other.isVisible())
    assert bar.isVisible()
    assert headline(bar) == "The disk is full."
    assert bar.findChild(QLabel, "noticeLines").text() == "Step 100 is safe.\nFree some space."


def test_that_details_are_copied_with_the_whole_message(qtbot: QtBot, window: QWidget) -> None:
    bar = bar_in(window)
    bar.show_error("The disk is full.", "Step 100 is safe.", "Free some space.", "OSError 28")
    bar.findChild(QPushButton, "noticeCopyButton").click()
    copied = QGuiApplication.clipboard().text()
    assert copied == "The disk is full.\nStep 100 is safe.\nFree some space.\nOSError 28"


def test_that_errors_come_first_and_those_that_wait_are_counted(qtbot: QtBot, window: QWidget) -> None:
    bar = bar_in(window)
    counter = bar.findChild(QLabel, "noticeCounter")
    bar.show_notice("Saved.")
    assert not counter.isVisible()
    bar.show_error("The disk is full.", "", "")
    assert headline(bar) == "The disk is full."
    assert counter.text() == "1 of 2"
    bar.dismiss()
    assert headline(bar) == "Saved."
    assert not counter.isVisible()


def test_that_the_same_message_waits_only_once(window: QWidget) -> None:
    bar = bar_in(window)
    for _ in range(3):
        bar.show_error("The disk is full.", "", "")
    bar.dismiss()
    assert not bar.isVisible()


def test_that_escape_dismisses(qtbot: QtBot, window: QWidget) -> None:
    bar = bar_in(window)
    bar.show_error("The disk is full.", "", "")
    qtbot.keyClick(bar.findChild(QPushButton, "noticeCopyButton"), Qt.Key.Key_Escape)
    assert not bar.isVisible()


def test_that_the_action_of_the_shown_message_is_told(qtbot: QtBot, window: QWidget) -> None:
    bar = bar_in(window)
    button = bar.findChild(QPushButton, "noticeActionButton")
    bar.show_notice("Saved.")
    assert not button.isVisible()
    bar.show_error("A run was cut off.", "", "", action_text="Go on", action="resume")
    assert button.text() == "Go on"
    with qtbot.waitSignal(bar.action_triggered) as told:
        button.click()
    assert told.args == ["resume"]
    assert headline(bar) == "Saved."
