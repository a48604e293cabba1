"""Runs to whose disk something happens, and what must be true of them afterwards."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from gan_studio.engine.config.schema import RunConfig, with_values
from gan_studio.engine.control import TrainingControl
from gan_studio.engine.events import (
    MetricsLogged,
    RunFailed,
    TrainingEvent,
)
from gan_studio.engine.run.checkpoint import state_hash
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.run.log import read_metrics
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest
from tests.engine.references import Finished
from tests.engine.runs import tiny

STEPS = 40
CONFIG = tiny(training__steps=STEPS, record__sample_every=1000, record__snapshot_every=1000)
Reaction = Callable[[TrainingJob, TrainingControl, TrainingEvent], None]


def live(
    place: Path, react: Reaction, steps: int = STEPS, *, is_patient: bool = False
) -> tuple[TrainingJob, list[TrainingEvent]]:
    """Train a run that saves at every event, while something happens to its disk; a failed run fails the test.

    A patient one ends only once its last checkpoint is on the disk, as a run in the window does.
    """
    control, job, events = TrainingControl(), TrainingJob(RunRequest(place, set_up(steps))), list[TrainingEvent]()
    if is_patient:
        control.be_patient()
    for event in job.run(control):
        events.append(event)
        assert not isinstance(event, RunFailed), f"{event.happened}\n{event.traceback}"
        if isinstance(event, MetricsLogged):
            control.checkpoint_now()
        react(job, control, event)
    return job, events


def set_up(steps: int) -> RunConfig:
    """Set up the run with so many steps."""
    return with_values(CONFIG, {"training.steps": steps})


def check_whole(job: TrainingJob, plain: Finished) -> None:
    """Check that a run is as if nothing had happened: its weights, its last checkpoint, and every row of metrics."""
    assert job.trainer is not None
    assert state_hash(job.trainer.state) == plain.state_hash
    assert RunFolder(job.request.place).checkpoints()[-1].step == STEPS
    steps, values = read_metrics(job.request.place / "run.sqlite")
    assert list(steps) == list(range(1, STEPS + 1))
    assert np.array_equal(values, read_metrics(plain.place / "run.sqlite")[1])
    assert list(job.request.place.rglob("*.tmp")) == []


def told(events: list[TrainingEvent], kind: type) -> list[str]:
    """List what was said by events of a kind."""
    return [str(getattr(event, "message", event)) for event in events if isinstance(event, kind)]
