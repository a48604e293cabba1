"""DiffAugment: the same differentiable augmentation for real and generated pictures.

Zhao, Liu, Lin, Zhu and Han 2020, "Differentiable Augmentation for Data-Efficient GAN Training" (arXiv 2006.10738).
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import pad

DRAWS = 7
"""Random numbers per picture, whichever kinds are on."""


@dataclass(frozen=True)
class Policy:
    """Which kinds of augmentation are on."""

    color: bool = False
    translation: bool = False
    cutout: bool = False

    def __bool__(self) -> bool:
        return self.color or self.translation or self.cutout


def augment(images: Tensor, draws: Tensor, policy: Policy) -> Tensor:
    """Augment pictures.

    Args:
        images: float [N, C, H, W], -1 to 1.
        draws: float [DRAWS, N], 0 to 1, on the same device.
        policy: which kinds are on.

    Returns:
        float [N, C, H, W]; pixels from outside the picture are 0, the middle of the range.
    """
    if policy.color:
        images = _vary_colour(images, draws[:3])
    if policy.translation:
        images = _move(images, draws[3:5])
    if policy.cutout:
        images = _cut_out(images, draws[5:7])
    return images


def _vary_colour(images: Tensor, draws: Tensor) -> Tensor:
    """Add -0.5 to 0.5 of brightness, then scale saturation by 0 to 2 and contrast by 0.5 to 1.5."""
    brightness, saturation, contrast = (draw.view(-1, 1, 1, 1) for draw in draws)
    images = images + (brightness - 0.5)
    grey = images.mean(dim=1, keepdim=True)
    images = (images - grey) * (2.0 * saturation) + grey
    middle = images.mean(dim=(1, 2, 3), keepdim=True)
    varied: Tensor = (images - middle) * (contrast + 0.5) + middle
    return varied


def _move(images: Tensor, draws: Tensor) -> Tensor:
    """Shift each picture by whole pixels, up to an eighth of its side."""
    count, _, height, width = images.shape
    most = max(round(height / 8), 1)
    down, right = (draws * (2 * most + 1)).long().clamp_(max=2 * most)
    rows = torch.arange(height, device=images.device) + down[:, None]
    columns = torch.arange(width, device=images.device) + right[:, None]
    padded = pad(images, (most, most, most, most)).permute(0, 2, 3, 1)
    each = torch.arange(count, device=images.device)[:, None, None]
    return padded[each, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


def _cut_out(images: Tensor, draws: Tensor) -> Tensor:
    """Set a square of half the side to 0, around a random point of the picture."""
    height, width = images.shape[2:]
    top, left = draws[0] * height, draws[1] * width
    rows = (torch.arange(height, device=images.device) + 0.5 - top[:, None]).abs() >= height / 4
    columns = (torch.arange(width, device=images.device) + 0.5 - left[:, None]).abs() >= width / 4
    return images * (rows[:, None, :, None] | columns[:, None, None, :])
