"""Random streams: a draw depends only on seed, stream and position, never on earlier draws."""

import hashlib
from enum import IntEnum

import numpy as np


class Stream(IntEnum):
    """The independent random streams of one seed. Their numbers are part of the run format and never change."""

    WEIGHTS = 0
    DATA_ORDER = 1
    AUGMENTATION = 2
    TRAINING_Z = 3
    SAMPLE_Z = 4
    NEIGHBOURS = 5
    FLIP = 6
    INSTANCE_NOISE = 7
    PENALTY_MIX = 8


def generator_at(seed: int, stream: Stream, position: int = 0) -> np.random.Generator:
    """Return a generator for a stream, set to a position.

    The position is the third word of Philox's 256-bit counter. So each position has 2**128 draws, and no two positions
    overlap (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3").

    Args:
        seed: 0 to 2**64 - 1.
        stream: the purpose of the numbers.
        position: pictures seen, step, epoch or seed of a sample, depending on the stream; 0 to 2**64 - 1.
    """
    key = np.array([seed, int(stream)], dtype=np.uint64)
    counter = np.array([0, 0, position, 0], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=counter))


def device_seed(seed: int, stream: Stream, position: int) -> int:
    """Hash (seed, stream, position) to 63 bits, the seed of a random generator on a CUDA device."""
    digest = hashlib.sha256(f"{seed}/{int(stream)}/{position}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1
