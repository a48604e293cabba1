"""The only conversion between uint8 pictures and the range of the networks, and the tiling of sample sheets."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor


def to_model_range(images: Tensor) -> Tensor:
    """Scale pictures to the range of the networks.

    Args:
        images: uint8 [N, C, H, W], 0 to 255.

    Returns:
        float32 [N, C, H, W] on the same device, -1 to 1 (the range of the generator's tanh), channels last in memory.
    """
    scaled = images.to(torch.float32, memory_format=torch.channels_last)
    return scaled.mul_(1 / 127.5).sub_(1)


def to_pictures(images: Tensor) -> NDArray[np.uint8]:
    """Convert the output of a generator to uint8 pictures.

    Args:
        images: float [N, C, H, W], -1 to 1.

    Returns:
        uint8 [N, H, W, C] in main memory, contiguous.
    """
    scaled = images.detach().float().add(1).mul(127.5).round_().clamp_(0, 255).to(torch.uint8)
    return np.ascontiguousarray(scaled.permute(0, 2, 3, 1).cpu().numpy())


def tile_grid(pictures: NDArray[np.uint8], columns: int) -> NDArray[np.uint8]:
    """Tile pictures row by row; missing cells are black.

    Args:
        pictures: uint8 [N, H, W, C].
        columns: pictures in a row.

    Returns:
        uint8 [rows * H, columns * W, C].
    """
    count, height, width, channels = pictures.shape
    rows = -(-count // columns)
    cells = np.zeros((rows * columns, height, width, channels), np.uint8)
    cells[:count] = pictures
    tiled = cells.reshape(rows, columns, height, width, channels).transpose(0, 2, 1, 3, 4)
    return np.ascontiguousarray(tiled.reshape(rows * height, columns * width, channels))
