"""Labels, tabs and digits that do not move while the numbers in them change."""

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QTabWidget, QWidget

_NO_LIMIT = QSize(2**24 - 1, 2**24 - 1)
"""Qt's largest size of a widget (QWIDGETSIZE_MAX)."""


def show_steadily(label: QLabel, text: str) -> None:
    """Set the text of a label that grows with it and never shrinks.

    The size is fixed: a label of variable size makes all layouts above it compute again at each new text.
    """
    if label.text() != text:
        label.setText(text)
        label.setFixedSize(label.sizeHint().expandedTo(label.minimumSize()))


def let_shrink(label: QLabel) -> None:
    """Let a label of show_steadily shrink, for a change of language or font."""
    label.setMinimumSize(0, 0)
    label.setMaximumSize(_NO_LIMIT)


class SteadyTabs(QTabWidget):
    """A QTabWidget that lays itself out again only when its pages need another size.

    Each new text of a label sends a layout request to all its ancestors. A QTabWidget answers by repainting all its
    content and passes the request on to the main window: several times a second while a run trains.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._needed = (self.minimumSizeHint(), self.sizeHint())

    def event(self, event: QEvent) -> bool:
        """Drop a layout request that would change nothing."""
        if event.type() == QEvent.Type.LayoutRequest:
            before, self._needed = self._needed, (self.minimumSizeHint(), self.sizeHint())
            if self._needed == before:
                return True
        return super().event(event)


def tabular(font: QFont) -> QFont:
    """Return the font with digits of equal width (OpenType feature tnum), if the font has them."""
    result = QFont(font)
    result.setFeature(QFont.Tag("tnum"), 1)
    return result
