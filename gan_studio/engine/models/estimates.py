"""The cost of a training step in multiply-adds and memory, estimated from the shapes of the layers alone."""

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.models.plan import LayerPlan, discriminator_plan, generator_plan, parameter_count

SHEET_CELLS = 64
"""Samples on a sheet of a run without classes."""


def step_operations(config: RunConfig, classes: int = 0) -> int:
    """Estimate the multiply-adds of one training step for one picture of its batch.

    Each D step runs G once to draw the fakes. It runs D on real and on fake pictures: forward, for the gradients of
    its weights, and for the gradients of its inputs. The G step runs D once forward and once back to the picture, and
    G twice: for the gradients of its weights and of its inputs. A gradient penalty differentiates D twice, which adds
    six passes of D. Norms, activations, Adam and the EMA generator are not counted.
    """
    training = config.training
    penalties = (training.gradient_penalty > 0) + (training.r1 > 0)
    forward_g = sum(layer.multiply_adds for layer in generator_plan(config, classes))
    first_g = generator_plan(config, classes)[0].multiply_adds
    plan_d = discriminator_plan(config, classes)
    forward_d, first_d = sum(layer.multiply_adds for layer in plan_d), plan_d[0].multiply_adds
    step_d = 6 * forward_d - 2 * first_d + 6 * penalties * forward_d + forward_g
    step_g = 2 * forward_d + 2 * forward_g - first_g
    return training.d_steps * step_d + step_g


def speed_of(config: RunConfig, images_per_second: float, classes: int = 0) -> float:
    """Return the multiply-adds per second of a run that trains D on `images_per_second` real pictures."""
    return step_operations(config, classes) * images_per_second / config.training.d_steps


def step_seconds(config: RunConfig, speed: float, classes: int = 0) -> float:
    """Estimate the seconds of a step at a speed in multiply-adds per second; a small network reaches less of it."""
    return config.training.batch_size * step_operations(config, classes) / speed


def first_sheet_seconds(config: RunConfig, speed: float, classes: int = 0) -> float:
    """Estimate the seconds until the sample sheet of step 1: the sheet of step 0, one step, and the sheet after it."""
    forward = sum(layer.multiply_adds for layer in generator_plan(config, classes))
    return step_seconds(config, speed, classes) + 2 * SHEET_CELLS * forward / speed


def estimated_memory(config: RunConfig, classes: int = 0, *, on_gpu: bool = False) -> int:
    """Estimate the peak memory of the tensors of a training step, in bytes.

    It counts weights, gradients and both moments of Adam of each network, and the EMA generator. For one batch it
    counts the activations kept for the backward pass (three times those of D with a gradient penalty), and the
    gradient of the largest map. It leaves out the libraries, their buffers and the pictures of the data set.

    Args:
        config: the set-up.
        classes: number of classes of a class-conditional run.
        on_gpu: whether a GPU trains: precision "auto" then keeps activations in 2 bytes instead of 4.
    """
    generator, discriminator = generator_plan(config, classes), discriminator_plan(config, classes)
    numbers = 5 * parameter_count(generator) + 4 * parameter_count(discriminator)
    penalised = config.training.gradient_penalty > 0 or config.training.r1 > 0
    kept_d = sum(map(_kept, discriminator)) * (3 if penalised else 1)
    largest = max(layer.outputs for layer in (*generator, *discriminator))
    activations = sum(map(_kept, generator)) + kept_d + discriminator[0].inputs + 2 * largest
    is_halved = config.precision == "bfloat16" or (on_gpu and config.precision == "auto")
    return 4 * numbers + (2 if is_halved else 4) * activations * config.training.batch_size


def _kept(layer: LayerPlan) -> int:
    """Count the values of one picture that a layer keeps for the backward pass; activations work in place."""
    copies = {"batch": 2, "conditional": 3}.get(layer.norm, 1)
    return copies * layer.outputs
