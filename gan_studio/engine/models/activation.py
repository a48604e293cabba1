"""What follows a layer within a network: its norm, then LeakyReLU or ReLU."""

from types import ModuleType

import torch
from torch import Tensor, nn
from torch.nn.functional import leaky_relu

from gan_studio.engine.models.conditioning import ConditionalNorm

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
