"""Labels, tabs and figures that stand still while the numbers in them change."""

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QTabWidget, QWidget

_NO_LIMIT = QSize(2**24 - 1, 2**24 - 1)
"""Qt's own largest size of a widget."""


def show_steadily(label: QLabel, text: str) -> None:
    """Show another text; the label keeps the room that it once needed, and only asks for more.

    A label of fixed size is not looked at by the layouts above it; any other new text asks all of them.
    """
    if label.text() != text:
        label.setText(text)
        label.setFixedSize(label.sizeHint().expandedTo(label.minimumSize()))


def forget_room(label: QLabel) -> None:
    """Let a label need less room than before: its language or font is another."""
    label.setMinimumSize(0, 0)
    label.setMaximumSize(_NO_LIMIT)


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


def tabular(font: QFont) -> QFont:
    """Return the font with the OpenType feature for figures of equal width; fonts without it stay as they are."""
    result = QFont(font)
    result.setFeature(QFont.Tag("tnum"), 1)
    return result
