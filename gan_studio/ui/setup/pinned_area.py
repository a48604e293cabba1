"""Pinned area: a scroll area that is as high as its content, as long as what stands below keeps enough room."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

MARGIN = 8
"""Pixels around the content."""

LEAST_HEIGHT = 92
"""Pixels that are left of it in the lowest window: a title and two rows."""


class PinnedArea(QScrollArea):
    """Content that never scrolls away with what stands below it."""

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._inside = inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.addWidget(content)
        self._column.addStretch(1)
        self.setWidget(inside)
        inside.installEventFilter(self)
        self.verticalScrollBar().rangeChanged.connect(self._leave_room_for_bar)
        self._leave_room_for_bar()

    def sizeHint(self) -> QSize:
        """Ask for the height of the content."""
        return QSize(super().sizeHint().width(), self._inside.sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Accept the height of a title and two rows."""
        hint = self._inside.minimumSizeHint()
        width = hint.width() - self._column.contentsMargins().right() + MARGIN + self._bar_width()
        return QSize(width, min(LEAST_HEIGHT, hint.height()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ask for another height when the content changes its own."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def _leave_room_for_bar(self) -> None:
        """Keep the rows in line with those of an area that always has a scroll bar."""
        has_bar = self.verticalScrollBar().maximum() > 0
        self._column.setContentsMargins(MARGIN, 0, MARGIN if has_bar else MARGIN + self._bar_width(), 0)

    def _bar_width(self) -> int:
        return self.verticalScrollBar().sizeHint().width()
