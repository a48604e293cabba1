"""NoticeBar: infos fade by themselves, errors stay until they are dismissed."""

from functools import partial

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QCursor, QEnterEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gan_studio.ui.frame.notice_bar import NoticeBar
from gan_studio.ui.frame.notices import NoticeButton

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


def test_that_the_newest_is_on_top_and_those_that_wait_are_counted(qtbot: QtBot, window: QWidget) -> None:
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


def test_that_the_button_of_a_notice_does_what_it_was_given_once_the_notice_is_gone(window: QWidget) -> None:
    bar, pressed = bar_in(window), []
    button = bar.findChild(QPushButton, "noticeActionButton")
    bar.show_notice("Saved.")
    assert not button.isVisible()
    bar.show_error("A run was cut off.", "", "", button=NoticeButton("Resume", lambda: pressed.append(headline(bar))))
    assert button.text() == "Resume"
    button.click()
    assert pressed == ["Saved."]
    assert not button.isVisible()


@pytest.mark.parametrize("topic", ["", "not-finite"])
def test_that_of_notices_that_read_the_same_the_newest_button_counts(window: QWidget, topic: str) -> None:
    bar, pressed = bar_in(window), []
    for branch in (0, 1):
        press = partial(pressed.append, branch)
        bar.show_error("NaN.", "", "", button=NoticeButton("Go back to step 100", press), topic=topic)
    assert not bar.findChild(QLabel, "noticeCounter").isVisible()
    bar.findChild(QPushButton, "noticeActionButton").click()
    assert pressed == [1]
    assert not bar.isVisible()


def test_that_notices_with_different_buttons_both_wait(window: QWidget) -> None:
    bar = bar_in(window)
    for words in ("Start anyway", "Go on anyway"):
        bar.show_notice("This takes long.", button=NoticeButton(words, bar.dismiss))
    assert bar.findChild(QLabel, "noticeCounter").text() == "1 of 2"


def test_that_of_one_topic_only_the_newest_message_is_there_and_keeps_its_turn(window: QWidget) -> None:
    bar = bar_in(window)
    for free in (30, 20, 10):
        bar.show_error("The disk is full.", f"{free} MiB are free.", "", topic="saving")
    assert bar.findChild(QLabel, "noticeLines").text() == "10 MiB are free."
    assert not bar.findChild(QLabel, "noticeCounter").isVisible()
    bar.show_error("No memory.", "", "")
    bar.show_error("The disk is full.", "5 MiB are free.", "", topic="saving")
    assert bar.findChild(QLabel, "noticeLines").text() == "5 MiB are free."
    bar.dismiss()
    assert headline(bar) == "No memory."
    bar.dismiss()
    assert not bar.isVisible()


def test_that_a_message_that_no_longer_holds_is_taken_back_wherever_it_waits(window: QWidget) -> None:
    bar = bar_in(window)
    bar.show_error("No memory.", "", "", topic="memory")
    bar.show_error("The disk is full.", "", "", topic="saving")
    assert bar.holds("saving")
    bar.withdraw("saving")
    assert not bar.holds("saving")
    assert headline(bar) == "No memory."
    assert not bar.findChild(QLabel, "noticeCounter").isVisible()
    bar.withdraw("memory")
    assert not bar.isVisible()
    bar.withdraw("memory")
    assert not bar.isVisible()


def test_that_taking_back_a_topic_leaves_messages_without_one(window: QWidget) -> None:
    bar = bar_in(window)
    bar.show_error("No memory.", "", "")
    bar.show_notice("Saved.")
    bar.withdraw("")
    assert headline(bar) == "Saved."
    bar.dismiss()
    assert headline(bar) == "No memory."


def test_that_what_stands_stays_and_lets_everything_else_be_said_first(qtbot: QtBot, window: QWidget) -> None:
    bar = bar_in(window, seconds_shown=0.01)
    bar.show_standing("Another program trains.", "Look at it.", topic="writer")
    bar.show_notice("Saved.")
    assert headline(bar) == "Saved."
    qtbot.waitUntil(lambda: headline(bar) == "Another program trains.")
    other = bar_in(window, seconds_shown=0.01)
    other.show_notice("Goes first.")
    qtbot.waitUntil(lambda: not other.isVisible())
    assert bar.isVisible()
    assert bar.findChild(QLabel, "noticeLines").text() == "Look at it."
    bar.withdraw("writer")
    assert not bar.isVisible()


def test_that_an_info_about_a_topic_takes_the_place_of_an_error_about_it(window: QWidget) -> None:
    bar = bar_in(window)
    bar.show_error("The disk is full.", "", "", topic="saving")
    bar.show_notice("Saving works again.", topic="saving")
    assert headline(bar) == "Saving works again."
    assert not bar.findChild(QLabel, "noticeCounter").isVisible()


def test_that_arrows_go_through_all_notices_and_stop_at_the_ends(qtbot: QtBot, window: QWidget) -> None:
    bar = bar_in(window)
    newer, older = (bar.findChild(QToolButton, f"{name}NoticeButton") for name in ("newer", "older"))
    bar.show_error("One.", "", "")
    assert not newer.isVisible()
    bar.show_error("Two.", "", "")
    bar.show_error("Three.", "", "")
    seen = []
    for arrow, texts in ((older, "3 of 3"), (newer, "1 of 3")):
        while arrow.isEnabled():
            seen.append(headline(bar))
            qtbot.mouseClick(arrow, Qt.MouseButton.LeftButton)
        assert bar.findChild(QLabel, "noticeCounter").text() == texts
    assert [*seen, headline(bar)] == ["Three.", "Two.", "One.", "Two.", "Three."]
    bar.dismiss()
    assert headline(bar) == "Two."


def test_that_a_notice_does_not_change_under_the_hand_that_is_at_its_button(window: QWidget) -> None:
    bar = bar_in(window)
    bar.show_error("The disk is full.", "", "", button=NoticeButton("Free space", bar.dismiss))
    middle, button = QPointF(5, 5), bar.findChild(QPushButton, "noticeActionButton")
    QApplication.sendEvent(button, QEnterEvent(middle, middle, middle))
    bar.show_notice("Saved.")
    assert headline(bar) == "The disk is full."
    assert bar.findChild(QLabel, "noticeCounter").text() == "2 of 2"
    QApplication.sendEvent(button, QEvent(QEvent.Type.Leave))
    bar.show_notice("Saved again.")
    assert headline(bar) == "Saved again."


def test_that_a_screen_reader_can_read_the_whole_notice(window: QWidget) -> None:
    bar = bar_in(window)
    bar.show_error("The disk is full.", "Step 100 is safe.", "Free some space.")
    assert bar.accessibleDescription() == "The disk is full. Step 100 is safe. Free some space."
