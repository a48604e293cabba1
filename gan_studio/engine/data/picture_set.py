"""PictureSet: all pictures of a run as one uint8 array, with labels and held-out part, read from any source."""

from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass, field, replace
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.batches import PictureNumber
from gan_studio.engine.data.cache import (
    CacheError,
    CacheWriter,
    DecodedFacts,
    DecodedPictures,
    cache_folder,
    cache_key,
    read_cached,
)
from gan_studio.engine.data.decode import LeftOut
from gan_studio.engine.data.kinds.picture_files import PictureFiles
from gan_studio.engine.data.listing import is_known, open_source
from gan_studio.engine.data.names.class_order import earlier_digests
from gan_studio.engine.data.reading import read_blocks
from gan_studio.engine.data.source import PictureSource
from gan_studio.engine.data.split import HASH_BYTES, Selection, digest_of, hold_out, lost_classes, select_pictures
from gan_studio.engine.events import LoadingProgress
from gan_studio.engine.text.message import EngineError, Message
from gan_studio.engine.text.units import bytes_text

IN_MEMORY_BYTES = 512 * 2**20
"""A known set up to this size is decoded into memory at each start and not cached, because that is quick.

So is any other set where the cache cannot be written.
"""


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
        earlier_digests: the digests that earlier versions gave these pictures, by their order of the classes.
    """

    images: NDArray[np.uint8]
    train: NDArray[PictureNumber]
    held_out: NDArray[PictureNumber]
    labels: NDArray[np.int64] | None
    class_names: tuple[str, ...]
    left_out: LeftOut
    digest: str
    notes: tuple[Message, ...] = ()
    earlier_digests: Mapping[tuple[str, ...], str] = field(default_factory=dict)


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
    facts = decoded.facts
    is_held_out = _is_held_out(facts, config)
    left_out = source.left_out + facts.left_out
    train, held_out = (np.flatnonzero(part).astype(PictureNumber) for part in (~is_held_out, is_held_out))
    labels, names = facts.labels, selection.class_names
    counts = [] if labels is None else np.bincount(labels[train], minlength=len(names)).tolist()
    notes = (*source.notes, *selection.notes, *facts.notes, *lost_classes(counts, names))
    earlier = earlier_digests(decoded.images.shape, facts.hashes, labels, names)
    return PictureSet(decoded.images, train, held_out, labels, names, left_out, facts.digest, notes, earlier)


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

    def finish(self, facts: DecodedFacts) -> DecodedPictures: ...


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

    def finish(self, facts: DecodedFacts) -> DecodedPictures:
        """Return the data set."""
        return DecodedPictures(self._images[: self._count], facts)


def _decoded(
    source: PictureSource, selection: Selection, config: DataConfig
) -> Generator[LoadingProgress, None, DecodedPictures]:
    """Read the selected pictures from the cache, or decode them into it (a small known set: into memory)."""
    shape, count = (config.channels, config.image_size, config.image_size), len(selection.indices)
    size = count * int(np.prod(shape))
    if is_known(config.source) and size <= IN_MEMORY_BYTES:
        return (yield from _filled(lambda: nullcontext(_Memory(count, shape)), source, selection, config))
    key = cache_key((yield from source.identity()), config)
    cached = yield from read_cached(key, selection.class_names)
    if cached is not None:
        return cached
    try:
        return (yield from _filled(lambda: CacheWriter(key, shape), source, selection, config))
    except CacheError as error:
        folder, reason, most = cache_folder(), error.reason, bytes_text(IN_MEMORY_BYTES)
        if size > IN_MEMORY_BYTES:
            too_large = Message("cache.too_large", folder=folder, error=reason, size=bytes_text(size), most=most)
            raise EngineError(too_large, error.kept, error.todo) from error
    decoded = yield from _filled(lambda: nullcontext(_Memory(count, shape)), source, selection, config)
    told = Message("cache.in_memory", folder=folder, error=reason, most=most)
    return replace(decoded, facts=replace(decoded.facts, notes=(*decoded.facts.notes, told)))


def _filled(
    new_store: Callable[[], AbstractContextManager[_Store]],
    source: PictureSource,
    selection: Selection,
    config: DataConfig,
) -> Generator[LoadingProgress, None, DecodedPictures]:
    """Decode the selected pictures into a store, masks of 0 and 1 in a second pass as black and white."""
    for stretches_masks in (False, True):
        if isinstance(source, PictureFiles):
            source.begin(stretches_masks=stretches_masks)
        with new_store() as store:
            decoded = yield from _fill(store, source, selection, config)
        if decoded is not None:
            break
    return cast(DecodedPictures, decoded)


def _fill(
    store: _Store, source: PictureSource, selection: Selection, config: DataConfig
) -> Generator[LoadingProgress, None, DecodedPictures | None]:
    """Decode the selected pictures into a store; None if they turn out to be masks, which are read in another way.

    Raises:
        EngineError: fewer than two pictures can be used for training.
    """
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
    held_out_from = _usable_before(selection.held_out_from, places[:count])
    if (count if held_out_from is None else held_out_from) < 2:
        raise EngineError(
            Message("data.none_read", source=config.source, count=total, reason=left_out[0][1]),
            Message("kept.nothing_begun"),
            Message("todo.put_pictures"),
        )
    if isinstance(source, PictureFiles) and source.findings.are_masks and not source.findings.stretches_masks:
        return None
    rows = hashes[:count]
    labels = None if selection.labels is None else selection.labels[places[:count]]
    shape = (count, config.channels, config.image_size, config.image_size)
    digest = digest_of(shape, rows, labels, selection.class_names)
    return store.finish(DecodedFacts(labels, tuple(left_out), rows, digest, source.decoding_notes(), held_out_from))


def _usable_before(border: int | None, places: NDArray[np.int64]) -> int | None:
    """Return how many usable pictures lie before the held-out part; None where the source has no such part."""
    return None if border is None else int(np.searchsorted(places, border))


def _is_held_out(facts: DecodedFacts, config: DataConfig) -> NDArray[np.bool_]:
    """Mark the held-out pictures: the source's own held-out part, else a share chosen by content. bool [N]."""
    if facts.held_out_from is None:
        return hold_out(facts.hashes, config.held_out)
    return np.arange(len(facts.hashes)) >= facts.held_out_from
