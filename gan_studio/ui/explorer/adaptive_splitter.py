"""A splitter that turns: its two parts are side by side when it is wide, otherwise one above the other."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

_WIDE = 0.9
"""Ratio of width to height above which two squares, each with a line of text below, are larger side by side."""


class AdaptiveSplitter(QSplitter):
    """Two parts that share the space three to two."""

    def __init__(self, large: QWidget, small: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._parts = (large, small)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(8)
        self.addWidget(large)
        self.addWidget(small)
        self.setStretchFactor(0, 3)
        self.setStretchFactor(1, 2)

    def minimumSizeHint(self) -> QSize:
        """Ask for the size of the two parts one above the other; a wider splitter turns."""
        hints = [part.minimumSizeHint() for part in self._parts]
        return QSize(max(hint.width() for hint in hints), sum(hint.height() for hint in hints) + self.handleWidth())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Turn when the other orientation shows the parts larger."""
        narrowest = sum(part.minimumSizeHint().width() for part in self._parts) + self.handleWidth()
        is_wide = self.width() >= max(_WIDE * self.height(), narrowest)
        wanted = Qt.Orientation.Horizontal if is_wide else Qt.Orientation.Vertical
        if wanted != self.orientation():
            self.setOrientation(wanted)
            self.setSizes([3000, 2000])
        super().resizeEvent(event)
