"""Measure how often a class-conditional run draws the class that it is asked for.

`python -m benchmarks.asked_classes [--cpu-seconds 600] [--seeds 0] [--set FIELD=VALUE] [--json]`

The preset "conditional" trains on the starter digits until the process has spent its CPU seconds. Then the EMA
generator draws 1 000 samples, 100 of each class, and a classifier trained on the same real digits names them.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.classifier import Classifier, data_of
from gan_studio.cli.values import parse_assignment
from gan_studio.engine.config.presets import load_preset
from gan_studio.engine.config.schema import with_values
from gan_studio.engine.control import TrainingControl
from gan_studio.engine.events import MetricsLogged, RunFailed, RunOpened
from gan_studio.engine.explore.drawing import draw_pictures
from gan_studio.engine.latent import class_blends, fixed_z
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest

SAMPLES = 1000
BUDGET = 0.95
DATA = "starter:mnist"
CLASSIFIED_SIZE = 32
"""Side of a picture in pixels, as the classifier sees it: smaller pictures get a black border."""


@dataclass(frozen=True)
class Agreement:
    """How often the classifier names the class that was asked for.

    Attributes:
        seed, steps: of the run.
        cpu_seconds: processor time of the training, over all cores.
        share: share of all samples that are named as asked.
        least: the same share in the worst class.
        least_class: name of the worst class.
    """

    seed: int
    steps: int
    cpu_seconds: float
    share: float
    least: float
    least_class: str


def measure(classifier: Classifier, seed: int, cpu_seconds: float, changes: Mapping[str, Any]) -> Agreement:
    """Train one run, with some settings of the preset replaced, and let the classifier name its samples."""
    endless = {"seed": seed, "device": "cpu", "training.steps": 1_000_000_000}
    config = with_values(load_preset("conditional").config, {**endless, **changes})
    with tempfile.TemporaryDirectory(prefix="gan-studio-") as folder:
        job, control, begun = TrainingJob(RunRequest(Path(folder) / "run", config)), TrainingControl(), 0.0
        names: tuple[str, ...] = ()
        for event in job.run(control):
            match event:
                case RunFailed():
                    raise RuntimeError(f"{event.happened} {event.traceback}")
                case RunOpened():
                    begun, names = time.process_time(), event.class_names
                case MetricsLogged() if time.process_time() - begun >= cpu_seconds:
                    control.stop()
        spent = time.process_time() - begun
        if job.trainer is None:
            raise RuntimeError("the run did not begin")
        asked = np.arange(SAMPLES) % len(names)
        z = fixed_z(SAMPLES, config.model.latent_dim, config.model.prior)
        drawn = draw_pictures(job.trainer.state.generator_ema, z, class_blends(SAMPLES, len(names)))
    pictures = np.ascontiguousarray(drawn.transpose(0, 3, 1, 2))
    side = (CLASSIFIED_SIZE - pictures.shape[2]) // 2
    pictures = np.pad(pictures, ((0, 0), (0, 0), (side, side), (side, side)))
    agrees = classifier.probabilities(pictures).argmax(1) == asked
    each = np.array([agrees[asked == number].mean() for number in range(len(names))])
    least = int(each.argmin())
    step = job.trainer.state.step
    return Agreement(seed, step, spent, float(agrees.mean()), float(each.min()), names[least])


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cpu-seconds", type=float, default=600.0, help="processor time of training, in seconds (600)")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0], help="seeds of the runs (0)")
    parser.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", help="change a setting")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    classifier = Classifier(data=data_of(DATA, channels=1))
    changes = dict(parse_assignment(text) for text in options.set)
    found = [measure(classifier, seed, options.cpu_seconds, changes) for seed in options.seeds]
    if options.json:
        print(json.dumps({"classifier": classifier.accuracy, "runs": [asdict(run) for run in found]}))
        return 0
    print(f"classifier: {classifier.accuracy:.1%} of the real held-out digits; budget {BUDGET:.0%} of the samples")
    for run in found:
        worst = f"worst class {run.least_class} {run.least:.0%}"
        print(f"seed {run.seed}: {run.share:.1%} as asked, {worst}, {run.steps} steps, {run.cpu_seconds:.0f} CPU s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
