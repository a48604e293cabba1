"""Small real runs for tests: the starter pictures and a network that a step of which takes a millisecond."""

from pathlib import Path
from typing import Any

from gan_studio.engine.config.schema import RunConfig, with_values
from gan_studio.engine.control import TrainingControl
from gan_studio.engine.events import RunFailed, TrainingEvent
from gan_studio.engine.files.tensors import Arrays
from gan_studio.engine.machine.execution import Execution
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.checkpoint import read_generator
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest

TINY = with_values(
    RunConfig(),
    {
        "data.most": 256,
        "model.width": 4,
        "model.latent_dim": 8,
        "training.batch_size": 8,
        "training.steps": 12,
        "record.sample_every": 4,
        "record.snapshot_every": 4,
        "record.checkpoint_seconds": 3600.0,
    },
)


def tiny(**changes: Any) -> RunConfig:
    """Change TINY, dots written as double underscores: `tiny(training__steps=20)`."""
    return with_values(TINY, {name.replace("__", "."): value for name, value in changes.items()})


def finish(job: TrainingJob, control: TrainingControl | None = None) -> list[TrainingEvent]:
    """Run a job to its end and return its events; a failed run fails the test."""
    events = list(job.run(control or TrainingControl()))
    failures = [event for event in events if isinstance(event, RunFailed)]
    assert not failures, f"{failures[0].happened}\n{failures[0].traceback}"
    return events


def train(place: Path, config: RunConfig = TINY) -> TrainingJob:
    """Train a new run to its end."""
    job = TrainingJob(RunRequest(place, config))
    finish(job)
    return job


def generator_arrays(folder: RunFolder, moment: Moment | None = None) -> Arrays:
    """Read the EMA generator of a moment of a run; None: of its newest checkpoint."""
    file = folder.read()
    return read_generator(folder, moment, file.config, len(file.class_names))[1].arrays


def on_cpu(threads: int = 1) -> Execution:
    """Make an execution as a run on the CPU has it."""
    return Execution("cpu", "DEFAULT", threads, "float32", "2.10")


def resume(place: Path, steps: int | None = None) -> TrainingJob:
    """Go on with a run to its end."""
    job = TrainingJob(RunRequest(place, steps=steps))
    finish(job)
    return job
