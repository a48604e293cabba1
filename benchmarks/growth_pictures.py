"""Measure speed and memory over the number of pictures: random pictures of 32x32x3, through the engine's own feed.

Memory: a separate process for each count reads the set and goes through an epoch (benchmarks/many_pictures.py). Speed:
one process has all sets open as a run has, and does a step on each in turn; a turn includes fetching the batch. Linux
only; a million pictures need 6.2 GB in the temporary folder.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from torch import Tensor

from benchmarks.growth_figures import MB, Chart, Curve, Growth, answer_of, in_rounds, quartiles, spaced
from benchmarks.many_pictures import make_pictures
from gan_studio.bench.paired import WARM_UP
from gan_studio.bench.steps import OurStep, Setup
from gan_studio.engine.config.schema import RunConfig, with_values
from gan_studio.engine.data.feed import PictureFeed
from gan_studio.engine.data.picture_set import read_pictures
from gan_studio.engine.latent import draw_z
from gan_studio.engine.machine.devices import prepare_thread, step_threads
from gan_studio.engine.randomness import Stream, generator_at

COUNTS = (1_000, 10_000, 100_000, 1_000_000)
REFERENCE_COUNT = 10_000
SETUP = Setup(32, 3, 24, 64)
CPU = torch.device("cpu")
EPOCHS_BEGUN = 5
MIB = 2**20


class MadeFeed:
    """Batches of a run's own feed, with their z.

    Attributes:
        count: number of training pictures.
    """

    def __init__(self, config: RunConfig) -> None:
        pictures = read_pictures(config.data)
        self.count = len(pictures.train)
        self._feed, self._config, self._step = PictureFeed(config, pictures, CPU), config, 0

    def next(self) -> tuple[Tensor, Tensor]:
        """Return the next batch: uint8 [N, C, H, W], and z, float32 [N, latent_dim]."""
        size, model = self._config.training.batch_size, self._config.model
        images = self._feed.batch(self._step * size, size).images
        source = generator_at(self._config.seed, Stream.TRAINING_Z, self._step)
        self._step += 1
        return images, torch.from_numpy(draw_z(source, (size, model.latent_dim), model.prior))

    def begin_epoch(self, number: int) -> float:
        """Fetch the first batch of an epoch, which shuffles the pictures; returns its seconds."""
        begun = time.perf_counter()
        self._feed.batch(number * self.count, self._config.training.batch_size)
        return time.perf_counter() - begun


def take_turns(places: Sequence[Path], rounds: int) -> list[dict[str, list[float]]]:
    """Do steps on each set in turn; returns each set's seconds of steps and of the first batches of epochs."""
    prepare_thread(step_threads())
    feeds = [MadeFeed(with_values(SETUP.config, {"data.source": str(place)})) for place in places]
    turns = {number: _turn(feed) for number, feed in enumerate(feeds)}
    steps = in_rounds(turns, rounds, warm_up=WARM_UP)
    epochs = [[feed.begin_epoch(number) for number in range(1, 1 + EPOCHS_BEGUN)] for feed in feeds]
    return [{"steps": steps[number], "epochs": epochs[number]} for number in turns]


def _turn(feed: MadeFeed) -> Callable[[], float]:
    step = OurStep(SETUP.config, feed, CPU)

    def turn() -> float:
        begun = time.perf_counter()
        step()
        return time.perf_counter() - begun

    return turn


def measure(*, quick: bool) -> Growth:
    """Make the pictures, measure memory and speed, and remove them."""
    return told(*measured((1_000, 10_000, 20_000), 3) if quick else measured(COUNTS, 30))


def measured(
    counts: Sequence[int], rounds: int
) -> tuple[Sequence[int], list[dict[str, float]], list[dict[str, list[float]]]]:
    """Return the counts, the results of many_pictures for each, and those of take_turns for each."""
    with tempfile.TemporaryDirectory(prefix="gan-studio-") as folder:
        places = [Path(folder) / f"{count}.npy" for count in counts]
        cache, memory = Path(folder) / "cache", []
        for count, place in zip(counts, places, strict=True):
            make_pictures(place, count)
            memory.append(json.loads(answer_of("many_pictures", "--child", str(place), cache=cache)))
        named = [str(place) for place in places]
        turns = json.loads(answer_of("growth_pictures", "--rounds", str(rounds), *named, cache=cache))
    return counts, memory, turns


def told(counts: Sequence[int], memory: list[dict[str, float]], turns: list[dict[str, list[float]]]) -> Growth:
    """Make table and charts; ratios are over 10 000 pictures, or over the first count if that one is missing."""
    first = counts.index(REFERENCE_COUNT) if REFERENCE_COUNT in counts else 0
    plain, rows, speeds, own = turns[first]["steps"], [], [], []
    for count, held, taken in zip(counts, memory, turns, strict=True):
        ratios = [other / mine for mine, other in zip(taken["steps"], plain, strict=True)]
        low, middle, high = quartiles(ratios)
        speeds.append(middle * SETUP.batch_size / statistics.median(plain))
        own.append(held["epoch_anonymous"] * MIB / MB)
        numbers = (
            f"{SETUP.batch_size / statistics.median(taken['steps']):.0f}",
            f"{middle:.2f} ({low:.2f} to {high:.2f})",
        )
        epoch = f"{1000 * statistics.median(taken['epochs']):.1f} ms"
        file = f"{held['epoch_file'] * MIB / MB:.0f} MB"
        rows.append((spaced(count), *numbers, epoch, f"{own[-1]:.0f} MB", file))
    text = (
        f"Random pictures, {SETUP}. The time includes fetching the batch through the engine's own feed. The ratio is "
        f"over {spaced(counts[first])} pictures, in turn. Memory is the most that a process held, its own and mapped "
        "files, in an epoch without learning."
    )
    titles = ("pictures", "img/s", "ratio (quartiles)", "first batch of an epoch", "own memory", "files mapped")
    figures = {"own memory a picture, first count to last, bytes": (own[-1] - own[0]) * MB / (counts[-1] - counts[0])}
    return Growth("pictures", text, titles, tuple(rows), figures, _charts(counts, speeds, own))


def _charts(counts: Sequence[int], speeds: list[float], own: list[float]) -> tuple[Chart, Chart]:
    x = tuple(float(count) for count in counts)
    pixels = tuple(own[0] + (count - x[0]) * 3 * 32 * 32 / MB for count in x)
    lines = (Curve("measured", x, tuple(own)), Curve("if pixels were held", x, pixels, 1, is_guide=True))
    ends = ((x[0], x[-1]), (speeds[0], speeds[0]))
    rates = (Curve("measured", x, tuple(speeds)), Curve("as with the fewest", *ends, 1, is_guide=True))
    title, held = "A training step with its batch, CPU", "An epoch, CPU"
    return (
        Chart("pictures-speed", title, "pictures of the run", "pictures a second", rates, (True, False), x),
        Chart("pictures-memory", held, "pictures of the run", "own memory (MB)", lines, (True, True), x),
    )


def main() -> int:
    """Run in the separate process that takes turns."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("places", type=Path, nargs="+", help="files of the picture sets")
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    print(json.dumps(take_turns(options.places, options.rounds)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
