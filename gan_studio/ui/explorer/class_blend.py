"""Weights of classes: one class alone, or a share of a second one mixed in."""

Blend = tuple[float, ...]
"""Weight of each class, summing to 1; () where a generator knows no classes."""


def mixed(count: int, first: int, second: int, share: float) -> Blend:
    """Weigh two of `count` classes: `share` (0 to 1) of the second one, the rest of the first."""
    weights = [0.0] * count
    weights[second] += share
    weights[first] += 1.0 - share
    return tuple(weights)


def heaviest(blend: Blend) -> tuple[tuple[int, float], ...]:
    """List the classes that have a weight, heaviest first: (index, weight) each."""
    parts = [(index, weight) for index, weight in enumerate(blend) if weight > 0]
    return tuple(sorted(parts, key=lambda part: -part[1]))
