"""Pictures for people: eval mode, no gradients, and no statistic moved."""

import numpy as np
import torch
from numpy.typing import NDArray

from gan_studio.engine.data.pixels import to_pictures
from gan_studio.engine.models.networks import Generator

CHUNK = 256
"""Pictures drawn at once, so that asking for many does not need their memory at once."""


@torch.no_grad()
def draw_pictures(
    generator: Generator, z: NDArray[np.float32], blend: NDArray[np.float32] | None = None
) -> NDArray[np.uint8]:
    """Draw a picture for each z.

    Args:
        generator: in eval mode.
        z: float32 [N, latent_dim].
        blend: float32 [N, classes], weights of the classes that sum to 1, of a class-conditional generator; else None.

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
