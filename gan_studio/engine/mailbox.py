"""EventMailbox: what a busy run leaves for a slow reader, in bounded memory."""

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

_TURNS = (RunOpened, BranchBegun, BecameNotFinite)
"""After these, steps begin again at an earlier one."""
_NEWEST_ONLY = (LoadingProgress, SamplesDrawn, WeightsPublished)


class EventMailbox:
    """Events in order, where of pictures, weights and progress only the newest is kept and metrics are joined."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._events: list[TrainingEvent] = []
        self._metrics: list[MetricsLogged] = []

    def put(self, event: TrainingEvent) -> bool:
        """Leave an event; returns whether the reader must be woken (the mailbox was empty)."""
        with self._guard:
            was_empty = not self._events and not self._metrics
            if isinstance(event, MetricsLogged):
                self._metrics.append(event)
                if len(self._metrics) > 64:
                    self._metrics = [_joined(self._metrics)]
            else:
                if isinstance(event, _TURNS) and self._metrics:
                    self._events.append(_joined(self._metrics))
                    self._metrics = []
                if isinstance(event, _NEWEST_ONLY):
                    self._events = [old for old in self._events if type(old) is not type(event)]
                self._events.append(event)
            return was_empty

    def take(self) -> list[TrainingEvent]:
        """Empty the mailbox: metrics joined, before and after the moments where steps begin again, others in order."""
        with self._guard:
            events, metrics = self._events, self._metrics
            self._events, self._metrics = [], []
        if metrics:
            turns = [place for place, event in enumerate(events, 1) if isinstance(event, _TURNS)]
            events.insert(turns[-1] if turns else 0, _joined(metrics))
        return events


def _joined(events: list[MetricsLogged]) -> MetricsLogged:
    return MetricsLogged(
        np.concatenate([event.steps for event in events]),
        np.concatenate([event.values for event in events]),
        events[-1].images_per_second,
    )
