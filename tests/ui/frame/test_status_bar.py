"""StatusBar: the bottom line of the window."""

import time
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from gan_studio.engine.machine.execution import Execution
from gan_studio.ui.frame.status_bar import StatusBar
from gan_studio.ui.widgets.elided_label import ElidedLabel

ON_CPU = Execution("cpu", "AVX512", 2, "float32", "2.9.0")
NOON = time.mktime((2026, 1, 1, 12, 0, 0, 0, 0, -1))
ON_GPU = Execution("cuda:0", "NVIDIA H100", 1, "bfloat16", "2.9.0", "triton 3.5.0")


class Clock:
    """Seconds that a test moves on."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


class Noted(QObject):
    """Notes the kinds of events that widgets get."""

    def __init__(self, *widgets: QWidget) -> None:
        super().__init__(widgets[0])
        self.kinds: set[QEvent.Type] = set()
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.kinds.add(event.type())
        return False


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def bar(qtbot: QtBot, clock: Clock) -> StatusBar:
    bar = StatusBar(clock=clock)
    bar.resize(800, 24)
    qtbot.addWidget(bar)
    with qtbot.waitExposed(bar):
        bar.show()
    return bar


def text(bar: StatusBar, name: str) -> str:
    return bar.findChild(QLabel, name).text().replace("\u202f", " ")


def test_that_nothing_unknown_is_shown(bar: StatusBar) -> None:
    names = ("statusDevice", "statusMemory", "statusDisk", "statusCheckpoint")
    assert not any(bar.findChild(QLabel, name).isVisible() for name in names)


def test_that_figures_are_shown_in_readable_units_with_a_tooltip(bar: StatusBar) -> None:
    bar.set_execution(ON_CPU)
    bar.set_memory(812_000_000)
    bar.set_disk(34_000_000, 120_000_000_000)
    assert text(bar, "statusMemory") == "Memory 812 MB"
    assert text(bar, "statusDisk") == "Run 34 MB \u00b7 120 GB free"
    names = ("statusDevice", "statusMemory", "statusDisk")
    assert all(bar.findChild(QLabel, name).toolTip() for name in names)


@pytest.mark.parametrize(
    ("execution", "words"),
    [
        (ON_CPU, "CPU, 2 threads, float32"),
        (replace(ON_CPU, threads=1), "CPU, 1 thread, float32"),
        (ON_GPU, "NVIDIA H100, cuda:0, bfloat16"),
    ],
)
def test_that_device_and_precision_of_the_open_run_are_shown(bar: StatusBar, execution: Execution, words: str) -> None:
    bar.set_execution(execution)
    assert text(bar, "statusDevice") == words
    assert bar.findChild(QLabel, "statusDevice").isVisible()
    bar.set_execution(None)
    assert not bar.findChild(QLabel, "statusDevice").isVisible()


def test_that_little_space_left_stands_out(bar: StatusBar) -> None:
    bar.set_disk(0, 100 * 1024**2)
    assert bar.findChild(QLabel, "statusDisk").foregroundRole() == QPalette.ColorRole.BrightText


def test_that_the_age_of_the_checkpoint_counts_on_by_itself(qtbot: QtBot, bar: StatusBar, clock: Clock) -> None:
    bar.set_checkpoint(1200)
    assert text(bar, "statusCheckpoint") == "Checkpoint 0 s ago"
    assert "1\u202f200" in bar.findChild(QLabel, "statusCheckpoint").toolTip()
    clock.seconds += 12
    qtbot.waitUntil(lambda: text(bar, "statusCheckpoint") == "Checkpoint 12 s ago")


@pytest.mark.parametrize(("seconds", "age"), [(59.9, "59 s"), (60, "1 min"), (3599, "59 min"), (7300, "2 h")])
def test_that_the_age_is_right_as_soon_as_the_bar_is_seen_again(
    bar: StatusBar, clock: Clock, seconds: float, age: str
) -> None:
    bar.set_checkpoint(1)
    bar.hide()
    clock.seconds += seconds
    bar.show()
    assert text(bar, "statusCheckpoint") == f"Checkpoint {age} ago"


@pytest.mark.parametrize(
    ("seconds", "age"),
    [(2, "2 s ago"), (3600 * 47, "47 h ago"), (86_400 * 3.5, "3 days ago"), (86_400 * 40, "of 2026-01-01")],
)
def test_that_a_checkpoint_of_an_opened_run_is_as_old_as_it_is(
    bar: StatusBar, clock: Clock, seconds: float, age: str
) -> None:
    clock.seconds = NOON + seconds
    bar.set_checkpoint(1200, clock.seconds - seconds)
    assert text(bar, "statusCheckpoint") == f"Checkpoint {age}"
    assert bar.checkpoint_age == seconds


def test_that_a_checkpoint_of_the_future_shows_its_date_and_never_counts_below_zero(
    bar: StatusBar, clock: Clock
) -> None:
    clock.seconds = NOON
    bar.set_checkpoint(1200, clock.seconds + 30)
    assert text(bar, "statusCheckpoint") == "Checkpoint 0 s ago"
    bar.set_checkpoint(1200, clock.seconds + 86_400)
    assert text(bar, "statusCheckpoint") == "Checkpoint of 2026-01-02"


def test_that_nothing_of_a_run_is_shown_once_none_is_open(bar: StatusBar) -> None:
    bar.set_disk(34_000_000, 120_000_000_000)
    bar.set_checkpoint(5)
    bar.forget_run()
    assert not bar.findChild(QLabel, "statusDisk").isVisible()
    assert not bar.findChild(QLabel, "statusCheckpoint").isVisible()
    bar.set_disk(None, 120_000_000_000)
    assert text(bar, "statusDisk") == "120 GB free"


def test_that_a_run_without_a_checkpoint_shows_none(bar: StatusBar) -> None:
    bar.set_checkpoint(5)
    bar.set_checkpoint(None)
    assert not bar.findChild(QLabel, "statusCheckpoint").isVisible()


def test_that_a_long_message_is_cut_but_kept_whole_in_its_tooltip(bar: StatusBar) -> None:
    message = "word " * 200
    bar.set_message(message)
    label = bar.findChild(ElidedLabel, "statusMessage")
    assert label.text().endswith("\u2026")
    assert label.full_text == message.strip()
    assert message.strip() in label.toolTip()
    assert bar.minimumSizeHint().width() < 400


def test_that_the_checkpoint_says_so_while_newer_ones_are_refused(qtbot: QtBot) -> None:
    bar = StatusBar()
    qtbot.addWidget(bar)
    bar.set_checkpoint(7)
    label = bar.findChild(QLabel, "statusCheckpoint")
    usual = label.foregroundRole()
    bar.set_saving_refused(True)
    assert "cannot be saved" in label.toolTip()
    assert label.foregroundRole() != usual
    bar.set_saving_refused(False)
    assert "cannot be saved" not in label.toolTip()
    assert label.foregroundRole() == usual


def test_that_the_age_counts_on_without_a_new_tooltip_colour_or_layout(
    qtbot: QtBot, bar: StatusBar, clock: Clock
) -> None:
    bar.set_checkpoint(100)
    clock.seconds += 20
    qtbot.waitUntil(lambda: text(bar, "statusCheckpoint") == "Checkpoint 20 s ago")
    QApplication.processEvents()
    noted = Noted(bar, bar.findChild(QLabel, "statusCheckpoint"))
    clock.seconds += 5
    qtbot.waitUntil(lambda: text(bar, "statusCheckpoint") == "Checkpoint 25 s ago")
    QApplication.processEvents()
    assert noted.kinds.isdisjoint({QEvent.Type.ToolTipChange, QEvent.Type.PaletteChange, QEvent.Type.LayoutRequest})


def test_that_the_age_takes_no_more_room_than_it_needs_in_another_language(bar: StatusBar, clock: Clock) -> None:
    bar.set_checkpoint(100)
    label = bar.findChild(QLabel, "statusCheckpoint")
    short = label.width()
    clock.seconds += 1_000_000
    QApplication.sendEvent(bar, QEvent(QEvent.Type.LanguageChange))
    assert label.width() > short
    clock.seconds -= 1_000_000
    QApplication.sendEvent(bar, QEvent(QEvent.Type.LanguageChange))
    assert label.width() == short
