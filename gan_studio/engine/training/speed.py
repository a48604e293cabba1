"""Measure how fast this machine trains, with a few passes of small networks, before the first run."""

import time

import numpy as np
import torch
from torch import Tensor

from gan_studio.engine.config.schema import RunConfig, with_values
from gan_studio.engine.data.pixels import to_model_range
from gan_studio.engine.data.source import ShouldStop
from gan_studio.engine.latent import draw_z
from gan_studio.engine.machine.decision import decide_execution
from gan_studio.engine.machine.devices import prepare_thread
from gan_studio.engine.models.estimates import speed_of
from gan_studio.engine.models.networks import Discriminator, Generator, build_networks
from gan_studio.engine.step.losses import discriminator_loss_fake, discriminator_loss_real, generator_loss

ON_CPU = with_values(RunConfig(), {"model.width": 24, "training.batch_size": 32})
ON_CUDA = with_values(RunConfig(), {"data.image_size": 64, "data.channels": 3})
"""Small enough to finish at once, large enough to keep the device busy."""

WARM_UP_STEPS, STEPS = 1, 3
NICENESS = 19


def measure_speed(should_stop: ShouldStop) -> float | None:
    """Run the passes of a few steps, on noise and at the lowest priority.

    Adam is left out, as in `estimates.step_operations`: its first use loads 150 MB of libraries.
    Call it in a thread of its own.

    Args:
        should_stop: called before every step; True ends the measurement.

    Returns:
        Multiply-adds per second of the fastest step, as `estimates.speed_of` counts them; None if stopped.
    """
    execution = decide_execution(ON_CPU)
    on_cpu = execution.device == "cpu"
    config = ON_CPU if on_cpu else ON_CUDA
    prepare_thread(execution.threads, NICENESS)
    device = torch.device(execution.device)
    networks = build_networks(config, device)
    real, z = _batch(config, device)
    # On the CPU, this thread's own time: other busy programs must not make the machine look slow for ever.
    clock = time.thread_time if on_cpu else time.perf_counter
    seconds = []
    for _ in range(WARM_UP_STEPS + STEPS):
        if should_stop():
            return None
        begun = clock()
        with torch.autocast(device.type, torch.bfloat16, enabled=execution.precision == "bfloat16"):
            _step(*networks, real, z)
        seconds.append(clock() - begun)
    return speed_of(config, config.training.batch_size / min(seconds[WARM_UP_STEPS:]))


def _batch(config: RunConfig, device: torch.device) -> tuple[Tensor, Tensor]:
    """Draw noise pictures, float32 [N, C, S, S], and z, float32 [N, latent_dim]."""
    source, count, side = np.random.default_rng(0), config.training.batch_size, config.data.image_size
    images = source.integers(0, 256, (count, config.data.channels, side, side), np.uint8)
    z = draw_z(source, (count, config.model.latent_dim), config.model.prior)
    return to_model_range(torch.from_numpy(images).to(device)), torch.from_numpy(z).to(device)


def _step(generator: Generator, discriminator: Discriminator, real: Tensor, z: Tensor) -> None:
    """Do all passes of a training step without the updates, and wait for the device."""
    for network in (generator, discriminator):
        network.zero_grad(set_to_none=True)
    fake = generator(z, None)

    # Gradients of D.
    discriminator.requires_grad_(True)
    for loss in (
        discriminator_loss_real(discriminator(real, None).float(), ON_CPU.training.loss),
        discriminator_loss_fake(discriminator(fake.detach(), None).float(), ON_CPU.training.loss),
    ):
        loss.backward()  # type: ignore[no-untyped-call]

    # Gradients of G.
    discriminator.requires_grad_(False)
    loss = generator_loss(discriminator(fake, None).float(), ON_CPU.training.loss)
    loss.backward()  # type: ignore[no-untyped-call]
    loss.item()
