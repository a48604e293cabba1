"""PictureFeed: from the pictures of a run to the real batch of a step, on the device."""

from dataclasses import dataclass

import torch
from torch import Tensor

from gan_studio.engine.config import RunConfig
from gan_studio.engine.data.batches import BatchOrder, take
from gan_studio.engine.data.sources import PictureSet
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
    """Give the batch that begins after so many pictures seen: the same whenever it is asked for."""

    def __init__(self, config: RunConfig, pictures: PictureSet, device: torch.device) -> None:
        self._seed, self._flip, self._device = config.seed, config.data.flip, device
        self._pictures = pictures
        self._order = BatchOrder(len(pictures.train), config.seed)
        self._classes = len(pictures.class_names) if config.model.conditional else 0
        self._resident = torch.from_numpy(pictures.images).to(device) if _fits(pictures, device) else None

    def batch(self, pictures_seen: int, size: int) -> RealBatch:
        """Fetch a batch of `size` pictures."""
        indices = self._pictures.train[self._order.indices(pictures_seen, size)]
        if self._resident is None:
            images = torch.from_numpy(take(self._pictures.images, indices)).to(self._device)
        else:
            images = self._resident[torch.from_numpy(indices).to(self._device)]
        if self._flip:
            images = self._mirrored(images, pictures_seen)
        blend = None
        if self._classes and self._pictures.labels is not None:
            labels = torch.from_numpy(self._pictures.labels[indices])
            blend = torch.nn.functional.one_hot(labels, self._classes).float().to(self._device)
        return RealBatch(images, blend)

    def _mirrored(self, images: Tensor, pictures_seen: int) -> Tensor:
        """Mirror half of the pictures, chosen by their place in the run."""
        draws = generator_at(self._seed, Stream.FLIP, pictures_seen).random(len(images)) < 0.5
        chosen = torch.from_numpy(draws).to(images.device).view(-1, 1, 1, 1)
        return torch.where(chosen, images.flip(3), images)


def _fits(pictures: PictureSet, device: torch.device) -> bool:
    if device.type != "cuda":
        return False
    return pictures.images.nbytes <= RESIDENT_SHARE * torch.cuda.mem_get_info(device)[0]
