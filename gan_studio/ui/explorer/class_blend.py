"""Class blend: the weight of each class that a class-conditional generator is asked for."""

Blend = tuple[float, ...]
"""Weight of each class, summing to 1; () for a generator without classes."""


def mixed(count: int, first: int, second: int, share: float) -> Blend:
    """Weigh two of `count` classes: `share` (0 to 1) for the second class, the rest for the first."""
    weights = [0.0] * count
    weights[second] += share
    weights[first] += 1.0 - share
    return tuple(weights)


def heaviest(blend: Blend) -> tuple[tuple[int, float], ...]:
    """List (index, weight) of the classes whose weight is above 0, heaviest first."""
    parts = [(index, weight) for index, weight in enumerate(blend) if weight > 0]
    return tuple(sorted(parts, key=lambda part: -part[1]))
