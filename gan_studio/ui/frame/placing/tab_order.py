"""The order of the Tab key: it follows the eye, not the order in which the parts of the window were made."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def next_by_tab(window: QWidget, areas: Sequence[QWidget], *, is_forward: bool) -> QWidget | None:
    """Return the widget to which Tab goes from the one with the focus; Shift+Tab goes the other way.

    Args:
        window: the window.
        areas: its areas in the order of the eye; within an area, the order in which Qt goes. A widget in several
            areas counts to the first one, and what is in none comes last.
        is_forward: whether Tab alone was pressed.

    Returns:
        The next widget that can be seen and used; from the last one it goes round to the first. None: there is none.
    """
    found = sorted(_focus_chain(window), key=lambda widget: _area_of(widget, areas))
    if not found:
        return None
    focused = window.focusWidget()
    if focused not in found:
        return found[0 if is_forward else -1]
    return found[(found.index(focused) + (1 if is_forward else -1)) % len(found)]


def _focus_chain(window: QWidget) -> Iterator[QWidget]:
    """Yield what Tab can reach in a window, in Qt's order."""
    widget = window.nextInFocusChain()
    while widget is not None and widget is not window:
        is_reached = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None
        is_usable = widget.isVisible() and widget.isEnabled() and widget.window() is window
        if is_reached and is_usable and not _is_parked(widget, window):
            yield widget
        widget = widget.nextInFocusChain()


def _is_parked(widget: QWidget, window: QWidget) -> bool:
    """Tell whether Qt keeps a part of the window itself, such as unused tabs of docks, outside of it."""
    return widget.parentWidget() is window and not window.rect().intersects(widget.geometry())


def _area_of(widget: QWidget, areas: Sequence[QWidget]) -> int:
    places = (place for place, area in enumerate(areas) if area is widget or area.isAncestorOf(widget))
    return next(places, len(areas))
