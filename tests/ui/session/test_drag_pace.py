"""DragPace: pictures of a drag come as often as the share of training allows, and the last position always comes."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from gan_studio.ui.session.drag_pace import LONGEST_REST_SECONDS, SHARE, STILL_SECONDS, DragPace


class Clocks:
    """A clock, and the processor time of the window, both moved by hand."""

    def __init__(self) -> None:
        self.now, self.own = 0.0, 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def pace(qtbot: QtBot, clocks: Clocks) -> Iterator[DragPace]:
    pace = DragPace(None, clocks, lambda: clocks.own)
    yield pace
    pace.deleteLater()


def rest_of(pace: DragPace) -> float:
    """Return the seconds of rest that are set."""
    return pace.findChild(QTimer).interval() / 1000


def test_that_a_rested_hand_is_drawn_at_once_and_the_next_move_waits(pace: DragPace) -> None:
    assert pace.admit()
    pace.finish(0.01)
    assert not pace.admit()


def test_that_the_rest_keeps_the_share_of_what_drawing_and_window_took(pace: DragPace, clocks: Clocks) -> None:
    pace.admit()
    clocks.own += 0.002
    clocks.now += 0.003
    pace.finish(0.005)
    assert rest_of(pace) == pytest.approx(0.007 / SHARE - 0.003, abs=0.0015)


def test_that_painting_a_picture_counts_towards_the_rest_after_the_next(
    qtbot: QtBot, pace: DragPace, clocks: Clocks
) -> None:
    pace.admit()
    pace.finish(0.002)
    clocks.own += 0.004
    with qtbot.waitSignal(pace.due):
        pace.admit()
    pace.finish(0.002)
    assert rest_of(pace) == pytest.approx(0.006 / SHARE, abs=0.0015)


def test_that_what_the_window_did_before_a_drag_is_not_counted(pace: DragPace, clocks: Clocks) -> None:
    clocks.own, clocks.now = 50.0, 100.0
    pace.admit()
    pace.finish(0.005)
    assert rest_of(pace) == pytest.approx(0.005 / SHARE, abs=0.0015)


def test_that_expensive_pictures_come_often_all_the_same(pace: DragPace) -> None:
    pace.admit()
    assert rest_of(pace) == pytest.approx(LONGEST_REST_SECONDS, abs=0.0015)
    pace.finish(5.0)
    assert rest_of(pace) == pytest.approx(LONGEST_REST_SECONDS, abs=0.0015)


def test_that_a_picture_that_took_longer_than_its_rest_is_followed_at_once(
    qtbot: QtBot, pace: DragPace, clocks: Clocks
) -> None:
    pace.admit()
    clocks.now += 5.0
    pace.admit()
    with qtbot.waitSignal(pace.due):
        pace.finish(5.0)


def test_that_the_last_position_is_drawn_once(qtbot: QtBot, pace: DragPace) -> None:
    pace.admit()
    pace.finish(0.001)
    with qtbot.waitSignal(pace.due):
        assert not pace.admit()
        assert not pace.admit()
    with qtbot.assertNotEmitted(pace.due, wait=round(1000 * LONGEST_REST_SECONDS)):
        pace.finish(0.001)


def test_that_a_hand_is_still_after_a_while(pace: DragPace, clocks: Clocks) -> None:
    assert not pace.is_moving
    pace.admit()
    assert pace.is_moving
    clocks.now += STILL_SECONDS
    assert not pace.is_moving


def test_that_a_waiting_picture_is_due_when_nothing_is_to_be_spared_any_more(qtbot: QtBot, pace: DragPace) -> None:
    pace.admit()
    pace.finish(5.0)
    pace.admit()
    with qtbot.waitSignal(pace.due):
        pace.stop()
    with qtbot.assertNotEmitted(pace.due):
        pace.stop()
