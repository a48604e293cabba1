"""ClassBar: one class, another one, and a slider from the first to the second."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QSlider
from pytestqt.qtbot import QtBot

from gan_studio.ui.explorer.class_bar import ClassBar

NAMES = ("Shirt", "Bag", "Boot", "Coat")
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def bar(qtbot: QtBot) -> ClassBar:
    bar = ClassBar()
    qtbot.addWidget(bar)
    bar.resize(700, 40)
    bar.set_classes(NAMES)
    with qtbot.waitActive(bar):
        bar.show()
    return bar


def box(bar: ClassBar, name: str = "classBox") -> QComboBox:
    return bar.findChild(QComboBox, name)


def slider(bar: ClassBar) -> QSlider:
    return bar.findChild(QSlider, "classBlendSlider")


def pick(qtbot: QtBot, chosen: QComboBox, name: str) -> None:
    """Go to a class by arrow keys."""
    chosen.setFocus()
    way = NAMES.index(name) - chosen.currentIndex()
    for _ in range(abs(way)):
        qtbot.keyClick(chosen, Qt.Key.Key_Down if way > 0 else Qt.Key.Key_Up)


def test_that_without_classes_there_is_no_bar(bar: ClassBar):
    assert bar.isVisible()
    bar.set_classes(())
    assert bar.isHidden()
    assert bar.blend == ()


def test_that_a_single_class_has_nothing_to_be_blended_with(bar: ClassBar):
    bar.set_classes(("Shirt",))
    assert bar.blend == (1.0,)
    assert box(bar).isVisible()
    assert not slider(bar).isVisible()
    assert not box(bar, "otherClassBox").isVisible()


def test_that_it_begins_with_the_first_class_alone(bar: ClassBar):
    assert bar.blend == (1, 0, 0, 0)
    assert [box(bar).itemText(index) for index in range(4)] == list(NAMES)
    assert box(bar).currentText() == "Shirt"


def test_that_a_picked_class_is_told_once_and_alone(bar: ClassBar, qtbot: QtBot):
    moved, settled = [], []
    bar.blend_moved.connect(moved.append)
    bar.blend_settled.connect(lambda: settled.append(bar.blend))
    box(bar).setFocus()
    qtbot.keyClicks(box(bar), "C")
    assert moved == settled == [(0, 0, 0, 1)]


def test_that_the_slider_goes_from_one_class_to_the_other(bar: ClassBar, qtbot: QtBot):
    pick(qtbot, box(bar, "otherClassBox"), "Boot")
    with qtbot.waitSignal(bar.blend_moved) as moved:
        slider(bar).setValue(30)
    assert moved.args == [bar.blend]
    assert bar.blend == pytest.approx((0.7, 0, 0.3, 0))
    slider(bar).setValue(100)
    assert bar.blend == (0, 0, 1, 0)
    assert bar.findChild(QLabel, "classBlendReading").text().startswith("100")


def test_that_weights_always_sum_to_one(bar: ClassBar):
    for percent in range(101):
        slider(bar).setValue(percent)
        assert sum(bar.blend) == pytest.approx(1, abs=1e-12)


def test_that_another_other_class_is_heard_only_where_it_has_a_share(bar: ClassBar, qtbot: QtBot):
    with qtbot.assertNotEmitted(bar.blend_moved):
        pick(qtbot, box(bar, "otherClassBox"), "Coat")
    slider(bar).setValue(50)
    with qtbot.waitSignal(bar.blend_moved):
        pick(qtbot, box(bar, "otherClassBox"), "Boot")
    assert bar.blend == (0.5, 0, 0.5, 0)


def test_that_a_class_is_not_blended_with_itself(bar: ClassBar, qtbot: QtBot):
    slider(bar).setValue(40)
    pick(qtbot, box(bar), "Bag")
    assert bar.blend == (0, 1, 0, 0)
    assert not slider(bar).isEnabled()
    pick(qtbot, box(bar), "Coat")
    assert slider(bar).isEnabled()
    assert bar.blend == pytest.approx((0, 0.4, 0, 0.6))


def test_that_a_class_picked_at_the_far_end_of_the_slider_is_seen(bar: ClassBar, qtbot: QtBot):
    slider(bar).setValue(100)
    pick(qtbot, box(bar), "Coat")
    assert bar.blend == (0, 0, 0, 1)


def test_that_a_drag_is_one_gesture(bar: ClassBar, qtbot: QtBot):
    moved, settled = [], []
    bar.blend_moved.connect(moved.append)
    bar.blend_settled.connect(lambda: settled.append(bar.blend))
    middle = slider(bar).rect().center()
    qtbot.mousePress(slider(bar), LEFT, pos=middle)
    for way in (20, 40, 60):
        qtbot.mouseMove(slider(bar), middle + QPoint(way, 0))
    assert settled == []
    qtbot.mouseRelease(slider(bar), LEFT, pos=middle + QPoint(60, 0))
    assert len(moved) >= 3
    assert settled == [moved[-1]] == [bar.blend]


def test_that_key_presses_are_one_gesture_once_they_rest(bar: ClassBar, qtbot: QtBot):
    settled = []
    bar.blend_settled.connect(lambda: settled.append(bar.blend))
    slider(bar).setFocus()
    for _ in range(3):
        qtbot.keyClick(slider(bar), Qt.Key.Key_Right)
    assert settled == []
    qtbot.waitUntil(lambda: len(settled) == 1)
    assert settled == [bar.blend]


def test_that_settling_ends_the_gesture_in_hand_and_only_that(bar: ClassBar, qtbot: QtBot):
    slider(bar).setValue(20)
    with qtbot.waitSignal(bar.blend_settled):
        bar.settle()
    with qtbot.assertNotEmitted(bar.blend_settled):
        bar.settle()


@pytest.mark.parametrize("blend", [(1, 0, 0, 0), (0, 0, 1, 0), (0.25, 0, 0.75, 0), (0, 0.6, 0, 0.4), (0, 0, 0.5, 0.5)])
def test_that_weights_from_elsewhere_are_shown_silently_and_exactly(
    bar: ClassBar, qtbot: QtBot, blend: tuple[float, ...]
):
    with qtbot.assertNotEmitted(bar.blend_moved), qtbot.assertNotEmitted(bar.blend_settled):
        bar.set_blend(blend)
    assert bar.blend == blend
    first, second = box(bar).currentIndex(), box(bar, "otherClassBox").currentIndex()
    shown = [0.0] * 4
    shown[second] += slider(bar).value() / 100
    shown[first] += 1 - slider(bar).value() / 100
    assert shown == pytest.approx(blend)


def test_that_going_back_leaves_the_boxes_where_they_can_stay(bar: ClassBar, qtbot: QtBot):
    pick(qtbot, box(bar), "Coat")
    pick(qtbot, box(bar, "otherClassBox"), "Shirt")
    slider(bar).setValue(20)
    before = bar.blend
    slider(bar).setValue(80)
    bar.set_blend(before)
    assert (box(bar).currentText(), box(bar, "otherClassBox").currentText()) == ("Coat", "Shirt")
    assert slider(bar).value() == 20


def test_that_weights_of_other_classes_are_refused(bar: ClassBar):
    with pytest.raises(ValueError, match="2 weights for 4 classes"):
        bar.set_blend((0.5, 0.5))


def test_that_the_wheel_changes_no_class_without_focus(bar: ClassBar):
    bar.focusWidget().clearFocus()
    for part in (box(bar), slider(bar)):
        middle = QPointF(part.rect().center())
        buttons, keys, phase = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
        place = part.mapToGlobal(middle)
        QApplication.sendEvent(part, QWheelEvent(middle, place, QPoint(), QPoint(0, -120), buttons, keys, phase, False))
    assert bar.blend == (1, 0, 0, 0)


def test_that_every_control_has_a_name_and_a_tooltip(bar: ClassBar):
    for part in (box(bar), box(bar, "otherClassBox"), slider(bar)):
        assert part.accessibleName(), part.objectName()
        assert part.toolTip(), part.objectName()


def test_that_very_long_names_leave_room_for_the_slider(bar: ClassBar):
    bar.set_classes(tuple(f"{name} " * 30 for name in NAMES))
    bar.resize(440, 40)
    assert bar.width() == 440
    assert slider(bar).width() >= 80
    assert box(bar, "otherClassBox").geometry().right() <= bar.width()
