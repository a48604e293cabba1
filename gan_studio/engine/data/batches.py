"""Which pictures a batch holds: a function of the seed and of the pictures seen so far."""

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.randomness import Stream, generator_at


class BatchOrder:
    """Shuffle a data set anew each epoch, without any state that a resume would have to restore.

    Batches run on across the end of an epoch, so every picture is seen once before any is seen again.
    """

    def __init__(self, count: int, batch_size: int, seed: int) -> None:
        self._count = count
        self._batch_size = batch_size
        self._seed = seed
        self._epoch = -1
        self._order: NDArray[np.int64] = np.empty(0, np.int64)

    def indices(self, pictures_seen: int) -> NDArray[np.int64]:
        """Return the pictures of the batch that begins after `pictures_seen`: int64 [batch_size]."""
        parts, left = [], self._batch_size
        while left:
            epoch, offset = divmod(pictures_seen, self._count)
            part = self._order_of(epoch)[offset : offset + left]
            parts.append(part)
            pictures_seen += len(part)
            left -= len(part)
        return np.concatenate(parts)

    def _order_of(self, epoch: int) -> NDArray[np.int64]:
        if epoch != self._epoch:
            self._order = generator_at(self._seed, Stream.DATA_ORDER, epoch).permutation(self._count)
            self._epoch = epoch
        return self._order
