"""Building both networks of a run with their initial weights."""

import math

import numpy as np
import torch
from torch import Tensor, nn

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.models.discriminator import Discriminator
from gan_studio.engine.models.generator import Generator
from gan_studio.engine.models.norms import ConditionalNorm
from gan_studio.engine.models.spectral import spectral_norms
from gan_studio.engine.randomness import Stream, generator_at

__all__ = ["Discriminator", "Generator", "build_networks", "to_device"]

WEIGHT_STD = 0.02


def build_networks(config: RunConfig, device: torch.device, classes: int = 0) -> tuple[Generator, Discriminator]:
    """Build both networks with their initial weights, which are the same on every device.

    Kernels and class vectors are drawn from N(0, 0.02), scales of batch norm from N(1, 0.02); shifts and biases are 0
    (Radford et al. 2016, section 4, and the published loop). Fully connected layers have no batch norm and are drawn
    from N(0, sqrt(2 / inputs)) (He et al. 2015, arXiv 1502.01852): with N(0, 0.02) a narrow generator collapsed to a
    few digits. The weights come from their own random stream, and are channels last in memory.

    Args:
        config: the set-up.
        device: where the networks are placed.
        classes: number of classes of a class-conditional run, else 0.

    Raises:
        ValueError: there are classes and config.model.conditional is False.
    """
    generator, discriminator = Generator(config, classes), Discriminator(config, classes)
    for position, network in enumerate((generator, discriminator)):
        _draw_weights(network, generator_at(config.seed, Stream.WEIGHTS, position))
        to_device(network, device)
    return generator, discriminator


def to_device(network: nn.Module, device: torch.device) -> None:
    """Move a network to a device, with its weights channels last in memory."""
    network.to(device).to(memory_format=torch.channels_last)


@torch.no_grad()
def _draw_weights(network: nn.Module, source: np.random.Generator) -> None:
    """Draw the weights, then the scales of the norms, then the start vectors of spectral norm, in this order."""
    for name, parameter in network.named_parameters():
        if name.endswith(".bias"):
            parameter.zero_()
        elif parameter.dim() > 1 and not name.endswith((".scale", ".shift")):
            parameter.copy_(_normal(source, parameter).mul_(_deviation(name, parameter)))
    for module in network.modules():
        match module:
            case ConditionalNorm():
                module.scale.copy_(_normal(source, module.scale).mul_(WEIGHT_STD).add_(1))
                module.shift.zero_()
            case nn.BatchNorm2d(affine=True):
                module.weight.copy_(_normal(source, module.weight).mul_(WEIGHT_STD).add_(1))
    for norm, weight in spectral_norms(network):
        norm.start(weight, _normal(source, norm.u))


def _deviation(name: str, weight: Tensor) -> float:
    is_linear = weight.dim() == 2 and name.startswith("layers.")
    return math.sqrt(2 / weight.shape[1]) if is_linear else WEIGHT_STD


def _normal(source: np.random.Generator, like: Tensor) -> Tensor:
    return torch.from_numpy(source.standard_normal(tuple(like.shape), dtype=np.float32))
