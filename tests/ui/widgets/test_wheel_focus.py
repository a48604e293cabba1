"""The wheel changes only what has the focus."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QSpinBox
from pytestqt.qtbot import QtBot

from gan_studio.ui.widgets.wheel_focus import need_focus_for_wheel


@pytest.mark.parametrize("has_focus", [True, False])
def test_that_the_wheel_turns_only_what_has_the_focus(qtbot: QtBot, has_focus: bool) -> None:
    box = QSpinBox()
    need_focus_for_wheel(box)
    qtbot.addWidget(box)
    with qtbot.waitActive(box):
        box.show()
    box.setFocus() if has_focus else box.clearFocus()
    middle = QPointF(box.rect().center())
    turn = QWheelEvent(
        middle,
        box.mapToGlobal(middle),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(box, turn)
    assert (box.value() > 0) == turn.isAccepted() == has_focus
