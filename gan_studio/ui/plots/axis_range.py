"""Ends of axes: round numbers with space to grow, so that the axes of a live plot rarely move."""

import math

import numpy as np
from numpy.typing import NDArray

Range = tuple[float, float]

_MANTISSAS = (1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)

_CUT_SHARE = 50
"""One value in so many, at either end of each curve, may be too far off to decide the axis."""

_LEAST_DECADES = 0.5
"""A logarithmic axis shows at least so many decades beyond the usual values."""


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


def usual(values: NDArray[np.float32], is_log: bool = False) -> NDArray[np.float32]:
    """Leave out the values that are far from nearly all others of their curve, such as one spike.

    Of each curve the lowest and the highest 2 % are set aside. The rest spans a range; a value is left out if it lies
    beyond that range by more than half its width, and by more than a quarter of its larger end (half a decade where
    the values are logarithms). A curve of fewer than 50 values keeps all.

    Args:
        values: float32 [curves, vertices]; those that are not finite do not count.
        is_log: whether they are base-10 logarithms.

    Returns:
        A copy, float32 [curves, vertices], with NaN for what was left out.
    """
    kept = values.astype(np.float32, copy=True)
    for curve in kept:
        known = curve[np.isfinite(curve)]
        cut = len(known) // _CUT_SHARE
        if cut == 0:
            continue
        ordered = np.partition(known, (cut, len(known) - 1 - cut))
        low, high = float(ordered[cut]), float(ordered[-1 - cut])
        least = _LEAST_DECADES if is_log else max(abs(low), abs(high)) / 4
        reach = max((high - low) / 2, least)
        curve[(curve < low - reach) | (curve > high + reach)] = np.nan
    return kept


def value_range(values: NDArray[np.float32], levels: tuple[float, ...]) -> Range:
    """Return the ends of an axis of values: it spans 0, all finite values, and the level lines."""
    known = np.append(values[np.isfinite(values)].astype(np.float64), levels)
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
