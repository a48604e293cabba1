"""The order in which pictures form batches, and fetching a batch without filling memory."""

import mmap
import sys
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.randomness import Stream, generator_at

Number = TypeVar("Number", bound=np.generic)

PictureNumber = np.int32
"""Type of a picture's index in its data set: 4 bytes each, so a list of a million indices takes 4 MB."""

RESIDENT_BYTES = 64 * 2**20
"""The pages of a memory map larger than this are released after every batch."""


class BatchOrder:
    """A new random order of the data set in every epoch, computed from the seed and the pictures seen so far.

    It keeps no state that a resume would have to restore. A batch may cross the end of an epoch, so every picture is
    seen once before any is seen again.
    """

    def __init__(self, count: int, seed: int) -> None:
        self._count = count
        self._seed = seed
        self._epoch = -1
        self._order: NDArray[PictureNumber] = np.empty(0, PictureNumber)

    def indices(self, pictures_seen: int, batch_size: int) -> NDArray[PictureNumber]:
        """Return the indices of the batch that begins after `pictures_seen` pictures: int32 [batch_size]."""
        parts, left = [], batch_size
        while left:
            epoch, offset = divmod(pictures_seen, self._count)
            part = self._order_of(epoch)[offset : offset + left]
            parts.append(part)
            pictures_seen += len(part)
            left -= len(part)
        return np.concatenate(parts)

    def _order_of(self, epoch: int) -> NDArray[PictureNumber]:
        if epoch != self._epoch:
            order = np.arange(self._count, dtype=PictureNumber)
            generator_at(self._seed, Stream.DATA_ORDER, epoch).shuffle(order)
            self._order, self._epoch = order, epoch
        return self._order


def take(images: NDArray[Number], indices: NDArray[np.integer[Any]]) -> NDArray[Number]:
    """Copy the pictures of a batch, and release the pages of a large memory map.

    Args:
        images: an array or a memory map of any dtype, [N, ...]; pictures are uint8 [N, C, H, W].
        indices: integers [n].

    Returns:
        A copy, [n, ...], of the dtype of `images`.
    """
    batch: NDArray[Number] = np.asarray(images)[indices]
    if images.nbytes > RESIDENT_BYTES:
        release(images)
    return batch


def release(images: NDArray[Any]) -> None:
    """Release the resident pages behind a memory map; the system reads them again when they are next used.

    This has an effect only on Linux, where resident memory would otherwise grow with every picture read. The map
    must not have been written to: changes to a copy-on-write map would be lost.
    """
    mapping = _mapping_of(images)
    if mapping is not None and sys.platform == "linux":
        mapping.madvise(mmap.MADV_DONTNEED)


def read_at_random(images: NDArray[Any]) -> None:
    """Turn off read-ahead for a memory map: a shuffled batch does not use the neighbouring pages."""
    mapping = _mapping_of(images)
    if mapping is not None and sys.platform == "linux":
        mapping.madvise(mmap.MADV_RANDOM)


def _mapping_of(images: NDArray[Any]) -> mmap.mmap | None:
    base: object = images
    while isinstance(base, np.ndarray):
        base = base.base
    return base if isinstance(base, mmap.mmap) else None
