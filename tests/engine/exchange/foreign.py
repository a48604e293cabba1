"""DCGANs of other programs: networks of the published pattern in torch's own layers, in any size."""

import torch
from torch import Tensor, nn


def foreign_generator(
    widths: tuple[int, ...] = (8, 4, 2, 1),
    latent_dim: int = 6,
    channels: int = 3,
    *,
    first_kernel: int = 4,
    bias: bool = False,
    spectral: bool = False,
) -> nn.Sequential:
    """Build a generator as github.com/pytorch/examples, dcgan/main.py does; `widths` go from z to the picture.

    Its running statistics, scales, shifts and biases are those of a network that has been trained.
    """
    layers: list[nn.Module] = []
    for place, (before, after) in enumerate(zip((latent_dim, *widths), widths, strict=False)):
        kernel, stride, padding = (4, 2, 1) if place else (first_kernel, 1, 0)
        layer = nn.ConvTranspose2d(before, after, kernel, stride, padding, bias=bias)
        layers += [_normalised(layer, spectral), nn.BatchNorm2d(after), nn.ReLU(inplace=True)]
    last = nn.ConvTranspose2d(widths[-1], channels, 4, 2, 1, bias=bias)
    network = nn.Sequential(*layers, _normalised(last, spectral), nn.Tanh())
    return _as_trained(network, torch.randn(8, latent_dim, 1, 1))


def foreign_discriminator(
    widths: tuple[int, ...] = (1, 2, 4, 8),
    channels: int = 3,
    *,
    last_kernel: int = 4,
    bias: bool = False,
    norm: bool = True,
    spectral: bool = False,
) -> nn.Sequential:
    """Build its discriminator, without the sigmoid; `widths` go from the picture to the logit."""
    layers: list[nn.Module] = []
    for before, after in zip((channels, *widths), widths, strict=False):
        layers.append(_normalised(nn.Conv2d(before, after, 4, 2, 1, bias=bias), spectral))
        if norm and len(layers) > 1:
            layers.append(nn.BatchNorm2d(after))
        layers.append(nn.LeakyReLU(0.2))
    last = _normalised(nn.Conv2d(widths[-1], 1, last_kernel, 1, 0, bias=bias), spectral)
    size = last_kernel * 2 ** len(widths)
    return _as_trained(nn.Sequential(*layers, last), torch.rand(8, channels, size, size) * 2 - 1)


def _normalised(layer: nn.Module, spectral: bool) -> nn.Module:
    return nn.utils.parametrizations.spectral_norm(layer) if spectral else layer


def _as_trained(network: nn.Sequential, inputs: Tensor) -> nn.Sequential:
    for name, parameter in network.named_parameters():
        if parameter.dim() == 1:
            nn.init.normal_(parameter, float(name.endswith("weight")), 0.5)
    with torch.no_grad():
        for _ in range(3):
            network(inputs)
    return network.eval()


def named(prefix: str, network: nn.Module) -> dict[str, Tensor]:
    """Return the tensors of a network as a program saves them below a prefix."""
    return {f"{prefix}{name}": tensor.clone() for name, tensor in network.state_dict().items()}
