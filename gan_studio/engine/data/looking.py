"""Look at some pictures of a source to find out what they are like: their colours and sizes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.decode import LeftOut
from gan_studio.engine.data.kinds.picture_files import PictureFiles
from gan_studio.engine.data.known.known_sets import KNOWN_SETS
from gan_studio.engine.data.listing import opened
from gan_studio.engine.data.source import PictureSource, ShouldStop, never_stop, raise_if_stopped
from gan_studio.engine.data.split import Selection, select_pictures, spread
from gan_studio.engine.nature import Nature
from gan_studio.engine.text.message import EngineError, Message

LOOKED_AT = 64
"""Pictures that are decoded to find out what the pictures of a source are like."""

LOOK_SIDE = 96
"""Pixels a side of a picture that is looked at."""

LEAST_CHROMA, LEAST_SHARE = 16, 0.005
"""A picture is in colour if red, green and blue differ by more than LEAST_CHROMA in this share of its pixels."""

OPAQUE = 250
"""From this opacity on, a pixel is opaque."""

_LOOK = {"image_size": LOOK_SIDE, "channels": 4, "fit": "stretch", "background": "#ffffff"}


@dataclass(frozen=True)
class Looked:
    """Pictures spread over a source, decoded whole to look at them.

    Attributes:
        indices: numbers of the usable ones in the source.
        pixels: uint8 [n, LOOK_SIDE, LOOK_SIDE, 4], stretched to a square.
        sizes: width and height of each original in pixels; None where unknown.
        left_out: (name, reason) of the unusable ones.
    """

    indices: tuple[int, ...]
    pixels: NDArray[np.uint8]
    sizes: tuple[tuple[int, int] | None, ...]
    left_out: LeftOut

    @property
    def nature(self) -> Nature | None:
        """What the pictures are like; None if none of them is usable."""
        count, sides = len(self.pixels), [min(size) for size in self.sizes if size is not None]
        if not count:
            return None
        coloured, translucent = int(_is_coloured(self.pixels).sum()), int(_is_translucent(self.pixels).sum())
        channels = 4 if 2 * translucent >= count else 3 if coloured else 1
        return Nature(count, coloured, translucent, channels, int(np.median(sides)) if sides else 0)


def nature_of(config: DataConfig, should_stop: ShouldStop = never_stop) -> Nature:
    """Find out what the pictures of a source are like.

    Raises:
        EngineError: the source does not exist, no picture that was tried can be read, or it has no such class.
        StoppedError: should_stop returned True.
    """
    if config.source in KNOWN_SETS:
        return known_nature(config.source)
    source = opened(config, should_stop)
    try:
        looked = look_at(source, select_pictures(source, config), config, should_stop)
    finally:
        source.close()
    if looked.nature is None:
        _, reason = looked.left_out[0] if looked.left_out else ("", Message("picture.not_a_picture"))
        happened = Message("data.none_read", source=config.source, count=len(looked.left_out), reason=reason)
        raise EngineError(happened, Message("kept.nothing_begun"), Message("todo.put_pictures"))
    return looked.nature


def known_nature(name: str) -> Nature:
    """Return the nature of a known set, which is known without its pictures."""
    known = KNOWN_SETS[name]
    return Nature(0, 0, 0, known.channels, known.image_size)


def look_at(source: PictureSource, selection: Selection, config: DataConfig, should_stop: ShouldStop) -> Looked:
    """Decode up to LOOKED_AT pictures, spread evenly over those to train on; for a video, its first frames.

    Masks of 0 and 1 are decoded as black and white, from now on.
    """
    looked = _look_once(source, selection, config, should_stop)
    if isinstance(source, PictureFiles) and source.findings.are_masks:
        source.begin(stretches_masks=True)
        looked = _look_once(source, selection, config, should_stop)
    return looked


def _look_once(source: PictureSource, selection: Selection, config: DataConfig, should_stop: ShouldStop) -> Looked:
    most = min(LOOKED_AT, selection.count)
    places = np.arange(most) if source.is_sequential else spread(selection.count, most)
    tried = selection.indices[places].tolist() if most else []
    usable, pixels, left_out = [], [], []
    for index, picture in zip(tried, source.pictures(tried, config.model_copy(update=_LOOK)), strict=True):
        raise_if_stopped(should_stop)
        if isinstance(picture, Message):
            left_out.append((source.name(index), picture))
        else:
            usable.append(index)
            pixels.append(picture.transpose(1, 2, 0))
    stack = np.stack(pixels) if pixels else np.empty((0, LOOK_SIDE, LOOK_SIDE, 4), np.uint8)
    return Looked(tuple(usable), stack, _sizes(source, usable, should_stop), tuple(left_out))


def _sizes(
    source: PictureSource, indices: Sequence[int], should_stop: ShouldStop
) -> tuple[tuple[int, int] | None, ...]:
    sizes = []
    for index in indices:
        raise_if_stopped(should_stop)
        sizes.append(source.size(index))
    return tuple(sizes)


def _is_coloured(pixels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Tell which pictures of uint8 [N, H, W, 4] are in colour: bool [N]."""
    colours = pixels[..., :3]
    chroma = colours.max(axis=-1) - colours.min(axis=-1)
    return np.asarray((chroma > LEAST_CHROMA).mean(axis=(1, 2)) >= LEAST_SHARE)


def _is_translucent(pixels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Tell which pictures of uint8 [N, H, W, 4] have transparent pixels: bool [N]."""
    return np.asarray((pixels[..., 3] < OPAQUE).any(axis=(1, 2)))
