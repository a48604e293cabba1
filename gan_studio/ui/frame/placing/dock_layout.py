"""Restore how the docks of a window lie. Qt then leaves unused tab bars behind, which would lie over the menu."""

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabBar


def restore_docks(window: QMainWindow, layout: QByteArray, version: int) -> None:
    """Lay out the docks as QMainWindow.saveState found them; an unusable layout changes nothing."""
    window.restoreState(layout, version)
    has_tabs = any(_shares_its_place(window, dock) for dock in window.findChildren(QDockWidget))
    for bar in window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
        if bar.count() < 2 or not has_tabs:
            bar.move(-2 * bar.width(), -2 * bar.height())  # a hidden one would stay hidden when Qt uses it again


def _shares_its_place(window: QMainWindow, dock: QDockWidget) -> bool:
    """Tell whether a dock that is shown is a tab beside another one."""
    return not dock.isHidden() and any(not other.isHidden() for other in window.tabifiedDockWidgets(dock))
