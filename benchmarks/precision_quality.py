"""Compare what networks learn in float32 and in bfloat16 in equally many steps, paired by seed.

`python -m benchmarks.precision_quality FOLDER --cifar10 SOURCE [--seeds 0 1 2 3 4] [--setups quickstart width-64]`

Each set-up trains on Fashion-MNIST and on CIFAR-10 with each seed in both precisions, on one thread, several trainings
at once. The judge (judge.py) measures the distance of the EMA generator's samples from the held-out pictures. The two
precisions count as equal if the mean difference is at most twice its standard error, or at most half of float32's
standard deviation over the seeds.

A CPU without instructions for bfloat16 multiplies it slowly, in software. There, products are computed in float32 from
the same bfloat16 numbers, and rounded to bfloat16 once: what the instructions do, except for the order of the sums.
FOLDER keeps the results; the same command continues an interrupted comparison.
"""

import argparse
import json
import multiprocessing
import statistics
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_map_only

from benchmarks.classifier import FASHION, Classifier, data_of
from benchmarks.judge import Judge
from benchmarks.search_trial import SAMPLES
from gan_studio.bench.plain_step import train_step
from gan_studio.engine.config.presets import load_preset
from gan_studio.engine.config.schema import DataConfig, RunConfig, with_values
from gan_studio.engine.data.feed import PictureFeed
from gan_studio.engine.data.picture_set import read_pictures
from gan_studio.engine.machine.cores import usable_cores
from gan_studio.engine.machine.devices import bfloat16_instructions, prepare_thread, step_threads
from gan_studio.engine.step.noise import StepNoise
from gan_studio.engine.step.state import build_state
from gan_studio.engine.step.step import StepSettings

CPU = torch.device("cpu")
PRECISIONS = ("float32", "bfloat16")

SETUPS: Mapping[str, tuple[RunConfig, int]] = {
    "quickstart": (load_preset("quickstart").config, 2000),
    "width-64": (RunConfig(), 300),
}
"""Set-up and number of steps, by name; "width-64" has the schema's own settings."""

PRODUCTS = frozenset(
    {
        torch.ops.aten.convolution.default,
        torch.ops.aten.convolution_backward.default,
        torch.ops.aten.mm.default,
        torch.ops.aten.mv.default,
        torch.ops.aten.addmm.default,
    }
)
"""What a step multiplies with."""


class RoundedProducts(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Computes products of bfloat16 numbers in float32, and rounds their results to bfloat16."""

    def __torch_dispatch__(
        self, func: Any, types: Sequence[type], args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Do an operation."""
        if func not in PRODUCTS or args[0].dtype != torch.bfloat16:
            return func(*args, **(kwargs or {}))
        return tree_map_only(
            Tensor, Tensor.bfloat16, func(*tree_map_only(Tensor, Tensor.float, args), **(kwargs or {}))
        )


@dataclass(frozen=True)
class Training:
    """One training of the comparison.

    Attributes:
        setup: a key of SETUPS.
        data: "fashion-mnist" or "cifar10".
        steps: how many steps.
    """

    setup: str
    data: str
    precision: str
    seed: int
    steps: int


@dataclass(frozen=True)
class Outcome:
    """What a training reached: the distance of its samples, and how many classes they show."""

    training: Training
    distance: float
    classes: int


@dataclass(frozen=True)
class Comparison:
    """Both precisions at one set-up on one data set.

    Attributes:
        float32: mean distance in float32, and its standard deviation over the seeds.
        difference: mean of bfloat16 - float32 over the seeds, and its standard error.
    """

    setup: str
    data: str
    seeds: int
    float32: tuple[float, float]
    difference: tuple[float, float]

    @property
    def is_equal(self) -> bool:
        """Whether bfloat16 learns as well as float32, by the rule above."""
        mean, error = self.difference
        return abs(mean) <= max(2 * error, self.float32[1] / 2)

    def line(self) -> str:
        """Return a line of the table."""
        far = f"{self.float32[0]:9.3f} ± {self.float32[1]:.3f} {self.difference[0]:+9.3f} ± {self.difference[1]:.3f}"
        return f"{self.setup:12} {self.data:14} {self.seeds:3} {far}  {'equal' if self.is_equal else 'DIFFERENT'}"


def compare(outcomes: Sequence[Outcome]) -> Iterator[Comparison]:
    """Compare both precisions wherever at least two seeds have trained in both."""
    found: dict[tuple[str, str], dict[int, dict[str, float]]] = {}
    for outcome in outcomes:
        training = outcome.training
        seeds = found.setdefault((training.setup, training.data), {})
        seeds.setdefault(training.seed, {})[training.precision] = outcome.distance
    for (setup, data), seeds in found.items():
        pairs = [by_precision for by_precision in seeds.values() if len(by_precision) == len(PRECISIONS)]
        if len(pairs) > 1:
            full = [pair["float32"] for pair in pairs]
            more = [pair["bfloat16"] - pair["float32"] for pair in pairs]
            error = statistics.stdev(more) / len(more) ** 0.5
            spread = (statistics.mean(full), statistics.stdev(full))
            yield Comparison(setup, data, len(pairs), spread, (statistics.mean(more), error))


_classifiers: dict[str, Classifier] = {}


def prepare(classifiers: dict[str, Classifier]) -> None:
    """Prepare a process: one thread, and the judges' classifiers."""
    prepare_thread(1)
    _classifiers.update(classifiers)


def multiplying(precision: str) -> AbstractContextManager[object]:
    """Return how products are computed on this CPU."""
    needs_help = precision == "bfloat16" and not bfloat16_instructions()
    return RoundedProducts() if needs_help else nullcontext()  # type: ignore[no-untyped-call]


def train(training: Training) -> Outcome:
    """Train, and judge the EMA generator."""
    classifier = _classifiers[training.data]
    config = config_of(training, classifier.data)
    state, size = build_state(config, CPU), config.training.batch_size
    feed = PictureFeed(config, read_pictures(config.data), CPU)
    settings = StepSettings(config.training.loss, training.precision)
    with multiplying(training.precision):
        while state.step < training.steps:
            noise = StepNoise(config.seed, state.step, CPU)
            batch = feed.batch(state.pictures_seen, size)
            z = noise.z(1, size, config.model.latent_dim, config.model.prior)
            train_step(state, [batch], z, noise, settings)
            state.soundness.check_steps()
    judge = Judge(classifier, SAMPLES, config.model.latent_dim, config.model.prior)
    verdict, _ = judge.look(state.generator_ema)
    return Outcome(training, verdict.distance, verdict.classes)


def config_of(training: Training, data: DataConfig) -> RunConfig:
    """Build the set-up of a training."""
    return with_values(SETUPS[training.setup][0], {"data": data.model_dump(), "seed": training.seed, "device": "cpu"})


def read_outcomes(folder: Path) -> list[Outcome]:
    """Read every outcome so far."""
    path = folder / "outcomes.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
    return [Outcome(Training(**row["training"]), row["distance"], row["classes"]) for row in rows]


def main(arguments: list[str] | None = None) -> int:
    """Train what is missing, and print the comparison."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="keeps the results")
    parser.add_argument("--cifar10", metavar="SOURCE", help="CIFAR-10; without it, only Fashion-MNIST")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2, 3, 4])
    parser.add_argument("--setups", nargs="+", choices=SETUPS, default=list(SETUPS))
    parser.add_argument("--steps", type=int, help="steps of every training, instead of those of the set-up")
    parser.add_argument("--processes", type=int, default=usable_cores(), help="trainings at once, one thread each")
    options = parser.parse_args(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    sources = {"fashion-mnist": FASHION} | ({"cifar10": data_of(options.cifar10)} if options.cifar10 else {})
    outcomes = read_outcomes(options.folder)
    done = {outcome.training for outcome in outcomes}
    wanted = [
        Training(setup, data, precision, seed, options.steps or SETUPS[setup][1])
        for setup in options.setups
        for seed in options.seeds
        for data in sources
        for precision in PRECISIONS
    ]
    missing = [training for training in wanted if training not in done]
    if missing:
        prepare_thread(step_threads())
        classifiers = {name: Classifier(data=data) for name, data in sources.items()}
        context = multiprocessing.get_context("spawn")
        with context.Pool(options.processes, initializer=prepare, initargs=(classifiers,)) as pool:
            for outcome in pool.imap_unordered(train, missing):
                outcomes.append(outcome)
                with (options.folder / "outcomes.jsonl").open("a", encoding="utf-8") as file:
                    file.write(json.dumps(asdict(outcome)) + "\n")
                print(outcome, flush=True)
    means = "its own instructions" if bfloat16_instructions() else "products in float32, rounded"
    print(f"bfloat16 by {means}\nset-up       data         seeds   float32 ± sd     difference ± standard error")
    print(*(found.line() for found in compare([one for one in outcomes if one.training in wanted])), sep="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
