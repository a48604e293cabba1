"""Any source of pictures to one uint8 array and what a run may do with it."""

from collections.abc import Generator, Iterable
from contextlib import closing
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.batches import PictureNumber
from gan_studio.engine.data.cache import CacheWriter, Decoded, cache_key, read_cached
from gan_studio.engine.data.decode import LeftOut
from gan_studio.engine.data.listing import is_known, open_source
from gan_studio.engine.data.reading import read_blocks
from gan_studio.engine.data.source import PictureSource
from gan_studio.engine.data.split import HASH_BYTES, Chosen, choose, digest_of, hold_out
from gan_studio.engine.events import LoadingProgress
from gan_studio.engine.text.message import EngineError, Message

IN_MEMORY_BYTES = 512 * 2**20
"""Known sets are quickly fitted: up to this size they stay in memory and out of the cache."""


@dataclass(frozen=True)
class PictureSet:
    """Pictures as the networks see them.

    Attributes:
        images: uint8 [N, C, H, W]; a memory map where they came through the cache: fetch batches with `take`.
        train: int32, the indices that training may see.
        held_out: int32, the indices that are never trained on.
        labels: int64 [N], indices into class_names, or None.
        class_names: what each label means; () without labels.
        left_out: (name, reason) of each picture that could not be used.
        digest: SHA-256 over pictures and labels, in hexadecimal.
        note: how the pictures were understood, where that could be mistaken, or None.
    """

    images: NDArray[np.uint8]
    train: NDArray[PictureNumber]
    held_out: NDArray[PictureNumber]
    labels: NDArray[np.int64] | None
    class_names: tuple[str, ...]
    left_out: LeftOut
    digest: str
    note: Message | None = None


def load_pictures(config: DataConfig) -> Generator[LoadingProgress, None, PictureSet]:
    """Read all pictures of a source, reporting progress on the way; closing the generator cancels.

    Raises:
        EngineError: the source does not exist, holds fewer than two usable pictures, or has no such class.
    """
    source = yield from open_source(config)
    try:
        chosen = choose(source, config)
        if chosen.in_sight < 2:
            raise EngineError(
                Message("data.too_few", source=config.source),
                Message("kept.nothing_begun"),
                Message("todo.more_pictures"),
            )
        decoded = yield from _decoded(source, chosen, config)
    finally:
        source.close()
    held_out = _held_out(chosen, decoded, config)
    left_out = source.left_out + decoded.left_out
    train, kept_away = (np.flatnonzero(part).astype(PictureNumber) for part in (~held_out, held_out))
    labels, names = decoded.labels, chosen.class_names
    return PictureSet(decoded.images, train, kept_away, labels, names, left_out, decoded.digest, source.note)


def read_pictures(config: DataConfig) -> PictureSet:
    """Read all pictures of a source, for who shows no progress; raises as load_pictures does."""
    loading = load_pictures(config)
    while True:
        try:
            next(loading)
        except StopIteration as end:
            pictures: PictureSet = end.value
            return pictures


class _Store(Protocol):
    """Where decoded pictures go: memory or the cache."""

    def add(self, pictures: Iterable[NDArray[np.uint8]]) -> None: ...

    def finish(
        self, labels: NDArray[np.int64] | None, left_out: LeftOut, hashes: NDArray[np.uint8], digest: str
    ) -> Decoded: ...


class _Memory:
    """A set that is not kept."""

    def __init__(self, count: int, shape: tuple[int, int, int]) -> None:
        self._images = np.empty((count, *shape), np.uint8)
        self._count = 0

    def add(self, pictures: Iterable[NDArray[np.uint8]]) -> None:
        """Take more pictures, uint8 [C, S, S] each."""
        for picture in pictures:
            self._images[self._count] = picture
            self._count += 1

    def finish(
        self, labels: NDArray[np.int64] | None, left_out: LeftOut, hashes: NDArray[np.uint8], digest: str
    ) -> Decoded:
        """Return the set."""
        return Decoded(self._images[: self._count], labels, left_out, hashes, digest)


def _decoded(source: PictureSource, chosen: Chosen, config: DataConfig) -> Generator[LoadingProgress, None, Decoded]:
    """Take the pictures from the cache, or decode them into it."""
    shape = (config.channels, config.image_size, config.image_size)
    if is_known(config.source) and len(chosen.indices) * int(np.prod(shape)) <= IN_MEMORY_BYTES:
        return (yield from _fill(_Memory(len(chosen.indices), shape), source, chosen, config))
    key = cache_key((yield from source.identity()), config)
    cached = yield from read_cached(key, chosen.class_names)
    if cached is not None:
        return cached
    with CacheWriter(key, shape) as writer:
        return (yield from _fill(writer, source, chosen, config))


def _fill(
    store: _Store, source: PictureSource, chosen: Chosen, config: DataConfig
) -> Generator[LoadingProgress, None, Decoded]:
    done, count, total = 0, 0, len(chosen.indices)
    places, hashes = np.empty(total, np.int64), np.empty((total, HASH_BYTES), np.uint8)
    left_out: list[tuple[str, Message]] = []
    with closing(read_blocks(source, chosen.indices, config)) as blocks:
        for block in blocks:
            if block is not None:
                store.add(block.pictures)
                usable = slice(count, count + len(block.places))
                places[usable], hashes[usable] = block.places, block.hash_rows
                count = usable.stop
                left_out += block.left_out
                done += block.count
            yield LoadingProgress(done, total)
    if count < 2:
        raise EngineError(
            Message("data.none_read", source=config.source, count=total, reason=left_out[0][1]),
            Message("kept.nothing_begun"),
            Message("todo.put_pictures"),
        )
    rows = hashes[:count]
    labels = None if chosen.labels is None else chosen.labels[places[:count]]
    shape = (count, config.channels, config.image_size, config.image_size)
    return store.finish(labels, tuple(left_out), rows, digest_of(shape, rows, labels, chosen.class_names))


def _held_out(chosen: Chosen, decoded: Decoded, config: DataConfig) -> NDArray[np.bool_]:
    """Tell which pictures are held out: the source's own held-out part, else a share by content."""
    if chosen.held_out_from is None:
        return hold_out(decoded.hashes, config.held_out)
    return np.arange(len(decoded.images)) >= chosen.held_out_from
