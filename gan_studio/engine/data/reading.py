"""Decoding on all cores: a source's pictures, in order, block by block."""

import threading
from collections import deque
from collections.abc import Generator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.source import PictureSource
from gan_studio.engine.data.split import HASH_BYTES, picture_hash
from gan_studio.engine.machine.cores import usable_cores
from gan_studio.engine.text.message import Message

BLOCK = 32
"""Pictures that a thread decodes at a time."""

MOST_THREADS = 32
PATIENCE_SECONDS = 0.1
"""How long the caller waits for a slow picture before it may look at something else."""


@dataclass
class Block:
    """Pictures that were read one after the other.

    Attributes:
        count: how many were looked at.
        places: which of the indices asked for could be used, counted from the first of all.
        pictures: uint8 [C, S, S] each.
        hashes: SHA-256 of each.
        left_out: (name, reason) of the others.
    """

    count: int
    places: list[int] = field(default_factory=list)
    pictures: list[NDArray[np.uint8]] = field(default_factory=list)
    hashes: list[bytes] = field(default_factory=list)
    left_out: list[tuple[str, Message]] = field(default_factory=list)

    @property
    def hash_rows(self) -> NDArray[np.uint8]:
        """The hashes as uint8 [n, 32]."""
        return np.frombuffer(b"".join(self.hashes), np.uint8).reshape(-1, HASH_BYTES)


def read_blocks(
    source: PictureSource, indices: NDArray[np.int64], config: DataConfig
) -> Generator[Block | None, None, None]:
    """Read pictures in order, in threads: Pillow and hashlib work outside the interpreter's lock.

    Yields None now and then while a slow picture is waited for. Closing the iterator stops the threads after the
    pictures they are at.
    """
    Image.init()  # not thread-safe when it first happens in several threads at once
    threads = 1 if source.is_sequential else min(usable_cores(), MOST_THREADS)
    stopped = threading.Event()
    waiting: deque[Future[Block]] = deque()
    pool = ThreadPoolExecutor(threads, thread_name_prefix="decode")
    try:
        for start in range(0, len(indices), BLOCK):
            part = indices[start : start + BLOCK].tolist()
            waiting.append(pool.submit(_read_block, source, part, start, config, stopped))
            if len(waiting) > 2 * threads:
                yield from _first(waiting)
        while waiting:
            yield from _first(waiting)
    finally:
        stopped.set()
        pool.shutdown(cancel_futures=True)


def _first(waiting: deque[Future[Block]]) -> Generator[Block | None, None, None]:
    while True:
        try:
            yield waiting[0].result(PATIENCE_SECONDS)
        except TimeoutError:
            yield None
        else:
            waiting.popleft()
            return


def _read_block(
    source: PictureSource, indices: list[int], start: int, config: DataConfig, stopped: threading.Event
) -> Block:
    block = Block(len(indices))
    for place, picture in enumerate(source.pictures(indices, config)):
        if stopped.is_set():
            break
        if isinstance(picture, Message):
            block.left_out.append((source.name(indices[place]), picture))
        else:
            block.places.append(start + place)
            block.pictures.append(picture)
            block.hashes.append(picture_hash(picture))
    return block
