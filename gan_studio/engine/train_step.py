"""One step of a DCGAN: both networks learn from one batch (the loop of Goodfellow et al. 2014, algorithm 1, k = 1)."""

from contextlib import AbstractContextManager, nullcontext

import torch
from torch import Tensor
from torch.nn.utils import get_total_norm

from gan_studio.engine.losses import Loss, discriminator_loss_fake, discriminator_loss_real, generator_loss
from gan_studio.engine.pixels import to_model_range
from gan_studio.engine.training_state import TrainingState


def train_step(state: TrainingState, images: Tensor, z: Tensor, loss: Loss, precision: str) -> list[Tensor]:
    """Do one step and count it.

    The generator draws once: D learns from real pictures and these fakes, then G learns from D's new opinion of
    the same fakes.

    Args:
        state: changed in place.
        images: uint8 [N, C, H, W], real pictures.
        z: float32 [N, latent_dim] on the same device.
        loss: what G minimises.
        precision: "float32" or "bfloat16" (autocast).

    Returns:
        One scalar tensor a column of events.METRIC_COLUMNS, still on the device.
    """
    generator, discriminator = state.generator, state.discriminator
    autocast = _autocast(precision, images.device)

    # Update discriminator.
    discriminator.requires_grad_(True)
    state.optimizer_d.zero_grad(set_to_none=True)
    with autocast:
        fake = generator(z)
        real_logits = discriminator(to_model_range(images))
    loss_real = discriminator_loss_real(real_logits.float())
    loss_real.backward()  # type: ignore[no-untyped-call]
    with autocast:
        fake_logits = discriminator(fake.detach())
    loss_fake = discriminator_loss_fake(fake_logits.float())
    loss_fake.backward()  # type: ignore[no-untyped-call]
    norm_d = _gradient_norm(discriminator)
    state.optimizer_d.step()

    # Update generator; D's own weights need no gradient here.
    discriminator.requires_grad_(False)
    state.optimizer_g.zero_grad(set_to_none=True)
    with autocast:
        fake_logits_after = discriminator(fake)
    loss_g = generator_loss(fake_logits_after.float(), loss)
    loss_g.backward()  # type: ignore[no-untyped-call]
    norm_g = _gradient_norm(generator)
    state.optimizer_g.step()

    # Count the step and move the average.
    state.step += 1
    state.pictures_seen += len(images)
    state.update_ema(len(images))
    beliefs = (real_logits, fake_logits, fake_logits_after)
    return [
        (loss_real + loss_fake).detach(),
        loss_g.detach(),
        *(logits.detach().float().sigmoid().mean() for logits in beliefs),
        norm_d,
        norm_g,
    ]


def _gradient_norm(network: torch.nn.Module) -> Tensor:
    return get_total_norm([parameter.grad for parameter in network.parameters() if parameter.grad is not None])


def _autocast(precision: str, device: torch.device) -> AbstractContextManager[object]:
    if precision == "bfloat16":
        return torch.autocast(device.type, torch.bfloat16)
    return nullcontext()
