"""The layers of both networks as plain values, from which the modules are built and which the window lists.

"dcgan" is the architecture of Radford, Metz and Chintala 2016 (arXiv 1511.06434): 4x4 convolutions with stride 2, no
pooling, and batch norm everywhere except at the generator's output and the discriminator's input. "vanilla" is the
fully connected architecture of Goodfellow et al. 2014 (arXiv 1406.2661); `generator.py` names the differences.
"""

from dataclasses import dataclass, replace
from typing import Literal

from gan_studio.engine.config.schema import RunConfig

Kind = Literal["transposed", "resize", "convolution", "linear", "projection"]
Norm = Literal["none", "batch", "conditional", "spectral"]
Activation = Literal["relu", "leaky_relu", "tanh", "none"]

MOST_WIDENING = 16
"""Limit of the channels of the widest hidden layer, as a multiple of the narrowest."""

VANILLA_WIDENING = 16
"""Units in a hidden layer of the fully connected networks, as a multiple of `width`."""


@dataclass(frozen=True)
class LayerPlan:
    """One layer with its norm and activation.

    Attributes:
        kind: "transposed" (convolution), "resize" (nearest-neighbour doubling, then a convolution; Odena et al. 2016,
            "Deconvolution and checkerboard artifacts"), "convolution", "linear" (fully connected) or "projection"
            (the product of a kernel of the class and the map; after Miyato and Koyama 2018, arXiv 1802.05637). The
            result of a projection is added to that of the layer before it.
        in_channels, out_channels: channels; units or values where the size is 1.
        in_size, out_size: height = width in pixels.
        kernel: height = width of the kernel; 1 where there is none.
        stride: stride of the convolution; 1 also for the layer between a single pixel and a map.
        norm: "batch", "conditional" (batch norm with a scale and a shift for each class; Dumoulin et al. 2017, arXiv
            1610.07629), "spectral" (of the weight; Miyato et al. 2018, arXiv 1802.05957) or "none".
        activation: the activation after the norm.
        bias: whether a bias is added to each output channel (batch norm has its own shift).
        classes: number of classes that the layer distinguishes: rows of a conditional norm or of a projection,
            additional inputs of a linear layer; 0 elsewhere.
    """

    kind: Kind
    in_channels: int
    out_channels: int
    in_size: int
    out_size: int
    kernel: int
    stride: int
    norm: Norm
    activation: Activation
    bias: bool = False
    classes: int = 0

    @property
    def batch_norm(self) -> bool:
        """Whether the output is normalised by statistics of the batch."""
        return self.norm in ("batch", "conditional")

    @property
    def inputs(self) -> int:
        """Input values of one picture, without classes."""
        return self.in_channels * self.in_size**2

    @property
    def outputs(self) -> int:
        """Output values of one picture."""
        return self.out_channels * self.out_size**2

    @property
    def parameters(self) -> int:
        """Trained parameters: weights, bias, and batch norm's scale and shift (of each class, if any)."""
        rows = {"batch": 1, "conditional": self.classes}.get(self.norm, 0)
        bias = self.outputs if self.kind == "linear" else self.out_channels
        return self._weights() + 2 * rows * self.out_channels + bias * self.bias

    @property
    def multiply_adds(self) -> int:
        """Multiply-adds of the forward pass for one picture, without norm and activation.

        "resize" is counted as the transposed convolution that replaces it, whose kernel is one pixel larger.
        """
        if self.kind in ("linear", "projection"):
            return self._weights()
        kernel = self.kernel + 1 if self.kind == "resize" else self.kernel
        return kernel**2 * self.in_channels * self.out_channels * min(self.in_size, self.out_size) ** 2

    def _weights(self) -> int:
        if self.kind == "linear":
            return (self.inputs + self.classes) * self.outputs
        if self.kind == "projection":
            return self.classes * self.inputs
        return self.kernel**2 * self.in_channels * self.out_channels


def generator_plan(config: RunConfig, classes: int = 0) -> tuple[LayerPlan, ...]:
    """List the generator's layers, from z (latent_dim x 1 x 1) to the picture.

    Args:
        config: the set-up; only its data and model sections are used.
        classes: number of classes of a class-conditional run, else 0.

    Raises:
        ValueError: there are classes and the model is not conditional.
    """
    _check(config, classes)
    if config.model.architecture == "vanilla":
        return _vanilla_generator(config, classes)
    widths = _hidden_widths(config)[::-1]
    norm: Norm = "conditional" if classes else "batch"
    activation = config.model.generator_activation
    size = _smallest_map(config)
    first = LayerPlan(
        "transposed", config.model.latent_dim, widths[0], 1, size, size, 1, norm, activation, classes=classes
    )
    layers = [first]
    for wide, narrow in zip(widths, widths[1:], strict=False):
        layers.append(_doubling(config, wide, narrow, size, norm, activation, classes))
        size *= 2
    last = _doubling(config, widths[-1], config.data.channels, size, "none", "tanh")
    return (*layers, replace(last, bias=config.model.outer_bias))


def discriminator_plan(config: RunConfig, classes: int = 0) -> tuple[LayerPlan, ...]:
    """List the discriminator's layers, from the picture to one logit; with classes, a projection comes last.

    Layers have a bias unless the discriminator uses batch norm, which has its own shift. The first and the last layer,
    which have no batch norm, then have one if `model.outer_bias` is set.

    Args:
        config: the set-up; only its data and model sections are used.
        classes: number of classes of a class-conditional run, else 0.

    Raises:
        ValueError: there are classes and the model is not conditional.
    """
    _check(config, classes)
    if config.model.architecture == "vanilla":
        return _vanilla_discriminator(config, classes)
    inner = config.model.discriminator_norm
    outer: Norm = "none" if inner == "batch" else inner
    bias = inner != "batch"
    outer_bias = bias or config.model.outer_bias
    widths, last = _hidden_widths(config), _smallest_map(config)
    size: int = config.data.image_size
    layers: list[LayerPlan] = []
    for channels_in, channels_out in zip([config.data.channels, *widths], widths, strict=False):
        norm: Norm = inner if layers else outer
        has_bias = bias if layers else outer_bias
        layers.append(
            LayerPlan("convolution", channels_in, channels_out, size, size // 2, 4, 2, norm, "leaky_relu", has_bias)
        )
        size //= 2
    layers.append(LayerPlan("convolution", widths[-1], 1, last, 1, last, 1, outer, "none", outer_bias))
    if classes:
        layers.append(LayerPlan("projection", widths[-1], 1, last, 1, last, 1, outer, "none", classes=classes))
    return tuple(layers)


def parameter_count(plan: tuple[LayerPlan, ...]) -> int:
    """Return the number of trained parameters of a network."""
    return sum(layer.parameters for layer in plan)


def _check(config: RunConfig, classes: int) -> None:
    if classes and not config.model.conditional:
        raise ValueError("a model that is not conditional is told no classes")


def _smallest_map(config: RunConfig) -> int:
    """Return height = width of the generator's first map and the discriminator's last one: 4, but 7 at 28 pixels."""
    return 7 if config.data.image_size % 7 == 0 else 4


def _hidden_widths(config: RunConfig) -> list[int]:
    """Return the channels of the hidden layers, from the narrowest (largest map) to the widest (smallest map)."""
    widths: list[int] = []
    size: int = config.data.image_size // 2
    while size >= _smallest_map(config):
        widths.append(config.model.width * min(2 ** len(widths), MOST_WIDENING))
        size //= 2
    return widths


def _doubling(
    config: RunConfig, wide: int, narrow: int, size: int, norm: Norm, activation: Activation, classes: int = 0
) -> LayerPlan:
    if config.model.upsampling == "resize":
        return LayerPlan("resize", wide, narrow, size, size * 2, 3, 1, norm, activation, classes=classes)
    return LayerPlan("transposed", wide, narrow, size, size * 2, 4, 2, norm, activation, classes=classes)


def _vanilla_generator(config: RunConfig, classes: int) -> tuple[LayerPlan, ...]:
    latent_dim, hidden = config.model.latent_dim, config.model.width * VANILLA_WIDENING
    channels, size, activation = config.data.channels, config.data.image_size, config.model.generator_activation
    return (
        LayerPlan("linear", latent_dim, hidden, 1, 1, 1, 1, "none", activation, bias=True, classes=classes),
        LayerPlan("linear", hidden, hidden, 1, 1, 1, 1, "none", activation, bias=True),
        LayerPlan("linear", hidden, channels, 1, size, 1, 1, "none", "tanh", bias=True),
    )


def _vanilla_discriminator(config: RunConfig, classes: int) -> tuple[LayerPlan, ...]:
    channels, size, hidden = config.data.channels, config.data.image_size, config.model.width * VANILLA_WIDENING
    norm: Norm = "spectral" if config.model.discriminator_norm == "spectral" else "none"
    return (
        LayerPlan("linear", channels, hidden, size, 1, 1, 1, norm, "leaky_relu", bias=True, classes=classes),
        LayerPlan("linear", hidden, hidden, 1, 1, 1, 1, norm, "leaky_relu", bias=True),
        LayerPlan("linear", hidden, 1, 1, 1, 1, 1, norm, "none", bias=True),
    )
