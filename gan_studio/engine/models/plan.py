"""The layers of both networks as plain values: what the modules are built from and the window lists.

Architecture of Radford, Metz and Chintala 2016 (arXiv 1511.06434): 4x4 convolutions with stride 2 and no
pooling, batch norm everywhere but at the generator's output and the discriminator's input.
"""

from dataclasses import dataclass
from typing import Literal

from gan_studio.engine.config import RunConfig

Activation = Literal["relu", "leaky_relu", "tanh", "none"]

FIRST_SIZE = 4
"""Height and width of the generator's first feature map and of the discriminator's last one."""


@dataclass(frozen=True)
class LayerPlan:
    """One 4x4 convolution (transposed in the generator) with what follows it.

    Sizes are height = width in pixels; `stride` 1 marks the layer between a single pixel and a 4x4 map.
    """

    in_channels: int
    out_channels: int
    in_size: int
    out_size: int
    stride: Literal[1, 2]
    batch_norm: bool
    activation: Activation

    @property
    def parameters(self) -> int:
        """Trained numbers: kernel weights, and two a channel for batch norm (convolutions have no bias)."""
        return 16 * self.in_channels * self.out_channels + (2 * self.out_channels if self.batch_norm else 0)


def _hidden_widths(config: RunConfig) -> list[int]:
    """Channels from the narrowest hidden layer (largest map) to the widest (4x4 map)."""
    widths: list[int] = []
    size: int = config.data.image_size // 2
    while size >= FIRST_SIZE:
        widths.append(config.model.width * 2 ** len(widths))
        size //= 2
    return widths


def generator_plan(config: RunConfig) -> tuple[LayerPlan, ...]:
    """List the generator's layers, from z (latent_dim x 1 x 1) to the picture."""
    widths = _hidden_widths(config)[::-1]
    activation = config.model.generator_activation
    layers = [LayerPlan(config.model.latent_dim, widths[0], 1, FIRST_SIZE, 1, True, activation)]
    size = FIRST_SIZE
    for narrow, wide in zip(widths[1:], widths, strict=False):
        layers.append(LayerPlan(wide, narrow, size, size * 2, 2, True, activation))
        size *= 2
    layers.append(LayerPlan(widths[-1], config.data.channels, size, size * 2, 2, False, "tanh"))
    return tuple(layers)


def discriminator_plan(config: RunConfig) -> tuple[LayerPlan, ...]:
    """List the discriminator's layers, from the picture to one logit."""
    widths = _hidden_widths(config)
    size: int = config.data.image_size
    layers = [LayerPlan(config.data.channels, widths[0], size, size // 2, 2, False, "leaky_relu")]
    size //= 2
    for narrow, wide in zip(widths, widths[1:], strict=False):
        layers.append(LayerPlan(narrow, wide, size, size // 2, 2, True, "leaky_relu"))
        size //= 2
    layers.append(LayerPlan(widths[-1], 1, FIRST_SIZE, 1, 1, False, "none"))
    return tuple(layers)


def parameter_count(plan: tuple[LayerPlan, ...]) -> int:
    """Sum the trained numbers of a network."""
    return sum(layer.parameters for layer in plan)
