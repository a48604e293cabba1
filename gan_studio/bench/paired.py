"""Two ways to do the same work, timed in turn: what a shared machine does to one, it does to the other."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass

import torch

WARM_UP = 5
"""Turns before the first that counts: a step that is captured in the fourth is done again in the fifth."""


@dataclass(frozen=True)
class Pairs:
    """Seconds of each turn, pair by pair.

    Attributes:
        ours, theirs: seconds, the same count of each.
    """

    ours: tuple[float, ...]
    theirs: tuple[float, ...]

    @property
    def ratios(self) -> tuple[float, float, float]:
        """Lower quartile, median and upper quartile of theirs / ours: above 1 where ours is faster."""
        ratios = [other / mine for mine, other in zip(self.ours, self.theirs, strict=True)]
        if len(ratios) == 1:
            return ratios[0], ratios[0], ratios[0]
        low, middle, high = statistics.quantiles(ratios, n=4, method="inclusive")
        return low, middle, high

    @property
    def our_seconds(self) -> float:
        """Median seconds of a turn of ours."""
        return statistics.median(self.ours)

    @property
    def their_seconds(self) -> float:
        """Median seconds of a turn of theirs."""
        return statistics.median(self.theirs)


def in_turn(ours: Callable[[], float], theirs: Callable[[], float], pairs: int, warm_up: int = WARM_UP) -> Pairs:
    """Time both in turn; who goes first changes with every pair.

    Args:
        ours, theirs: do one turn and return its seconds.
        pairs: turns of each that count.
        warm_up: turns of each before that.
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
    """Find and set the torch thread count, 1 to `cores`, at which a turn is fastest.

    Counts take turns, and the fastest turn of each counts: what else this machine does only ever adds to it.
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
