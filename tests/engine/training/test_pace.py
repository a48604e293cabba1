"""The pace of a run: pictures over all the time that training takes, told alike by the log, the window and the JSON."""

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from gan_studio.engine.control import TrainingControl
from gan_studio.engine.data.picture_set import PictureSet
from gan_studio.engine.events import METRIC_COLUMNS, MetricsLogged, PhaseChanged, RunOpened, RunPhase
from gan_studio.engine.mailbox import EventMailbox
from gan_studio.engine.run.writer import RunWriter
from gan_studio.engine.step.state import build_state
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.keeper import FLUSH_SECONDS, Keeper
from gan_studio.engine.training.pace import Pace
from gan_studio.engine.training.request import RunRequest
from tests.engine.runs import TINY, on_cpu, tiny

SCALARS = [torch.zeros(()) for _ in METRIC_COLUMNS]


class Clock:
    """Seconds that pass only when something takes them."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class SlowDisk:
    """A log whose every commit takes a second."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.rates: list[float] = []

    is_checkpointing = is_retry_due = False

    def poll(self) -> tuple[()]:
        return ()

    def metrics(self, _branch: int, _steps: Any, _values: Any, rate: float) -> None:
        self._clock.seconds += 1.0
        self.rates.append(rate)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def disk(clock: Clock) -> SlowDisk:
    return SlowDisk(clock)


@pytest.fixture
def keeper(clock: Clock, disk: SlowDisk) -> Keeper:
    none = np.zeros(0, np.int64)
    pictures = PictureSet(np.zeros((1, 1, 32, 32), np.uint8), none, none, None, (), (), "")
    state = build_state(TINY, torch.device("cpu"), 0)
    state.step = 3  # neither a sheet nor a snapshot is due
    return Keeper(TINY, pictures, state, disk, on_cpu(), clock)  # type: ignore[arg-type]


def flushed(keeper: Keeper, clock: Clock, seconds: float = 0.25) -> MetricsLogged:
    """Train a step of 8 pictures that takes some time, and flush."""
    clock.seconds += seconds
    keeper.add(SCALARS, 8)
    (event,) = keeper.flush()
    assert isinstance(event, MetricsLogged)
    return event


def test_that_slow_commits_count_into_the_speed(keeper: Keeper, clock: Clock, disk: SlowDisk) -> None:
    pace = Pace()
    for _ in range(10):
        pace.add(flushed(keeper, clock))
    trained = 10 * 8 / (clock.seconds - 1.0)  # the last commit is over after the last report
    assert pace.overall == pytest.approx(trained)
    assert pace.recent == pytest.approx(8 / 1.25)
    assert disk.rates[-1] == pytest.approx(8 / 1.25)


def test_that_time_without_training_does_not_count(keeper: Keeper, clock: Clock) -> None:
    flushed(keeper, clock)
    clock.seconds += 3600
    keeper.restart_clock()
    assert flushed(keeper, clock).images_per_second == pytest.approx(8 / 0.25)


def test_that_a_slow_commit_does_not_make_every_step_flush(keeper: Keeper, clock: Clock) -> None:
    flushed(keeper, clock)
    clock.seconds += FLUSH_SECONDS / 2
    keeper.add(SCALARS, 8)
    assert [event for event in keeper.record() if isinstance(event, MetricsLogged)] == []


def test_that_reports_joined_on_the_way_keep_pictures_and_time() -> None:
    mailbox, values = EventMailbox(), np.zeros((1, len(METRIC_COLUMNS)), np.float32)
    for step, rate, seconds in ((1, 1000.0, 0.05), (2, 10.0, 1.0)):
        mailbox.put(MetricsLogged(np.array([step]), values, rate, seconds))
    (joined,) = mailbox.take()
    assert isinstance(joined, MetricsLogged)
    assert joined.images_per_second == pytest.approx(60 / 1.05)
    assert joined.seconds == pytest.approx(1.05)


def test_that_the_recent_pace_covers_the_last_seconds_and_the_overall_all() -> None:
    pace, values = Pace(), np.zeros((1, len(METRIC_COLUMNS)), np.float32)
    assert pace.recent is None
    assert pace.overall is None
    for rate in (100.0, 100.0, 50.0, 50.0):
        pace.add(MetricsLogged(np.array([1]), values, rate, 1.0))
    pace.add(MetricsLogged(np.array([1]), values, 10_000.0))  # of an unknown time
    assert pace.recent == pytest.approx(50)
    assert pace.overall == pytest.approx(75)


def test_that_neither_a_pause_nor_loading_slows_the_speed_that_is_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    monkeypatch.setattr("gan_studio.engine.training.trainer.Keeper", partial(Keeper, clock=clock))
    flush = RunWriter.metrics

    def take_a_second(*args: Any) -> None:
        clock.seconds += 1.0
        flush(*args)

    monkeypatch.setattr(RunWriter, "metrics", take_a_second)
    control, job = TrainingControl(), TrainingJob(RunRequest(tmp_path / "run", tiny(training__steps=4)))
    logged: list[MetricsLogged] = []
    for event in job.run(control):
        match event:
            case RunOpened():
                clock.seconds += 500
                control.pause()
            case PhaseChanged(RunPhase.PAUSED):
                clock.seconds += 1000
                control.step_once()
            case MetricsLogged():
                logged.append(event)
                control.resume()
                clock.seconds += 0.5
    assert sum(len(event.steps) for event in logged) == 4
    assert all(event.seconds < 100 for event in logged)
