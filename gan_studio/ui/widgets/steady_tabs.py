"""Tabs that stand still while the text in them changes."""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QTabWidget, QWidget


class SteadyTabs(QTabWidget):
    """A QTabWidget that lays itself out again only when its pages need other room.

    Each new text of a label asks all its ancestors to look at their layouts. A QTabWidget answers by painting all that
    it holds, and passes the question on to the main window: several times a second while a run trains.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._needed = (self.minimumSizeHint(), self.sizeHint())

    def event(self, event: QEvent) -> bool:
        """Drop the question where the answer is known."""
        if event.type() == QEvent.Type.LayoutRequest:
            before, self._needed = self._needed, (self.minimumSizeHint(), self.sizeHint())
            if self._needed == before:
                return True
        return super().event(event)
