"""Estimate the least time of a step on a device: its operations and bytes at the device's measured rates."""

from collections.abc import Callable
from dataclasses import dataclass

import torch

from gan_studio.bench.matrix_product import now
from gan_studio.bench.steps import step_operations
from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.machine.training_device import arithmetic
from gan_studio.engine.models.plan import LayerPlan, discriminator_plan, generator_plan, parameter_count

WEIGHT_PASSES_D, WEIGHT_PASSES_G = 13, 14
"""How often a step moves each weight or a number that belongs to it.

D, 13: the weight is read by two passes forward and two back, because real and generated pictures can be judged at once
(4); its gradient is written, and read for the norm (2); Adam reads weight, gradient and two moments and writes three of
them (7). G, 14: read once forward and once back (2), its gradient written and read for the norm (2), Adam (7), and the
EMA reads two numbers and writes one (3).
"""


@dataclass(frozen=True)
class Floor:
    """The least time of a step, and what it was computed from.

    Attributes:
        operations: floating-point operations of a step, as steps.step_operations counts them.
        bytes: bytes that a step moves, as step_bytes counts them.
        peak: best measured rate of a matrix product at the same precision, in operations a second.
        bandwidth: best measured rate of a copy within the device, in bytes read and written a second.
    """

    operations: float
    bytes: float
    peak: float
    bandwidth: float

    @property
    def seconds(self) -> float:
        """Seconds: the larger of both times, because arithmetic and memory traffic can overlap."""
        return max(self.operations / self.peak, self.bytes / self.bandwidth)

    @property
    def bound(self) -> str:
        """Which of the two is larger: "operations" or "bytes"."""
        return "operations" if self.operations / self.peak > self.bytes / self.bandwidth else "bytes"


def measure_floor(config: RunConfig, device: torch.device, precision: str, *, tiny: bool) -> Floor:
    """Measure a device's rates at a precision; `tiny` does little work, to show that the program runs."""
    peak = _product_rate(device, precision, 256 if tiny else 8192)
    bandwidth = _bandwidth(device, 2**20 if tiny else 2**30)
    return Floor(step_operations(config), step_bytes(config, 2 if precision == "bfloat16" else 4), peak, bandwidth)


def step_bytes(config: RunConfig, size: int) -> float:
    """Count the bytes that a step must move between the device's memory and its cores.

    Assumptions: every map is as large as its layer's output, and no map stays in a cache. Work that can be done while a
    map passes through is free: activations and their gradients, and the sums of a norm while its input is written.

    Forward, a map is written and read once. A norm must know all of its input first, so it writes and reads the map
    once more. Backward, the map's gradient is written and read once. A norm reads its input and the gradient and writes
    another gradient, which is read. A layer whose weights learn reads its input again. D makes three passes forward and
    back (real, fake, and fake after D learned; its weights learn in two of them), G makes one. The pictures are read as
    bytes and written once. Weights move as WEIGHT_PASSES_D and WEIGHT_PASSES_G say.

    Args:
        config: sizes of networks and batch.
        size: bytes of a number in a map; a weight has 4.
    """
    discriminator, generator = discriminator_plan(config), generator_plan(config)
    numbers = 3 * sum(map(_map_passes, discriminator)) + 2 * sum(layer.inputs for layer in discriminator)
    numbers += sum(map(_map_passes, generator)) + sum(layer.inputs for layer in generator)
    pictures = config.data.channels * config.data.image_size**2
    weights = WEIGHT_PASSES_D * parameter_count(discriminator) + WEIGHT_PASSES_G * parameter_count(generator)
    return float(config.training.batch_size * (size * numbers + (1 + size) * pictures) + 4 * weights)


def _map_passes(layer: LayerPlan) -> int:
    """Count the numbers that a layer's output moves for one picture, in one pass forward and back, without weights."""
    forward, back = (4, 2 + 4) if layer.batch_norm else (2, 2)
    return (forward + back) * layer.outputs


def _product_rate(device: torch.device, precision: str, size: int, turns: int = 10) -> float:
    """Measure the best rate of a matrix product, in operations a second."""
    dtype = torch.bfloat16 if precision == "bfloat16" else torch.float32
    left, right = (torch.randn(size, size, device=device, dtype=dtype) for _ in range(2))
    with arithmetic(device, precision):
        seconds = min(_seconds(lambda: left @ right, device) for _ in range(turns))
    return 2.0 * size**3 / seconds


def _bandwidth(device: torch.device, size: int, turns: int = 10) -> float:
    """Measure the best rate of a copy within a device's memory, in bytes read and written a second."""
    here = torch.zeros(size, dtype=torch.uint8, device=device)
    there = torch.empty_like(here)
    return 2.0 * size / min(_seconds(lambda: there.copy_(here), device) for _ in range(turns))


def _seconds(work: Callable[[], object], device: torch.device) -> float:
    begun = now(device)
    work()
    return now(device) - begun
