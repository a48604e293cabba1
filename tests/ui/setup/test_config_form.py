"""ConfigForm: one row for each setting of the schema."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QCheckBox, QColorDialog, QComboBox, QLabel, QLineEdit, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from gan_studio.engine.config.schema import LIVE_KNOBS, RunConfig, field_specs, with_values
from gan_studio.ui.setup.config_form import ConfigForm
from gan_studio.ui.setup.field_groups import ELSEWHERE, GROUPS, FieldGroup, specs_of
from gan_studio.ui.setup.fields.number_box import NumberBox


def shown(qtbot: QtBot, group: FieldGroup) -> ConfigForm:
    form = ConfigForm(group)
    qtbot.addWidget(form)
    with qtbot.waitExposed(form):
        form.show()
    return form


def test_that_every_setting_has_one_place() -> None:
    placed = [spec.path for group in GROUPS for spec in specs_of(group)]
    assert sorted([*placed, *ELSEWHERE]) == sorted(spec.path for spec in field_specs())


@pytest.mark.parametrize("group", GROUPS)
def test_that_every_row_has_a_name_a_title_and_a_tooltip(qtbot: QtBot, group: FieldGroup) -> None:
    form = shown(qtbot, group)
    editors = [form.findChild(QWidget, _field_name(spec.name)) for spec in specs_of(group)]
    buddies = [label.buddy() for label in form.findChildren(QLabel) if label.buddy()]
    assert set(buddies) == set(editors)
    assert len(buddies) == len(editors)
    assert all(editor.accessibleName() and editor.toolTip() and editor.whatsThis() for editor in editors)


def test_that_limits_are_told_in_the_tooltip(qtbot: QtBot) -> None:
    form = shown(qtbot, "live")
    assert "2 to 4\u202f096" in form.findChild(NumberBox, "batchSizeField").toolTip()
    assert "above 0, up to 1" in form.findChild(NumberBox, "learningRateGField").toolTip()


def test_that_a_configuration_is_shown_without_a_signal(qtbot: QtBot) -> None:
    form = shown(qtbot, "basic")
    changes = {"training.loss": "minimax", "seed": 7}
    with qtbot.assertNotEmitted(form.committed):
        form.show_config(with_values(RunConfig(), changes))
    assert form.findChild(QComboBox, "lossField").currentText() == "minimax"
    assert form.findChild(NumberBox, "seedField").value() == 7


def test_that_a_choice_is_told_with_its_path(qtbot: QtBot) -> None:
    form = shown(qtbot, "data")
    with qtbot.waitSignal(form.committed) as told:
        qtbot.keyClick(form.findChild(QComboBox, "imageSizeField"), Qt.Key.Key_Down)
    assert told.args == ["data.image_size", 64]


def test_that_a_wrong_number_is_explained_below_its_field_until_a_right_one_comes(qtbot: QtBot) -> None:
    form = shown(qtbot, "live")
    box = form.findChild(NumberBox, "batchSizeField")
    hint = form.findChild(QLabel, "batchSizeFieldHint")
    assert not hint.isVisible()
    _enter(qtbot, box, "12.5")
    assert hint.isVisible()
    assert all(part in hint.text() for part in ("12.5", "whole numbers from 2 to 4\u202f096\u00a0pictures", "stays 64"))
    _enter(qtbot, box, "32")
    assert not hint.isVisible()


def test_that_the_live_group_holds_what_a_run_can_change_and_nothing_else() -> None:
    assert {spec.name for spec in specs_of("live")} == {*LIVE_KNOBS, "steps"}


def test_that_rare_arithmetic_is_in_no_group_for_beginners() -> None:
    assert {"precision", "capture_step", "fused_kernels", "beta1", "beta2"} <= {s.name for s in specs_of("learning")}


@pytest.mark.parametrize("group", GROUPS)
def test_that_only_live_settings_stay_open_while_locked(qtbot: QtBot, group: FieldGroup) -> None:
    form = shown(qtbot, group)
    editors = [form.findChild(QWidget, _field_name(spec.name)) for spec in specs_of(group)]
    form.set_locked(True)
    assert {editor.isEnabled() for editor in editors} == {group == "live"}
    if group != "live":
        assert all("Fixed while a run is open" in editor.toolTip() for editor in editors)
    form.set_locked(False)
    assert all(editor.isEnabled() for editor in editors)


def test_that_locking_drops_what_was_half_typed_in_a_fixed_setting(qtbot: QtBot) -> None:
    form = shown(qtbot, "learning")
    box = form.findChild(NumberBox, "beta1Field")
    box.selectAll()
    qtbot.keyClicks(box, "0.9")
    with qtbot.assertNotEmitted(form.committed):
        form.set_locked(True)
    assert box.text() == "0.5"


def test_that_a_flag_is_switched_by_mouse_and_by_key(qtbot: QtBot) -> None:
    form = shown(qtbot, "basic")
    box = form.findChild(QCheckBox, "conditionalField")
    told: list[list[object]] = []
    form.committed.connect(lambda *args: told.append(list(args)))
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=_indicator(box))
    qtbot.keyClick(box, Qt.Key.Key_Space)
    assert told == [["model.conditional", True], ["model.conditional", False]]


def test_that_a_text_counts_when_it_is_settled(qtbot: QtBot) -> None:
    form = shown(qtbot, "data")
    unfold(qtbot, form, "moreData")
    line = form.findChild(QLineEdit, "classesField")
    with qtbot.assertNotEmitted(form.committed):
        qtbot.keyClicks(line, " cat, dog ")
    with qtbot.waitSignal(form.committed) as told:
        qtbot.keyClick(line, Qt.Key.Key_Return)
    assert told.args == ["data.classes", "cat, dog"]
    qtbot.keyClicks(line, "x")
    with qtbot.assertNotEmitted(form.committed):
        qtbot.keyClick(line, Qt.Key.Key_Escape)
        form.settle()
    assert line.text() == "cat, dog"


def test_that_a_number_outside_goes_to_the_limit_and_the_limits_are_shown(qtbot: QtBot) -> None:
    form = shown(qtbot, "live")
    box, hint = form.findChild(NumberBox, "batchSizeField"), form.findChild(QLabel, "batchSizeFieldHint")
    form.committed.connect(lambda path, value: form.show_config(with_values(RunConfig(), {path: value})))
    with qtbot.waitSignal(form.committed) as told:
        _enter(qtbot, box, "99999")
    assert told.args == ["training.batch_size", 4096]
    said = " ".join(hint.text().split())
    assert said.startswith("99999 is outside the limits. Allowed: whole numbers from 2 to 4 096")
    assert said.endswith("The value is now 4 096.")
    assert hint.isVisible()
    _enter(qtbot, box, "64")
    assert not hint.isVisible()
    _enter(qtbot, box, "0")
    assert "0 is outside the limits" in hint.text()
    form.show_config(RunConfig())
    assert not hint.isVisible()


def test_that_what_is_no_colour_is_refused_with_an_example(qtbot: QtBot) -> None:
    form = shown(qtbot, "data")
    unfold(qtbot, form, "moreData")
    line, hint = form.findChild(QLineEdit, "backgroundDigits"), form.findChild(QLabel, "backgroundFieldHint")
    with qtbot.assertNotEmitted(form.committed):
        _type(qtbot, line, "red")
    assert hint.isVisible()
    assert all(part in hint.text() for part in ("red", "#ff8800", "stays #ffffff"))
    with qtbot.waitSignal(form.committed) as told:
        _type(qtbot, line, "#00Ff00")
    assert told.args == ["data.background", "#00Ff00"]
    assert not hint.isVisible()


def test_that_a_colour_can_be_chosen_and_is_seen_on_its_button(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    form = shown(qtbot, "data")
    unfold(qtbot, form, "moreData")
    button = form.findChild(QToolButton, "backgroundButton")
    monkeypatch.setattr(QColorDialog, "getColor", lambda *_: QColor("#102030"))
    with qtbot.waitSignal(form.committed) as told:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert told.args == ["data.background", "#102030"]
    assert form.findChild(QLineEdit, "backgroundDigits").text() == "#102030"
    assert button.icon().pixmap(16, 16).toImage().pixelColor(8, 8).name() == "#102030"
    monkeypatch.setattr(QColorDialog, "getColor", lambda *_: QColor())
    with qtbot.assertNotEmitted(form.committed):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_that_rarer_settings_are_folded_away_and_the_part_says_what_is_set_in_it(qtbot: QtBot) -> None:
    form = shown(qtbot, "live")
    header, box = form.findChild(QToolButton, "tricksPartButton"), form.findChild(NumberBox, "r1Field")
    assert not box.isVisible()
    assert header.text() == "Tricks"
    form.show_config(with_values(RunConfig(), {"training.r1": 5.0, "training.train_g": False}))
    assert header.text() == "Tricks \u00b7 2 changed"
    assert all(part in header.toolTip() for part in ("R1 penalty", "Train G"))
    unfold(qtbot, form, "tricks")
    assert box.isVisible()
    _enter(qtbot, box, "0")
    assert header.text() == "Tricks \u00b7 1 changed"


def unfold(qtbot: QtBot, form: ConfigForm, part: str) -> None:
    qtbot.keyClick(form.findChild(QToolButton, f"{part}PartButton"), Qt.Key.Key_Space)


def _indicator(box: QCheckBox) -> QPoint:
    return QPoint(6, box.height() // 2)


def _type(qtbot: QtBot, line: QLineEdit, text: str) -> None:
    line.selectAll()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)


def _enter(qtbot: QtBot, box: NumberBox, text: str) -> None:
    box.selectAll()
    qtbot.keyClicks(box, text)
    qtbot.keyClick(box, Qt.Key.Key_Return)


def _field_name(name: str) -> str:
    first, *rest = name.split("_")
    return "".join([first, *(part.capitalize() for part in rest), "Field"])
