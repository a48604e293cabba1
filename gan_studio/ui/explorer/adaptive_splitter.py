"""A splitter that stands its two parts side by side where it is wide, one over the other where it is not."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

_WIDE = 0.9
"""Width by height from which two squares with a line of text below each are larger side by side."""


class AdaptiveSplitter(QSplitter):
    """Divides its room between a large part and a smaller one, three to two."""

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
        """Fit the parts one over the other: it turns when there is more room."""
        hints = [part.minimumSizeHint() for part in self._parts]
        return QSize(max(hint.width() for hint in hints), sum(hint.height() for hint in hints) + self.handleWidth())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Turn where the other way shows the parts larger."""
        narrowest = sum(part.minimumSizeHint().width() for part in self._parts) + self.handleWidth()
        is_wide = self.width() >= max(_WIDE * self.height(), narrowest)
        wanted = Qt.Orientation.Horizontal if is_wide else Qt.Orientation.Vertical
        if wanted != self.orientation():
            self.setOrientation(wanted)
            self.setSizes([3000, 2000])
        super().resizeEvent(event)
