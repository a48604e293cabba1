"""HeroSplitter: a picture as large as fits, and the rest beside it or, in a tall window, below it."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

REST = 0.36
"""The rest gets at least this share of the length, unless a person dragged the handle."""


class HeroSplitter(QSplitter):
    """Gives a picture the room that it can use; once a person has dragged the handle, the share that they chose.

    Args:
        hero: the widget with the picture.
        rest: what else is shown.
        width_for, height_for: the width that the picture can use at a height, and the height at a width, in pixels.

    Signals:
        share_chosen(float): a person dragged the handle; share of the picture beside the rest, 0 to 1.
    """

    share_chosen = Signal(float)

    def __init__(
        self,
        hero: QWidget,
        rest: QWidget,
        width_for: Callable[[int], int],
        height_for: Callable[[int], int],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._width_for, self._height_for = width_for, height_for
        self._parts = (hero, rest)
        self._shares: dict[Qt.Orientation, float] = {}
        self.setChildrenCollapsible(False)
        for part in self._parts:
            self.addWidget(part)
        self.splitterMoved.connect(self._keep_share)

    def set_share(self, share: float) -> None:
        """Give the picture a share of the width, 0 to 1; 0: what it can use, in a tall window too."""
        self._shares = {Qt.Orientation.Horizontal: share} if 0 < share < 1 else {}
        self.refit()

    def refit(self) -> None:
        """Divide the room again: it, or the shape of the picture, has changed."""
        is_wide = self._is_larger_beside()
        wanted = Qt.Orientation.Horizontal if is_wide else Qt.Orientation.Vertical
        if wanted != self.orientation():
            self.setOrientation(wanted)
        length = (self.width() if is_wide else self.height()) - self.handleWidth()
        share = self._shares.get(wanted)
        first = self._used(is_wide) if share is None else round(share * length)
        self.setSizes([first, max(length - first, 1)])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Divide the new room."""
        self.refit()
        super().resizeEvent(event)

    def _used(self, is_wide: bool) -> int:
        """Return how much of the length the picture can use, if the rest gets its share."""
        least = self._parts[1].minimumSizeHint()
        length, rest = (self.width(), least.width()) if is_wide else (self.height(), least.height())
        wanted = self._width_for(self.height()) if is_wide else self._height_for(self.width())
        return max(min(wanted, length - max(round(REST * length), rest + self.handleWidth())), 1)

    def _is_larger_beside(self) -> bool:
        """Tell whether the picture is larger beside the rest than above it, or does not fit above it."""
        least = sum(part.minimumSizeHint().height() for part in self._parts)
        if self.height() < least + self.handleWidth():
            return True
        beside, above = self._used(True), min(self._width_for(self._used(False)), self.width())
        return beside >= above

    def _keep_share(self) -> None:
        share = self._shares[self.orientation()] = self.sizes()[0] / max(sum(self.sizes()), 1)
        if self.orientation() == Qt.Orientation.Horizontal:
            self.share_chosen.emit(share)
