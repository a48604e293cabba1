"""Draw pictures in eval mode: no gradients, and batch statistics stay unchanged."""

import numpy as np
import torch
from numpy.typing import NDArray

from gan_studio.engine.data.pixels import to_pictures
from gan_studio.engine.models.networks import Generator

CHUNK = 256
"""Pictures per batch, so that drawing many needs little memory."""


@torch.no_grad()
def draw_pictures(
    generator: Generator, z: NDArray[np.float32], blend: NDArray[np.float32] | None = None
) -> NDArray[np.uint8]:
    """Draw a picture for each z.

    Args:
        generator: in eval mode.
        z: float32 [N, latent_dim].
        blend: float32 [N, classes], class weights that sum to 1, for a class-conditional generator; else None.

    Returns:
        uint8 [N, H, W, C].
    """
    device = next(generator.parameters()).device
    drawn = []
    for start in range(0, len(z), CHUNK):
        part = slice(start, start + CHUNK)
        weights = None if blend is None else torch.from_numpy(blend[part]).to(device)
        drawn.append(to_pictures(generator(torch.from_numpy(z[part]).to(device), weights)))
    return np.concatenate(drawn)
