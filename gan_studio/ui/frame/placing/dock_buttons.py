"""The two buttons in the title of a dock, in the colours of the theme: Qt's own can hardly be seen on a dark window."""

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractButton, QDockWidget

from gan_studio.ui.widgets.icons import icon


def draw_dock_buttons(dock: QDockWidget, palette: QPalette) -> None:
    """Draw the buttons that float and close a dock; Qt names them."""
    icons = {
        "qt_dockwidget_floatbutton": icon("dock-window", palette),
        "qt_dockwidget_closebutton": icon("close", palette),
    }
    for name, drawn in icons.items():
        button = dock.findChild(QAbstractButton, name)
        if isinstance(button, QAbstractButton):
            button.setIcon(drawn)
