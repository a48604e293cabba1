"""ConfigForm: one row a setting, made from the schema."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from gan_studio.engine.config import RunConfig, field_specs, with_values
from gan_studio.ui.setup.config_form import ELSEWHERE, ConfigForm, FieldGroup, specs_of
from gan_studio.ui.setup.number_box import NumberBox

GROUPS: tuple[FieldGroup, ...] = ("data", "model", "training", "record")


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
    assert buddies == editors
    assert all(editor.accessibleName() and editor.toolTip() and editor.whatsThis() for editor in editors)


def test_that_limits_are_told_in_the_tooltip(qtbot: QtBot) -> None:
    form = shown(qtbot, "training")
    assert "2 to 4\u202f096" in form.findChild(NumberBox, "batchSizeField").toolTip()
    assert "above 0, up to 1" in form.findChild(NumberBox, "learningRateGField").toolTip()


def test_that_a_configuration_is_shown_without_a_signal(qtbot: QtBot) -> None:
    form = shown(qtbot, "training")
    changes = {"training.batch_size": 16, "training.loss": "minimax", "seed": 7}
    with qtbot.assertNotEmitted(form.committed):
        form.show_config(with_values(RunConfig(), changes))
    assert form.findChild(NumberBox, "batchSizeField").value() == 16
    assert form.findChild(QComboBox, "lossField").currentText() == "minimax"
    assert form.findChild(NumberBox, "seedField").value() == 7


def test_that_a_choice_is_told_with_its_path(qtbot: QtBot) -> None:
    form = shown(qtbot, "data")
    with qtbot.waitSignal(form.committed) as told:
        qtbot.keyClick(form.findChild(QComboBox, "imageSizeField"), Qt.Key.Key_Down)
    assert told.args == ["data.image_size", 64]


def test_that_a_wrong_number_is_explained_below_its_field_until_a_right_one_comes(qtbot: QtBot) -> None:
    form = shown(qtbot, "training")
    box = form.findChild(NumberBox, "batchSizeField")
    hint = form.findChild(QLabel, "batchSizeFieldHint")
    assert not hint.isVisible()
    _enter(qtbot, box, "99999")
    assert hint.isVisible()
    assert all(part in hint.text() for part in ("99999", "2 to 4\u202f096", "64 stays"))
    _enter(qtbot, box, "32")
    assert not hint.isVisible()


def test_that_only_live_settings_stay_open_while_locked(qtbot: QtBot) -> None:
    form = shown(qtbot, "training")
    form.set_locked(True)
    enabled = {
        spec.name for spec in specs_of("training") if form.findChild(QWidget, _field_name(spec.name)).isEnabled()
    }
    assert enabled == {"learning_rate_g", "learning_rate_d", "ema_half_life", "steps"}
    assert "Fixed while a run is open" in form.findChild(NumberBox, "batchSizeField").toolTip()
    form.set_locked(False)
    assert form.findChild(NumberBox, "batchSizeField").isEnabled()


def test_that_locking_drops_what_was_half_typed_in_a_fixed_setting(qtbot: QtBot) -> None:
    form = shown(qtbot, "training")
    box = form.findChild(NumberBox, "batchSizeField")
    box.selectAll()
    qtbot.keyClicks(box, "128")
    with qtbot.assertNotEmitted(form.committed):
        form.set_locked(True)
    assert box.text() == "64"


def _enter(qtbot: QtBot, box: NumberBox, text: str) -> None:
    box.selectAll()
    qtbot.keyClicks(box, text)
    qtbot.keyClick(box, Qt.Key.Key_Return)


def _field_name(name: str) -> str:
    first, *rest = name.split("_")
    return "".join([first, *(part.capitalize() for part in rest), "Field"])
