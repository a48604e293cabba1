"""What a step costs, estimated from the shapes of the layers alone: multiply-adds and memory."""

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.models.plan import LayerPlan, discriminator_plan, generator_plan, parameter_count

SHEET_CELLS = 64
"""Samples of a sheet, in a run without classes."""


def step_operations(config: RunConfig, classes: int = 0) -> int:
    """Estimate the multiply-adds that one step needs for one picture of its batch.

    Each D step passes D forward twice (real and fake), for the gradients of its weights twice and for those of its
    inputs twice, after G drew the fakes. G's step then passes D once forward and once back to the picture, and G once
    for its weights and once for its inputs. A gradient penalty differentiates D twice: six more passes of D each.
    Norms, activations, Adam and the average are left out.
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
    """Return multiply-adds a second of a run that shows D so many real pictures a second."""
    return step_operations(config, classes) * images_per_second / config.training.d_steps


def step_seconds(config: RunConfig, speed: float, classes: int = 0) -> float:
    """Estimate how long a step takes at a speed in multiply-adds a second; small networks reach less of it."""
    return config.training.batch_size * step_operations(config, classes) / speed


def first_sheet_seconds(config: RunConfig, speed: float, classes: int = 0) -> float:
    """Estimate the time to the sheet of step 1: that of step 0, a step, and the sheet after it."""
    forward = sum(layer.multiply_adds for layer in generator_plan(config, classes))
    return step_seconds(config, speed, classes) + 2 * SHEET_CELLS * forward / speed


def estimated_memory(config: RunConfig, classes: int = 0, *, on_card: bool = False) -> int:
    """Estimate the bytes of the tensors that training holds at its height.

    Counted: weights, gradients and both moments of Adam of either network, the average of G, and for one batch what G
    and D keep until their gradients are known (three times D's with a gradient penalty), with the gradient of the
    largest map. The libraries themselves, their buffers and the pictures of the data set are not.

    Args:
        config: the set-up.
        classes: of a class-conditional run.
        on_card: whether a graphics card trains, which by itself chooses half as many bytes for what is kept.
    """
    generator, discriminator = generator_plan(config, classes), discriminator_plan(config, classes)
    numbers = 5 * parameter_count(generator) + 4 * parameter_count(discriminator)
    penalised = config.training.gradient_penalty > 0 or config.training.r1 > 0
    kept_d = sum(map(_kept, discriminator)) * (3 if penalised else 1)
    largest = max(layer.outputs for layer in (*generator, *discriminator))
    activations = sum(map(_kept, generator)) + kept_d + discriminator[0].inputs + 2 * largest
    is_halved = config.precision == "bfloat16" or (on_card and config.precision == "auto")
    return 4 * numbers + (2 if is_halved else 4) * activations * config.training.batch_size


def _kept(layer: LayerPlan) -> int:
    """Count the numbers of one picture kept for the gradient: before and after each norm; activations are in place."""
    copies = {"batch": 2, "conditional": 3}.get(layer.norm, 1)
    return copies * layer.outputs
