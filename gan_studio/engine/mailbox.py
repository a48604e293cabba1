"""EventMailbox: passes events from a busy training thread to a slow reader, in bounded memory."""

import threading

import numpy as np

from gan_studio.engine.events import (
    BecameNotFinite,
    BranchBegun,
    LoadingProgress,
    MetricsLogged,
    RunOpened,
    SamplesDrawn,
    TrainingEvent,
    WeightsPublished,
)

_ROLLBACKS = (RunOpened, BranchBegun, BecameNotFinite)
"""Events after which training may continue at an earlier step."""
_NEWEST_ONLY = (LoadingProgress, SamplesDrawn, WeightsPublished)


class EventMailbox:
    """Keeps events in order. Only the newest sheet, weights and progress stay, and metrics are merged."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._events: list[TrainingEvent] = []
        self._metrics: list[MetricsLogged] = []

    def put(self, event: TrainingEvent) -> bool:
        """Add an event; returns whether the mailbox was empty, so that the reader must be woken."""
        with self._guard:
            was_empty = not self._events and not self._metrics
            if isinstance(event, MetricsLogged):
                self._metrics.append(event)
                if len(self._metrics) > 64:
                    self._metrics = [_joined(self._metrics)]
            else:
                if isinstance(event, _ROLLBACKS) and self._metrics:
                    self._events.append(_joined(self._metrics))
                    self._metrics = []
                if isinstance(event, _NEWEST_ONLY):
                    self._events = [old for old in self._events if type(old) is not type(event)]
                self._events.append(event)
            return was_empty

    def take(self) -> list[TrainingEvent]:
        """Drain the mailbox; merge metrics, but never across a rollback."""
        with self._guard:
            events, metrics = self._events, self._metrics
            self._events, self._metrics = [], []
        if metrics:
            rollbacks = [place for place, event in enumerate(events, 1) if isinstance(event, _ROLLBACKS)]
            events.insert(rollbacks[-1] if rollbacks else 0, _joined(metrics))
        return events


def _joined(events: list[MetricsLogged]) -> MetricsLogged:
    seconds = sum(event.seconds for event in events)
    pictures = sum(event.images_per_second * event.seconds for event in events)
    return MetricsLogged(
        np.concatenate([event.steps for event in events]),
        np.concatenate([event.values for event in events]),
        pictures / seconds if seconds else events[-1].images_per_second,
        seconds,
    )
