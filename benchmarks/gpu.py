"""Check and measure the engine on a CUDA device: `make gpu`, or `python3 benchmarks/gpu.py [--json] [--out FILE]`.

Needs Python, torch, numpy, safetensors and the engine's other libraries, but no Qt, no environment and no network,
and takes a few minutes. First what must hold (gpu_checks.py), then how fast a step is beside the published loop's, in
turn, both on pictures that are already on the device. Exit status: 0, 1 when a check failed, and 3 without a CUDA
device, after all of it ran on the CPU at a tiny size.
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # before CUDA starts: bit-exact resume needs it
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass

import torch
from torch import Tensor

from benchmarks.gpu_checks import Check, run_checks
from gan_studio.bench.matrix_product import matrix_product_rate, now
from gan_studio.bench.paired import in_turn
from gan_studio.bench.steps import Feed, OurStep, Setup, StockStep, step_operations
from gan_studio.engine.devices import environment, prepare_thread
from gan_studio.engine.pixels import to_model_range

SETUP = Setup(64, 3, 64, 128)
TINY = Setup(32, 1, 4, 8)
BUDGET_RATIO, BUDGET_RATE = 3.0, 100_000
NO_CUDA = 3


@dataclass(frozen=True)
class Speed:
    """Speed of a step of ours at one precision, beside the published loop as its authors left it.

    Attributes:
        precision: of ours; the published loop is always float32 (with TF32 convolutions, torch's default).
        ratio: (lower quartile, median, upper quartile); above 1 where ours is faster.
        images_per_second, stock_images_per_second: medians.
        tflops: rate of the operations that steps.step_operations counts, in 10**12 a second.
        share: of the rate of a matrix product at this precision.
    """

    precision: str
    ratio: tuple[float, float, float]
    images_per_second: float
    stock_images_per_second: float
    tflops: float
    share: float

    def line(self) -> str:
        """Put it on a line of the table."""
        low, middle, high = self.ratio
        ratio = f"{middle:6.2f} ({low:.2f} to {high:.2f})"
        rates = f"{self.images_per_second:10.0f} {self.stock_images_per_second:10.0f}"
        return f"{self.precision:10} {ratio:22} {rates} {self.tflops:8.2f} {self.share:6.1%}"


class Block:
    """A turn of several steps in a row, so that the device is never waited for in between."""

    def __init__(self, step: OurStep | StockStep, feed: Feed, steps: int, device: torch.device) -> None:
        self._device, self._steps = device, steps
        self._batches = [feed.next() for _ in range(min(steps, 8))]
        self._learn: Callable[[Tensor, Tensor], object]
        if isinstance(step, OurStep):
            self._learn = step.learn
        else:
            self._learn = step.loop.step
            self._batches = [(to_model_range(images).contiguous(), z[:, :, None, None]) for images, z in self._batches]

    def __call__(self) -> float:
        """Do the steps; returns seconds a step."""
        begun = now(self._device)
        for index in range(self._steps):
            self._learn(*self._batches[index % len(self._batches)])
        return (now(self._device) - begun) / self._steps


def measure(setup: Setup, device: torch.device, precision: str, pairs: int, steps: int) -> Speed:
    """Measure a step of ours at a precision beside the published loop's."""
    config, feed = setup.config, Feed(setup.config, device)
    ours, stock = OurStep(config, feed, device, precision), StockStep(config, feed, device)
    stock.loop.take_weights(ours.state)
    timed = in_turn(Block(ours, feed, steps, device), Block(stock, feed, steps, device), pairs)
    rate = step_operations(config) / timed.our_seconds
    dtype = torch.bfloat16 if precision == "bfloat16" else torch.float32
    size = 8192 if device.type == "cuda" else 256
    return Speed(
        precision,
        timed.ratios,
        setup.batch_size / timed.our_seconds,
        setup.batch_size / timed.their_seconds,
        rate / 1e12,
        rate / matrix_product_rate(device, dtype, size),
    )


def report(checks: list[Check], speeds: list[Speed], device: str, setup: Setup) -> dict[str, object]:
    """Gather all figures for a program to read."""
    figures = {"checks": [asdict(check) for check in checks], "speeds": [asdict(speed) for speed in speeds]}
    return {"machine": environment(), "device": device, "setup": str(setup), **figures}


def main(arguments: list[str] | None = None) -> int:
    """Check, measure, print; returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the tables")
    parser.add_argument("--out", type=Path, help="write the JSON object to this file too")
    options = parser.parse_args(arguments)
    has_cuda = torch.cuda.is_available()
    device = torch.device("cuda:0" if has_cuda else "cpu")
    name = torch.cuda.get_device_name(device) if has_cuda else "CPU"
    prepare_thread(os.cpu_count() or 1)
    if not has_cuda:
        notice = "no CUDA device: a tiny run on the CPU follows, which shows that the program works and nothing else"
        print(notice, file=sys.stderr)

    setup, pairs, steps = (SETUP, 10, 20) if has_cuda else (TINY, 2, 2)
    checks = run_checks(setup if has_cuda else TINY, device, steps=60 if has_cuda else 6)
    if not options.json:
        print(*(check.line() for check in checks), sep="\n", flush=True)
        print(f"{name}, {setup}; budget: ratio {BUDGET_RATIO}, {BUDGET_RATE} img/s")
        print(f"{'precision':10} {'ratio':22} {'img/s':>10} {'stock':>10} {'TFLOP/s':>8} {'share':>6}", flush=True)
    speeds = []
    for precision in ("float32", "bfloat16"):
        speeds.append(measure(setup, device, precision, pairs, steps))
        if not options.json:
            print(speeds[-1].line(), flush=True)
    text = json.dumps(report(checks, speeds, name, setup), indent=2)
    if options.json:
        print(text)
    if options.out:
        options.out.write_text(text, encoding="utf-8")
    if not has_cuda:
        return NO_CUDA
    return 0 if all(check.passed for check in checks) else 1


if __name__ == "__main__":
    raise SystemExit(main())
