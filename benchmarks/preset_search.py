"""Search for the settings of a quick preset: which network has learned most after 60 s and after 300 s here.

`python -m benchmarks.preset_search FOLDER [--candidates 14] [--processes 2]` searches on Fashion-MNIST.
`python -m benchmarks.preset_search FOLDER --colour --data SOURCE [--size 32]` searches on labelled colour pictures.

First, on an otherwise idle machine, a real run of each width and batch size measures how many steps fit into a second.
Then every trial does the number of steps that fit into its time, on one thread, two trials at once. So other work on
the machine slows the search but does not change its outcome. There are four rounds: all candidates for 60 s with seed
0; then the neighbours of the best, which differ from it in one setting; the best of all with seeds 1 and 2; the best of
those for 300 s with seeds 0 to 2. Each training keeps EMAs of
several half-lives. The winner draws all classes and has the lowest score: the mean over seeds and both moments of the
logarithm of the distance (judge.py) from the held-out pictures. FOLDER keeps the results; the same command continues
an interrupted search. `--from OTHER` takes the best of another search instead of drawing candidates.
"""

import argparse
import json
import multiprocessing
import random
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.classifier import FASHION, Classifier, data_of
from benchmarks.search_trial import Choice, Score, Size, Trial, prepare, run_trial
from gan_studio.engine.config.schema import DataConfig, RunConfig
from gan_studio.engine.control import TrainingControl
from gan_studio.engine.events import RunFailed, RunOpened
from gan_studio.engine.machine.cores import usable_cores
from gan_studio.engine.machine.devices import prepare_thread, step_threads
from gan_studio.engine.run.folder import is_run
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest

REFERENCE = Choice(16, 32, rate_g=8e-4, rate_d=4e-4, upsampling="resize", ema_half_life=1000.0)
"""Quickstart; the second round keeps it, so that the best can be compared with it."""

RANGES: Mapping[str, tuple[object, ...]] = {
    "width": (12, 16, 20, 24, 32),
    "batch_size": (32, 64, 128),
    "rate_g": (2e-4, 4e-4, 8e-4, 1.2e-3),
    "rate_d": (2e-4, 4e-4, 8e-4, 1.2e-3),
    "beta1": (0.5, 0.5, 0.3),
    "label_smoothing": (0.0, 0.0, 0.1),
    "upsampling": ("transposed", "transposed", "resize"),
}
"""The values that a candidate is drawn from; a value that is listed twice is twice as likely."""

COLOUR_RANGES: Mapping[str, tuple[object, ...]] = {
    "width": (16, 20, 24, 32),
    "batch_size": (16, 32, 32, 64),
    "rate_g": (4e-4, 8e-4, 1.2e-3),
    "rate_d": (2e-4, 4e-4, 8e-4, 1.2e-3),
    "beta1": (0.5, 0.5, 0.3, 0.0),
    "upsampling": ("resize", "resize", "transposed"),
    "loss": ("non_saturating", "non_saturating", "hinge"),
    "norm": ("batch", "batch", "spectral"),
    "r1": (0.0, 0.0, 0.0, 0.1),
    "augment": ("", "", "translation", "color translation"),
}
"""The same for colour pictures."""

MOMENTS = (60.0, 300.0)
THIRD_ROUND, LAST_ROUND = 3, 2
"""Number of candidates in the third round, besides the reference, and in the last."""

SPEED_TURNS, SPEED_SECONDS = 3, 3.0
"""Turns for each size, and seconds of a turn; all sizes take turns."""


@dataclass(frozen=True)
class Place:
    """The folder that keeps the results of a search on certain pictures."""

    folder: Path
    data: DataConfig = FASHION

    def rates(self) -> dict[Size, float]:
        """Read the steps per second of each size measured so far."""
        path = self.folder / "rates.json"
        rows = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
        return {tuple(row["size"]): row["steps_per_second"] for row in rows}

    def keep_rates(self, rates: dict[Size, float]) -> None:
        """Write the steps per second of each size."""
        rows = [{"size": size, "steps_per_second": rate} for size, rate in sorted(rates.items())]
        (self.folder / "rates.json").write_text(json.dumps(rows, indent=1), encoding="utf-8")

    def scores(self) -> list[Score]:
        """Read every score."""
        path = self.folder / "scores.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [Score.from_row(json.loads(line)) for line in lines]

    def keep(self, scores: list[Score]) -> None:
        """Add scores."""
        with (self.folder / "scores.jsonl").open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(asdict(score)) + "\n" for score in scores)


def candidates(count: int, ranges: Mapping[str, tuple[object, ...]] = RANGES) -> list[Choice]:
    """Draw candidates, the reference first; every call draws the same ones."""
    chance, found = random.Random(0), [REFERENCE]  # noqa: S311  (no secret)
    while len(found) < count:
        drawn: dict[str, Any] = {name: chance.choice(values) for name, values in ranges.items()}
        choice = replace(REFERENCE, **drawn)
        if choice.rate_d <= 2 * choice.rate_g and choice.rate_g <= 4 * choice.rate_d and choice not in found:
            found.append(choice)
    return found


def neighbours(best: Choice, ranges: Mapping[str, tuple[object, ...]], sizes: Collection[Size]) -> list[Choice]:
    """Return the choices that differ from the best in one setting, and whose size is one of those measured."""
    found = []
    for name, values in ranges.items():
        changes: list[dict[str, Any]] = [{name: value} for value in dict.fromkeys(values)]
        found += [replace(best, **change) for change in changes]
    return [choice for choice in dict.fromkeys(found) if choice != best and choice.size in sizes]


def best_of(other: Path, count: int) -> list[Choice]:
    """Return the reference, and the best choices of another search after 60 s with seed 0."""
    scores = Place(other).scores()
    known = list(dict.fromkeys(score.choice for score in scores if score.seed == 0))
    ranked = _originals(standings(scores, known, MOMENTS[:1], 1))
    return [REFERENCE, *[choice for choice in ranked if choice != REFERENCE][: count - 1]]


def measure_rates(place: Place, choices: list[Choice]) -> dict[Size, float]:
    """Measure how many steps of a real run fit into a second, for every size not measured yet."""
    rates = place.rates()
    missing = {choice.size: choice for choice in choices if choice.size not in rates}
    counted: dict[Size, list[float]] = {size: [] for size in missing}
    for _ in range(SPEED_TURNS):
        for size, choice in missing.items():
            run = place.folder / f"speed-{'-'.join(map(str, size))}".replace(" ", "-")
            counted[size].append(_steps_per_second(run, choice.config(0, place.data)))
    for size, found in counted.items():
        rates[size] = sorted(found)[len(found) // 2]
        print(*size, f"{rates[size]:.1f} steps/s of {found}", flush=True)
    place.keep_rates(rates)
    return rates


def _steps_per_second(folder: Path, config: RunConfig) -> float:
    job, control = TrainingJob(RunRequest(folder, None if is_run(folder) else config)), TrainingControl()
    begun, first, last, ended = 0.0, 0, 0, 0.0
    for event in job.run(control):
        if isinstance(event, RunFailed):
            raise RuntimeError(f"{event.happened} {event.traceback}")
        if isinstance(event, RunOpened) and job.trainer is not None:
            begun, first = time.monotonic(), job.trainer.state.step
        if begun and job.trainer is not None and not control.is_stopping:
            last, ended = job.trainer.state.step, time.monotonic()
            if ended - begun >= SPEED_SECONDS:
                control.stop()
    return (last - first) / (ended - begun)


@dataclass(frozen=True)
class Standing:
    """The score of a choice with one half-life of its EMA.

    Attributes:
        choice: the choice, with that half-life.
        value: mean logarithm of the distance over moments and seeds; lower is better.
        distances: mean distance over seeds, at each moment.
        classes: fewest classes that any seed drew at any moment.
    """

    choice: Choice
    value: float
    distances: tuple[float, ...]
    classes: int

    def line(self) -> str:
        """Return a line of the table."""
        far = " ".join(f"{distance:7.3f}" for distance in self.distances)
        return f"{self.value:7.3f} {far} {self.classes:7}  {self.choice}"


def standings(scores: list[Score], choices: list[Choice], moments: tuple[float, ...], seeds: int) -> list[Standing]:
    """Rank choices, each with its best half-life, among the scores of seeds 0 to `seeds` - 1; the best first."""
    found = []
    for choice in choices:
        mine = [score for score in scores if score.choice == choice and score.seed < seeds and score.moment in moments]
        by_half_life = [_standing(mine, choice, half, moments) for half in sorted({score.half_life for score in mine})]
        found.append(min(by_half_life, key=lambda standing: standing.value))
    most = max((standing.classes for standing in found), default=0)
    return sorted(found, key=lambda standing: (standing.classes < most, standing.value))


def _standing(scores: list[Score], choice: Choice, half_life: float, moments: tuple[float, ...]) -> Standing:
    mine = [score for score in scores if score.half_life == half_life]
    value = sum(score.log_distance for score in mine) / len(mine)
    by_moment = [[score.distance for score in mine if score.moment == moment] for moment in moments]
    means = tuple(sum(distances) / len(distances) for distances in by_moment)
    return Standing(replace(choice, ema_half_life=half_life), value, means, min(score.classes for score in mine))


def search(
    place: Place,
    choices: list[Choice],
    processes: int,
    ranges: Mapping[str, tuple[object, ...]] = RANGES,
    seeds: int = 3,
) -> list[Standing]:
    """Run the rounds, the last two with so many seeds; returns the standings of the last one."""
    rates = measure_rates(place, choices)
    prepare_thread(step_threads())
    classifier = Classifier(data=place.data)
    print(f"classifier: {classifier.accuracy:.1%} of the held-out pictures", flush=True)
    context = multiprocessing.get_context("spawn")
    with context.Pool(processes, initializer=prepare, initargs=(classifier,)) as pool:

        def trials(chosen: list[Choice], seeds: range, moments: tuple[float, ...]) -> None:
            done = {(score.choice, score.seed, score.moment) for score in place.scores()}
            wanted = [
                Trial(choice, seed, moments, rates[choice.size], str(place.folder), place.data)
                for choice in chosen
                for seed in seeds
                if any((choice, seed, moment) not in done for moment in moments)
            ]
            for scores in pool.imap_unordered(run_trial, wanted):
                new = [score for score in scores if (score.choice, score.seed, score.moment) not in done]
                place.keep(new)
                print(*(score.line() for score in new), sep="\n", flush=True)

        trials(choices, range(1), MOMENTS[:1])
        (best, *_) = _originals(_told("60 s, seed 0", standings(place.scores(), choices, MOMENTS[:1], 1)))
        choices = list(dict.fromkeys([*choices, *neighbours(best, ranges, rates)]))
        trials(choices, range(1), MOMENTS[:1])
        first = _told("60 s, seed 0, and neighbours", standings(place.scores(), choices, MOMENTS[:1], 1))
        others = [choice for choice in _originals(first) if choice != REFERENCE]
        chosen = [REFERENCE, *others[:THIRD_ROUND]]
        trials(chosen, range(seeds), MOMENTS[:1])
        third = _told(f"60 s, {seeds} seeds", standings(place.scores(), chosen, MOMENTS[:1], seeds))
        chosen = _originals(third)[:LAST_ROUND]
        trials(chosen, range(seeds), MOMENTS)
        return _told(f"60 s and 300 s, {seeds} seeds", standings(place.scores(), chosen, MOMENTS, seeds))


def _originals(found: list[Standing]) -> list[Choice]:
    """Return the candidates of standings, without the half-life that was best for them."""
    return [replace(standing.choice, ema_half_life=REFERENCE.ema_half_life) for standing in found]


def _told(title: str, found: list[Standing]) -> list[Standing]:
    print(f"\n== {title}\n  value distance ...       classes", *(standing.line() for standing in found), sep="\n")
    return found


def main(arguments: list[str] | None = None, run: Callable[..., object] = search) -> int:
    """Search and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="keeps the results")
    parser.add_argument("--candidates", type=int, default=14)
    parser.add_argument("--processes", type=int, default=usable_cores(), help="trials at once, one thread each")
    parser.add_argument("--colour", action="store_true", help="draw from the ranges for colour pictures")
    parser.add_argument("--data", metavar="SOURCE", help="labelled colour pictures; without it, Fashion-MNIST")
    parser.add_argument("--size", type=int, default=32, help="pixels on a side (32)")
    parser.add_argument("--from", type=Path, dest="other", metavar="OTHER", help="folder of another search")
    parser.add_argument("--seeds", type=int, default=3, help="seeds of the last two rounds (3)")
    options = parser.parse_args(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    ranges = COLOUR_RANGES if options.colour else RANGES
    choices = best_of(options.other, options.candidates) if options.other else candidates(options.candidates, ranges)
    data = data_of(options.data, image_size=options.size) if options.data else FASHION
    run(Place(options.folder, data), choices, options.processes, ranges, options.seeds)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
