"""A first look at a source of pictures, before anything is trained."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.decode import LeftOut
from gan_studio.engine.data.known.published_files import PUBLISHED
from gan_studio.engine.data.listing import open_source
from gan_studio.engine.data.source import PictureSource
from gan_studio.engine.data.split import Chosen, choose, held_out_about, spread
from gan_studio.engine.data.stopping import ShouldStop, check, never
from gan_studio.engine.text.message import EngineError, Message


@dataclass(frozen=True)
class Preview:
    """Some pictures of a source as the networks will see them.

    Attributes:
        source: as in DataConfig.
        images: uint8 [n, H, W, C], n up to the number asked for.
        count: pictures that the settings choose, held-out ones from the same files included (damaged ones are only
            found when the run reads them); 0 for a known set that is not on this machine.
        left_out: what cannot be used, among the pictures looked at and among what could not be listed.
        class_names, class_counts: the classes and how many pictures each has; () without labels.
        sizes: width and height of the smallest and of the largest picture looked at (by area), or None.
        note: how the source was understood, where that could be mistaken.
        held_out: pictures that a run will not train on: the source's own held-out part, beside `count`, or where it
            has none an estimate, among `count` (copies and damaged files decide in the run).
        is_held_out_about: whether that is the estimate.
    """

    source: str
    images: NDArray[np.uint8]
    count: int
    left_out: LeftOut
    class_names: tuple[str, ...] = ()
    class_counts: tuple[int, ...] = ()
    sizes: tuple[int, int, int, int] | None = None
    note: Message | None = None
    held_out: int = 0
    is_held_out_about: bool = False


def preview_pictures(config: DataConfig, most: int = 24, should_stop: ShouldStop = never) -> Preview:
    """Look at up to `most` pictures, spread evenly over the source (of a video, the first of those it is trained on).

    Args:
        config: the source and what is done to its pictures.
        most: how many pictures to show.
        should_stop: asked often; at its first yes the look ends.

    Raises:
        EngineError: the source does not exist, holds no picture, or has no such class.
        StoppedError: should_stop said so.
    """
    try:
        source = _opened(config, should_stop)
    except EngineError:
        if config.source not in PUBLISHED:
            raise
        return Preview(config.source, _room(0, config), 0, ())
    try:
        return _look(source, config, most, should_stop)
    finally:
        source.close()


def _opened(config: DataConfig, should_stop: ShouldStop) -> PictureSource:
    listing = open_source(config, looking=should_stop)
    while True:
        check(should_stop)
        try:
            next(listing)
        except StopIteration as end:
            source: PictureSource = end.value
            return source


def _room(count: int, config: DataConfig) -> NDArray[np.uint8]:
    return np.empty((count, config.image_size, config.image_size, config.channels), np.uint8)


def _look(source: PictureSource, config: DataConfig, most: int, should_stop: ShouldStop) -> Preview:
    chosen = choose(source, config)
    places = np.arange(min(most, chosen.in_sight)) if source.is_sequential else spread(chosen.in_sight, most)
    indices = chosen.indices[places].tolist()
    images = _room(len(indices), config)
    left_out: list[tuple[str, Message]] = []
    good = 0
    for index, picture in zip(indices, source.pictures(indices, config), strict=True):
        check(should_stop)
        if isinstance(picture, Message):
            left_out.append((source.name(index), picture))
        else:
            images[good] = picture.transpose(1, 2, 0)
            good += 1
    return Preview(
        config.source,
        images[:good],
        chosen.in_sight,
        source.left_out + tuple(left_out),
        chosen.class_names,
        chosen.class_counts,
        _sizes(source, indices, should_stop),
        source.note,
        *_held_out(chosen, config),
    )


def _held_out(chosen: Chosen, config: DataConfig) -> tuple[int, bool]:
    """Tell how many pictures a run will hold out, and whether that is only about so many."""
    if chosen.held_out_from is not None:
        return len(chosen.indices) - chosen.held_out_from, False
    return held_out_about(chosen.in_sight, config.held_out), True


def _sizes(source: PictureSource, indices: Sequence[int], should_stop: ShouldStop) -> tuple[int, int, int, int] | None:
    found = sorted(_known_sizes(source, indices, should_stop), key=lambda size: (size[0] * size[1], size))
    return (*found[0], *found[-1]) if found else None


def _known_sizes(source: PictureSource, indices: Sequence[int], should_stop: ShouldStop) -> Iterator[tuple[int, int]]:
    for index in indices:
        check(should_stop)
        size = source.size(index)
        if size is not None:
            yield size
