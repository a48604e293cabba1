"""The preview of a source: some of its pictures and what was found there, before anything is trained."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.decode import LeftOut
from gan_studio.engine.data.known.published_files import PUBLISHED
from gan_studio.engine.data.listing import opened
from gan_studio.engine.data.looking import LOOK_SIDE, known_nature, look_at
from gan_studio.engine.data.source import PictureSource, ShouldStop, never_stop, raise_if_stopped
from gan_studio.engine.data.split import Selection, held_out_count, lost_classes, select_pictures, spread
from gan_studio.engine.nature import Nature
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
        nature: what the pictures are like; None if none could be read.
        originals: the same pictures whole, uint8 [n, LOOK_SIDE, LOOK_SIDE, 4], stretched to a square.
        original_sizes: width and height of each original in pixels; None where unknown.
        names: name of each of these pictures.
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
    nature: Nature | None = None
    originals: NDArray[np.uint8] = field(default_factory=lambda: np.empty((0, LOOK_SIDE, LOOK_SIDE, 4), np.uint8))
    original_sizes: tuple[tuple[int, int] | None, ...] = ()
    names: tuple[str, ...] = ()


def preview_pictures(config: DataConfig, most: int = 24, should_stop: ShouldStop = never_stop) -> Preview:
    """Look at pictures spread evenly over the source, and show up to `most` of them; for a video, its first frames.

    Args:
        config: the source, and how its pictures are selected and fitted.
        most: number of pictures to show.
        should_stop: called often; the preview ends when it returns True.

    Raises:
        EngineError: the source does not exist, holds no picture, or has no such class.
        StoppedError: should_stop returned True.
    """
    try:
        source = opened(config, should_stop)
    except EngineError:
        if config.source not in PUBLISHED:
            raise
        return Preview(config.source, _no_images(config), 0, (), nature=known_nature(config.source))
    try:
        return _look(source, config, most, should_stop)
    finally:
        source.close()


def _no_images(config: DataConfig) -> NDArray[np.uint8]:
    return np.empty((0, config.image_size, config.image_size, config.channels), np.uint8)


def _look(source: PictureSource, config: DataConfig, most: int, should_stop: ShouldStop) -> Preview:
    selection = select_pictures(source, config)
    looked = look_at(source, selection, config, should_stop)
    lost = lost_classes(selection.class_counts, selection.class_names)
    notes = (
        *source.notes,
        *selection.notes,
        *source.decoding_notes(),
        *lost,
    )  # before the pictures shown are decoded again
    shown = spread(len(looked.indices), most) if looked.indices else np.empty(0, np.int64)
    images, shown = _as_trained(source, looked.indices, shown, config, should_stop)
    return Preview(
        config.source,
        images,
        selection.count,
        source.left_out + looked.left_out,
        selection.class_names,
        selection.class_counts,
        _extremes([size for size in looked.sizes if size is not None]),
        notes,
        *_held_out(selection, config),
        nature=looked.nature,
        originals=looked.pixels[shown],
        original_sizes=tuple(looked.sizes[place] for place in shown),
        names=tuple(source.name(looked.indices[place]) for place in shown),
    )


def _as_trained(
    source: PictureSource,
    indices: Sequence[int],
    shown: NDArray[np.int64],
    config: DataConfig,
    should_stop: ShouldStop,
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Decode usable pictures as the networks see them, without those that can no longer be read.

    Args:
        source: where they are.
        indices: numbers of the pictures that were looked at, in the source.
        shown: places in `indices`, int64 [n].
        config: how the pictures are fitted.
        should_stop: see preview_pictures.

    Returns:
        uint8 [m, H, W, C], and the places that were decoded, int64 [m].
    """
    images, places = [], []
    wanted = [indices[place] for place in shown]
    for place, picture in zip(shown.tolist(), source.pictures(wanted, config), strict=True):
        raise_if_stopped(should_stop)
        if not isinstance(picture, Message):
            images.append(picture.transpose(1, 2, 0))
            places.append(place)
    return np.stack(images) if images else _no_images(config), np.array(places, np.int64)


def _held_out(selection: Selection, config: DataConfig) -> tuple[int, bool]:
    """Return how many pictures a run will hold out, and whether that is an estimate."""
    if selection.held_out_from is not None:
        return len(selection.indices) - selection.held_out_from, False
    return held_out_count(selection.count, config.held_out), True


def _extremes(sizes: Sequence[tuple[int, int]]) -> tuple[int, int, int, int] | None:
    """Return width and height of the smallest and of the largest size by area."""
    found = sorted(sizes, key=lambda size: (size[0] * size[1], size))
    return (*found[0], *found[-1]) if found else None
