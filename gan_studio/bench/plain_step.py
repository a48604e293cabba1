"""The plain step: no capture, no replay. Tests and benchmarks compare the captured step with it, bit for bit."""

from collections.abc import Sequence

from torch import Tensor

from gan_studio.engine.data.feed import RealBatch
from gan_studio.engine.step.noise import Noise
from gan_studio.engine.step.state import TrainingState
from gan_studio.engine.step.step import StepPlan, StepSettings, compute_step, count_step
from gan_studio.engine.step.values import ValueBuffer, structure_of


def train_step(
    state: TrainingState, batches: Sequence[RealBatch], z: Sequence[Tensor], noise: Noise, settings: StepSettings
) -> list[Tensor]:
    """Do one step and count it.

    Args:
        state: changed in place.
        batches: real pictures of each D step.
        z: float32 [N, latent_dim] of each D step, on the same device.
        noise: all other random numbers.
        settings: loss and precision.

    Returns:
        One scalar tensor for each of events.METRIC_COLUMNS, still on the device.
    """
    numbers = ValueBuffer(z[0].device)
    numbers.fill(state)
    scalars = compute_step(state, batches, z, noise, settings, StepPlan(structure_of(state), numbers.values))
    count_step(state, batches)
    return scalars
