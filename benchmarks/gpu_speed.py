"""Measure the speed of steps on a device: in turn with the published loop, and beside the device's own limit."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from benchmarks.gpu_floor import Floor, measure_floor
from benchmarks.gpu_loops import LoaderSteps, RunSteps, best_kernels
from gan_studio.bench.matrix_product import now
from gan_studio.bench.paired import in_turn
from gan_studio.bench.steps import Feed, OurStep, Setup, StockStep
from gan_studio.engine.data import feed as feeding
from gan_studio.engine.data.picture_set import PictureSet
from gan_studio.engine.data.pixels import to_model_range
from gan_studio.engine.machine.training_device import arithmetic, own_stream
from gan_studio.engine.replay.captured import CapturedStep


@contextmanager
def as_published() -> Iterator[None]:
    """Let cuDNN benchmark its algorithms, as the published example does in its first lines."""
    backend: Any = torch.backends.cudnn
    before = backend.benchmark
    backend.benchmark = True
    try:
        yield
    finally:
        backend.benchmark = before


WAYS = (
    ("bfloat16", True, "triton"),
    ("bfloat16", True, "torch"),
    ("tf32", True, "triton"),
    ("float32", True, "triton"),
    ("bfloat16", False, "triton"),
    ("bfloat16", False, "torch"),
)
"""Precision of our step, whether it is captured, and its kernels. The published loop stays as its authors left it:
float32, with torch's default use of TF32 for convolutions."""
WORKERS = (2, 8)
"""Workers of the published loop's DataLoader: its authors' default, and what a large machine can give it."""


@dataclass(frozen=True)
class Amount:
    """How much to measure: pairs of turns, and steps in a turn."""

    pairs: int
    steps: int


@dataclass(frozen=True)
class Speed:
    """Speed of one kind of our steps beside one kind of the published loop.

    Attributes:
        ours, theirs: descriptions of what was measured.
        ratio: (lower quartile, median, upper quartile); above 1 if ours is faster.
        images_per_second, stock_images_per_second: medians.
        floor: the least time of a step on this device, or None if it was not measured.
        floor_share: that time over ours.
    """

    ours: str
    theirs: str
    ratio: tuple[float, float, float]
    images_per_second: float
    stock_images_per_second: float
    floor: Floor | None = None
    floor_share: float = 0.0

    def line(self) -> str:
        """Return a line of the table."""
        low, middle, high = self.ratio
        rates = f"{self.images_per_second:10.0f} {self.stock_images_per_second:10.0f}"
        share = f" {self.floor_share:6.1%} of the floor ({self.floor.bound})" if self.floor else ""
        return f"{self.ours:36} {self.theirs:22} {middle:6.2f} ({low:.2f} to {high:.2f})  {rates}{share}"


class Turn:
    """Several steps in a row without waiting for the device in between; a call returns seconds a step."""

    def __init__(self, step: Callable[[], object], steps: int, device: torch.device, precision: str = "") -> None:
        self._step, self._steps, self._device, self._precision = step, steps, device, precision

    def __call__(self) -> float:
        """Do the steps at a precision of ours, or with the published example's settings."""
        with arithmetic(self._device, self._precision) if self._precision else as_published():
            return self._seconds()

    def _seconds(self) -> float:
        begun = now(self._device)
        for _ in range(self._steps):
            self._step()
        return (now(self._device) - begun) / self._steps


def measure_steps(
    setup: Setup, device: torch.device, precision: str, kernels: str, *, captured: bool, amount: Amount
) -> Speed:
    """Measure steps on batches that are already on the device, ours in turn with the published loop's."""
    config, is_cuda = setup.config, device.type == "cuda"
    feed = Feed(config, device)
    with own_stream(device):
        ours = OurStep(config, feed, device, precision, captured=captured, kernels=kernels)
        stock = StockStep(config, feed, device)
        stock.loop.take_weights(ours.state)
        batches = [feed.next() for _ in range(8)]
        ready = [(to_model_range(images).contiguous(), z[:, :, None, None]) for images, z in batches]
        mine = Turn(_cycling(ours.learn, batches), amount.steps, device, precision)
        theirs = Turn(_cycling(stock.loop.step, ready), amount.steps, device)
        timed = in_turn(mine, theirs, amount.pairs)
    floor = measure_floor(config, device, precision, tiny=not is_cuda)
    return Speed(
        f"{precision} {_way(ours.captured)}, {kernels}",
        "step, data there",
        timed.ratios,
        setup.batch_size / timed.our_seconds,
        setup.batch_size / timed.their_seconds,
        floor,
        floor.seconds / timed.our_seconds,
    )


def measure_loops(
    setup: Setup, pictures: PictureSet, device: torch.device, workers: int, *, resident: bool, amount: Amount
) -> Speed:
    """Measure whole loops, pictures included: ours as a run in bfloat16, the published one with its DataLoader."""
    precision = "bfloat16" if device.type == "cuda" else "float32"
    share, feeding.RESIDENT_SHARE = feeding.RESIDENT_SHARE, feeding.RESIDENT_SHARE if resident else 0.0
    try:
        ours = RunSteps(setup.config, pictures, device, precision, captured=True, kernels=best_kernels(device))
    finally:
        feeding.RESIDENT_SHARE = share
    theirs = LoaderSteps(setup.config, pictures.images[: len(pictures.train)], device, workers)
    try:
        with own_stream(device):
            mine = Turn(ours, amount.steps, device, precision)
            timed = in_turn(mine, Turn(theirs, amount.steps, device), amount.pairs)
    finally:
        theirs.close()
    return Speed(
        f"run, {'resident' if resident else 'fetched'}, {precision} {_way(ours.captured)}",
        f"DataLoader, {workers} workers",
        timed.ratios,
        setup.batch_size / timed.our_seconds,
        setup.batch_size / timed.their_seconds,
    )


def _way(step: CapturedStep) -> str:
    """Name how the steps were done."""
    if step.is_replaying:
        return "captured"
    return "eager" if step.take_refusal() is None else "capture refused"


def _cycling(step: Callable[[Tensor, Tensor], object], batches: list[tuple[Tensor, Tensor]]) -> Callable[[], object]:
    """Return a step that cycles through the batches."""

    def do() -> object:
        batches.append(batches.pop(0))
        return step(*batches[-1])

    return do
