"""PictureFeed: from the pictures of a run to the real batch of a step, on the device."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.data.batches import BatchOrder, take
from gan_studio.engine.data.picture_set import PictureSet
from gan_studio.engine.machine.to_device import Ferry, to_device
from gan_studio.engine.randomness import Stream, generator_at

RESIDENT_SHARE = 0.5
"""Of a CUDA device's free memory, what the pictures may take; larger sets are fetched batch by batch."""


@dataclass(frozen=True)
class RealBatch:
    """Real pictures of one D step.

    Attributes:
        images: uint8 [N, C, H, W] on the device.
        blend: float32 [N, classes] on the device, one-hot, or None in a run without classes.
    """

    images: Tensor
    blend: Tensor | None


class PictureFeed:
    """Give the batch that begins after so many pictures seen: the same whenever it is asked for.

    The pictures lie on a CUDA device where they fit, and are chosen there; larger sets are fetched batch by batch, each
    copy under the step before it. Nobody waits for the device.
    """

    def __init__(self, config: RunConfig, pictures: PictureSet, device: torch.device) -> None:
        self._seed, self._flip, self._device = config.seed, config.data.flip, device
        self._pictures = pictures
        self._order = BatchOrder(len(pictures.train), config.seed)
        self._classes = len(pictures.class_names) if config.model.conditional else 0
        self._resident = torch.from_numpy(pictures.images).to(device) if _fits(pictures, device) else None
        self._ferry = Ferry(device) if device.type == "cuda" and self._resident is None else None

    def batch(self, pictures_seen: int, size: int) -> RealBatch:
        """Fetch a batch of `size` pictures."""
        indices = self._pictures.train[self._order.indices(pictures_seen, size)].astype(np.int64)
        images = self._fetch(indices)
        if self._flip:
            images = self._mirrored(images, pictures_seen)
        blend = None
        if self._classes and self._pictures.labels is not None:
            labels = torch.from_numpy(self._pictures.labels[indices])
            blend = to_device(torch.nn.functional.one_hot(labels, self._classes).float(), self._device)
        return RealBatch(images, blend)

    def _fetch(self, indices: NDArray[np.int64]) -> Tensor:
        """Return pictures by their place in the set: uint8 [n, C, H, W] on the device."""
        if self._resident is not None:
            return self._resident[to_device(torch.from_numpy(indices), self._device)]
        images = torch.from_numpy(take(self._pictures.images, indices))
        return images if self._ferry is None else self._ferry.carry(images)

    def _mirrored(self, images: Tensor, pictures_seen: int) -> Tensor:
        """Mirror half of the pictures, chosen by their place in the run."""
        draws = generator_at(self._seed, Stream.FLIP, pictures_seen).random(len(images)) < 0.5
        chosen = to_device(torch.from_numpy(draws), images.device).view(-1, 1, 1, 1)
        return torch.where(chosen, images.flip(3), images)


def _fits(pictures: PictureSet, device: torch.device) -> bool:
    if device.type != "cuda":
        return False
    return pictures.images.nbytes <= RESIDENT_SHARE * torch.cuda.mem_get_info(device)[0]
