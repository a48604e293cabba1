"""The places a person has been in the latent space, to go back and forth."""

from dataclasses import dataclass

from gan_studio.engine.latent import LatentPoint


@dataclass(frozen=True)
class VisitedPoint:
    """One place.

    Attributes:
        point: where.
        sample_seed: the sample that the walk to this place began at; None where it began elsewhere.
        is_sample: whether the point is that sample itself, not moved since.
    """

    point: LatentPoint
    sample_seed: int | None = None
    is_sample: bool = False


class PointHistory:
    """Undo and redo over visited points, one entry a gesture.

    Args:
        first: where the history begins.
        limit: entries kept; the oldest are forgotten.
    """

    def __init__(self, first: VisitedPoint, limit: int = 1000) -> None:
        self._entries = [first]
        self._index = 0
        self._limit = limit

    @property
    def present(self) -> VisitedPoint:
        """The place that the history stands at."""
        return self._entries[self._index]

    @property
    def can_undo(self) -> bool:
        """Whether there is an earlier place."""
        return self._index > 0

    @property
    def can_redo(self) -> bool:
        """Whether there is a later place."""
        return self._index < len(self._entries) - 1

    def push(self, visited: VisitedPoint) -> None:
        """Go to a new place and forget what was undone; staying in place makes no entry."""
        if visited == self.present:
            return
        del self._entries[self._index + 1 :]
        self._entries.append(visited)
        del self._entries[: -self._limit]
        self._index = len(self._entries) - 1

    def undo(self) -> VisitedPoint:
        """Go back one place and return it; at the first place, stay there."""
        self._index = max(self._index - 1, 0)
        return self.present

    def redo(self) -> VisitedPoint:
        """Go forward one place and return it; at the last place, stay there."""
        self._index = min(self._index + 1, len(self._entries) - 1)
        return self.present
