"""Whether precision "auto" means bfloat16 on a CPU: a rule on its instructions and the layers of the networks.

The rule comes from measurements that are written down here, and never from a clock: the same machine and set-up always
decide the same. Loads no torch, because the window states the decision, too.
"""

from typing import NamedTuple

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.models.plan import discriminator_plan, generator_plan

INSTRUCTIONS = ("amx_bf16", "avx512_bf16")
"""The instructions of a CPU that multiply bfloat16, the faster first. Without them bfloat16 is slower than float32."""

LEAST_GAIN = 1.5
"""From this gain on, speed is worth a coarser number format."""


class Gain(NamedTuple):
    """A measured gain.

    Attributes:
        instructions: what the CPU had, one of INSTRUCTIONS.
        intensity: of the set-up that was measured.
        gain: seconds of a step in float32 over those in bfloat16.
    """

    instructions: str
    intensity: float
    gain: float


GAINS = (
    Gain("amx_bf16", 75.6, 1.2),  # quickstart
    Gain("amx_bf16", 110.9, 1.46),  # 32x32x3 width 24 batch 64
    Gain("amx_bf16", 199.2, 2.10),  # 64x64x3 width 32 batch 64
    Gain("amx_bf16", 293.8, 1.83),  # 32x32x3 width 64 batch 64
    Gain("amx_bf16", 403.8, 2.25),  # 64x64x3 width 64 batch 64
    Gain("amx_bf16", 586.4, 2.0),  # wide-cifar10
)
"""Two cores of an Intel Xeon with AMX, torch 2.14.1. `python -m benchmarks.step_variants bfloat16` prints such rows.

No CPU with avx512_bf16 alone has been measured, so "auto" is float32 there.
"""


def intensity(config: RunConfig) -> float:
    """Return the multiply-adds of both networks for each value that goes into or comes out of one of their layers.

    Where it is low, a step waits for memory, and faster multiplication gains little.
    """
    layers = (*generator_plan(config), *discriminator_plan(config))
    return sum(layer.multiply_adds for layer in layers) / sum(layer.inputs + layer.outputs for layer in layers)


def gains(config: RunConfig, instructions: str) -> bool:
    """Tell whether a step in bfloat16 is at least LEAST_GAIN times as fast as one in float32.

    That is so from the lowest measured intensity on from which every measured set-up gained so much. Fully connected
    networks and gradient penalties were not measured.

    Args:
        config: the set-up, with its channels and size decided.
        instructions: what the CPU has, one of INSTRUCTIONS, or "" for none of them.
    """
    training = config.training
    if config.model.architecture != "dcgan" or training.r1 > 0 or training.gradient_penalty > 0:
        return False
    least = _least_intensity(instructions)
    return least is not None and intensity(config) >= least


def stated_precision(config: RunConfig, instructions: str) -> str | None:
    """Return what "auto" means on this CPU where it means something else on another one; None: the same everywhere."""
    if config.precision != "auto" or not any(gains(config, other) for other in INSTRUCTIONS):
        return None
    return "bfloat16" if gains(config, instructions) else "float32"


def rule(instructions: str) -> str:
    """Say in one sentence when "auto" means bfloat16 on a CPU with these instructions."""
    if not instructions:
        return 'precision "auto" is float32, because this CPU has no instructions for bfloat16'
    least = _least_intensity(instructions)
    if least is None:
        return f'precision "auto" is float32, because no CPU whose best instructions are {instructions} was measured'
    return f'precision "auto" is bfloat16 ({instructions}) from {least:.0f} multiply-adds a value on, else float32'


def _least_intensity(instructions: str) -> float | None:
    least = None
    for row in sorted(GAINS, key=lambda row: row.intensity, reverse=True):
        if row.instructions == instructions:
            if row.gain < LEAST_GAIN:
                break
            least = row.intensity
    return least
