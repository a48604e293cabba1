"""Time two ways of doing the same work in turn, so that the load of a shared machine affects both alike."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass

import torch

WARM_UP = 5
"""Uncounted turns at the start: a step captured in the fourth turn is replayed from the fifth on."""


@dataclass(frozen=True)
class Pairs:
    """Measured pairs of turns.

    Attributes:
        ours, theirs: seconds of each turn, as many of ours as of theirs.
    """

    ours: tuple[float, ...]
    theirs: tuple[float, ...]

    @property
    def ratios(self) -> tuple[float, float, float]:
        """Lower quartile, median and upper quartile of theirs / ours; above 1, ours is faster."""
        ratios = [other / mine for mine, other in zip(self.ours, self.theirs, strict=True)]
        if len(ratios) == 1:
            return ratios[0], ratios[0], ratios[0]
        low, middle, high = statistics.quantiles(ratios, n=4, method="inclusive")
        return low, middle, high

    @property
    def our_seconds(self) -> float:
        """Median seconds of our turns."""
        return statistics.median(self.ours)

    @property
    def their_seconds(self) -> float:
        """Median seconds of their turns."""
        return statistics.median(self.theirs)


def in_turn(ours: Callable[[], float], theirs: Callable[[], float], pairs: int, warm_up: int = WARM_UP) -> Pairs:
    """Time both in turn; the order alternates from pair to pair.

    Args:
        ours, theirs: do one turn and return its seconds.
        pairs: counted turns of each.
        warm_up: uncounted turns of each at the start.
    """
    timed: list[tuple[float, float]] = []
    for index in range(warm_up + pairs):
        if index % 2:
            other, mine = theirs(), ours()
        else:
            mine, other = ours(), theirs()
        timed.append((mine, other))
    kept = timed[warm_up:]
    return Pairs(tuple(mine for mine, _ in kept), tuple(other for _, other in kept))


def best_threads(turn: Callable[[], float], cores: int, turns: int = 5) -> int:
    """Find and set the torch thread count from 1 to `cores` with the fastest turn.

    The counts alternate, and the fastest turn of each is compared, since other load only ever slows a turn down.
    """
    counts = range(1, cores + 1)
    seconds: dict[int, list[float]] = {threads: [] for threads in counts}
    for _ in range(1 + turns):
        for threads in counts:
            torch.set_num_threads(threads)
            seconds[threads].append(turn())
    best = min(counts, key=lambda threads: min(seconds[threads][1:]))
    torch.set_num_threads(best)
    return best
