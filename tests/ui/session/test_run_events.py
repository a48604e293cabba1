"""RunEvents: what the window knows of a run follows its events."""

import numpy as np
import pytest

from gan_studio.engine.events import METRIC_COLUMNS, MetricsLogged, PhaseChanged, RunPhase
from gan_studio.ui.session.run_events import RunEvents
from gan_studio.ui.session.run_state import RunState
from tests.engine.runs import tiny


def logged(rate: float, seconds: float) -> MetricsLogged:
    return MetricsLogged(np.array([5]), np.zeros((1, len(METRIC_COLUMNS)), np.float32), rate, seconds)


def test_that_the_speed_is_that_of_the_last_seconds_not_of_the_last_report() -> None:
    events = RunEvents()
    events.tell(PhaseChanged(RunPhase.RUNNING))
    events.tell(logged(rate=12_000.0, seconds=0.05))
    events.tell(logged(rate=0.0, seconds=0.95))
    assert events.state.images_per_second == pytest.approx(600)


@pytest.mark.parametrize("phase", [RunPhase.PAUSED, RunPhase.SAVING, RunPhase.FINISHED])
def test_that_a_run_that_does_not_train_has_no_speed(phase: RunPhase) -> None:
    events = RunEvents()
    events.tell(PhaseChanged(RunPhase.RUNNING))
    events.tell(logged(rate=100.0, seconds=1.0))
    events.tell(PhaseChanged(phase))
    assert events.state.images_per_second is None
    events.tell(logged(rate=100.0, seconds=1.0))  # a single step in a pause, or the last rows of a run
    assert events.state.images_per_second is None
    assert events.state.step == 5


def test_that_the_pictures_of_a_step_follow_the_live_settings() -> None:
    state = RunState(config=tiny(training__batch_size=8, training__d_steps=5))
    assert state.pictures_per_step == 40
    state.knobs = {"batch_size": 16.0, "d_steps": 2.0}
    assert state.pictures_per_step == 32
