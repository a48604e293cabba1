"""Decoding the pictures of a source on all cores, in order and in blocks."""

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
"""Pictures in a block; a thread decodes one block at a time."""

MOST_THREADS = 32
PATIENCE_SECONDS = 0.1
"""How long to wait for a slow block before None is yielded, so that the caller can report progress or stop."""


@dataclass
class Block:
    """Consecutive pictures that one thread read.

    Attributes:
        count: pictures that were tried.
        places: for each usable picture, its position in the list of indices that `read_blocks` was given.
        pictures: the usable pictures, uint8 [C, S, S] each.
        hashes: the SHA-256 of each usable picture.
        left_out: (name, reason) of each unusable picture.
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
    """Read pictures in threads and yield them in order. Pillow and hashlib release the interpreter's lock.

    While a slow block is being read, None is yielded every PATIENCE_SECONDS. Closing the generator stops each thread
    after its current picture.
    """
    Image.init()  # not thread-safe when several threads call it first at the same time
    threads = 1 if source.is_sequential else min(usable_cores(), MOST_THREADS)
    stopped = threading.Event()
    pending: deque[Future[Block]] = deque()
    pool = ThreadPoolExecutor(threads, thread_name_prefix="decode")
    try:
        for start in range(0, len(indices), BLOCK):
            part = indices[start : start + BLOCK].tolist()
            pending.append(pool.submit(_read_block, source, part, start, config, stopped))
            if len(pending) > 2 * threads:
                yield from _next_block(pending)
        while pending:
            yield from _next_block(pending)
    finally:
        stopped.set()
        pool.shutdown(cancel_futures=True)


def _next_block(pending: deque[Future[Block]]) -> Generator[Block | None, None, None]:
    """Yield None while the first pending block is being read, then the block."""
    while True:
        try:
            yield pending[0].result(PATIENCE_SECONDS)
        except TimeoutError:
            yield None
        else:
            pending.popleft()
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
