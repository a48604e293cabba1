"""Generator and discriminator: the layers of `plan.py` as torch modules, logits out."""

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, conv_transpose2d, leaky_relu, pad, pixel_shuffle, pixel_unshuffle

from gan_studio.engine.config import RunConfig
from gan_studio.engine.models.plan import LayerPlan, discriminator_plan, generator_plan
from gan_studio.engine.randomness import Stream, generator_at

LEAKY_SLOPE = 0.2
WEIGHT_STD = 0.02


class PixelToMap(nn.Module):
    """A transposed 4x4 convolution of a single pixel, written as the matrix product that it is.

    Input [N, in], output [N, out, 4, 4], channels last in memory.
    """

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(in_channels, out_channels, 4, 4))

    def forward(self, z: Tensor) -> Tensor:
        """Multiply z with the kernel."""
        rows, columns = self.weight.shape[:2]
        product = z @ self.weight.permute(0, 2, 3, 1).reshape(rows, 16 * columns)
        return product.view(-1, 4, 4, columns).permute(0, 3, 1, 2)


class MapToLogit(nn.Module):
    """A 4x4 convolution of a 4x4 map to one number, written as the matrix product that it is.

    Input [N, in, 4, 4], output [N].
    """

    def __init__(self, in_channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(1, in_channels, 4, 4))

    def forward(self, features: Tensor) -> Tensor:
        """Multiply the map with the kernel."""
        return features.permute(0, 2, 3, 1).flatten(1) @ self.weight.permute(0, 2, 3, 1).flatten()


class MapToPicture(nn.Module):
    """A transposed 4x4 convolution with stride 2 to a picture of few channels.

    On a CPU it is done as a 2x2 one with stride 1 to blocks of 2x2 pixels, which takes half the time there.
    Input [N, in, H, W], output [N, out, 2H, 2W].
    """

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(in_channels, out_channels, 4, 4))

    def forward(self, features: Tensor) -> Tensor:
        """Convolve, and cut off the border that the padding of 1 stands for."""
        if features.device.type != "cpu":
            return conv_transpose2d(features, self.weight, None, 2, 1)
        blocks = conv_transpose2d(features, _kernel_of_blocks(self.weight))
        return pixel_shuffle(blocks, 2)[:, :, 1:-1, 1:-1].contiguous(memory_format=torch.channels_last)


class PictureToMap(nn.Module):
    """A 4x4 convolution with stride 2 of a picture of few channels.

    Where a CPU must also send a gradient back to the picture, it is done in blocks of 2x2 pixels as in
    MapToPicture: that gradient is a transposed convolution to few channels.
    Input [N, in, H, W], output [N, out, H/2, W/2].
    """

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(out_channels, in_channels, 4, 4))

    def forward(self, images: Tensor) -> Tensor:
        """Convolve with a padding of 1."""
        if images.device.type != "cpu" or not images.requires_grad:
            return conv2d(images, self.weight, None, 2, 1)
        blocks = pixel_unshuffle(pad(images, (1, 1, 1, 1)), 2).contiguous(memory_format=torch.channels_last)
        return conv2d(blocks, _kernel_of_blocks(self.weight))


def _kernel_of_blocks(weight: Tensor) -> Tensor:
    """Rearrange a 4x4 kernel over pixels to a 2x2 kernel over blocks: [A, B, 4, 4] -> [A, 4B, 2, 2]."""
    rows, columns = weight.shape[:2]
    blocks = weight.view(rows, columns, 2, 2, 2, 2).permute(0, 1, 3, 5, 2, 4)
    return blocks.reshape(rows, 4 * columns, 2, 2).contiguous(memory_format=torch.channels_last)


class Generator(nn.Module):
    """Draw pictures from z.

    forward: float [N, latent_dim] -> float [N, C, H, W], -1 to 1.
    """

    def __init__(self, config: RunConfig) -> None:
        super().__init__()
        first, *others, last = generator_plan(config)
        self.layers = nn.ModuleList([PixelToMap(first.in_channels, first.out_channels)])
        self.layers.extend(
            nn.ConvTranspose2d(layer.in_channels, layer.out_channels, 4, 2, 1, bias=False) for layer in others
        )
        self.layers.append(MapToPicture(last.in_channels, last.out_channels))
        self.norms = nn.ModuleList(_norms([first, *others]))
        self._slope = LEAKY_SLOPE if config.model.generator_activation == "leaky_relu" else 0.0

    def forward(self, z: Tensor) -> Tensor:
        """Draw one picture for each row of z."""
        features = z
        for layer, norm in zip(self.layers, self.norms, strict=False):
            features = norm(layer(features))
            features = leaky_relu(features, self._slope, inplace=True) if self._slope else torch.relu_(features)
        return torch.tanh(self.layers[-1](features))


class Discriminator(nn.Module):
    """Judge pictures.

    forward: float [N, C, H, W], -1 to 1 -> logits [N]; D(x) is their sigmoid.
    """

    def __init__(self, config: RunConfig) -> None:
        super().__init__()
        first, *others, last = discriminator_plan(config)
        self.layers = nn.ModuleList([PictureToMap(first.in_channels, first.out_channels)])
        self.layers.extend(nn.Conv2d(layer.in_channels, layer.out_channels, 4, 2, 1, bias=False) for layer in others)
        self.layers.append(MapToLogit(last.in_channels))
        self.norms = nn.ModuleList(_norms(others))

    def forward(self, images: Tensor) -> Tensor:
        """Return one logit for each picture."""
        features = leaky_relu(self.layers[0](images), LEAKY_SLOPE, inplace=True)
        for layer, norm in zip(list(self.layers)[1:-1], self.norms, strict=True):
            features = leaky_relu(norm(layer(features)), LEAKY_SLOPE, inplace=True)
        logits: Tensor = self.layers[-1](features)
        return logits


def _norms(layers: list[LayerPlan]) -> list[nn.Module]:
    return [nn.BatchNorm2d(layer.out_channels) for layer in layers if layer.batch_norm]


def build_networks(config: RunConfig, device: torch.device) -> tuple[Generator, Discriminator]:
    """Build both networks with their first weights, the same on every device.

    Kernels are N(0, 0.02) and batch-norm scales N(1, 0.02) (Radford et al. 2016, section 4, and the stock loop),
    drawn from the run's own stream; memory is channels last.
    """
    generator, discriminator = Generator(config), Discriminator(config)
    for position, network in enumerate((generator, discriminator)):
        _draw_weights(network, config.seed, position)
        to_device(network, device)
    return generator, discriminator


def to_device(network: nn.Module, device: torch.device) -> None:
    """Move a network, channels last in memory."""
    network.to(device).to(memory_format=torch.channels_last)


def _draw_weights(network: nn.Module, seed: int, position: int) -> None:
    source = generator_at(seed, Stream.WEIGHTS, position)
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.dim() == 4:
                drawn = source.standard_normal(tuple(parameter.shape), dtype="float32")
                parameter.copy_(torch.from_numpy(drawn).mul_(WEIGHT_STD))
        for module in network.modules():
            if isinstance(module, nn.BatchNorm2d):
                drawn = source.standard_normal(module.num_features, dtype="float32")
                module.weight.copy_(torch.from_numpy(drawn).mul_(WEIGHT_STD).add_(1))
                module.bias.zero_()
