"""Batch norm with and without classes, the activation after it, and the projection of a class to a logit."""

from types import ModuleType

import torch
from torch import Tensor, nn
from torch.nn.functional import leaky_relu

LEAKY_SLOPE = 0.2
"""Slope of LeakyReLU below 0 in both networks (Radford et al. 2016, section 4)."""


class ConditionalNorm(nn.Module):
    """Batch norm whose scale and shift depend on the class (Dumoulin et al. 2017, arXiv 1610.07629).

    Input [N, channels, H, W] and class weights [N, classes], output [N, channels, H, W].
    """

    def __init__(self, channels: int, classes: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(channels, affine=False)
        self.scale = nn.Parameter(torch.empty(classes, channels))
        self.shift = nn.Parameter(torch.empty(classes, channels))

    def forward(self, features: Tensor, blend: Tensor) -> Tensor:
        """Normalise, then scale and shift by the weighted sums over the classes."""
        scale, shift = blend @ self.scale, blend @ self.shift
        return torch.addcmul(shift[:, :, None, None], scale[:, :, None, None], self.norm(features))


class Projection(nn.Module):
    """The term that a class adds to the logit: <blend @ weight, last map> (Miyato and Koyama 2018, equation 3).

    In their networks the map is first summed over its pixels. The last map of a DCGAN, which has few layers, describes
    only parts of the picture. Summed over its pixels it did not identify the class: on digits, 36 % of the samples were
    of the class asked for.
    Input [N, channels, size, size] and class weights [N, classes], output [N].
    """

    def __init__(self, channels: int, size: int, classes: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(classes, channels, size, size))

    def forward(self, features: Tensor, blend: Tensor) -> Tensor:
        """Multiply the map by the weighted sum of the kernels of the classes."""
        flat = features.permute(0, 2, 3, 1).flatten(1)
        return ((blend @ self.weight.permute(0, 2, 3, 1).flatten(1)) * flat).sum(1)


def check_blend(blend: Tensor | None, classes: int) -> None:
    """Raise ValueError unless `blend` has `classes` columns, or is None where there are no classes."""
    given = 0 if blend is None else blend.shape[1]
    if given != classes:
        raise ValueError(f"a blend of {classes} classes is needed, and {given} were given")


MAP_DIMENSIONS = 4


def normalise_and_activate(
    features: Tensor,
    norm: nn.Module,
    slope: float,
    blend: Tensor | None = None,
    *,
    batches: int = 1,
    fused: ModuleType | None = None,
) -> Tensor:
    """Apply the norm and the activation to the output of a layer, which may be overwritten.

    Args:
        features: float [N, C, H, W] or [N, C].
        norm: the norm of the layer, or Identity.
        slope: slope of LeakyReLU below 0; 0 is ReLU.
        blend: class weights for a ConditionalNorm, float [N, classes].
        batches: number of equal batches that N consists of; batch norm treats each on its own.
        fused: the module of fused kernels, used for batch norm in train mode; None for torch's own kernels.
    """
    if fused is not None and isinstance(norm, nn.BatchNorm2d) and norm.training and features.dim() == MAP_DIMENSIONS:
        activated: Tensor = fused.norm_then_leak(features, norm, slope, batches)
        return activated
    if isinstance(norm, ConditionalNorm):
        features = norm(features, blend)
    elif batches == 1 or isinstance(norm, nn.Identity):
        features = norm(features)
    else:
        features = torch.cat([norm(batch) for batch in features.chunk(batches)])
    return leaky_relu(features, slope, inplace=True) if slope else torch.relu_(features)
