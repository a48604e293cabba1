"""ProgressReadout: step, speed and time left."""

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from gan_studio.ui.frame.progress_readout import ProgressReadout


@pytest.fixture
def readout(qtbot: QtBot) -> ProgressReadout:
    readout = ProgressReadout()
    qtbot.addWidget(readout)
    return readout


def texts(readout: ProgressReadout) -> tuple[str, ...]:
    labels = [readout.findChild(QLabel, f"{name}Readout") for name in ("step", "rate", "eta")]
    return tuple(label.text().replace("\u202f", " ") for label in labels)


def settle(readout: ProgressReadout, rate: float, step: int = 1240) -> None:
    for _ in range(10):
        readout.set_progress(step, 10_000, rate, 64)


def test_that_a_steady_run_shows_steps_speed_and_time_left(readout: ProgressReadout) -> None:
    settle(readout, 812.0)
    assert texts(readout) == ("step 1 240 / 10 000", "812 img/s", "11:30 left")


def test_that_no_time_is_promised_before_the_speed_is_known(readout: ProgressReadout) -> None:
    readout.set_progress(1, 10_000, 300.0, 64)
    assert texts(readout)[2] == "estimating\u2026"


def test_that_a_jumping_speed_promises_nothing(readout: ProgressReadout) -> None:
    for index in range(12):
        readout.set_progress(index, 10_000, 10.0 if index % 2 else 5000.0, 64)
    assert texts(readout)[2] == "estimating\u2026"


def test_that_a_pause_shows_no_speed_and_forgets_it(readout: ProgressReadout) -> None:
    settle(readout, 812.0)
    readout.set_progress(1240, 10_000, None, 64)
    assert texts(readout)[1:] == ("\u2013 img/s", "\u2013 left")
    readout.set_progress(1241, 10_000, 100.0, 64)
    assert texts(readout)[1:] == ("100 img/s", "estimating\u2026")


def test_that_a_finished_run_has_no_time_left(readout: ProgressReadout) -> None:
    settle(readout, 812.0, step=10_000)
    assert texts(readout)[2] == "\u2013 left"


def test_that_long_times_are_told_in_hours_and_days(readout: ProgressReadout) -> None:
    settle(readout, 64.0, step=2800)
    assert texts(readout)[2] == "2:00:00 left"
    for _ in range(80):
        readout.set_progress(0, 10_000, 64 / 36, 64)
    assert texts(readout)[2] == "4 d 4 h left"


def test_that_fewer_digits_do_not_move_the_neighbours(readout: ProgressReadout) -> None:
    settle(readout, 104_000.0)
    wide = readout.sizeHint().width()
    settle(readout, 7.0)
    assert readout.sizeHint().width() >= wide


def test_that_every_number_says_what_it_means(readout: ProgressReadout) -> None:
    assert all(readout.findChild(QLabel, f"{name}Readout").toolTip() for name in ("step", "rate", "eta"))
