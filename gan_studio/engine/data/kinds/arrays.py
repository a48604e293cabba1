"""Arrays of pictures as a source, and fitting arrays to the size and channels of a run."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.arrays.layouts import Arrangement
from gan_studio.engine.data.arrays.values import Scale, to_bytes
from gan_studio.engine.data.batches import take
from gan_studio.engine.data.decode import background_of, fit_picture, hide_colours
from gan_studio.engine.data.source import PictureSource
from gan_studio.engine.events import LoadingProgress
from gan_studio.engine.text.message import Message

BATCH_BYTES = 64 * 2**20
"""Bytes of the array that are fitted at a time; at least one picture."""

_RED, _GREEN, _BLUE = 19595, 38470, 7471
"""Weights of ITU-R 601 luma in units of 1/65536, the same as Pillow's."""


@dataclass(frozen=True)
class PictureArray:
    """An array or memory map of pictures of one size, with the pictures along its first axis, and how to read it."""

    stored: NDArray[Any]
    arrangement: Arrangement

    @classmethod
    def of(cls, images: NDArray[np.uint8]) -> "PictureArray":
        """Wrap pictures that are already [N, H, W] or [N, H, W, C]."""
        count, height, width, *channels = images.shape
        return cls(images, Arrangement("nhwc", count, height, width, channels[0] if channels else 1))

    @property
    def size(self) -> tuple[int, int, int]:
        """Width, height and channels of every picture."""
        return self.arrangement.width, self.arrangement.height, self.arrangement.channels

    def pictures(self, indices: NDArray[np.int64]) -> NDArray[Any]:
        """Copy some pictures: [n, H, W, C]."""
        return self.arrangement.pictures(take(self.stored, indices))


class ArraySource(PictureSource):
    """Arrays of pictures of one size, in memory or in memory maps: the part to train on, then the held-out parts."""

    def __init__(
        self,
        arrays: Sequence[PictureArray],
        labels: NDArray[np.int64] | None,
        class_names: tuple[str, ...],
        identity: str,
        scale: Scale = "bytes",
        held_out_from: int | None = None,
        notes: tuple[Message, ...] = (),
    ) -> None:
        self._arrays = tuple(arrays)
        self._starts = np.cumsum([0, *(array.arrangement.count for array in arrays)])
        self._identity = identity
        self._scale = scale
        self.count = int(self._starts[-1])
        self.labels = labels
        self.class_names = class_names
        self.held_out_from = held_out_from
        self.notes = notes

    def name(self, index: int) -> str:
        """Return the index of the picture as text."""
        return str(index)

    def size(self, index: int) -> tuple[int, int] | None:
        """Return width and height in pixels, the same for all pictures."""
        return self._arrays[0].size[:2]

    def pictures(self, indices: Sequence[int], config: DataConfig) -> Iterator[NDArray[np.uint8] | Message]:
        """Yield each picture at the size and channels of the run."""
        most = max(1, BATCH_BYTES // max(1, self._arrays[0].stored[:1].nbytes))
        places = np.asarray(indices, np.int64)
        parts = np.searchsorted(self._starts, places, "right") - 1
        ends = [*(np.flatnonzero(np.diff(parts)) + 1).tolist(), len(places)] if len(places) else []
        for first, end in pairwise([0, *ends]):
            for start in range(first, end, most):
                chosen = slice(start, min(start + most, end))
                part = self._arrays[parts[start]].pictures(places[chosen] - self._starts[parts[start]])
                yield from fit_arrays(to_bytes(part, self._scale), config)

    def identity(self) -> Generator[LoadingProgress, None, str]:
        """Return the identity of the file or known set that the array was read from."""
        yield LoadingProgress(0, self.count)
        return self._identity


def fit_arrays(images: NDArray[np.uint8], config: DataConfig) -> NDArray[np.uint8]:
    """Bring pictures of one size to the size and channels of a run.

    Smaller pictures are enlarged by a whole factor (nearest neighbour), then padded with black, or with transparent
    pixels where they have opacity: 28 pixels at 32 get a border of 2. Larger pictures are scaled down with a Lanczos
    filter, as in `fit_picture`.

    Args:
        images: uint8 [N, H, W] or [N, H, W, C], C 1, 3 or 4 (the fourth is opacity).
        config: image_size, channels, fit, background.

    Returns:
        uint8 [N, channels, image_size, image_size].
    """
    images = images[..., None] if images.ndim == 3 else images
    size, side = config.image_size, max(images.shape[1:3])
    if side > size:
        fitted = np.empty((len(images), config.channels, size, size), np.uint8)
        for place, picture in zip(fitted, images, strict=True):
            place[:] = fit_picture(_as_image(picture), config)
        return fitted
    enlarged = images.repeat(size // side, axis=1).repeat(size // side, axis=2)
    padded = np.pad(enlarged, ((0, 0), _borders(enlarged.shape[1], size), _borders(enlarged.shape[2], size), (0, 0)))
    return np.ascontiguousarray(_in_channels(padded, config).transpose(0, 3, 1, 2))


def _as_image(picture: NDArray[np.uint8]) -> Image.Image:
    return Image.fromarray(np.ascontiguousarray(picture[:, :, 0] if picture.shape[2] == 1 else picture))


def _borders(length: int, size: int) -> tuple[int, int]:
    before = (size - length) // 2
    return before, size - length - before


def _in_channels(images: NDArray[np.uint8], config: DataConfig) -> NDArray[np.uint8]:
    """Convert uint8 [N, H, W, C], C 1, 3 or 4, to [N, H, W, config.channels]."""
    if config.channels == 4:
        return _with_opacity(images, config)
    if images.shape[3] == 4:
        images = _flattened(images, config)
    if images.shape[3] == config.channels:
        return images
    if config.channels == 3:
        return images.repeat(3, axis=3)
    red, green, blue = (images[..., index].astype(np.uint32) for index in range(3))
    return ((red * _RED + green * _GREEN + blue * _BLUE + 0x8000) >> 16).astype(np.uint8)[..., None]


def _with_opacity(images: NDArray[np.uint8], config: DataConfig) -> NDArray[np.uint8]:
    if images.shape[3] == 4:
        shown = images.copy()
        hide_colours(shown, config)
        return shown
    colours = images.repeat(3, axis=3) if images.shape[3] == 1 else images
    return np.concatenate([colours, np.full_like(colours[..., :1], 255)], axis=3)


def _flattened(images: NDArray[np.uint8], config: DataConfig) -> NDArray[np.uint8]:
    opacity = images[..., 3:].astype(np.uint32)
    background = np.array(background_of(config), np.uint32)
    return ((images[..., :3] * opacity + background * (255 - opacity) + 127) // 255).astype(np.uint8)
