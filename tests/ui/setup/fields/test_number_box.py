"""NumberBox: numbers of any magnitude, accepted only when typing ends and only within their limits."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gan_studio.engine.config.schema import FieldSpec, field_specs
from gan_studio.ui.setup.fields.field_editor import EDITOR_WIDTH
from gan_studio.ui.setup.fields.number_box import NumberBox

SPECS = {spec.name: spec for spec in field_specs()}


def shown(qtbot: QtBot, spec: FieldSpec) -> NumberBox:
    box = NumberBox(spec)
    box.setFixedWidth(EDITOR_WIDTH)
    qtbot.addWidget(box)
    with qtbot.waitExposed(box):
        box.show()
    return box


def type_text(qtbot: QtBot, box: NumberBox, text: str) -> None:
    box.selectAll()
    qtbot.keyClicks(box, text)


def turn_wheel(box: NumberBox) -> QWheelEvent:
    centre = QPointF(box.rect().center())
    event = QWheelEvent(
        centre,
        QPointF(box.mapToGlobal(centre)),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(box, event)
    return event


@pytest.mark.parametrize("typed", ["3e-4", "0.0003", " 3E-04 ", ".0003"])
def test_that_a_rate_may_be_typed_in_any_notation(qtbot: QtBot, typed: str) -> None:
    box = shown(qtbot, SPECS["learning_rate_g"])
    type_text(qtbot, box, typed)
    with qtbot.waitSignal(box.committed) as told:
        qtbot.keyClick(box, Qt.Key.Key_Return)
    assert told.args == [3e-4]
    assert box.text() == "0.0003"


@pytest.mark.parametrize("typed", ["20000", "20 000", "20,000", "2e4"])
def test_that_a_count_may_be_typed_with_separators(qtbot: QtBot, typed: str) -> None:
    box = shown(qtbot, SPECS["steps"])
    type_text(qtbot, box, typed)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == 20_000


def test_that_a_number_copied_from_the_window_can_be_pasted(qtbot: QtBot) -> None:
    box = shown(qtbot, SPECS["steps"])
    QApplication.clipboard().setText("20\u202f000\u00a0steps")
    box.selectAll()
    qtbot.keyClick(box, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == 20_000


def test_that_nothing_is_told_before_the_text_is_settled_and_then_once(qtbot: QtBot) -> None:
    box = shown(qtbot, SPECS["batch_size"])
    told: list[object] = []
    box.committed.connect(told.append)
    type_text(qtbot, box, "128")
    assert told == []
    qtbot.keyClick(box, Qt.Key.Key_Return)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    box.clearFocus()
    assert told == [128]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("batch_size", "many"),
        ("batch_size", "2.5"),
        ("batch_size", "1e999"),
        ("batch_size", "8 steps"),
        ("batch_size", "pictures"),
        ("learning_rate_g", "0"),
        ("learning_rate_g", "nan"),
        ("learning_rate_g", "0,001"),
        ("beta1", "1"),
    ],
)
def test_that_what_is_no_number_or_has_no_nearest_limit_is_refused_and_the_value_stays(
    qtbot: QtBot, name: str, typed: str
) -> None:
    box = shown(qtbot, SPECS[name])
    before = box.value()
    type_text(qtbot, box, typed)
    with qtbot.waitSignal(box.refused) as told:
        qtbot.keyClick(box, Qt.Key.Key_Return)
    assert told.args == [typed]
    assert box.value() == before
    assert box.text() == NumberBox(SPECS[name]).text()


@pytest.mark.parametrize("spec", [spec for spec in SPECS.values() if spec.kind in ("int", "float")], ids=str)
def test_that_every_number_outside_goes_to_the_limit(qtbot: QtBot, spec: FieldSpec) -> None:
    box = shown(qtbot, spec)
    for limit, is_open, beyond in (
        (spec.minimum, spec.open_minimum, -1),
        (spec.maximum, spec.open_maximum, 1),
    ):
        if limit is None or is_open:
            continue
        typed = str(int(limit) + beyond)
        type_text(qtbot, box, typed)
        with qtbot.waitSignal(box.limited) as told:
            qtbot.keyClick(box, Qt.Key.Key_Return)
        assert told.args == [typed]
        assert box.value() == limit


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("checkpoint_seconds", 30.0, "30\u00a0s"),
        ("sample_every", 1, "1\u00a0step"),
        ("steps", 10_000, "10\u202f000\u00a0steps"),
        ("batch_size", 64, "64\u00a0pictures"),
        ("most", 1, "1\u00a0picture"),
        ("most", 0, "0"),
        ("rate_half_life", 0.0, "0"),
        ("learning_rate_g", 3e-4, "0.0003"),
    ],
)
def test_that_a_number_has_its_unit_unless_it_is_zero(qtbot: QtBot, name: str, value: float, text: str) -> None:
    box = shown(qtbot, SPECS[name])
    box.set_value(value)
    assert box.text() == text


def test_that_a_unit_that_does_not_fit_is_left_out(qtbot: QtBot) -> None:
    box = shown(qtbot, SPECS["most"])
    box.set_value(100_000_000)
    assert box.text() == "100\u202f000\u202f000"
    box.setFixedWidth(2 * EDITOR_WIDTH)
    qtbot.waitUntil(lambda: box.text() == "100\u202f000\u202f000\u00a0pictures")


@pytest.mark.parametrize("typed", ["45", "45s", "45 s", "45\u00a0S ", "4.5e1 s"])
def test_that_a_unit_may_be_typed_or_left_out(qtbot: QtBot, typed: str) -> None:
    box = shown(qtbot, SPECS["checkpoint_seconds"])
    type_text(qtbot, box, typed)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == 45.0
    assert box.text() == "45\u00a0s"


def test_that_editing_the_number_before_its_unit_is_enough(qtbot: QtBot) -> None:
    box = shown(qtbot, SPECS["steps"])
    qtbot.keyClick(box, Qt.Key.Key_Home)
    qtbot.keyClicks(box, "2")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == 210_000


def test_that_a_seed_of_63_bits_keeps_every_digit(qtbot: QtBot) -> None:
    box = shown(qtbot, SPECS["seed"])
    type_text(qtbot, box, str(2**63 - 1))
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == 2**63 - 1


@pytest.mark.parametrize(
    ("name", "start", "above", "below"),
    [
        ("learning_rate_g", 2e-4, 5e-4, 1e-4),
        ("learning_rate_g", 3e-4, 5e-4, 2e-4),
        ("learning_rate_g", 1.0, 1.0, 0.5),
        ("beta1", 0.5, 0.8, 0.0),
        ("beta2", 0.999, 0.9995, 0.998),
        ("ema_half_life", 0.0, 1e-9, 0.0),
        ("batch_size", 64, 65, 63),
        ("batch_size", 2, 3, 2),
        ("steps", 10_000, 11_000, 9_900),
        ("seed", 640, 641, 639),
    ],
)
def test_that_arrow_keys_step_as_suits_the_number(
    qtbot: QtBot, name: str, start: float, above: float, below: float
) -> None:
    box = shown(qtbot, SPECS[name])
    box.set_value(start)
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert box.value() == above
    box.set_value(start)
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert box.value() == below


def test_that_the_wheel_changes_nothing_without_the_focus(qtbot: QtBot) -> None:
    box = shown(qtbot, SPECS["batch_size"])
    box.clearFocus()
    event = turn_wheel(box)
    assert box.value() == 64
    assert not event.isAccepted()


def test_that_the_wheel_steps_with_the_focus(qtbot: QtBot) -> None:
    box = shown(qtbot, SPECS["batch_size"])
    box.setFocus()
    qtbot.waitUntil(box.hasFocus)
    turn_wheel(box)
    assert box.value() == 65


def test_that_a_value_from_outside_does_not_disturb_typing(qtbot: QtBot) -> None:
    box = shown(qtbot, SPECS["learning_rate_d"])
    type_text(qtbot, box, "5e-")
    box.set_value(3e-4)
    assert box.text() == "5e-"
    qtbot.keyClicks(box, "5")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == 5e-5


def test_that_escape_drops_what_was_typed(qtbot: QtBot) -> None:
    box = shown(qtbot, SPECS["batch_size"])
    type_text(qtbot, box, "7")
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert box.text() == "64\u00a0pictures"
