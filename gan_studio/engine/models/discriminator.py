"""The discriminator: the layers of `plan.py` as a torch module."""

from types import ModuleType

import torch
from torch import Tensor, nn
from torch.nn.functional import leaky_relu

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.models.layers import MapToLogit, PictureToMap
from gan_studio.engine.models.norms import LEAKY_SLOPE, Projection, check_blend, normalise_and_activate
from gan_studio.engine.models.plan import LayerPlan, discriminator_plan
from gan_studio.engine.models.spectral import add_spectral_norm


class Discriminator(nn.Module):
    """The discriminator, convolutional or fully connected.

    The convolutional one learns classes through a projection. In the fully connected one the class weights are
    concatenated to the pixels.

    forward: float [N, C, H, W], -1 to 1 -> logits [N]; D(x) is their sigmoid.
    """

    fused: ModuleType | None = None

    def __init__(self, config: RunConfig, classes: int = 0) -> None:
        super().__init__()
        plan = discriminator_plan(config, classes)
        self._is_flat = config.model.architecture == "vanilla"
        self._classes = classes
        self.layers = nn.ModuleList([_layer(layer, layer is plan[0]) for layer in plan if layer.kind != "projection"])
        self.norms = nn.ModuleList([_norm(layer) for layer in plan[1 : len(self.layers) - 1]])
        self.projection = _layer(plan[-1]) if plan[-1].kind == "projection" else None

    def forward(self, images: Tensor, blend: Tensor | None = None, *, batches: int = 1, twice: bool = False) -> Tensor:
        """Return one logit for each picture.

        Args:
            images: float [N, C, H, W], -1 to 1.
            blend: class weights, float [N, classes], as for the generator; None without classes.
            batches: number of equal batches that N consists of; batch norm treats each on its own.
            twice: whether a gradient of the logits will be differentiated again, as a gradient penalty does.

        Raises:
            ValueError: the blend has another number of classes than the discriminator.
        """
        check_blend(blend, self._classes)
        features = leaky_relu(self.layers[0](self._start(images, blend)), LEAKY_SLOPE, inplace=True)
        for layer, norm in zip(list(self.layers)[1:-1], self.norms, strict=True):
            features = normalise_and_activate(
                layer(features), norm, LEAKY_SLOPE, batches=batches, fused=None if twice else self.fused
            )
        logits: Tensor = self.layers[-1](features).flatten()
        return logits if self.projection is None else logits + self.projection(features, blend)

    def _start(self, images: Tensor, blend: Tensor | None) -> Tensor:
        if not self._is_flat:
            return images
        pixels = images.flatten(1)
        return pixels if blend is None else torch.cat([pixels, blend], 1)


def _layer(layer: LayerPlan, is_first: bool = False) -> nn.Module:
    module = _bare_layer(layer, is_first)
    if layer.norm == "spectral":
        add_spectral_norm(module)
    return module


def _bare_layer(layer: LayerPlan, is_first: bool) -> nn.Module:
    if layer.kind == "projection":
        return Projection(layer.in_channels, layer.in_size, layer.classes)
    if layer.kind == "linear":
        return nn.Linear(layer.inputs + layer.classes, layer.outputs)
    if layer.out_size == 1:
        return MapToLogit(layer.in_channels, layer.in_size, layer.bias)
    if is_first:
        return PictureToMap(layer.in_channels, layer.out_channels, layer.bias)
    return nn.Conv2d(layer.in_channels, layer.out_channels, 4, 2, 1, bias=layer.bias)


def _norm(layer: LayerPlan) -> nn.Module:
    return nn.BatchNorm2d(layer.out_channels) if layer.norm == "batch" else nn.Identity()
