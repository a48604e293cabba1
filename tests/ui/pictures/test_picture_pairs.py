"""PicturePairs: the menu of a person's own pictures, before the start."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from gan_studio.ui.pictures.picture_pairs import GAP, LABEL, SIDE, PicturePairs

SECOND = QPoint(SIDE + GAP + SIDE // 2, LABEL + SIDE // 2)
Reason = QContextMenuEvent.Reason


@pytest.fixture
def pairs(qtbot: QtBot) -> PicturePairs:
    pairs = PicturePairs()
    qtbot.addWidget(pairs)
    shades = (np.arange(3, dtype=np.uint8) * 50).reshape(3, 1, 1, 1)
    originals = np.full((3, 64, 64, 4), 255, np.uint8)
    pairs.set_pairs(("a.png", "b.png", "c.png"), ((9, 9),) * 3, originals, shades.repeat(32, 1).repeat(32, 2))
    pairs.resize(600, 200)
    with qtbot.waitActive(pairs):
        pairs.show()
    return pairs


def entries_at(pairs: PicturePairs, place: QPoint, reason: QContextMenuEvent.Reason) -> dict[str, QAction]:
    """Open the menu at a place, and return its entries by name; none, if there is no menu."""
    QApplication.sendEvent(pairs, QContextMenuEvent(reason, place, pairs.mapToGlobal(place)))
    menus = [menu for menu in pairs.findChildren(QMenu, "pairMenu") if menu.isVisible()]
    for menu in menus:
        menu.close()
    return {action.objectName(): action for menu in menus for action in menu.actions()}


@pytest.mark.parametrize("reason", [Reason.Mouse, Reason.Keyboard])
def test_that_the_menu_of_a_picture_leaves_it_out_or_copies_it(
    pairs: PicturePairs, qtbot: QtBot, reason: QContextMenuEvent.Reason
) -> None:
    pairs.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(pairs, Qt.Key.Key_Right)
    entries = entries_at(pairs, SECOND if reason == Reason.Mouse else QPoint(1, 1), reason)
    with qtbot.waitSignal(pairs.left_out) as left_out:
        entries["leaveOutAction"].trigger()
    with qtbot.waitSignal(pairs.copied):
        entries["copyTrainedAction"].trigger()
    image = QApplication.clipboard().image()
    assert left_out.args == ["b.png"]
    assert (image.width(), image.pixelColor(3, 3).red()) == (32, 50)


def test_that_there_is_no_menu_beside_the_pictures(pairs: PicturePairs) -> None:
    assert entries_at(pairs, QPoint(599, 5), Reason.Mouse) == {}


def test_that_opening_the_menu_leaves_nothing_out(pairs: PicturePairs, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(pairs.left_out):
        qtbot.mouseClick(pairs, Qt.MouseButton.RightButton, pos=SECOND)
