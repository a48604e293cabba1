"""The buttons of a dock stand out from its title in both themes."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QAbstractButton, QDockWidget, QMainWindow
from pytestqt.qtbot import QtBot

from gan_studio.ui.frame.placing.dock_buttons import draw_dock_buttons
from gan_studio.ui.widgets.theme import theme_palette


@pytest.mark.parametrize("dark", [False, True])
def test_that_the_buttons_of_a_dock_have_the_colour_of_text(qtbot: QtBot, dark: bool) -> None:
    window, palette = QMainWindow(), theme_palette(dark=dark)
    qtbot.addWidget(window)
    dock = QDockWidget("Dock", window)
    draw_dock_buttons(dock, palette)
    buttons = [button for button in dock.findChildren(QAbstractButton) if button.objectName().startswith("qt_dock")]
    assert len(buttons) == 2
    for button in buttons:
        image = button.icon().pixmap(QSize(24, 24), 1.0).toImage()
        colours = {
            image.pixelColor(x, y).name() for x in range(24) for y in range(24) if image.pixelColor(x, y).alpha() == 255
        }
        assert colours == {palette.buttonText().color().name()}
