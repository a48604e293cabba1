"""What it saves that doubled 3x3 kernels are summed by a pooling (layers.py): steps of a preset both ways, in turn.

`python -m benchmarks.doubled_kernels [--preset quickstart] [--pairs 200] [--threads 2] [--json]`

Both start from the same weights and see the same batches, and compute the same bits. Time is told as in step_profile.
"""

import argparse
import json
from collections.abc import Callable
from unittest.mock import patch

import torch
from torch import Tensor
from torch.nn.functional import pad

from benchmarks.step_profile import clock_of, seconds_of
from gan_studio.bench.paired import Pairs, in_turn
from gan_studio.bench.steps import Feed, OurStep
from gan_studio.engine.config import RunConfig
from gan_studio.engine.config_files import load_preset
from gan_studio.engine.devices import environment, prepare_thread
from gan_studio.engine.models import layers

CPU = torch.device("cpu")


def by_slices(weight: Tensor) -> Tensor:
    """Sum a kernel as layers.py does, by adding its four shifted copies."""
    wide = pad(weight.transpose(0, 1).flip(2, 3), (1, 1, 1, 1))
    kernel = wide[:, :, 1:, 1:] + wide[:, :, :-1, 1:] + wide[:, :, 1:, :-1] + wide[:, :, :-1, :-1]
    return kernel.contiguous(memory_format=torch.channels_last)


class SlicedStep(OurStep):
    """A step of the engine with kernels summed by slices."""

    def learn(self, images: Tensor, z: Tensor) -> list[Tensor]:
        """Do a step on a batch; returns its metrics."""
        with patch.object(layers, "_kernel_of_doubling", by_slices):
            return super().learn(images, z)


def measure(config: RunConfig, pairs: int, clock: Callable[[], float]) -> Pairs:
    """Let steps by a pooling and by slices take turns."""

    def turn_of(kind: type[OurStep]) -> Callable[[], float]:
        feed = Feed(config, CPU)
        step = kind(config, feed, CPU)
        return lambda: seconds_of(step, feed, clock)

    return in_turn(turn_of(OurStep), turn_of(SlicedStep), pairs)


def main(arguments: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--preset", default="quickstart", help="one that doubles before a 3x3 convolution")
    parser.add_argument("--pairs", type=int, default=200, help="steps of each that count (default 200)")
    parser.add_argument("--threads", type=int, default=2, help="CPU threads of a step (default 2)")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a line")
    options = parser.parse_args(arguments)
    prepare_thread(options.threads)
    ratios = measure(load_preset(options.preset).config, options.pairs, clock_of(options.threads)).ratios
    if options.json:
        row = {"preset": options.preset, "ratio": ratios}
        print(json.dumps({"machine": environment(), "threads": options.threads, "results": [row]}, indent=2))
    else:
        low, middle, high = ratios
        told = f"{middle:.3f} ({low:.3f} to {high:.3f})"
        print(f"{options.preset}: time of a step by slices over one by a pooling, median (quartiles): {told}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
