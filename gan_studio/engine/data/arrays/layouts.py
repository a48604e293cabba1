"""How the axes of an array hold pictures: what fits its shape, and a guess by smoothness where several layouts do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isqrt
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.data.batches import take
from gan_studio.engine.text.message import Message

Layout = Literal["nhwc", "nchw", "hwcn", "flat_interleaved", "flat_planar"]
"""Order of the axes: N pictures, H rows, W columns, C channels; flat pictures are rows [N, D] of a table."""

CHANNELS = (1, 3, 4)
LEAST_FLAT_SIDE = 8
"""Flat pictures are at least this high and wide; shorter rows are features."""
LEAST_SIDE = 5
"""An axis shorter than this is taken as channels rather than as rows or columns, where both fit."""
_TEXTS: Mapping[Layout, Message] = {
    "nhwc": Message("layout.nhwc"),
    "nchw": Message("layout.nchw"),
    "hwcn": Message("layout.hwcn"),
    "flat_interleaved": Message("layout.flat_interleaved"),
    "flat_planar": Message("layout.flat_planar"),
}
MOST_COMPARED = 32
"""Pictures whose smoothness is compared to guess a layout."""
COMPARED_VALUES = 2**24
"""Values read at most to compare one layout."""
MARGIN = 1.01
"""Layouts whose roughness differs by less than 1 % are equally smooth; then the first in the order of Layout wins."""


@dataclass(frozen=True)
class Arrangement:
    """One way to read an array as pictures: the layout, and what it makes of the shape."""

    layout: Layout
    count: int
    height: int
    width: int
    channels: int

    @property
    def side(self) -> int:
        """The shorter side of a picture in pixels."""
        return min(self.height, self.width)

    def by_picture(self, array: NDArray[Any]) -> NDArray[Any]:
        """View the array with the pictures along its first axis."""
        return np.moveaxis(array, -1, 0) if self.layout == "hwcn" else array

    def pictures(self, batch: NDArray[Any]) -> NDArray[Any]:
        """Return some pictures of the view that `by_picture` makes as [n, H, W, C]."""
        if self.layout in ("nchw", "flat_planar"):
            return batch.reshape(-1, self.channels, self.height, self.width).transpose(0, 2, 3, 1)
        return batch.reshape(-1, self.height, self.width, self.channels)


def arrangements(shape: tuple[int, ...], stated: Layout | Literal["auto"] = "auto") -> tuple[Arrangement, ...]:
    """List the ways to read a shape as several pictures, the most usual first; () if there is none.

    Args:
        shape: [N, H, W], [N, H, W, C], [N, C, H, W], [H, W, C, N], [H, W, N], or flat [N, D] or [D, N]
            with D = H * H * C.
        stated: the layout if a person has stated it.
    """
    if stated != "auto":
        fitting = _arranged(shape, stated)
        return (fitting,) if fitting else ()
    found = [] if one_picture(shape) else [each for layout in _usual(shape) if (each := _arranged(shape, layout))]
    has_large = any(each.side >= LEAST_SIDE for each in found)
    return tuple(each for each in found if each.side >= LEAST_SIDE or not has_large)


def one_picture(shape: tuple[int, ...]) -> bool:
    """Tell whether a shape is that of one picture: [H, W, C], [C, H, W], or four axes with N = 1."""
    if len(shape) == 4:
        return any(each and each.count == 1 for each in (_arranged(shape, "nhwc"), _arranged(shape, "nchw")))
    return len(shape) == 3 and min(shape) > 0 and (shape[2] in CHANNELS or shape[0] in (1, 3))


def smoothest(array: NDArray[Any], choices: tuple[Arrangement, ...]) -> Arrangement:
    """Guess the layout of an array: the one in which neighbouring pixels differ least (least total variation)."""
    if len(choices) == 1:
        return choices[0]
    rough = [_roughness(array, choice) for choice in choices]
    return next(choice for choice, value in zip(choices, rough, strict=True) if value <= min(rough) * MARGIN)


def is_one_flat_picture(array: NDArray[Any], flat: Arrangement) -> bool:
    """Tell whether a table [N, D] is rather one grey picture: its rows go on from each other like those of a photo."""
    height, width = array.shape
    if flat.channels != 1 or flat.layout == "hwcn" or not width / 4 <= height <= width * 4:
        return False
    chosen = np.linspace(0, height - 2, min(height - 1, 256)).astype(np.int64)
    first, second = (take(array, rows).astype(np.float64) for rows in (chosen, chosen + 1))
    within = np.abs(first[:, flat.width :] - first[:, : -flat.width]).mean()
    return bool(np.abs(second - first).mean() < within / 2)


def layout_text(shape: tuple[int, ...], layout: Layout) -> Message:
    """Name a layout for a person, such as [N, H, W, C] or "flat, colour planes one after the other"."""
    if len(shape) == 3:
        return Message("layout.hwn") if layout == "hwcn" else Message("layout.nhw")
    if len(shape) == 2 and layout == "hwcn":
        return Message("layout.columns")
    if len(shape) == 2 and isqrt(shape[1]) ** 2 == shape[1]:
        return Message("layout.flat")
    return _TEXTS[layout]


def _usual(shape: tuple[int, ...]) -> Iterator[Layout]:
    match len(shape):
        case 2:
            yield "flat_interleaved"
            if isqrt(shape[1]) ** 2 != shape[1]:
                yield "flat_planar"
            yield "hwcn"
        case 3:
            yield "nhwc"
            if shape[0] == shape[1] != shape[2]:
                yield "hwcn"
        case 4:
            yield from ("nhwc", "nchw", "hwcn")


def _arranged(shape: tuple[int, ...], layout: Layout) -> Arrangement | None:
    match layout, shape:
        case (("nhwc" | "nchw"), (count, height, width)):
            channels = 1
        case "nhwc", (count, height, width, channels):
            pass
        case "nchw", (count, channels, height, width):
            pass
        case "hwcn", (height, width, count):
            channels = 1
        case "hwcn", (height, width, channels, count):
            pass
        case (("flat_interleaved" | "flat_planar"), (count, length)):
            height, width, channels = _square(length)
        case "hwcn", (length, count):
            height, width, channels = _square(length)
        case _:
            return None
    return Arrangement(layout, count, height, width, channels) if channels in CHANNELS and min(shape) > 0 else None


def _square(length: int) -> tuple[int, int, int]:
    """Return height, width and channels of a flat square picture; no channels if the length is that of none."""
    channels = 1 if isqrt(length) ** 2 == length else 3
    side = isqrt(length // channels)
    return side, side, channels if side >= LEAST_FLAT_SIDE and side * side * channels == length else 0


def _roughness(array: NDArray[Any], choice: Arrangement) -> float:
    """Return the mean difference of neighbouring pixels in some pictures, down plus across."""
    each = choice.height * choice.width * choice.channels
    most = max(1, min(MOST_COMPARED, COMPARED_VALUES // each))
    chosen = np.linspace(0, choice.count - 1, min(choice.count, most)).astype(np.int64)
    pictures = choice.pictures(take(choice.by_picture(array), chosen)).astype(np.float32)
    steps = [np.abs(np.diff(pictures, axis=axis)) for axis in (1, 2)]
    return float(sum(step.mean() for step in steps if step.size))
