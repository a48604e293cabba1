"""FloatingPlace: keeps a widget above the top of another one, without moving anything."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtWidgets import QTabWidget, QWidget

MARGIN = 8
"""Pixels between the widget and the edges of what it floats above."""

MOST_WIDTH = 760
"""Pixels; longer lines are hard to read."""

GRACE_MS = 500
"""Milliseconds after it appears in which clicks still reach what is below: a hand that was on its way must not miss."""


class FloatingPlace(QObject):
    """Centres a widget below the tabs of a tab widget, as high as its text needs.

    Args:
        widget: what floats; it becomes a child of `tabs`.
        tabs: what it floats above.
        grace_ms: how long clicks go through it after it appears.
    """

    def __init__(self, widget: QWidget, tabs: QTabWidget, grace_ms: int = GRACE_MS) -> None:
        super().__init__(widget)
        self._widget, self._tabs = widget, tabs
        self._grace = QTimer(self, singleShot=True, interval=grace_ms)
        self._grace.timeout.connect(self._take_clicks)
        widget.setParent(tabs)
        for watched in (widget, tabs):
            watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the tabs and the texts of the widget; let early clicks through."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest, QEvent.Type.Show):
            self._settle()
        if watched is self._widget and event.type() == QEvent.Type.Show:
            self._widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self._grace.start()
        return super().eventFilter(watched, event)

    def _take_clicks(self) -> None:
        self._widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, False)

    def _settle(self) -> None:
        room = self._tabs.width() - 2 * MARGIN
        width = min(room, MOST_WIDTH)
        layout = self._widget.layout()
        height = self._widget.sizeHint().height() if layout is None else layout.totalHeightForWidth(width)
        top = self._tabs.tabBar().geometry().bottom() + 1 + MARGIN
        place = QPoint((self._tabs.width() - width) // 2, top)
        self._widget.setGeometry(QRect(place.x(), place.y(), width, height))
