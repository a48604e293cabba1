"""Undo history of the explorer: the points that were visited, and how each was reached."""

from dataclasses import dataclass

from gan_studio.engine.latent import LatentPoint

MOST_ENTRIES = 1000
"""Entries that a history keeps; the oldest are dropped first."""


@dataclass(frozen=True)
class VisitedPoint:
    """A point of the latent space, and how it was reached.

    Attributes:
        point: the latent point.
        sample_seed: seed of the sample where the walk to this point began; None where it began at the mean.
        is_sample: whether z is still that of the sample.
    """

    point: LatentPoint
    sample_seed: int | None = None
    is_sample: bool = False


class PointHistory:
    """Undo and redo over visited points, one entry for each gesture.

    Args:
        first: where the history begins.
    """

    def __init__(self, first: VisitedPoint) -> None:
        self._entries = [first]
        self._index = 0

    @property
    def current(self) -> VisitedPoint:
        """The entry that undo and redo count from."""
        return self._entries[self._index]

    @property
    def can_undo(self) -> bool:
        """Whether there is an earlier entry."""
        return self._index > 0

    @property
    def can_redo(self) -> bool:
        """Whether there is a later entry."""
        return self._index < len(self._entries) - 1

    def push(self, visited: VisitedPoint) -> None:
        """Add an entry and drop the undone ones. Does nothing when the current entry equals it."""
        if visited == self.current:
            return
        del self._entries[self._index + 1 :]
        self._entries.append(visited)
        del self._entries[:-MOST_ENTRIES]
        self._index = len(self._entries) - 1

    def undo(self) -> VisitedPoint:
        """Go back one entry and return it; at the first entry, stay there."""
        self._index = max(self._index - 1, 0)
        return self.current

    def redo(self) -> VisitedPoint:
        """Go forward one entry and return it; at the last entry, stay there."""
        self._index = min(self._index + 1, len(self._entries) - 1)
        return self.current
