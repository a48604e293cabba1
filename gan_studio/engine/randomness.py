"""Random streams that are keyed, not consumed: a position, never a history, decides what is drawn."""

import hashlib
from enum import IntEnum

import numpy as np


class Stream(IntEnum):
    """Independent streams of one seed. The numbers are part of the run format and never change."""

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
    """Open the stream (seed, stream) at a position.

    The position fills the third word of Philox's 256-bit counter, so each position owns 2**128 draws
    and no two positions overlap (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3").

    Args:
        seed: 0 to 2**64 - 1.
        stream: what the numbers are for.
        position: pictures seen, step, epoch or sample seed, as the stream defines it; 0 to 2**64 - 1.
    """
    key = np.array([seed, int(stream)], dtype=np.uint64)
    counter = np.array([0, 0, position, 0], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=counter))


def device_seed(seed: int, stream: Stream, position: int) -> int:
    """Hash (seed, stream, position) to 63 bits, to seed a generator that lives on a CUDA device."""
    digest = hashlib.sha256(f"{seed}/{int(stream)}/{position}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1
