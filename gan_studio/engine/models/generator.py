"""The generator: the layers of `plan.py` as a torch module."""

from types import ModuleType

import torch
from torch import Tensor, nn

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.models.layers import (
    MapToMap,
    MapToPicture,
    PixelToMap,
    ResizeToMap,
    ResizeToPicture,
    VectorToPicture,
)
from gan_studio.engine.models.norms import LEAKY_SLOPE, ConditionalNorm, check_blend, normalise_and_activate
from gan_studio.engine.models.plan import LayerPlan, generator_plan


class Generator(nn.Module):
    """The generator, convolutional or fully connected.

    The fully connected one follows Goodfellow et al. 2014 (arXiv 1406.2661), with two differences. It ends in tanh and
    not in a sigmoid, because pictures range from -1 to 1 here. Its discriminator uses LeakyReLU without dropout, not
    maxout units with dropout.

    The convolutional one learns classes through conditional batch norm. In the fully connected one the class weights
    are concatenated to z (Mirza and Osindero 2014, arXiv 1411.1784).

    forward: float [N, latent_dim] -> float [N, C, H, W], -1 to 1.
    """

    fused: ModuleType | None = None

    def __init__(self, config: RunConfig, classes: int = 0) -> None:
        super().__init__()
        plan = generator_plan(config, classes)
        self.layers = nn.ModuleList([_layer(layer, is_last=layer is plan[-1]) for layer in plan])
        self.norms = nn.ModuleList([_norm(layer) for layer in plan[:-1]])
        self._classes = classes
        self._joins = bool(classes) and config.model.architecture == "vanilla"
        self._slope = LEAKY_SLOPE if config.model.generator_activation == "leaky_relu" else 0.0

    def forward(self, z: Tensor, blend: Tensor | None = None) -> Tensor:
        """Draw one picture for each row of z.

        Args:
            z: float [N, latent_dim].
            blend: class weights, float [N, classes]: one-hot rows or any weights that sum to 1; None without classes.

        Raises:
            ValueError: the blend has another number of classes than the generator.
        """
        check_blend(blend, self._classes)
        features = torch.cat([z, blend], 1) if blend is not None and self._joins else z
        for layer, norm in zip(self.layers, self.norms, strict=False):
            features = normalise_and_activate(layer(features), norm, self._slope, blend, fused=self.fused)
        return torch.tanh(self.layers[-1](features))

    def keep_kernels(self) -> None:
        """Cache kernels that are computed from the weights; call it again whenever the weights have changed."""
        for layer in self.layers:
            if isinstance(layer, ResizeToMap):
                layer.keep_kernel()


def _layer(layer: LayerPlan, is_last: bool) -> nn.Module:
    channels = (layer.in_channels, layer.out_channels)
    if layer.kind == "linear":
        if is_last:
            return VectorToPicture(*channels, layer.out_size)
        return nn.Linear(layer.in_channels + layer.classes, layer.out_channels)
    if layer.kind == "resize":
        return ResizeToPicture(*channels, layer.bias) if is_last else ResizeToMap(*channels)
    if layer.in_size == 1:
        return PixelToMap(*channels, layer.out_size)
    return MapToPicture(*channels, layer.bias) if is_last else MapToMap(*channels)


def _norm(layer: LayerPlan) -> nn.Module:
    if layer.norm == "conditional":
        return ConditionalNorm(layer.out_channels, layer.classes)
    return nn.BatchNorm2d(layer.out_channels) if layer.norm == "batch" else nn.Identity()
