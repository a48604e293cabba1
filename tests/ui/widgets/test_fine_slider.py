"""FineSlider: clicks, coarse and fine drags, keys, wheel and reset."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gan_studio.ui.widgets.fine_slider import FineSlider

SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def slider(qtbot: QtBot) -> FineSlider:
    slider = FineSlider()
    slider.setRange(-3000, 3000)
    slider.setSingleStep(50)
    slider.resize(300, 28)
    qtbot.addWidget(slider)
    with qtbot.waitActive(slider):
        slider.show()
    return slider


def drag(slider: FineSlider, way: int, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> int:
    """Drag the handle from 0 by some pixels and return the new value."""
    slider.setValue(0)
    start = QPointF(slider.rect().center())
    end = start + QPointF(way, 0)
    moves = ((QEvent.Type.MouseButtonPress, start), (QEvent.Type.MouseMove, end), (QEvent.Type.MouseButtonRelease, end))
    for kind, place in moves:
        send(slider, kind, place, modifier)
    return slider.value()


def send(
    slider: FineSlider,
    kind: QEvent.Type,
    place: QPointF,
    modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    """Deliver one mouse event."""
    QApplication.sendEvent(slider, QMouseEvent(kind, place, slider.mapToGlobal(place), LEFT, LEFT, modifier))


def turn_wheel(slider: FineSlider) -> bool:
    """Turn the wheel over the slider and return whether it took the turn."""
    middle = QPointF(slider.rect().center())
    event = QWheelEvent(
        middle,
        slider.mapToGlobal(middle),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(slider, event)
    return event.isAccepted()


def test_that_a_click_goes_there(qtbot: QtBot, slider: FineSlider) -> None:
    qtbot.mouseClick(slider, LEFT, pos=QPoint(225, 14))
    assert slider.value() == pytest.approx(1500, abs=120)


def test_that_a_drag_follows_the_hand_and_ends_a_gesture(qtbot: QtBot, slider: FineSlider) -> None:
    with qtbot.waitSignal(slider.gesture_ended):
        assert drag(slider, 50) == pytest.approx(1000, abs=150)


def test_that_a_sparing_drag_takes_few_positions_and_always_the_last(qtbot: QtBot, slider: FineSlider) -> None:
    slider.drag_interval = 60_000
    taken: list[int] = []
    slider.valueChanged.connect(taken.append)
    start = QPointF(slider.rect().center())
    send(slider, QEvent.Type.MouseButtonPress, start)
    for way in range(5, 55, 5):
        send(slider, QEvent.Type.MouseMove, start + QPointF(way, 0))
    assert len(taken) == 1
    send(slider, QEvent.Type.MouseButtonRelease, start + QPointF(50, 0))
    assert len(taken) == 2
    assert slider.value() == pytest.approx(1000, abs=150)


def test_that_a_sparing_drag_takes_up_a_hand_that_holds_still(qtbot: QtBot, slider: FineSlider) -> None:
    slider.drag_interval = 20
    start = QPointF(slider.rect().center())
    send(slider, QEvent.Type.MouseButtonPress, start)
    for way in (5, 50):
        send(slider, QEvent.Type.MouseMove, start + QPointF(way, 0))
    qtbot.waitUntil(lambda: slider.value() == pytest.approx(1000, abs=150))


def test_that_shift_makes_a_drag_ten_times_finer(slider: FineSlider) -> None:
    assert drag(slider, 50, SHIFT) == pytest.approx(drag(slider, 50) / 10, abs=1)


def test_that_a_double_click_goes_back_to_zero(qtbot: QtBot, slider: FineSlider) -> None:
    slider.setValue(1200)
    with qtbot.waitSignal(slider.gesture_ended):
        qtbot.mouseDClick(slider, LEFT, pos=QPoint(20, 14))
    assert slider.value() == 0


def test_that_arrow_keys_step_and_shift_makes_them_fine(qtbot: QtBot, slider: FineSlider) -> None:
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert slider.value() == 50
    qtbot.keyClick(slider, Qt.Key.Key_Left, SHIFT)
    assert slider.value() == 45


@pytest.mark.parametrize("key", [Qt.Key.Key_Backspace, Qt.Key.Key_Delete, Qt.Key.Key_0])
def test_that_a_key_goes_back_to_zero(qtbot: QtBot, slider: FineSlider, key: Qt.Key) -> None:
    slider.setValue(700)
    with qtbot.waitSignal(slider.gesture_ended):
        qtbot.keyClick(slider, key)
    assert slider.value() == 0


def test_that_home_goes_to_the_end(qtbot: QtBot, slider: FineSlider) -> None:
    qtbot.keyClick(slider, Qt.Key.Key_Home)
    assert slider.value() == -3000


def test_that_the_wheel_turns_it_only_with_the_focus(qtbot: QtBot, slider: FineSlider) -> None:
    slider.clearFocus()
    assert not turn_wheel(slider)
    assert slider.value() == 0
    slider.setFocus()
    assert turn_wheel(slider)
    assert slider.value() != 0


def test_that_other_buttons_do_nothing(qtbot: QtBot, slider: FineSlider) -> None:
    qtbot.mouseClick(slider, Qt.MouseButton.RightButton, pos=QPoint(225, 14))
    assert slider.value() == 0
