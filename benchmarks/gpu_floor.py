"""The least time that a step can take on a device: its operations and its bytes, at the device's own measured rates."""

from collections.abc import Callable
from dataclasses import dataclass

import torch

from gan_studio.bench.matrix_product import now
from gan_studio.bench.steps import step_operations
from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.machine.training_device import arithmetic
from gan_studio.engine.models.plan import LayerPlan, discriminator_plan, generator_plan, parameter_count

WEIGHT_PASSES_D, WEIGHT_PASSES_G = 13, 14
"""How often each weight, or a number that belongs to it, is moved in a step. D: read by two passes forward and two
back, as real and generated pictures can be judged at once; its gradient written, and read for the norm; Adam reads
weight, gradient and two moments and writes three of them. G: read once forward and once back, its gradient written and
read for the norm, seven by Adam, and the average reads two and writes one."""


@dataclass(frozen=True)
class Floor:
    """The least seconds of a step.

    Attributes:
        operations: floating-point operations, as steps.step_operations counts them.
        bytes: as step_bytes counts them.
        peak: best measured operations a second of a matrix product at the same precision.
        bandwidth: best measured bytes a second of a copy within the device, read and written.
    """

    operations: float
    bytes: float
    peak: float
    bandwidth: float

    @property
    def seconds(self) -> float:
        """The larger of the two: both could go on at once."""
        return max(self.operations / self.peak, self.bytes / self.bandwidth)

    @property
    def bound(self) -> str:
        """Name what decides it."""
        return "operations" if self.operations / self.peak > self.bytes / self.bandwidth else "bytes"


def measure_floor(config: RunConfig, device: torch.device, precision: str, *, tiny: bool) -> Floor:
    """Measure a device's rates at a precision; tiny: with little work, to show that it runs."""
    peak = _product_rate(device, precision, 256 if tiny else 8192)
    bandwidth = _bandwidth(device, 2**20 if tiny else 2**30)
    return Floor(step_operations(config), step_bytes(config, 2 if precision == "bfloat16" else 4), peak, bandwidth)


def step_bytes(config: RunConfig, size: int) -> float:
    """Count the bytes that a step must move between the device's memory and its cores.

    Assumed: every map is as large as its layer's output, no map stays in a cache, and whatever can be done while a map
    passes through is free: activations and their gradients, and the sums of a norm while its input is written.
    Then a map is written and read once forward, and a norm, which must know all of its input first, writes
    and reads it once more. Back, its gradient is written and read once; the norm reads its input and the gradient and
    writes another, which is read; and a layer whose weights learn reads its input again. D passes three times forward
    and back (real, fake, fake after it learned; the weights learn in two of them) and G once. The pictures are read as
    bytes and written once. Weights move as WEIGHT_PASSES_D and WEIGHT_PASSES_G say.

    Args:
        config: sizes of networks and batch.
        size: bytes of a number in a map; weights have 4.
    """
    discriminator, generator = discriminator_plan(config), generator_plan(config)
    numbers = 3 * sum(map(_map_passes, discriminator)) + 2 * sum(layer.inputs for layer in discriminator)
    numbers += sum(map(_map_passes, generator)) + sum(layer.inputs for layer in generator)
    pictures = config.data.channels * config.data.image_size**2
    weights = WEIGHT_PASSES_D * parameter_count(discriminator) + WEIGHT_PASSES_G * parameter_count(generator)
    return float(config.training.batch_size * (size * numbers + (1 + size) * pictures) + 4 * weights)


def _map_passes(layer: LayerPlan) -> int:
    """Count how many numbers of one picture a layer's output moves in one pass forward and back, weights left out."""
    forward, back = (4, 2 + 4) if layer.batch_norm else (2, 2)
    return (forward + back) * layer.outputs


def _product_rate(device: torch.device, precision: str, size: int, turns: int = 10) -> float:
    """Measure the best rate of a matrix product, operations a second."""
    dtype = torch.bfloat16 if precision == "bfloat16" else torch.float32
    left, right = (torch.randn(size, size, device=device, dtype=dtype) for _ in range(2))
    with arithmetic(device, precision):
        seconds = min(_seconds(lambda: left @ right, device) for _ in range(turns))
    return 2.0 * size**3 / seconds


def _bandwidth(device: torch.device, size: int, turns: int = 10) -> float:
    """Measure the best rate at which a device copies within its memory: bytes read and written a second."""
    here = torch.zeros(size, dtype=torch.uint8, device=device)
    there = torch.empty_like(here)
    return 2.0 * size / min(_seconds(lambda: there.copy_(here), device) for _ in range(turns))


def _seconds(work: Callable[[], object], device: torch.device) -> float:
    begun = now(device)
    work()
    return now(device) - begun
