"""A window fits the screen it opens on, wherever it was before."""

import pytest
from PySide6.QtCore import QMargins, QRect

from gan_studio.ui.frame.placing.screen_fit import fitted

FRAME = QMargins(2, 24, 2, 2)
MAIN, RIGHT = QRect(0, 30, 1280, 690), QRect(1280, 0, 1920, 1080)


@pytest.mark.parametrize(
    ("rooms", "place"),
    [
        ([MAIN], QRect(100, 100, 2560, 1440)),
        ([MAIN], QRect(3000, 500, 1100, 600)),
        ([MAIN], QRect(-3000, -500, 1100, 600)),
        ([MAIN], QRect(0, 0, 1280, 800)),
        ([MAIN, RIGHT], QRect(1500, -300, 3000, 900)),
        ([RIGHT, MAIN], QRect(9000, 9000, 5000, 5000)),
    ],
)
def test_that_the_whole_window_with_its_frame_is_on_one_screen(rooms: list[QRect], place: QRect) -> None:
    outer = fitted(place, rooms, FRAME).marginsAdded(FRAME)
    assert any(room.contains(outer) for room in rooms)


def test_that_a_window_that_fits_stays_where_it_is() -> None:
    place = QRect(1400, 100, 1280, 720)
    assert fitted(place, [MAIN, RIGHT], FRAME) == place


def test_that_a_window_stays_on_the_screen_that_shows_most_of_it() -> None:
    assert RIGHT.contains(fitted(QRect(1100, 100, 1300, 720), [MAIN, RIGHT], FRAME))


def test_that_a_window_of_a_screen_that_is_gone_keeps_its_size() -> None:
    assert fitted(QRect(5000, 200, 1000, 600), [MAIN], FRAME).size() == QRect(0, 0, 1000, 600).size()
