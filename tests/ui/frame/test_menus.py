"""Menus: empty boxes in them can be seen in both themes."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu
from pytestqt.qtbot import QtBot

from gan_studio.ui.frame.actions import Actions
from gan_studio.ui.frame.menus import Menus
from gan_studio.ui.widgets.theme import Theme, apply_theme


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Theme]:
    yield request.param
    apply_theme(qapp, "light")


def test_that_an_empty_box_in_a_menu_can_be_seen_after_the_theme_changed(
    qtbot: QtBot, qapp: QApplication, theme: Theme
) -> None:
    apply_theme(qapp, "light" if theme == "dark" else "dark")
    window = QMainWindow()
    qtbot.addWidget(window)
    actions = Actions(window)
    window.setMenuBar(Menus(actions, window))
    with qtbot.waitExposed(window):
        window.show()
    apply_theme(qapp, theme)
    QApplication.processEvents()
    menu = window.findChild(QMenu, "runMenu")
    menu.popup(window.mapToGlobal(window.rect().center()))
    image, row = menu.grab().toImage(), menu.actionGeometry(actions["keepAwakeAction"])
    menu.hide()
    ground = image.pixelColor(row.right() - 6, row.center().y()).lightness()
    box = [image.pixelColor(x, row.center().y()).lightness() for x in range(3, 24)]
    assert not actions["keepAwakeAction"].isChecked()
    assert max(abs(lightness - ground) for lightness in box) > 60
    assert (qapp.palette().color(QPalette.ColorRole.Base).lightness() < 128) == (ground < 128)
