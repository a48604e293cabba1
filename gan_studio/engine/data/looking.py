"""Look at some pictures of a source to find out what they are like: their colours and sizes."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.decode import LeftOut
from gan_studio.engine.data.kinds.picture_files import PictureFiles
from gan_studio.engine.data.known.known_sets import KNOWN_SETS
from gan_studio.engine.data.listing import open_for_look
from gan_studio.engine.data.source import PictureSource, ShouldStop, never_stop, raise_if_stopped
from gan_studio.engine.data.split import Selection, select_pictures, spread
from gan_studio.engine.events import LoadingProgress
from gan_studio.engine.nature import Nature
from gan_studio.engine.text.message import EngineError, Message

LOOKED_AT = 64
"""Pictures that are decoded to find out what the pictures of a source are like."""

CHECKED_FOR_MASKS = 1000
"""Pictures that are decoded to find out whether all are masks, where those that are looked at are."""

LOOK_SIDE = 96
"""Pixels a side of a picture that is looked at."""

LEAST_CHROMA, LEAST_SHARE = 16, 0.005
"""A picture is in colour if red, green and blue differ by more than LEAST_CHROMA in this share of its pixels."""

OPAQUE = 250
"""From this opacity on, a pixel is opaque."""

_WHOLE = {"channels": 4, "fit": "stretch", "background": "#ffffff"}


@dataclass(frozen=True)
class Decoded:
    """Some pictures of a source, decoded whole.

    Attributes:
        indices: numbers of the usable ones in the source.
        pixels: uint8 [n, side, side, 4], stretched to a square.
        left_out: (name, reason) of the unusable ones.
    """

    indices: tuple[int, ...]
    pixels: NDArray[np.uint8]
    left_out: LeftOut


@dataclass(frozen=True)
class Looked(Decoded):
    """Pictures spread over a source, decoded whole with LOOK_SIDE pixels a side to look at them.

    Attributes:
        sizes: width and height of each original in pixels; None where unknown.
    """

    sizes: tuple[tuple[int, int] | None, ...]

    @property
    def nature(self) -> Nature | None:
        """What the pictures are like; None if none of them is usable."""
        count, sides = len(self.pixels), [min(size) for size in self.sizes if size is not None]
        if not count:
            return None
        is_mostly_translucent = 2 * int(_is_translucent(self.pixels).sum()) >= count
        channels = 4 if is_mostly_translucent else 3 if _is_coloured(self.pixels).any() else 1
        return Nature(count, channels, int(np.median(sides)) if sides else 0)


def nature_of(config: DataConfig, should_stop: ShouldStop = never_stop) -> Generator[LoadingProgress, None, Nature]:
    """Find out what the pictures of a source are like; yields progress while they are listed.

    Raises:
        EngineError: the source does not exist, no picture that was tried can be read, or it has no such class.
        StoppedError: should_stop returned True.
    """
    if config.source in KNOWN_SETS:
        return known_nature(config.source)
    source = yield from open_for_look(config, should_stop)
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
    return Nature(0, known.channels, known.image_size)


def look_at(source: PictureSource, selection: Selection, config: DataConfig, should_stop: ShouldStop) -> Looked:
    """Decode up to LOOKED_AT pictures, spread evenly over those to train on; for a video, its first frames.

    Masks of 0 and 1 are decoded as black and white, from now on.
    """
    tried = decode_some(source, selection, config, LOOKED_AT, LOOK_SIDE, should_stop)
    return Looked(tried.indices, tried.pixels, tried.left_out, _sizes(source, tried.indices, should_stop))


def decode_some(
    source: PictureSource, selection: Selection, config: DataConfig, most: int, side: int, should_stop: ShouldStop
) -> Decoded:
    """Decode up to `most` pictures whole, in colour and with opacity, stretched to a square of `side` pixels.

    They are spread evenly over those to train on; of a video they are the first frames. Masks of 0 and 1 are decoded
    as black and white, from now on.
    """
    most = min(most, selection.count)
    places = np.arange(most) if source.is_sequential else spread(selection.count, most)
    tried = selection.indices[places].tolist() if most else []
    whole = config.model_copy(update={**_WHOLE, "image_size": side})
    found = _decode(source, tried, whole, should_stop)
    if isinstance(source, PictureFiles) and source.findings.are_masks:
        source.begin(stretches_masks=_are_masks(source, selection, whole, should_stop))
        found = _decode(source, tried, whole, should_stop)
    return found


def _are_masks(source: PictureFiles, selection: Selection, whole: DataConfig, should_stop: ShouldStop) -> bool:
    """Tell whether more pictures, of the held-out part too, hold only 0 and 1: only then a run reads them as masks."""
    checked = selection.indices[spread(len(selection.indices), CHECKED_FOR_MASKS)].tolist()
    for _ in source.pictures(checked, whole):
        raise_if_stopped(should_stop)
        if not source.findings.are_masks:
            return False
    return True


def _decode(source: PictureSource, tried: Sequence[int], whole: DataConfig, should_stop: ShouldStop) -> Decoded:
    usable, pixels, left_out = [], [], []
    for index, picture in zip(tried, source.pictures(tried, whole), strict=True):
        raise_if_stopped(should_stop)
        if isinstance(picture, Message):
            left_out.append((source.name(index), picture))
        else:
            usable.append(index)
            pixels.append(picture.transpose(1, 2, 0))
    stack = np.stack(pixels) if pixels else np.empty((0, whole.image_size, whole.image_size, 4), np.uint8)
    return Decoded(tuple(usable), stack, tuple(left_out))


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
