"""Where a window fits: on a screen that is there, and no larger than it."""

from collections.abc import Sequence

from PySide6.QtCore import QMargins, QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QStyle, QWidget


def fit_on_screens(window: QWidget) -> None:
    """Move and shrink a window onto a screen that is there. One that is maximised is left to the window manager."""
    main = QGuiApplication.primaryScreen()
    if window.isMaximized() or window.isFullScreen() or main is None:
        return
    rooms = [screen.availableGeometry() for screen in (main, *QGuiApplication.screens())]
    inner, outer = window.geometry(), window.frameGeometry()
    title = window.style().pixelMetric(QStyle.PixelMetric.PM_TitleBarHeight)  # not in outer before it is shown
    side, bottom = inner.left() - outer.left(), outer.bottom() - inner.bottom()
    frame = QMargins(side, max(inner.top() - outer.top(), title), side, bottom)
    window.setGeometry(fitted(inner, rooms, frame))


def fitted(place: QRect, rooms: Sequence[QRect], frame: QMargins) -> QRect:
    """Return the nearest place in which a window can be seen as a whole.

    Args:
        place: of the window without its frame, in pixels; it may come from a screen that is gone.
        rooms: free areas of the screens, the main one first.
        frame: width of the window's frame on each side.
    """
    outer = place.marginsAdded(frame)
    room = max(rooms, key=lambda room: _area(room & outer))
    size = outer.size().boundedTo(room.size())
    left = min(max(outer.left(), room.left()), room.right() + 1 - size.width())
    top = min(max(outer.top(), room.top()), room.bottom() + 1 - size.height())
    return QRect(left, top, size.width(), size.height()).marginsRemoved(frame)


def _area(rect: QRect) -> int:
    return 0 if rect.isEmpty() else rect.width() * rect.height()
