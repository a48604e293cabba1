"""PresetDialog: the name of a preset is checked while it is typed."""

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from gan_studio.ui.dialogs.preset import AskPresetName, PresetDialog


@pytest.fixture
def dialog(qtbot: QtBot) -> PresetDialog:
    dialog = PresetDialog(("mine",), "")
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    return dialog


@pytest.mark.parametrize(
    ("typed", "may_save", "said"),
    [
        ("my cats", True, "stores every setting"),
        ("mine", True, "replaces your preset"),
        ("", False, "stores every setting"),
        ("a/b", False, "is not allowed in file names"),
        ("paper", False, "comes with GAN Studio"),
    ],
)
def test_that_a_name_is_checked_while_it_is_typed(
    qtbot: QtBot, dialog: PresetDialog, typed: str, may_save: bool, said: str
) -> None:
    qtbot.keyClicks(dialog.findChild(QLineEdit, "presetNameLine"), typed)
    buttons = dialog.findChild(QDialogButtonBox)
    assert buttons.button(QDialogButtonBox.StandardButton.Save).isEnabled() is may_save
    assert said in dialog.findChild(QLabel, "presetNameHint").text()


@pytest.mark.parametrize(("key", "answer"), [(Qt.Key.Key_Return, "my cats"), (Qt.Key.Key_Escape, None)])
def test_that_enter_answers_and_escape_cancels(qtbot: QtBot, key: Qt.Key, answer: str | None) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)

    def reply() -> None:
        asked = QApplication.activeModalWidget()
        if asked is None:
            QTimer.singleShot(5, parent, reply)
            return
        line = asked.findChild(QLineEdit, "presetNameLine")
        assert isinstance(line, QLineEdit)
        line.setText(" my cats ")
        qtbot.keyClick(line, key)

    QTimer.singleShot(0, parent, reply)
    assert AskPresetName.ask(parent, (), "old") == answer
