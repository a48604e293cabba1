"""RunNameDialog: the name of a run is checked while it is typed."""

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from gan_studio.ui.dialogs.run_name import AskRunName, RunNameDialog


@pytest.mark.parametrize(
    ("typed", "may_rename", "said"),
    [
        ("Frogs", True, "called by its pictures"),
        ("<b>Frogs</b>", True, "called by its pictures"),
        ("", True, "called by its pictures"),
        ("x" * 81, False, "at most 80"),
        ("\u202e\u200b", False, "nothing of it can be seen"),
    ],
)
def test_that_a_name_is_checked_while_it_is_typed(qtbot: QtBot, typed: str, may_rename: bool, said: str) -> None:
    dialog = RunNameDialog("Fashion-MNIST, 256 pictures")
    qtbot.addWidget(dialog)
    dialog.findChild(QLineEdit, "runNameLine").setText(typed)
    buttons = dialog.findChild(QDialogButtonBox)
    assert buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled() is may_rename
    assert said in dialog.findChild(QLabel, "runNameHint").text()


@pytest.mark.parametrize(("key", "answer"), [(Qt.Key.Key_Return, "Frogs"), (Qt.Key.Key_Escape, None)])
def test_that_typing_replaces_the_present_name_enter_answers_and_escape_cancels(
    qtbot: QtBot, key: Qt.Key, answer: str | None
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)

    def type_and_press() -> None:
        dialog = QApplication.activeModalWidget()
        assert dialog is not None
        line = dialog.findChild(QLineEdit, "runNameLine")
        qtbot.keyClicks(line, " Frogs ")
        qtbot.keyClick(line, key)

    QTimer.singleShot(0, parent, type_and_press)
    assert AskRunName.ask(parent, "Toads") == answer
