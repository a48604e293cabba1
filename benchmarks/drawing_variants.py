"""Compare how the explorer draws a picture with how the layers of training draw it: in turn, on one thread.

`python -m benchmarks.drawing_variants [--sizes 32 64 128] [--widths 24 64] [--pictures 1] [--pairs 40] [--json]`

The explorer's generator keeps the kernels that depend on its weights alone, and does convolutions of few pixels and
many channels as matrix products (engine/models/layers.py). A ratio above 1 says that the explorer is faster. The last
column is the greatest difference between the two pictures, whose values go from -1 to 1; a step of 8 bits is 0.0078.
"""

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from unittest.mock import patch

import torch
from torch import Tensor

from gan_studio.bench.paired import in_turn
from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.machine.devices import environment, prepare_thread
from gan_studio.engine.models import layers
from gan_studio.engine.models.networks import Generator, build_networks

SAMPLER_THREADS = 1
UPSAMPLINGS = ("transposed", "resize")


@dataclass(frozen=True)
class Outcome:
    """What the explorer saves at one size.

    Attributes:
        setup: sizes of pictures and network.
        ratio: time of the training layers over the explorer's: lower quartile, median, upper quartile.
        milliseconds: median time of the explorer.
        difference: greatest difference between the two pictures.
    """

    setup: str
    ratio: tuple[float, float, float]
    milliseconds: float
    difference: float

    def line(self) -> str:
        """Return a line of the table."""
        low, middle, high = self.ratio
        spread = f"({low:.2f} to {high:.2f})"
        return f"{self.setup:34} {middle:6.2f} {spread:16} {self.milliseconds:8.2f} {self.difference:12.1e}"


def measure(size: int, width: int, upsampling: str, pictures: int, pairs: int) -> Outcome:
    """Draw in turn as training and as the explorer do."""
    model = {"width": width, "upsampling": upsampling}
    config = RunConfig.model_validate({"data": {"image_size": size, "channels": 3}, "model": model})
    cpu = torch.device("cpu")
    plain, kept = (build_networks(config, cpu)[0].eval().requires_grad_(False) for _ in range(2))
    kept.keep_kernels()
    z = torch.randn(pictures, config.model.latent_dim, generator=torch.Generator().manual_seed(0))

    def draw_plainly() -> Tensor:
        with patch.object(layers, "_FEW_PIXELS", 0):
            return drawn(plain, z)

    difference = float((draw_plainly() - drawn(kept, z)).abs().max())
    timed = in_turn(seconds_of(lambda: drawn(kept, z)), seconds_of(draw_plainly), pairs)
    return Outcome(f"{size}x{size} width {width} {upsampling}", timed.ratios, timed.our_seconds * 1e3, difference)


@torch.no_grad()
def drawn(generator: Generator, z: Tensor) -> Tensor:
    """Draw pictures from z [N, latent_dim]: float [N, C, H, W]."""
    pictures: Tensor = generator(z)
    return pictures


def seconds_of(draw: Callable[[], object]) -> Callable[[], float]:
    """Return a function that draws once and returns the seconds that it took."""

    def turn() -> float:
        begun = time.perf_counter()
        draw()
        return time.perf_counter() - begun

    return turn


def main(arguments: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="*", default=[32, 64, 128], help="pixels")
    parser.add_argument("--widths", type=int, nargs="*", default=[24, 64], help="widths of the generator")
    parser.add_argument("--pictures", type=int, default=1, help="pictures drawn at once (default 1)")
    parser.add_argument("--pairs", type=int, default=40, help="measured pairs (default 40)")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the table")
    options = parser.parse_args(arguments)
    prepare_thread(SAMPLER_THREADS)
    outcomes = [
        measure(size, width, upsampling, options.pictures, options.pairs)
        for size in options.sizes
        for width in options.widths
        for upsampling in UPSAMPLINGS
    ]
    if options.json:
        rows = [asdict(outcome) for outcome in outcomes]
        print(json.dumps({"machine": environment(), "results": rows}, indent=2))
    else:
        print("training layers over the explorer: median (quartiles); milliseconds of the explorer; difference")
        print(*(outcome.line() for outcome in outcomes), sep="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
