"""A splitter that turns: its two parts are side by side when it is wide, otherwise one above the other."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

_WIDE = 1.2
"""Ratio of width to height above which both parts are easier to use side by side."""


class AdaptiveSplitter(QSplitter):
    """Two parts that share the space equally."""

    def __init__(self, first: QWidget, second: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._parts = (first, second)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(8)
        for part in self._parts:
            self.addWidget(part)
            self.setStretchFactor(self.indexOf(part), 1)
        self.setSizes([1000, 1000])

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
            self.setSizes([1000, 1000])
        super().resizeEvent(event)
