"""PictureFeed: the batches of real pictures of a run, on the device that trains."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.data.batches import BatchOrder, take
from gan_studio.engine.data.picture_set import PictureSet
from gan_studio.engine.machine.to_device import BatchUploader, to_device
from gan_studio.engine.randomness import Stream, generator_at

RESIDENT_SHARE = 0.5
"""Share of a CUDA device's free memory that a data set may take. A larger one is copied batch by batch."""


@dataclass(frozen=True)
class RealBatch:
    """The real pictures of one D step.

    Attributes:
        images: uint8 [N, C, H, W] on the device.
        blend: one-hot classes, float32 [N, classes] on the device, or None in a run without classes.
    """

    images: Tensor
    blend: Tensor | None


class PictureFeed:
    """The real batches of a run: a batch depends only on the seed and on the number of pictures seen before it.

    A data set that fits stays on the CUDA device, and batches are indexed there. With a larger data set, each
    batch is copied while the previous step runs. The CPU never waits for the device.
    """

    def __init__(self, config: RunConfig, pictures: PictureSet, device: torch.device) -> None:
        self._seed, self._flip, self._device = config.seed, config.data.flip, device
        self._pictures = pictures
        self._order = BatchOrder(len(pictures.train), config.seed)
        self._classes = len(pictures.class_names) if config.model.conditional else 0
        self._resident = torch.from_numpy(pictures.images).to(device) if _fits(pictures, device) else None
        self._uploader = BatchUploader(device) if device.type == "cuda" and self._resident is None else None

    def batch(self, pictures_seen: int, size: int) -> RealBatch:
        """Return the batch of `size` pictures that begins after `pictures_seen` pictures."""
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
        """Return pictures by their index in the data set: uint8 [n, C, H, W] on the device."""
        if self._resident is not None:
            return self._resident[to_device(torch.from_numpy(indices), self._device)]
        images = torch.from_numpy(take(self._pictures.images, indices))
        return images if self._uploader is None else self._uploader.upload(images)

    def _mirrored(self, images: Tensor, pictures_seen: int) -> Tensor:
        """Mirror each picture with probability 0.5, drawn from the run's own stream at this position."""
        draws = generator_at(self._seed, Stream.FLIP, pictures_seen).random(len(images)) < 0.5
        chosen = to_device(torch.from_numpy(draws), images.device).view(-1, 1, 1, 1)
        return torch.where(chosen, images.flip(3), images)


def _fits(pictures: PictureSet, device: torch.device) -> bool:
    if device.type != "cuda":
        return False
    return pictures.images.nbytes <= RESIDENT_SHARE * torch.cuda.mem_get_info(device)[0]
