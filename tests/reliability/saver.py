"""A program that goes on with a run and saves as fast as it can: `python -m tests.reliability.saver RUN STEPS`.

It prints the name of each event, and ends with 1 where the run failed.
"""

import sys
from pathlib import Path

from gan_studio.engine.control import TrainingControl
from gan_studio.engine.events import CheckpointSaved, RunFailed, SamplesDrawn, SavingFailed
from gan_studio.engine.run import writer as writer
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest


def main(place: Path, steps: int) -> int:
    """Go on to a step, with a checkpoint after every sheet; returns the exit code."""
    writer.RETRY_SECONDS = 0.0
    control, has_failed = TrainingControl(), False
    for event in TrainingJob(RunRequest(place, steps=steps)).run(control):
        print(type(event).__name__, event.moment.step if isinstance(event, CheckpointSaved) else "", flush=True)
        has_failed = has_failed or isinstance(event, RunFailed)
        if isinstance(event, SamplesDrawn | SavingFailed):
            control.checkpoint_now()
    return int(has_failed)


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), int(sys.argv[2])))
