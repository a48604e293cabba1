"""PictureSet: all pictures of a run as one uint8 array, with labels and held-out part, read from any source."""

from collections.abc import Generator, Iterable
from contextlib import closing
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.batches import PictureNumber
from gan_studio.engine.data.cache import CacheWriter, DecodedPictures, Notes, cache_key, read_cached
from gan_studio.engine.data.decode import LeftOut
from gan_studio.engine.data.listing import is_known, open_source
from gan_studio.engine.data.reading import read_blocks
from gan_studio.engine.data.source import PictureSource
from gan_studio.engine.data.split import HASH_BYTES, Selection, digest_of, hold_out, select_pictures
from gan_studio.engine.events import LoadingProgress
from gan_studio.engine.text.message import EngineError, Message

IN_MEMORY_BYTES = 512 * 2**20
"""A known set up to this size is decoded into memory at each start and not cached, because that is quick."""


@dataclass(frozen=True)
class PictureSet:
    """All usable pictures of a source, at the size and channels of a run.

    Attributes:
        images: uint8 [N, C, H, W]; a memory map where they come from the cache, so fetch batches with `take`.
        train: int32, indices of the pictures for training.
        held_out: int32, indices of the held-out pictures, which are never trained on.
        labels: int64 [N], indices into class_names, or None.
        class_names: the name of each label; () without labels.
        left_out: (name, reason) of each picture that could not be used.
        digest: SHA-256 over pictures, labels and class names, in hexadecimal.
        notes: how the source was understood and what decoding found, in sentences for a person.
    """

    images: NDArray[np.uint8]
    train: NDArray[PictureNumber]
    held_out: NDArray[PictureNumber]
    labels: NDArray[np.int64] | None
    class_names: tuple[str, ...]
    left_out: LeftOut
    digest: str
    notes: tuple[Message, ...] = ()


def load_pictures(config: DataConfig) -> Generator[LoadingProgress, None, PictureSet]:
    """Read all pictures of a source, and yield progress on the way; closing the generator cancels.

    Raises:
        EngineError: the source does not exist, holds fewer than two usable pictures, or has no such class.
    """
    source = yield from open_source(config)
    try:
        selection = select_pictures(source, config)
        if selection.count < 2:
            raise EngineError(
                Message("data.too_few", source=config.source),
                Message("kept.nothing_begun"),
                Message("todo.more_pictures"),
            )
        decoded = yield from _decoded(source, selection, config)
    finally:
        source.close()
    is_held_out = _is_held_out(selection, decoded, config)
    left_out = source.left_out + decoded.left_out
    train, held_out = (np.flatnonzero(part).astype(PictureNumber) for part in (~is_held_out, is_held_out))
    labels, names, notes = decoded.labels, selection.class_names, source.notes + selection.notes + decoded.notes
    return PictureSet(decoded.images, train, held_out, labels, names, left_out, decoded.digest, notes)


def read_pictures(config: DataConfig) -> PictureSet:
    """Read all pictures of a source without progress; raises the errors of load_pictures."""
    loading = load_pictures(config)
    while True:
        try:
            next(loading)
        except StopIteration as end:
            pictures: PictureSet = end.value
            return pictures


class _Store(Protocol):
    """Where decoded pictures are stored: in memory or in the cache."""

    def add(self, pictures: Iterable[NDArray[np.uint8]]) -> None: ...

    def finish(
        self, labels: NDArray[np.int64] | None, left_out: LeftOut, hashes: NDArray[np.uint8], digest: str, notes: Notes
    ) -> DecodedPictures: ...


class _Memory:
    """Stores a data set in memory, without the cache."""

    def __init__(self, count: int, shape: tuple[int, int, int]) -> None:
        self._images = np.empty((count, *shape), np.uint8)
        self._count = 0

    def add(self, pictures: Iterable[NDArray[np.uint8]]) -> None:
        """Append pictures, uint8 [C, S, S] each."""
        for picture in pictures:
            self._images[self._count] = picture
            self._count += 1

    def finish(
        self, labels: NDArray[np.int64] | None, left_out: LeftOut, hashes: NDArray[np.uint8], digest: str, notes: Notes
    ) -> DecodedPictures:
        """Return the data set."""
        return DecodedPictures(self._images[: self._count], labels, left_out, hashes, digest, notes)


def _decoded(
    source: PictureSource, selection: Selection, config: DataConfig
) -> Generator[LoadingProgress, None, DecodedPictures]:
    """Read the selected pictures from the cache, or decode them into it (a small known set: into memory)."""
    shape = (config.channels, config.image_size, config.image_size)
    if is_known(config.source) and len(selection.indices) * int(np.prod(shape)) <= IN_MEMORY_BYTES:
        return (yield from _fill(_Memory(len(selection.indices), shape), source, selection, config))
    key = cache_key((yield from source.identity()), config)
    cached = yield from read_cached(key, selection.class_names)
    if cached is not None:
        return cached
    with CacheWriter(key, shape) as writer:
        return (yield from _fill(writer, source, selection, config))


def _fill(
    store: _Store, source: PictureSource, selection: Selection, config: DataConfig
) -> Generator[LoadingProgress, None, DecodedPictures]:
    """Decode the selected pictures into a store; raises EngineError where fewer than two can be used."""
    done, count, total = 0, 0, len(selection.indices)
    places, hashes = np.empty(total, np.int64), np.empty((total, HASH_BYTES), np.uint8)
    left_out: list[tuple[str, Message]] = []
    with closing(read_blocks(source, selection.indices, config)) as blocks:
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
    labels = None if selection.labels is None else selection.labels[places[:count]]
    shape = (count, config.channels, config.image_size, config.image_size)
    digest = digest_of(shape, rows, labels, selection.class_names)
    return store.finish(labels, tuple(left_out), rows, digest, source.decoding_notes())


def _is_held_out(selection: Selection, decoded: DecodedPictures, config: DataConfig) -> NDArray[np.bool_]:
    """Mark the held-out pictures: the source's own held-out part, else a share chosen by content. bool [N]."""
    if selection.held_out_from is None:
        return hold_out(decoded.hashes, config.held_out)
    return np.arange(len(decoded.images)) >= selection.held_out_from
