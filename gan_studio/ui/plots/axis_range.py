"""Ends of axes: round numbers with space to grow, so that the axes of a live plot rarely move."""

import math

import numpy as np
from numpy.typing import NDArray

Range = tuple[float, float]

_MANTISSAS = (1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)

_LABEL_ROOM = 1.1
"""The axis reaches to this multiple of the highest level line, because the label of that line is above it."""


def round_above(value: float) -> float:
    """Return the next round number at or above a positive value, at most a third larger."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(mantissa * power for mantissa in _MANTISSAS if mantissa * power >= value * (1 - 1e-12))


def step_range(first: int | None, last: int | None) -> Range:
    """Return the ends of an axis of steps: from 0, or from `first` if a branch begins late, to a round step."""
    if first is None or last is None:
        return 0.0, 100.0
    start = 0.0 if first <= last / 20 or last < 100 else float(first)
    return start, start + max(round_above(max(last - start, 1.0)), 100.0)


def value_range(values: NDArray[np.float32], levels: tuple[float, ...]) -> Range:
    """Return the ends of an axis of values: it spans 0, all finite values, and the level lines with their labels."""
    known = np.append(values[np.isfinite(values)].astype(np.float64), [_LABEL_ROOM * level for level in levels])
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    top = round_above(high * 1.02) if high > 0 else 0.0
    bottom = -round_above(-low * 1.02) if low < 0 else 0.0
    return bottom, top if top > bottom else bottom + 1.0


def exponent_range(exponents: NDArray[np.float32], levels: tuple[float, ...]) -> Range:
    """Return the ends of a logarithmic axis, rounded out to half decades.

    Args:
        exponents: base-10 logarithms of the values; those that are not finite are left out.
        levels: values of the level lines, not their logarithms; those at or below 0 are left out.
    """
    known = exponents[np.isfinite(exponents)].astype(np.float64)
    known = np.append(known, [math.log10(level) for level in levels if level > 0])
    if len(known) == 0:
        return -1.0, 1.0
    low, high = math.floor(known.min() * 2 - 0.1) / 2, math.ceil(known.max() * 2 + 0.1) / 2
    return low, high
