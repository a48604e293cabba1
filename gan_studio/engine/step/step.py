"""One step of a GAN: D learns from one or more batches, then G learns once (Goodfellow et al. 2014, algorithm 1)."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn.utils import get_total_norm

from gan_studio.engine.data.feed import RealBatch
from gan_studio.engine.data.pixels import to_model_range
from gan_studio.engine.kernels.casting import in_bfloat16
from gan_studio.engine.models.spectral import spectral_norms
from gan_studio.engine.step.augment import augment
from gan_studio.engine.step.losses import (
    PROBABILITY_LOSSES,
    Loss,
    discriminator_loss_fake,
    discriminator_loss_real,
    generator_loss,
    gradient_penalty,
    r1_penalty,
)
from gan_studio.engine.step.noise import Noise
from gan_studio.engine.step.state import TrainingState
from gan_studio.engine.step.values import StepStructure, StepValues


@dataclass(frozen=True)
class StepSettings:
    """What stays the same in every step of a run.

    Attributes:
        loss: what the networks minimise.
        precision: as in Execution; "bfloat16" means autocast.
    """

    loss: Loss
    precision: str


class StepPlan(NamedTuple):
    """What the live settings ask of a step: its operations and its numbers."""

    structure: StepStructure
    values: StepValues


def compute_step(
    state: TrainingState,
    batches: Sequence[RealBatch],
    z: Sequence[Tensor],
    noise: Noise,
    settings: StepSettings,
    plan: StepPlan,
) -> list[Tensor]:
    """Do the device's part of a step. It never waits for the device, so that it can be captured.

    If a loss or a gradient is not finite, this update and every later one does nothing (soundness.py). In the last D
    step the generator draws only once: D learns from real pictures and these fakes, then G learns from the updated D's
    output on the same fakes. Fakes have the classes of the real pictures in their batch.

    Args:
        state: its tensors are changed in place; nothing is counted.
        batches: real pictures of each D step.
        z: float32 [N, latent_dim] of each D step, on the same device.
        noise: all other random numbers.
        settings: loss and precision.
        plan: which operations the step has, and its numbers.

    Returns:
        One scalar tensor for each of events.METRIC_COLUMNS, still on the device.
    """
    step = _Step(state, noise, settings, plan)
    state.optimizer_d.learning_rate = plan.values.learning_rate_d
    state.optimizer_g.learning_rate = plan.values.learning_rate_g
    state.soundness.begin_step()
    earlier_faults = torch.zeros((), device=z[0].device)
    for batch, latent in zip(batches[:-1], z[:-1], strict=True):
        with torch.no_grad():
            fake = step.draw(latent, batch.blend)
        loss_d, _, _, norm_d = _update_discriminator(step, batch, fake)
        earlier_faults = earlier_faults + 0 * (loss_d + norm_d)  # NaN where one of them was not finite
    batch = batches[-1]
    with torch.set_grad_enabled(plan.structure.trains_g):
        fake = step.draw(z[-1], batch.blend)
    loss_d, real_logits, fake_logits, norm_d = _update_discriminator(step, batch, fake)
    loss_g, fake_logits_after, norm_g = _update_generator(step, batch, fake)
    state.soundness.end_step()
    beliefs = (_belief(logits, settings.loss) for logits in (real_logits, fake_logits, fake_logits_after))
    return [loss_d + earlier_faults, loss_g, *beliefs, norm_d, norm_g]


def count_step(state: TrainingState, batches: Sequence[RealBatch]) -> None:
    """Count a computed step, and update the EMA generator."""
    seen = sum(len(batch.images) for batch in batches)
    state.step += 1
    state.pictures_seen += seen
    state.update_ema(seen)


class _Step:
    """One step in progress: G's pictures, and D's logits of pictures with instance noise and augmentation."""

    def __init__(self, state: TrainingState, noise: Noise, settings: StepSettings, plan: StepPlan) -> None:
        self.state, self.noise, self.loss = state, noise, settings.loss
        self.structure, self.values = plan
        self.smoothing = self.values.label_smoothing if self.structure.has_label_smoothing else None
        self.autocast = _autocast(settings.precision, next(state.generator.parameters()).device)
        self._casts = settings.precision == "bfloat16"
        self._judging_weights: dict[str, Tensor] = {}
        self._twice = self.structure.has_r1 or self.structure.has_gradient_penalty
        is_plain = not self._twice and next(spectral_norms(state.discriminator), None) is None
        self.judges_at_once = is_plain and state.discriminator.fused is not None

    def draw(self, z: Tensor, blend: Tensor | None) -> Tensor:
        """Return G's pictures of z [N, latent_dim]: float [N, C, H, W]."""
        weights = in_bfloat16(self.state.generator) if self._casts else {}
        with self.autocast:
            return _run(self.state.generator, weights, z, blend)

    def cast_judge(self) -> None:
        """Cast D's weights, where the step is in bfloat16: once for all that D judges until its next update."""
        if self._casts:
            self._judging_weights = in_bfloat16(self.state.discriminator)

    def judge(self, images: Tensor, blend: Tensor | None) -> Tensor:
        """Return D's logits [N] of pictures, float [N, C, H, W]."""
        images = self._varied(images)
        with self.autocast:
            return self._judged(images, blend, twice=self._twice)

    def judge_both(self, real: Tensor, fake: Tensor, blend: Tensor | None) -> tuple[Tensor, Tensor]:
        """Return D's logits of N real and N generated pictures, in one pass; batch norm sees each half alone."""
        images = torch.cat([self._varied(real), self._varied(fake)])
        blends = None if blend is None else torch.cat([blend, blend])
        with self.autocast:
            real_logits, fake_logits = self._judged(images, blends, batches=2).chunk(2)
        return real_logits, fake_logits

    def _varied(self, images: Tensor) -> Tensor:
        if self.structure.has_instance_noise:
            # The noise comes first: a scalar tensor that comes first would be rounded to bfloat16 before the product.
            images = images + self.noise.like(images) * self.values.instance_noise
        if self.structure.policy:
            images = augment(images, self.noise.augmentation(len(images)), self.structure.policy)
        return images

    def _judged(self, *given: Tensor | None, **how: object) -> Tensor:
        return _run(self.state.discriminator, self._judging_weights, *given, **how).float()


def _run(network: nn.Module, weights: dict[str, Tensor], *given: Tensor | None, **how: object) -> Tensor:
    """Run a network with these weights, by parameter name, instead of its own."""
    result: Tensor = functional_call(network, weights, given, how) if weights else network(*given, **how)
    return result


def _update_discriminator(step: _Step, batch: RealBatch, fake: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Update discriminator. Returns its loss, the logits of real and generated pictures, and its gradient norm."""
    discriminator, optimizer = step.state.discriminator, step.state.optimizer_d
    trains_d = step.structure.trains_d
    discriminator.requires_grad_(trains_d)
    step.cast_judge()
    optimizer.zero_grad()
    real = to_model_range(batch.images).requires_grad_(trains_d and step.structure.has_r1)
    with torch.set_grad_enabled(trains_d):
        learn = _learn_at_once if step.judges_at_once else _learn_in_turn
        loss, real_logits, fake_logits = learn(step, batch, real, fake)
    norm = _gradient_norm(discriminator, loss)
    step.state.soundness.admit(optimizer, loss, norm)
    if trains_d:
        optimizer.step()
    return loss, real_logits, fake_logits, norm


def _learn_at_once(step: _Step, batch: RealBatch, real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Compute D's gradients from real and generated pictures in one pass; returns the loss and both logits."""
    real_logits, fake_logits = step.judge_both(real, fake.detach(), batch.blend)
    loss_real = discriminator_loss_real(real_logits, step.loss, step.smoothing)
    loss = loss_real + discriminator_loss_fake(fake_logits, step.loss)
    _backward(loss)
    return loss.detach(), real_logits, fake_logits


def _learn_in_turn(step: _Step, batch: RealBatch, real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Compute D's gradients from real pictures, generated pictures and penalties in turn; returns as _learn_at_once."""
    discriminator, structure, values = step.state.discriminator, step.structure, step.values
    real_logits = step.judge(real, batch.blend)
    loss = discriminator_loss_real(real_logits, step.loss, step.smoothing)
    if real.requires_grad:
        loss = loss + values.r1.to(loss) * r1_penalty(real_logits, real)
    _backward(loss)
    fake_logits = step.judge(fake.detach(), batch.blend)
    loss_fake = discriminator_loss_fake(fake_logits, step.loss)
    _backward(loss_fake)
    loss = loss.detach() + loss_fake.detach()
    if structure.trains_d and structure.has_gradient_penalty:
        mix = step.noise.mix(len(fake))

        def judge(images: Tensor) -> Tensor:
            logits: Tensor = discriminator(images, batch.blend, twice=True)
            return logits

        penalty = gradient_penalty(judge, real, fake.float(), mix)
        penalty = values.gradient_penalty.to(penalty) * penalty
        _backward(penalty)
        loss = loss + penalty.detach()
    return loss, real_logits, fake_logits


def _update_generator(step: _Step, batch: RealBatch, fake: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Update generator, without gradients of D's weights. Returns its loss, D's logits and its gradient norm."""
    state = step.state
    state.discriminator.requires_grad_(False)
    step.cast_judge()
    state.optimizer_g.zero_grad()
    with torch.set_grad_enabled(fake.requires_grad):
        logits = step.judge(fake, batch.blend)
        loss = generator_loss(logits, step.loss)
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
    """Average D's output: the probability, or the raw score under losses without one."""
    logits = logits.detach()
    return (logits.sigmoid() if loss in PROBABILITY_LOSSES else logits).mean()


def _gradient_norm(network: torch.nn.Module, like: Tensor) -> Tensor:
    gradients = [parameter.grad for parameter in network.parameters() if parameter.grad is not None]
    return get_total_norm(gradients) if gradients else torch.zeros_like(like)


def _autocast(precision: str, device: torch.device) -> AbstractContextManager[object]:
    """Return autocast to bfloat16 or nothing. Cast weights are not cached: a CUDA graph would read stale ones."""
    if precision == "bfloat16":
        return torch.autocast(device.type, torch.bfloat16, cache_enabled=False)
    return nullcontext()
