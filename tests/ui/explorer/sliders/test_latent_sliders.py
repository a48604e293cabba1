"""LatentSliders: one slider for each value of z."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QDoubleSpinBox, QLabel, QLineEdit, QSlider, QToolButton, QToolTip
from pytestqt.qtbot import QtBot

from gan_studio.engine.latent import LatentPoint, draw_point, origin
from gan_studio.ui.explorer.sliders import sliced_job
from gan_studio.ui.explorer.sliders.latent_sliders import LatentSliders

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def sliders(qtbot: QtBot) -> LatentSliders:
    """Show the sliders of a latent space of 40, all of them created."""
    sliders = LatentSliders()
    sliders.resize(340, 600)
    qtbot.addWidget(sliders)
    with qtbot.waitActive(sliders):
        sliders.show()
    sliders.set_latent(40, "normal")
    qtbot.waitUntil(lambda: sliders.findChild(QSlider, "latentSlider39") is not None)
    return sliders


def slider_of(sliders: LatentSliders, index: int) -> QSlider:
    return sliders.findChild(QSlider, f"latentSlider{index}")


def value_of(sliders: LatentSliders, index: int) -> QDoubleSpinBox:
    return sliders.findChild(QDoubleSpinBox, f"latentValue{index}")


def is_in_view(sliders: LatentSliders, index: int) -> bool:
    return not slider_of(sliders, index).visibleRegion().isEmpty()


def search(qtbot: QtBot, sliders: LatentSliders, text: str) -> QLineEdit:
    box = sliders.findChild(QLineEdit, "latentSearch")
    box.clear()
    qtbot.keyClicks(box, text)
    return box


def test_that_a_drag_moves_one_number_and_settles_once(qtbot: QtBot, sliders: LatentSliders) -> None:
    start = draw_point(3, 40, "normal").with_value(5, 0.0)
    sliders.set_point(start)
    moved, settled = list[LatentPoint](), list[LatentPoint]()
    sliders.point_moved.connect(moved.append)
    sliders.point_settled.connect(settled.append)
    slider = slider_of(sliders, 5)
    middle = slider.rect().center()
    qtbot.mousePress(slider, LEFT, pos=middle)
    for way in (10, 20, 30):
        qtbot.mouseMove(slider, middle + QPoint(way, 0))
    assert len(moved) == 3
    assert settled == []
    qtbot.mouseRelease(slider, LEFT, pos=middle + QPoint(30, 0))
    assert settled == [sliders.point]
    assert sliders.point.values[5] > 0
    assert sliders.point.with_value(5, 0.0) == start


def test_that_a_double_click_goes_back_to_the_mean(qtbot: QtBot, sliders: LatentSliders) -> None:
    sliders.set_point(draw_point(3, 40, "normal"))
    with qtbot.waitSignal(sliders.point_settled) as settled:
        qtbot.mouseDClick(slider_of(sliders, 5), LEFT)
    assert settled.args[0].values[5] == 0


def test_that_a_whole_double_click_is_one_gesture(qtbot: QtBot, sliders: LatentSliders) -> None:
    sliders.set_point(draw_point(3, 40, "normal"))
    settled = list[LatentPoint]()
    sliders.point_settled.connect(settled.append)
    qtbot.mouseClick(slider_of(sliders, 5), LEFT, pos=QPoint(10, 13))
    qtbot.mouseDClick(slider_of(sliders, 5), LEFT, pos=QPoint(10, 13))
    assert [point.values[5] for point in settled] == [0]


def test_that_a_typed_value_moves_the_point_once(qtbot: QtBot, sliders: LatentSliders) -> None:
    settled = list[LatentPoint]()
    sliders.point_settled.connect(settled.append)
    value_of(sliders, 7).setFocus()
    value_of(sliders, 7).selectAll()
    qtbot.keyClicks(value_of(sliders, 7), "1.25")
    assert settled == []
    qtbot.keyClick(value_of(sliders, 7), Qt.Key.Key_Return)
    assert settled == [origin(40).with_value(7, 1.25)]
    assert slider_of(sliders, 7).value() == 1250


def test_that_a_value_past_the_slider_may_be_typed(qtbot: QtBot, sliders: LatentSliders) -> None:
    value_of(sliders, 7).selectAll()
    qtbot.keyClicks(value_of(sliders, 7), "4.5")
    qtbot.keyClick(value_of(sliders, 7), Qt.Key.Key_Return)
    assert sliders.point.values[7] == 4.5


@pytest.mark.parametrize(("typed", "taken"), [("9.5", 6.0), ("-40", -6.0), ("1e3", 6.0), ("0,25", 0.25), ("nan", 1.0)])
def test_that_a_value_out_of_range_goes_to_the_limit_and_the_limits_are_shown(
    qtbot: QtBot, sliders: LatentSliders, typed: str, taken: float
) -> None:
    sliders.set_point(origin(40).with_value(7, 1.0))
    value_of(sliders, 7).setFocus()
    value_of(sliders, 7).selectAll()
    qtbot.keyClicks(value_of(sliders, 7), typed)
    qtbot.keyClick(value_of(sliders, 7), Qt.Key.Key_Return)
    assert sliders.point.values[7] == taken
    assert value_of(sliders, 7).text() == f"{taken:.3f}"
    if abs(taken) == 6:
        assert QToolTip.text() == "Values from -6 to 6 are possible."
        QToolTip.hideText()


def test_that_looking_at_a_value_does_not_round_it(qtbot: QtBot, sliders: LatentSliders) -> None:
    point = origin(40).with_value(7, 0.123456)
    sliders.set_point(point)
    value_of(sliders, 7).setFocus()
    qtbot.keyClick(value_of(sliders, 7), Qt.Key.Key_Return)
    assert sliders.point == point


def test_that_a_group_of_keys_settles_once(qtbot: QtBot, sliders: LatentSliders) -> None:
    settled = list[LatentPoint]()
    sliders.point_settled.connect(settled.append)
    with qtbot.waitSignal(sliders.point_settled):
        for _ in range(4):
            qtbot.keyClick(slider_of(sliders, 2), Qt.Key.Key_Right)
        assert settled == []
    assert settled == [origin(40).with_value(2, 0.2)]


def test_that_another_slider_begins_another_gesture(qtbot: QtBot, sliders: LatentSliders) -> None:
    settled = list[LatentPoint]()
    sliders.point_settled.connect(settled.append)
    qtbot.keyClick(slider_of(sliders, 2), Qt.Key.Key_Right)
    qtbot.keyClick(slider_of(sliders, 3), Qt.Key.Key_Right)
    sliders.settle()
    sliders.settle()
    assert settled == [origin(40).with_value(2, 0.05), origin(40).with_value(2, 0.05).with_value(3, 0.05)]


def test_that_showing_a_point_tells_nobody(qtbot: QtBot, sliders: LatentSliders) -> None:
    point = origin(40).with_value(1, 1.5).with_value(39, -2.0)
    with qtbot.assertNotEmitted(sliders.point_moved), qtbot.assertNotEmitted(sliders.point_settled):
        sliders.set_point(point)
        qtbot.waitUntil(lambda: slider_of(sliders, 39).value() == -2000)
    assert value_of(sliders, 1).value() == 1.5
    assert sliders.point == point


def test_that_a_point_of_another_space_is_refused(sliders: LatentSliders) -> None:
    with pytest.raises(ValueError, match="3 values for 40"):
        sliders.set_point(origin(3))


def test_that_pins_are_known(qtbot: QtBot, sliders: LatentSliders) -> None:
    qtbot.mouseClick(sliders.findChild(QToolButton, "latentPin4"), LEFT)
    assert sliders.pinned == {4}
    qtbot.mouseClick(sliders.findChild(QToolButton, "latentPin4"), LEFT)
    assert sliders.pinned == frozenset()


def test_that_a_number_brings_its_slider_into_view(qtbot: QtBot, sliders: LatentSliders) -> None:
    assert not is_in_view(sliders, 35)
    box = search(qtbot, sliders, "35")
    assert is_in_view(sliders, 35)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    qtbot.keyClick(sliders.focusWidget(), Qt.Key.Key_Right)
    assert sliders.point == origin(40).with_value(35, 0.05)


def test_that_a_found_row_stands_out(qtbot: QtBot, sliders: LatentSliders) -> None:
    def colour() -> str:
        corner = slider_of(sliders, 5).mapTo(sliders, QPoint(0, 1))
        return sliders.grab().toImage().pixelColor(corner).name()

    plain = colour()
    search(qtbot, sliders, "5")
    assert colour() != plain


def test_that_a_span_shows_those_alone_and_an_empty_search_all(qtbot: QtBot, sliders: LatentSliders) -> None:
    box = search(qtbot, sliders, "10-12")
    assert [index for index in range(40) if is_in_view(sliders, index)] == [10, 11, 12]
    assert sliders.findChild(QLabel, "latentStatus").text() == "3 of 40 values of z"
    box.clear()
    assert is_in_view(sliders, 0)
    assert is_in_view(sliders, 9)


def test_that_a_number_that_does_not_exist_is_told(qtbot: QtBot, sliders: LatentSliders) -> None:
    search(qtbot, sliders, "40")
    assert sliders.findChild(QLabel, "latentStatus").text() == "Not found: there are z 0 to z 39."
    assert not is_in_view(sliders, 0)


def test_that_tab_walks_through_rows_out_of_view(qtbot: QtBot, sliders: LatentSliders) -> None:
    slider_of(sliders, 0).setFocus()
    for _ in range(3 * 39):
        qtbot.keyClick(sliders.focusWidget(), Qt.Key.Key_Tab)
    assert sliders.focusWidget() is slider_of(sliders, 39)
    assert is_in_view(sliders, 39)


def test_that_many_sliders_come_little_by_little(qtbot: QtBot, sliders: LatentSliders) -> None:
    status = sliders.findChild(QLabel, "latentStatus")
    sliders.set_latent(400, "normal")
    point = draw_point(1, 400, "normal")
    sliders.set_point(point)
    assert slider_of(sliders, 399) is None
    assert status.text().startswith("Creating sliders")
    qtbot.waitUntil(lambda: status.text() == "400 values of z, 0 is the mean")
    assert value_of(sliders, 399).value() == pytest.approx(point.values[399], abs=5e-4)


def test_that_rows_in_view_show_the_point_at_once_however_busy_the_machine(
    sliders: LatentSliders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sliced_job, "SLICE_SECONDS", 0.0)
    point = draw_point(3, 40, "normal")
    sliders.set_point(point)
    seen = [index for index in range(40) if is_in_view(sliders, index)]
    assert len(seen) > 5
    assert [value_of(sliders, index).value() for index in seen] == pytest.approx(
        [point.values[index] for index in seen], abs=5e-4
    )


def test_that_a_value_that_is_shown_as_0_goes_back_to_the_mean_too(qtbot: QtBot, sliders: LatentSliders) -> None:
    sliders.set_point(origin(40).with_value(5, 0.0004))
    with qtbot.waitSignal(sliders.point_settled) as settled:
        qtbot.mouseDClick(slider_of(sliders, 5), LEFT)
    assert settled.args[0].values[5] == 0


def test_that_a_smaller_space_has_fewer_sliders(qtbot: QtBot, sliders: LatentSliders) -> None:
    qtbot.mouseClick(sliders.findChild(QToolButton, "latentPin4"), LEFT)
    sliders.set_latent(8, "uniform")
    qtbot.waitUntil(lambda: sliders.findChild(QLabel, "latentStatus").text().startswith("8 values"))
    qtbot.waitUntil(lambda: slider_of(sliders, 8) is None)
    qtbot.waitUntil(lambda: slider_of(sliders, 0).maximum() == 1000)
    assert sliders.pinned == frozenset()
    qtbot.waitUntil(lambda: not sliders.findChild(QToolButton, "latentPin4").isChecked())


def test_that_every_control_has_a_name_and_a_tooltip(sliders: LatentSliders) -> None:
    for control in (slider_of(sliders, 3), value_of(sliders, 3), sliders.findChild(QToolButton, "latentPin3")):
        assert "z 3" in control.accessibleName()
        assert control.toolTip()
