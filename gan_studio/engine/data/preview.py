"""The preview of a source: some of its pictures and what was found there, before anything is trained."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.decode import LeftOut
from gan_studio.engine.data.kinds.picture_files import PictureFiles
from gan_studio.engine.data.known.published_files import PUBLISHED
from gan_studio.engine.data.listing import open_source
from gan_studio.engine.data.source import PictureSource, ShouldStop, never_stop, raise_if_stopped
from gan_studio.engine.data.split import Selection, held_out_count, select_pictures, spread
from gan_studio.engine.text.message import EngineError, Message


@dataclass(frozen=True)
class Preview:
    """Some pictures of a source at the size and channels of a run, and what was found about the source.

    Attributes:
        source: the source as in DataConfig.
        images: uint8 [n, H, W, C], n at most the number of pictures asked for.
        count: pictures that the settings select, without the source's own held-out part. Damaged pictures are counted,
            because only the run finds them. 0 for a known set that is not on this machine.
        left_out: (name, reason) of files that could not be listed, and of unusable pictures among those tried.
        class_names, class_counts: the classes and the number of pictures in each; () without labels.
        sizes: width and height of the smallest and of the largest picture tried (by area), in pixels, or None.
        notes: how the source was understood, and what decoding these pictures found, in sentences for a person.
        held_out: pictures that a run will not train on. For a source with its own held-out part: that part, which
            `count` does not include. Otherwise an estimate, which `count` includes.
        is_held_out_about: whether `held_out` is an estimate. Copies and damaged files change it in the run.
    """

    source: str
    images: NDArray[np.uint8]
    count: int
    left_out: LeftOut
    class_names: tuple[str, ...] = ()
    class_counts: tuple[int, ...] = ()
    sizes: tuple[int, int, int, int] | None = None
    notes: tuple[Message, ...] = ()
    held_out: int = 0
    is_held_out_about: bool = False


def preview_pictures(config: DataConfig, most: int = 24, should_stop: ShouldStop = never_stop) -> Preview:
    """Decode up to `most` pictures, spread evenly over the source; for a video, the first of its selected frames.

    Args:
        config: the source, and how its pictures are selected and fitted.
        most: number of pictures to decode.
        should_stop: called often; the preview ends when it returns True.

    Raises:
        EngineError: the source does not exist, holds no picture, or has no such class.
        StoppedError: should_stop returned True.
    """
    try:
        source = _opened(config, should_stop)
    except EngineError:
        if config.source not in PUBLISHED:
            raise
        return Preview(config.source, _empty_images(0, config), 0, ())
    try:
        return _look(source, config, most, should_stop)
    finally:
        source.close()


def _opened(config: DataConfig, should_stop: ShouldStop) -> PictureSource:
    listing = open_source(config, for_preview=True, should_stop=should_stop)
    while True:
        raise_if_stopped(should_stop)
        try:
            next(listing)
        except StopIteration as end:
            source: PictureSource = end.value
            return source


def _empty_images(count: int, config: DataConfig) -> NDArray[np.uint8]:
    return np.empty((count, config.image_size, config.image_size, config.channels), np.uint8)


def _look(source: PictureSource, config: DataConfig, most: int, should_stop: ShouldStop) -> Preview:
    selection = select_pictures(source, config)
    places = np.arange(min(most, selection.count)) if source.is_sequential else spread(selection.count, most)
    indices = selection.indices[places].tolist()
    images, left_out = _decoded(source, indices, config, should_stop)
    if isinstance(source, PictureFiles) and source.findings.are_masks:
        source.begin(stretches_masks=True)
        images, left_out = _decoded(source, indices, config, should_stop)
    return Preview(
        config.source,
        images,
        selection.count,
        source.left_out + left_out,
        selection.class_names,
        selection.class_counts,
        _sizes(source, indices, should_stop),
        source.notes + source.decoding_notes(),
        *_held_out(selection, config),
    )


def _decoded(
    source: PictureSource, indices: Sequence[int], config: DataConfig, should_stop: ShouldStop
) -> tuple[NDArray[np.uint8], LeftOut]:
    """Decode pictures: uint8 [n, H, W, C], and (name, reason) of each that cannot be used."""
    images, left_out, good = _empty_images(len(indices), config), list[tuple[str, Message]](), 0
    for index, picture in zip(indices, source.pictures(indices, config), strict=True):
        raise_if_stopped(should_stop)
        if isinstance(picture, Message):
            left_out.append((source.name(index), picture))
        else:
            images[good] = picture.transpose(1, 2, 0)
            good += 1
    return images[:good], tuple(left_out)


def _held_out(selection: Selection, config: DataConfig) -> tuple[int, bool]:
    """Return how many pictures a run will hold out, and whether that is an estimate."""
    if selection.held_out_from is not None:
        return len(selection.indices) - selection.held_out_from, False
    return held_out_count(selection.count, config.held_out), True


def _sizes(source: PictureSource, indices: Sequence[int], should_stop: ShouldStop) -> tuple[int, int, int, int] | None:
    found = sorted(_known_sizes(source, indices, should_stop), key=lambda size: (size[0] * size[1], size))
    return (*found[0], *found[-1]) if found else None


def _known_sizes(source: PictureSource, indices: Sequence[int], should_stop: ShouldStop) -> Iterator[tuple[int, int]]:
    for index in indices:
        raise_if_stopped(should_stop)
        size = source.size(index)
        if size is not None:
            yield size
