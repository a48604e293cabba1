"""SlicedJob: long work in short slices."""

from collections.abc import Iterator
from time import perf_counter

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from gan_studio.ui.explorer.sliders.sliced_job import SLICE_SECONDS, SlicedJob


def pieces(done: list[int], count: int) -> Iterator[None]:
    """Do pieces of work that each fill a slice."""
    for number in range(count):
        end = perf_counter() + SLICE_SECONDS
        while perf_counter() < end:
            pass
        done.append(number)
        yield


def quick_pieces(done: list[int], count: int) -> Iterator[None]:
    for number in range(count):
        done.append(number)
        yield


def test_that_work_is_spread_over_the_event_loop(qtbot: QtBot) -> None:
    owner, done = QObject(), list[int]()
    job = SlicedJob(owner)
    job.start(pieces(done, 5))
    assert done == [0]
    assert job.is_running
    with qtbot.waitSignal(job.finished):
        pass
    assert done == [0, 1, 2, 3, 4]
    assert not job.is_running


def test_that_short_work_is_done_at_once() -> None:
    owner, done = QObject(), list[int]()
    job = SlicedJob(owner)
    job.start(quick_pieces(done, 3))
    assert done == [0, 1, 2]


def test_that_new_work_replaces_the_old(qtbot: QtBot) -> None:
    owner, old, new = QObject(), list[int](), list[int]()
    job = SlicedJob(owner)
    job.start(pieces(old, 5))
    with qtbot.waitSignal(job.finished):
        job.start(pieces(new, 2))
    assert (old, new) == ([0], [0, 1])
