"""Measure what quick presets reach in one minute and in five, beside the published loop in the same time.

`python -m benchmarks.preset_statement [--seconds 60 300] [--seeds 3 4 5] [--loops quickstart stock] [--data SOURCE]`

Each loop runs alone, on all cores, in a separate process, and the clock stops while it draws. A loop is a preset, or
"stock". "stock" is the published example as its authors left it (width 64,
learning rates 2e-4, no EMA), with its pictures already prepared in memory. All draw the same number of pictures, and
one classifier judges them (judge.py). The published loop draws in train mode, as it does for its own sheets. The search
used none of these seeds.
"""

import argparse
import copy
import json
import multiprocessing
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from benchmarks.classifier import FASHION, Classifier, data_of
from benchmarks.judge import Judge, Verdict, save_sheet
from benchmarks.search_trial import SAMPLES
from gan_studio.bench.steps import starter_pictures
from gan_studio.bench.stock_loop import StockLoop
from gan_studio.engine.config.presets import load_preset, shipped_preset_names
from gan_studio.engine.config.schema import DataConfig, RunConfig, with_values
from gan_studio.engine.control import TrainingControl
from gan_studio.engine.data.pixels import to_model_range, to_pictures
from gan_studio.engine.events import RunFailed, RunOpened
from gan_studio.engine.explore.drawing import draw_pictures
from gan_studio.engine.latent import fixed_z
from gan_studio.engine.machine.devices import environment, prepare_thread, step_threads
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest

CPU = torch.device("cpu")
LOOPS = ("quickstart", "stock")
STOCK_BATCH = 64
NARROW = {"model.width": 4, "training.batch_size": 8}


@dataclass(frozen=True)
class Reached:
    """What a loop had reached at one moment.

    Attributes:
        seconds: training time.
        steps: number of steps done.
        pictures: its samples, uint8 [samples, H, W, C].
    """

    seconds: float
    steps: int
    pictures: NDArray[np.uint8]


@dataclass(frozen=True)
class Row:
    """One row of the table."""

    loop: str
    seed: int
    seconds: float
    steps: int
    verdict: Verdict

    def line(self) -> str:
        """Return a line of the table."""
        seen = self.verdict
        least = f"{min(seen.shares):5.1%}"
        moment = f"{self.loop:17} {self.seed:4} {self.seconds:7.1f} {self.steps:6}"
        return f"{moment} {seen.classes:3}/{len(seen.shares)} {least} {seen.confidence:6.3f} {seen.distance:8.3f}"


def config_of(loop: str, data: DataConfig, seed: int, narrow: bool) -> RunConfig:
    """Build the configuration of a loop; `narrow` makes tiny networks, to try this program."""
    if loop == "stock":
        config = with_values(RunConfig(), {"training.batch_size": STOCK_BATCH})
        data = data.model_copy(update={"flip": False})
    else:
        config = load_preset(loop).config
    changes = {"data": data.model_dump(), "device": "cpu", "seed": seed, "training.steps": 1_000_000}
    return with_values(config, {**changes, **(NARROW if narrow else {})})


def reach(loop: str, config: RunConfig, moments: list[float]) -> list[Reached]:
    """Train a loop in this process and draw at each moment, in seconds."""
    prepare_thread(step_threads())
    return _published(config, sorted(moments)) if loop == "stock" else _ours(config, sorted(moments))


def _ours(config: RunConfig, moments: list[float]) -> list[Reached]:
    z, found, begun = fixed_z(SAMPLES, config.model.latent_dim, config.model.prior), [], 0.0
    with tempfile.TemporaryDirectory() as folder:
        job, control = TrainingJob(RunRequest(Path(folder, "run"), config)), TrainingControl()
        for event in job.run(control):
            if isinstance(event, RunFailed):
                raise RuntimeError(f"{event.happened} {event.traceback}")
            if isinstance(event, RunOpened):
                begun = time.monotonic()
            seconds = time.monotonic() - begun
            if job.trainer is None or len(found) == len(moments) or seconds < moments[len(found)]:
                continue
            state = job.trainer.state
            found.append(Reached(seconds, state.step, draw_pictures(state.generator_ema, z)))
            begun = time.monotonic() - seconds
            if len(found) == len(moments):
                control.stop()
    return found


def _published(config: RunConfig, moments: list[float]) -> list[Reached]:
    torch.manual_seed(config.seed)
    loop, pictures = StockLoop(config, CPU), to_model_range(torch.from_numpy(starter_pictures(config))).contiguous()
    z = torch.from_numpy(fixed_z(SAMPLES, config.model.latent_dim, config.model.prior))
    size, found, begun = config.training.batch_size, [], time.monotonic()
    for step, chosen in enumerate(_batches(len(pictures), size)):
        seconds = time.monotonic() - begun
        if seconds >= moments[len(found)]:
            found.append(Reached(seconds, step, _drawn(loop, z, size)))
            begun = time.monotonic() - seconds
        if len(found) == len(moments):
            break
        loop.step(pictures[chosen], torch.randn(len(chosen), config.model.latent_dim, 1, 1))
    return found


def _batches(count: int, size: int) -> Iterator[Tensor]:
    while True:
        yield from torch.randperm(count).split(size)


@torch.no_grad()
def _drawn(loop: StockLoop, z: Tensor, size: int) -> NDArray[np.uint8]:
    generator = copy.deepcopy(loop.generator).train()
    return np.concatenate([to_pictures(generator(part[:, :, None, None])) for part in z.split(size)])


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; always returns 0."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, nargs="+", default=[60.0, 300.0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[3, 4, 5])
    parser.add_argument("--loops", nargs="+", choices=[*shipped_preset_names(), "stock"], default=list(LOOPS))
    parser.add_argument("--out", type=Path, help="folder for sheets of the first hundred samples")
    parser.add_argument("--epochs", type=int, default=4, help="passes of the classifier over the real pictures")
    parser.add_argument("--narrow", action="store_true", help="tiny networks, to try this program")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the table")
    parser.add_argument("--data", metavar="SOURCE", help="labelled colour pictures; without it, Fashion-MNIST")
    parser.add_argument("--size", type=int, default=32, help="pixels on a side (32)")
    options = parser.parse_args(arguments)
    prepare_thread(step_threads())
    data = data_of(options.data, image_size=options.size) if options.data else FASHION
    classifier = Classifier(options.epochs, data)
    if not options.json:
        print(f"classifier: {classifier.accuracy:.1%} of the held-out pictures; {SAMPLES} samples")
        print("loop              seed seconds  steps classes least  conf. distance", flush=True)
    rows = []
    for seed in options.seeds:
        for loop in options.loops:
            config = config_of(loop, data, seed, options.narrow)
            judge = Judge(classifier, SAMPLES, config.model.latent_dim, config.model.prior)
            with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as alone:
                reached = alone.submit(reach, loop, config, options.seconds).result()
            for place in reached:
                verdict = judge.verdict(np.ascontiguousarray(place.pictures.transpose(0, 3, 1, 2)))
                rows.append(Row(loop, seed, place.seconds, place.steps, verdict))
                if options.out:
                    save_sheet(place.pictures[:100], options.out / f"{loop}-seed{seed}-step{place.steps}.png")
                if not options.json:
                    print(rows[-1].line(), flush=True)
    if options.json:
        figures = {"accuracy": classifier.accuracy, "rows": [asdict(row) for row in rows]}
        print(json.dumps({"machine": environment(), **figures}, indent=2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
