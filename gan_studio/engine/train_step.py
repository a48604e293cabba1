"""One step of a GAN: D learns from one or more batches, then G learns once (Goodfellow et al. 2014, algorithm 1)."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.utils import get_total_norm

from gan_studio.engine.augment import Policy, augment
from gan_studio.engine.feed import RealBatch
from gan_studio.engine.losses import (
    PROBABILITY_LOSSES,
    Loss,
    discriminator_loss_fake,
    discriminator_loss_real,
    generator_loss,
    gradient_penalty,
    r1_penalty,
)
from gan_studio.engine.pixels import to_model_range
from gan_studio.engine.step_noise import StepNoise
from gan_studio.engine.training_state import TrainingState


@dataclass(frozen=True)
class StepSettings:
    """What a step does, apart from the knobs.

    Attributes:
        loss: what the networks minimise.
        precision: "float32" or "bfloat16" (autocast).
    """

    loss: Loss
    precision: str


def train_step(
    state: TrainingState, batches: Sequence[RealBatch], z: Sequence[Tensor], noise: StepNoise, settings: StepSettings
) -> list[Tensor]:
    """Do one step and count it.

    Where a loss or a gradient is not finite, this and every later update is left undone (soundness.py). In the last D
    step the generator draws once for both: D learns from real pictures and these fakes, then G learns
    from D's new opinion of the same fakes. Fakes take their classes from the real pictures beside them.

    Args:
        state: changed in place.
        batches: real pictures of each D step.
        z: float32 [N, latent_dim] of each D step, on the same device.
        noise: everything else that is random.
        settings: loss and precision.

    Returns:
        One scalar tensor a column of events.METRIC_COLUMNS, still on the device.
    """
    state.apply_rates()
    state.soundness.begin_step()
    view = _View(state, noise, _autocast(settings.precision, z[0].device))
    earlier_faults = torch.zeros((), device=z[0].device)
    for batch, latent in zip(batches[:-1], z[:-1], strict=True):
        with torch.no_grad(), view.autocast:
            fake = state.generator(latent, batch.blend)
        loss_d, _, _, norm_d = _update_discriminator(state, view, batch, fake, noise, settings)
        earlier_faults = earlier_faults + 0 * (loss_d + norm_d)  # NaN where one of them was not finite
    batch, is_g_trained = batches[-1], bool(state.knobs["train_g"])
    with view.autocast, torch.set_grad_enabled(is_g_trained):
        fake = state.generator(z[-1], batch.blend)
    loss_d, real_logits, fake_logits, norm_d = _update_discriminator(state, view, batch, fake, noise, settings)
    loss_g, fake_logits_after, norm_g = _update_generator(state, view, batch, fake, settings)

    # Count the step and move the average.
    state.soundness.end_step()
    seen = sum(len(batch.images) for batch in batches)
    state.step += 1
    state.pictures_seen += seen
    state.update_ema(seen)
    beliefs = (_belief(logits, settings.loss) for logits in (real_logits, fake_logits, fake_logits_after))
    return [loss_d + earlier_faults, loss_g, *beliefs, norm_d, norm_g]


class _View:
    """What D is shown of pictures: with instance noise and augmentation, as the knobs say."""

    def __init__(self, state: TrainingState, noise: StepNoise, autocast: AbstractContextManager[object]) -> None:
        knobs = state.knobs
        self._noise, self.autocast = noise, autocast
        self._policy = Policy(*(bool(knobs[f"augment_{kind}"]) for kind in ("color", "translation", "cutout")))
        self._deviation = knobs["instance_noise"] * state.faded(knobs["instance_noise_half_life"])
        self._discriminator = state.discriminator

    def judge(self, images: Tensor, blend: Tensor | None) -> Tensor:
        """Show pictures, float [N, C, H, W], to D: logits [N]."""
        if self._deviation > 0:
            images = images + self._deviation * self._noise.like(images)
        if self._policy:
            images = augment(images, self._noise.augmentation(len(images)), self._policy)
        with self.autocast:
            logits: Tensor = self._discriminator(images, blend)
        return logits.float()


def _update_discriminator(
    state: TrainingState, view: _View, batch: RealBatch, fake: Tensor, noise: StepNoise, settings: StepSettings
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Let D learn from one batch; returns its loss, the logits of both halves and the norm of its gradient."""
    discriminator, knobs = state.discriminator, state.knobs
    is_trained = bool(knobs["train_d"])
    discriminator.requires_grad_(is_trained)
    state.optimizer_d.zero_grad(set_to_none=True)
    real = to_model_range(batch.images).requires_grad_(is_trained and knobs["r1"] > 0)
    with torch.set_grad_enabled(is_trained):
        real_logits = view.judge(real, batch.blend)
        loss = discriminator_loss_real(real_logits, settings.loss, knobs["label_smoothing"])
        if real.requires_grad:
            loss = loss + knobs["r1"] * r1_penalty(real_logits, real)
        _backward(loss)
        fake_logits = view.judge(fake.detach(), batch.blend)
        loss_fake = discriminator_loss_fake(fake_logits, settings.loss)
        _backward(loss_fake)
        loss = loss.detach() + loss_fake.detach()
        if is_trained and knobs["gradient_penalty"] > 0:
            mix = noise.mix(len(fake))
            penalty = gradient_penalty(lambda images: discriminator(images, batch.blend), real, fake.float(), mix)
            penalty = knobs["gradient_penalty"] * penalty
            _backward(penalty)
            loss = loss + penalty.detach()
    norm = _gradient_norm(discriminator, loss)
    state.soundness.admit(state.optimizer_d, loss, norm)
    if is_trained:
        state.optimizer_d.step()
    return loss, real_logits, fake_logits, norm


def _update_generator(
    state: TrainingState, view: _View, batch: RealBatch, fake: Tensor, settings: StepSettings
) -> tuple[Tensor, Tensor, Tensor]:
    """Let G learn from D's opinion of its pictures; D's own weights need no gradient here."""
    state.discriminator.requires_grad_(False)
    state.optimizer_g.zero_grad(set_to_none=True)
    with torch.set_grad_enabled(fake.requires_grad):
        logits = view.judge(fake, batch.blend)
        loss = generator_loss(logits, settings.loss)
        _backward(loss)
    norm = _gradient_norm(state.generator, loss)
    state.soundness.admit(state.optimizer_g, loss, norm)
    if fake.requires_grad:
        state.optimizer_g.step()
    return loss.detach(), logits, norm


def _backward(loss: Tensor) -> None:
    if loss.requires_grad:
        loss.backward()  # type: ignore[no-untyped-call]


def _belief(logits: Tensor, loss: Loss) -> Tensor:
    """Average what D says: a probability, or the raw score under losses that have none."""
    logits = logits.detach()
    return (logits.sigmoid() if loss in PROBABILITY_LOSSES else logits).mean()


def _gradient_norm(network: torch.nn.Module, like: Tensor) -> Tensor:
    gradients = [parameter.grad for parameter in network.parameters() if parameter.grad is not None]
    return get_total_norm(gradients) if gradients else torch.zeros_like(like)


def _autocast(precision: str, device: torch.device) -> AbstractContextManager[object]:
    if precision == "bfloat16":
        return torch.autocast(device.type, torch.bfloat16)
    return nullcontext()
