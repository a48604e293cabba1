"""Which pictures a batch holds, as a function of the seed and of the pictures seen so far, and how to fetch them."""

import mmap
import sys
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.randomness import Stream, generator_at

Number = TypeVar("Number", bound=np.generic)

PictureNumber = np.int32
"""How the place of a picture in its set is kept: 4 bytes for each in a list of all, so 4 MB for a million."""

RESIDENT_BYTES = 64 * 2**20
"""Of a memory map larger than this, nothing stays in this process's memory between two batches."""


class BatchOrder:
    """Shuffle a data set anew each epoch, without any state that a resume would have to restore.

    Batches run on across the end of an epoch, so every picture is seen once before any is seen again.
    """

    def __init__(self, count: int, seed: int) -> None:
        self._count = count
        self._seed = seed
        self._epoch = -1
        self._order: NDArray[PictureNumber] = np.empty(0, PictureNumber)

    def indices(self, pictures_seen: int, batch_size: int) -> NDArray[PictureNumber]:
        """Return the pictures of the batch that begins after `pictures_seen`: int32 [batch_size]."""
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
    """Copy the pictures of a batch, so that a large memory map never grows into memory.

    Args:
        images: uint8 [N, C, H, W], or other numbers [N, ...], in memory or a memory map.
        indices: whole numbers [n].

    Returns:
        uint8 [n, C, H, W], or as `images` is, a copy.
    """
    batch: NDArray[Number] = np.asarray(images)[indices]
    if images.nbytes > RESIDENT_BYTES:
        release(images)
    return batch


def release(images: NDArray[Any]) -> None:
    """Let the system take back the memory behind a memory map; what is touched again is read again.

    Linux only, where resident memory would otherwise grow with every picture looked at. The map must not have been
    written to: changes of a copy-on-write map would be lost.
    """
    mapping = _mapping_of(images)
    if mapping is not None and sys.platform == "linux":
        mapping.madvise(mmap.MADV_DONTNEED)


def read_at_random(images: NDArray[Any]) -> None:
    """Tell the system that a memory map's neighbours are not wanted next: it reads no more than is asked for."""
    mapping = _mapping_of(images)
    if mapping is not None and sys.platform == "linux":
        mapping.madvise(mmap.MADV_RANDOM)


def _mapping_of(images: NDArray[Any]) -> mmap.mmap | None:
    base: object = images
    while isinstance(base, np.ndarray):
        base = base.base
    return base if isinstance(base, mmap.mmap) else None
