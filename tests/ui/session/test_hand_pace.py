"""HandPace: pictures of a drag come as often as the share of training allows, and the last position always comes."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from gan_studio.ui.session.hand_pace import LONGEST_REST_SECONDS, SHARE, STILL_SECONDS, HandPace

A_MOVE = STILL_SECONDS / 4
"""Seconds between two moves of a hand that goes on."""


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
def pace(qtbot: QtBot, clocks: Clocks) -> Iterator[HandPace]:
    pace = HandPace(None, clocks, lambda: clocks.own)
    yield pace
    pace.deleteLater()


def moves_until_a_picture(pace: HandPace, clocks: Clocks) -> float:
    """Move on and on after a picture has come; returns how long the next one is kept back."""
    begun = clocks.now
    while clocks.now - begun < 10:
        clocks.now += A_MOVE
        if pace.admit() or not is_resting(pace):
            return clocks.now - begun
    raise AssertionError("no picture comes any more")


def is_resting(pace: HandPace) -> bool:
    """Let the pace see what time it is, and tell whether the picture that was turned away still waits."""
    begun: list[int] = []
    pace.due.connect(lambda: begun.append(1))
    pace.finish(0.0)
    pace.due.disconnect()
    return not begun


def test_that_a_rested_hand_is_drawn_at_once_and_the_next_move_waits(pace: HandPace) -> None:
    assert pace.admit()
    pace.finish(0.01)
    assert not pace.admit()


def test_that_the_rest_keeps_the_share_of_what_drawing_and_window_took(pace: HandPace, clocks: Clocks) -> None:
    pace.admit()
    clocks.own += 0.004
    pace.finish(0.005)
    assert moves_until_a_picture(pace, clocks) == pytest.approx(0.009 / SHARE, abs=2 * A_MOVE)


def test_that_what_the_hand_takes_between_two_pictures_counts_as_well(pace: HandPace, clocks: Clocks) -> None:
    pace.admit()
    pace.finish(0.002)
    clocks.now += A_MOVE
    assert not pace.admit()
    clocks.own += 0.010
    assert moves_until_a_picture(pace, clocks) == pytest.approx(0.012 / SHARE - A_MOVE, abs=2 * A_MOVE)


def test_that_dear_pictures_come_now_and_then_all_the_same(pace: HandPace, clocks: Clocks) -> None:
    pace.admit()
    pace.finish(5.0)
    assert moves_until_a_picture(pace, clocks) <= LONGEST_REST_SECONDS + 2 * A_MOVE


def test_that_a_cheap_picture_is_followed_by_the_next_one_soon(pace: HandPace, clocks: Clocks) -> None:
    pace.admit()
    pace.finish(0.0)
    assert moves_until_a_picture(pace, clocks) == A_MOVE


def test_that_the_position_of_a_hand_that_stops_is_drawn_before_the_rest_is_over(
    qtbot: QtBot, pace: HandPace, clocks: Clocks
) -> None:
    pace.admit()
    pace.finish(5.0)
    clocks.now += A_MOVE
    with qtbot.waitSignal(pace.due):
        assert not pace.admit()
        clocks.now += STILL_SECONDS


def test_that_a_hand_that_was_still_is_drawn_at_once_however_dear(pace: HandPace, clocks: Clocks) -> None:
    pace.admit()
    pace.finish(5.0)
    clocks.now += STILL_SECONDS
    assert not pace.is_moving
    assert pace.admit()
    assert pace.is_moving


def test_that_a_picture_turned_away_is_begun_when_there_is_nothing_more_to_spare(qtbot: QtBot, pace: HandPace) -> None:
    pace.admit()
    pace.finish(5.0)
    pace.admit()
    with qtbot.waitSignal(pace.due):
        pace.stop()
    with qtbot.assertNotEmitted(pace.due):
        pace.stop()
