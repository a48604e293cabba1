"""A calm rate from a noisy one."""

WARM_UP = 6
"""Reports in a row that must be near the average before it counts as steady."""

PATIENCE = 60
"""Reports after which even a jumping rate counts as what it is."""

_SLOW, _FAST, _NEAR = 0.12, 0.5, 0.25


class SteadyRate:
    """Averages a rate exponentially and tells when it has settled; a new one begins anew."""

    def __init__(self) -> None:
        self._count = 0
        self._near_count = 0
        self._slow = 0.0
        self._fast = 0.0
        self._is_steady = False

    @property
    def value(self) -> float | None:
        """The average, or None while there is none that can be relied on."""
        return self._slow if self._is_steady and self._slow > 0 else None

    def add(self, rate: float) -> None:
        """Take one more report, in any unit per second."""
        self._count += 1
        share = max(_SLOW, 1 / self._count)
        self._slow += share * (rate - self._slow)
        self._fast += max(_FAST, 1 / self._count) * (rate - self._fast)
        is_near = abs(self._fast - self._slow) <= _NEAR * self._slow
        self._near_count = self._near_count + 1 if is_near else 0
        self._is_steady = self._is_steady or self._near_count >= WARM_UP or self._count >= PATIENCE
