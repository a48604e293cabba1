"""StepNoise: all random numbers of one step, from streams keyed by the step number, in a fixed order."""

from typing import Protocol

import torch
from torch import Tensor

from gan_studio.engine.latent import Prior, draw_z
from gan_studio.engine.machine.to_device import to_device
from gan_studio.engine.randomness import Stream, device_seed, generator_at
from gan_studio.engine.step.augment import DRAWS


class Noise(Protocol):
    """The random numbers that a step draws while it runs, always in the same order."""

    def augmentation(self, count: int) -> Tensor:
        """Draw the random numbers of DiffAugment for `count` pictures: float32 [DRAWS, count], 0 to 1."""

    def mix(self, count: int) -> Tensor:
        """Draw mixing weights between real and generated pictures: float32 [count], 0 to 1."""

    def like(self, images: Tensor) -> Tensor:
        """Draw N(0, 1) in the shape of `images`."""


class StepNoise:
    """The noise of step `step`: the same whenever the step is repeated with the same live settings."""

    def __init__(self, seed: int, step: int, device: torch.device) -> None:
        self._seed, self._step, self._device = seed, step, device
        self._augmentation = generator_at(seed, Stream.AUGMENTATION, step)
        self._mix = generator_at(seed, Stream.PENALTY_MIX, step)
        self._pixels: torch.Generator | None = None

    def z(self, count: int, batch_size: int, latent_dim: int, prior: Prior) -> tuple[Tensor, ...]:
        """Draw z for `count` batches: float32 [batch_size, latent_dim] each."""
        shape = (count * batch_size, latent_dim)
        if self._device.type == "cpu":
            drawn = torch.from_numpy(draw_z(generator_at(self._seed, Stream.TRAINING_Z, self._step), shape, prior))
        else:
            drawn = self._z_on_device(shape, prior)
        return torch.split(drawn, batch_size)

    def augmentation(self, count: int) -> Tensor:
        """Draw the random numbers of DiffAugment for `count` pictures: float32 [DRAWS, count], 0 to 1."""
        return to_device(torch.from_numpy(self._augmentation.random((DRAWS, count), dtype="float32")), self._device)

    def mix(self, count: int) -> Tensor:
        """Draw mixing weights between real and generated pictures: float32 [count], 0 to 1."""
        return to_device(torch.from_numpy(self._mix.random(count, dtype="float32")), self._device)

    def like(self, images: Tensor) -> Tensor:
        """Draw N(0, 1) in the shape of `images`."""
        if self._pixels is None:
            seed = device_seed(self._seed, Stream.INSTANCE_NOISE, self._step)
            self._pixels = torch.Generator(self._device).manual_seed(seed)
        drawn = torch.empty_like(images, memory_format=torch.preserve_format, requires_grad=False)
        return drawn.normal_(generator=self._pixels)

    def _z_on_device(self, shape: tuple[int, int], prior: Prior) -> Tensor:
        source = torch.Generator(self._device)
        source.manual_seed(device_seed(self._seed, Stream.TRAINING_Z, self._step))
        if prior == "uniform":
            return torch.rand(shape, generator=source, device=self._device).mul_(2).sub_(1)
        drawn = torch.randn(shape, generator=source, device=self._device)
        if prior == "sphere":
            drawn.mul_(shape[1] ** 0.5 / drawn.norm(dim=1, keepdim=True).clamp_(min=1e-12))
        return drawn
