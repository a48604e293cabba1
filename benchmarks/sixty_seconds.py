"""What a newcomer gets: a preset on the starter pictures, and after a minute a classifier names what it draws.

`python -m benchmarks.sixty_seconds [--seconds 60 300] [--seeds 0 1 2] [--out FOLDER] [--json]`
`python -m benchmarks.sixty_seconds --at-steps 1000 2000 --set model.width=32` compares set-ups, not machines.

The classifier is trained on the real pictures first. The clock starts when the run is open and stands still while
samples are judged. The EMA generator draws sample seeds 0 to 999. A class counts as drawn when the classifier names
it for at least 3 % of them. "distance" compares their features with those of the 1 000 held-out pictures (Frechet,
64 features of this classifier, so only comparable with itself): lower is better. "restated" rows are the same weights
with batch-norm statistics measured anew on fixed batches of z instead of averaged like the weights.
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

SAMPLES = 1000
BUDGET_CLASSES = 8


@dataclass(frozen=True)
class Mark:
    """What was drawn at one moment of a run.

    Attributes:
        seed: of the run.
        seconds, steps: of training until then.
        restated: whether batch-norm statistics were measured anew.
        verdict: what was seen.
    """

    seed: int
    seconds: float
    steps: int
    restated: bool
    verdict: Verdict

    def line(self) -> str:
        """Put it on a line of the table."""
        seen = self.verdict
        shares = " ".join(f"{share * 100:4.1f}" for share in seen.shares)
        kind = "restated" if self.restated else "averaged"
        moment = f"{self.seed:4} {self.seconds:7.1f} {self.steps:6} {kind}"
        return f"{moment} {seen.classes:3}/10 {seen.confidence:6.3f} {seen.distance:7.2f}   {shares}"


def marks_of(
    judge: Judge, generator: Generator, seed: int, seconds: float, steps: int, out: Path | None
) -> Iterator[Mark]:
    """Yield what a generator draws, as it is and with its statistics restated; sheets go to `out`."""
    for restated in (False, True):
        verdict, drawn = judge.look(restate(generator, judge.z) if restated else generator)
        if out is not None:
            save_sheet(drawn[:100], out / f"seed{seed}-step{steps}{'-restated' if restated else ''}.png")
        yield Mark(seed, seconds, steps, restated, verdict)


def train_and_judge(
    place: Path, config: RunConfig, judge: Judge, marks: list[float], *, by_steps: bool, out: Path | None
) -> Iterator[Mark]:
    """Train a new run at `place` and judge it at each of `marks`, in seconds or steps; it stops after the last.

    Raises:
        RuntimeError: the run failed.
    """
    job, control = TrainingJob(place, config), TrainingControl()
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
    """Measure and print; returns 0 whatever the figures are."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--preset", default="quickstart")
    parser.add_argument("--seconds", type=float, nargs="+", default=[60.0], help="moments to judge at")
    parser.add_argument("--at-steps", type=float, nargs="+", help="judge at steps instead")
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
