"""Pace: how fast a run is, from the speeds and times that its events report."""

from collections import deque

from gan_studio.engine.events import MetricsLogged

SPAN_SECONDS = 2.0
"""Time that the recent pace covers: long enough to hold a sheet or a save with the steps between them."""


class Pace:
    """Pictures per second of wall clock. Everything that training waits for counts, pauses do not."""

    def __init__(self) -> None:
        self._newest: deque[tuple[float, float]] = deque()
        self._pictures = self._seconds = 0.0
        self._recent_pictures = self._recent_seconds = 0.0

    def add(self, event: MetricsLogged) -> None:
        """Add the steps of an event, and the time they took; an event without a time tells no speed."""
        if event.seconds <= 0:
            return
        pictures = event.images_per_second * event.seconds
        self._pictures += pictures
        self._seconds += event.seconds
        self._newest.append((pictures, event.seconds))
        self._recent_pictures += pictures
        self._recent_seconds += event.seconds
        while self._recent_seconds - self._newest[0][1] >= SPAN_SECONDS:
            pictures, seconds = self._newest.popleft()
            self._recent_pictures -= pictures
            self._recent_seconds -= seconds

    @property
    def recent(self) -> float | None:
        """Pictures per second over the last SPAN_SECONDS; None before the first report."""
        return self._recent_pictures / self._recent_seconds if self._newest else None

    @property
    def overall(self) -> float | None:
        """Pictures per second over everything; None before the first report."""
        return self._pictures / self._seconds if self._seconds else None
