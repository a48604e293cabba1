"""The menu of a picture: which entries it has, and where it opens."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, QRectF
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QMenu, QWidget

Entry = tuple[str, str, Callable[[], None]] | None
"""Object name, text and what it does; None: a separator."""


def open_menu(parent: QWidget, name: str, entries: Sequence[Entry], place: QPoint) -> QMenu:
    """Show a menu, and return it; it deletes itself when it is closed.

    Args:
        parent: the widget with the picture.
        name: object name of the menu.
        entries: from top to bottom.
        place: top left corner, on the screen.
    """
    menu = QMenu(parent)
    menu.setObjectName(name)
    for entry in entries:
        if entry is None:
            menu.addSeparator()
        else:
            action = menu.addAction(entry[1])
            action.setObjectName(entry[0])
            action.triggered.connect(entry[2])
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(place)
    return menu


def menu_place(event: QContextMenuEvent, parent: QWidget, chosen: QRectF) -> QPoint:
    """Return where the menu opens: at the mouse, or in the middle of the chosen picture after the menu key."""
    if event.reason() == QContextMenuEvent.Reason.Keyboard:
        return parent.mapToGlobal(chosen.center().toPoint())
    return event.globalPos()
