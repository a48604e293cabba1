"""The value range of an array: which number is black and which is white."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.data.batches import release
from gan_studio.engine.data.split import spread
from gan_studio.engine.events import LoadingProgress
from gan_studio.engine.text.message import Message

Scale = Literal[
    "bytes", "binary", "from_zero", "from_minus_one", "to_255", "to_1023", "to_4095", "to_16383", "to_65535"
]
"""Black and white of an array: 0 and 255 in bytes, 0 and 1 with nothing between them, floats 0 and 1, floats -1 and 1,
floats from 0 to 255, or whole numbers of 10, 12, 14 or 16 bits."""

WHITE: Mapping[Scale, int] = {"to_255": 255, "to_1023": 1023, "to_4095": 4095, "to_16383": 16383, "to_65535": 65535}
"""The number that is white, for scales of more than a byte and for floats as large as bytes."""

LEAST_BRIGHT = 100
"""Floats from 0 to 255 reach this value somewhere in a set; others with values above 1 have another meaning."""

TOLERANCE = 1e-6
"""Floats this far outside their range are rounding errors, and are clipped."""
CHUNK_BYTES: Final = 2**24
"""Bytes read between two reports of progress."""
SAMPLE_BYTES: Final = 2**26
"""Bytes of a large array that a preview reads to find its value range."""


@dataclass(frozen=True)
class Values:
    """The lowest and the highest value of an array, in its own type. For uint8, a high above 1 ends the search."""

    low: Any
    high: Any


def find_values(arrays: Sequence[NDArray[Any]], *, by_sample: bool = False) -> Generator[LoadingProgress, None, Values]:
    """Find the lowest and the highest value of some arrays of one dtype, or of about SAMPLE_BYTES of their values."""
    low: Any = None
    high: Any = None
    for array in arrays:
        for chunk in _chunks(array, SAMPLE_BYTES if by_sample else None):
            low = chunk.min() if low is None else np.minimum(low, chunk.min())
            high = chunk.max() if high is None else np.maximum(high, chunk.max())
            release(array)
            yield LoadingProgress(0, 0)
            if array.dtype == np.uint8 and high > 1:
                return Values(low, high)
    return Values(low, high)


def joined(one: Values, other: Values) -> Values:
    """Return the lowest and the highest value of two."""
    return Values(np.minimum(one.low, other.low), np.maximum(one.high, other.high))


def is_zero_or_one(values: Values) -> bool:
    """Tell whether whole numbers are all 0 or 1, so that 1 is white: masks and one-bit pictures."""
    return bool(values.low >= 0 and values.high == 1)


def scale_of(kind: np.dtype[Any], values: Values) -> Scale | Message:
    """Decide the scale of an array from its dtype and its values over the whole set, or return why none fits.

    Args:
        kind: bool, an integer type or a float type.
        values: the lowest and the highest value.
    """
    if kind.kind == "b":
        return "binary"
    if kind.kind in "iu":
        if is_zero_or_one(values):
            return "binary"
        if values.low >= 0 and values.high <= 255:
            return "bytes"
        fitting = (scale for scale, white in WHITE.items() if values.low >= 0 and 255 < values.high <= white)
        refused = Message("array.other_numbers", kind=kind, low=values.low, high=values.high)
        return next(fitting, refused) if kind.itemsize == 2 else refused
    if values.low >= -TOLERANCE and values.high <= 1 + TOLERANCE:
        return "from_zero"
    if values.low >= -1 - TOLERANCE and values.high <= 1 + TOLERANCE:
        return "from_minus_one"
    if values.low >= 0 and LEAST_BRIGHT <= values.high <= 255:
        return "to_255"
    return Message("array.other_range", low=_digits(values.low), high=_digits(values.high))


def scale_notes(kind: np.dtype[Any], scale: Scale, values: Values) -> Iterator[Message]:
    """Tell which number was taken as black and which as white, where that is not 0 and 255 in bytes."""
    if scale == "binary":
        yield Message("array.binary")
    elif scale in WHITE:
        yield Message("array.taken_as", low=0, high=WHITE[scale])
    elif scale != "bytes":
        low = -1 if scale == "from_minus_one" else 0
        yield Message("array.taken_as", low=low, high=1)
        outside = [value for value in (values.low, values.high) if not low <= value <= 1]
        if outside:
            yield Message("array.clipped", values=", ".join(map(_digits, outside)), low=low, high=1)
    elif kind != np.uint8:
        yield Message("array.taken_as", low=0, high=255)


def to_bytes(images: NDArray[Any], scale: Scale) -> NDArray[np.uint8]:
    """Convert values of any scale to 0 to 255, rounded and clipped: uint8 of the same shape."""
    if scale == "bytes":
        return images.astype(np.uint8, copy=False)
    if scale == "binary":
        return np.where(images, np.uint8(255), np.uint8(0))
    floats = images.astype(np.float32)
    unit = (floats + 1) / 2 if scale == "from_minus_one" else floats / WHITE.get(scale, 1)
    return (unit * 255).round().clip(0, 255).astype(np.uint8)


def _digits(value: Any) -> str:
    """Write a number with as many digits as tell it from its neighbours in its own type."""
    return str(value).removesuffix(".0")


def _chunks(array: NDArray[Any], most_bytes: int | None) -> Iterator[NDArray[Any]]:
    """Yield about CHUNK_BYTES at a time, all of them or evenly spread ones, in the order in which they are stored."""
    flat = array.reshape(-1, order="A")
    length = max(1, CHUNK_BYTES // array.dtype.itemsize)
    count = -(-flat.size // length)
    most = count if most_bytes is None else max(1, most_bytes // CHUNK_BYTES)
    for place in spread(count, most).tolist():
        yield flat[place * length : (place + 1) * length]
