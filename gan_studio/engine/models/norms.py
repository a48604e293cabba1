"""What follows a layer: batch norm, conditional or not, the activation, and the projection of a class."""

from types import ModuleType

import torch
from torch import Tensor, nn
from torch.nn.functional import leaky_relu


class ConditionalNorm(nn.Module):
    """Batch norm whose scale and shift depend on the class (Dumoulin et al. 2017, arXiv 1610.07629).

    Input [N, channels, H, W] and a blend [N, classes], output [N, channels, H, W].
    """

    def __init__(self, channels: int, classes: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(channels, affine=False)
        self.scale = nn.Parameter(torch.empty(classes, channels))
        self.shift = nn.Parameter(torch.empty(classes, channels))

    def forward(self, features: Tensor, blend: Tensor) -> Tensor:
        """Normalise, then scale and shift by the mixed rows."""
        scale, shift = blend @ self.scale, blend @ self.shift
        return torch.addcmul(shift[:, :, None, None], scale[:, :, None, None], self.norm(features))


class Projection(nn.Module):
    """What a class adds to a logit: <blend @ table, last map> (Miyato and Koyama 2018, equation 3).

    Their networks sum the map over its pixels first. A DCGAN has few layers and its last map knows only parts of the
    picture: summed up, a class could not be told from it (on digits 36 % of samples were of the class asked for).
    Input [N, channels, size, size] and a blend [N, classes], output [N].
    """

    def __init__(self, channels: int, size: int, classes: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(classes, channels, size, size))

    def forward(self, features: Tensor, blend: Tensor) -> Tensor:
        """Multiply the mixed kernel with the map."""
        flat = features.permute(0, 2, 3, 1).flatten(1)
        return ((blend @ self.weight.permute(0, 2, 3, 1).flatten(1)) * flat).sum(1)


def check_blend(blend: Tensor | None, classes: int) -> None:
    """Raise ValueError unless a blend of the right number of classes is given exactly where there are classes."""
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
    """Normalise a map and activate it; the map itself may be overwritten.

    Args:
        features: float [N, C, H, W] or [N, C], of a layer.
        norm: of that layer, or Identity.
        slope: of LeakyReLU below 0; 0 is ReLU.
        blend: float [N, classes], what a ConditionalNorm is told.
        batches: N is that many batches after one another, each normalised by itself.
        fused: kernels that do batch norm in train mode, or None for torch's own.
    """
    if fused is not None and isinstance(norm, nn.BatchNorm2d) and norm.training and features.dim() == MAP_DIMENSIONS:
        leaked: Tensor = fused.norm_then_leak(features, norm, slope, batches)
        return leaked
    if isinstance(norm, ConditionalNorm):
        features = norm(features, blend)
    elif batches == 1 or isinstance(norm, nn.Identity):
        features = norm(features)
    else:
        features = torch.cat([norm(batch) for batch in features.chunk(batches)])
    return leaky_relu(features, slope, inplace=True) if slope else torch.relu_(features)
