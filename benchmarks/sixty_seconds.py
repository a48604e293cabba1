"""Measure what a newcomer gets: train a preset on the starter pictures, and judge its samples after a minute.

`python -m benchmarks.sixty_seconds [--seconds 60 300] [--seeds 0 1 2] [--out FOLDER] [--json]`
`python -m benchmarks.sixty_seconds --at-steps 1000 2000 --set model.width=32` compares set-ups, not machines.

First a classifier is trained on the real pictures. The clock starts when the run is open, and stops while samples are
judged. The EMA generator draws seeds 0 to 999. A class counts as drawn if the classifier names it for at least 3 % of
these samples. "distance" is the Frechet distance from the 1 000 held-out pictures over 64 features of this classifier,
so it is comparable only with itself; lower is better. Rows marked "restated" have the same weights, but batch-norm
statistics that were measured again on fixed batches of z instead of averaged like the weights.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.classifier import Classifier
from benchmarks.judge import Judge, Verdict, restate, save_sheet
from gan_studio.engine.config.presets import load_preset
from gan_studio.engine.config.schema import RunConfig, with_values
from gan_studio.engine.control import TrainingControl
from gan_studio.engine.events import RunFailed, RunOpened
from gan_studio.engine.machine.devices import environment, prepare_thread, step_threads
from gan_studio.engine.models.networks import Generator
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest

SAMPLES = 1000
BUDGET_CLASSES = 8


@dataclass(frozen=True)
class Mark:
    """The judgement of a run at one moment.

    Attributes:
        seed: seed of the run.
        seconds, steps: training until then.
        restated: whether batch-norm statistics were measured again.
        verdict: judgement of the samples.
    """

    seed: int
    seconds: float
    steps: int
    restated: bool
    verdict: Verdict

    def line(self) -> str:
        """Return a line of the table."""
        seen = self.verdict
        shares = " ".join(f"{share * 100:4.1f}" for share in seen.shares)
        kind = "restated" if self.restated else "averaged"
        moment = f"{self.seed:4} {self.seconds:7.1f} {self.steps:6} {kind}"
        return f"{moment} {seen.classes:3}/10 {seen.confidence:6.3f} {seen.distance:7.2f}   {shares}"


def marks_of(
    judge: Judge, generator: Generator, seed: int, seconds: float, steps: int, out: Path | None
) -> Iterator[Mark]:
    """Judge a generator as it is and with restated statistics; sample sheets go to `out`."""
    for restated in (False, True):
        verdict, drawn = judge.look(restate(generator, judge.z) if restated else generator)
        if out is not None:
            save_sheet(drawn[:100], out / f"seed{seed}-step{steps}{'-restated' if restated else ''}.png")
        yield Mark(seed, seconds, steps, restated, verdict)


def train_and_judge(
    place: Path, config: RunConfig, judge: Judge, marks: list[float], *, by_steps: bool, out: Path | None
) -> Iterator[Mark]:
    """Train a new run at `place`, judge it at each of `marks` (seconds or steps), and stop after the last.

    Raises:
        RuntimeError: the run failed.
    """
    job, control = TrainingJob(RunRequest(place, config)), TrainingControl()
    left, begun = sorted(marks), 0.0
    for event in job.run(control):
        if isinstance(event, RunFailed):
            raise RuntimeError(f"{event.happened} {event.traceback}")
        if isinstance(event, RunOpened):
            begun = time.monotonic()
        if job.trainer is None or not left:
            continue
        state, seconds = job.trainer.state, time.monotonic() - begun
        if (state.step if by_steps else seconds) >= left[0]:
            yield from marks_of(judge, state.generator_ema, config.seed, seconds, state.step, out)
            begun = time.monotonic() - seconds
            del left[0]
            if not left:
                control.stop()


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; always returns 0."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--preset", default="quickstart")
    parser.add_argument("--seconds", type=float, nargs="+", default=[60.0], help="seconds of training to judge at")
    parser.add_argument("--at-steps", type=float, nargs="+", help="judge at these steps instead")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--set", nargs="*", default=[], metavar="PATH=VALUE", help="change settings of the preset")
    parser.add_argument("--epochs", type=int, default=4, help="passes of the classifier over the real pictures")
    parser.add_argument("--out", type=Path, help="folder for sheets of the first hundred samples")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the table")
    options = parser.parse_args(arguments)
    prepare_thread(step_threads())
    changes = dict(change.split("=", 1) for change in options.set)
    config = with_values(load_preset(options.preset).config, {"device": "cpu", **changes})
    classifier = Classifier(options.epochs)
    if not options.json:
        print(f"classifier: {classifier.accuracy:.1%} of 1 000 held-out pictures; budget {BUDGET_CLASSES} classes")
        print("seed seconds  steps statist. classes  conf. distance  % of each class", flush=True)
    marks = []
    for seed in options.seeds:
        run = with_values(config, {"seed": seed, "training.steps": 1_000_000})
        judge = Judge(classifier, SAMPLES, run.model.latent_dim, run.model.prior)
        with tempfile.TemporaryDirectory() as folder:
            moments = options.at_steps or options.seconds
            by_steps = bool(options.at_steps)
            for mark in train_and_judge(Path(folder, "run"), run, judge, moments, by_steps=by_steps, out=options.out):
                marks.append(mark)
                if not options.json:
                    print(mark.line(), flush=True)
    if options.json:
        figures = {"accuracy": classifier.accuracy, "marks": [asdict(mark) for mark in marks]}
        print(json.dumps({"machine": environment(), "config": config.model_dump(), **figures}, indent=2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
