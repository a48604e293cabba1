"""Steps of a number box: the next value up or down, as a person would count."""

import math


def step_whole(value: int, up: bool) -> int:
    """Move by one in the second digit: up from 64 to 65, 640 to 650, 10 000 to 11 000; down from 100 to 99."""
    magnitude = abs(value) if up else abs(value) - 1
    return value + (1 if up else -1) * max(1, 10 ** (len(str(magnitude)) - 2) if magnitude > 9 else 1)


def step_scale(value: float, up: bool) -> float:
    """Move along 1, 2, 5, 10, ...: 0.0002 to 0.0005; below 1e-9 there is only 0."""
    if value <= 0:
        return 1e-9 if up else 0.0
    exponent = math.floor(math.log10(value))
    marks = [float(f"{digit}e{exponent + shift}") for shift in (-1, 0, 1) for digit in (1, 2, 5)]
    if up:
        return min(mark for mark in marks if mark > value * (1 + 1e-9))
    below = max(mark for mark in marks if mark < value * (1 - 1e-9))
    return below if below >= 1e-9 else 0.0


def step_decay(value: float, up: bool) -> float:
    """Move a decay rate along 0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, ...: its distance to 1 along 5, 2, 1."""
    distance = min(1.0, step_scale(1.0 - value, not up))
    return round(1.0 - distance, 9)
