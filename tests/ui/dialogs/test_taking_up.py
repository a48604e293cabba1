"""The questions before a run is taken up at an earlier step: going back, and fine-tuning from a step."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QDialogButtonBox, QLabel, QListWidget
from pytestqt.qtbot import QtBot

from gan_studio.engine.moment import Moment
from gan_studio.ui.dialogs.going_back import HALF, WHOLE, GoingBack, GoingBackDialog
from gan_studio.ui.dialogs.start_step import Start, StartStepDialog

PICTURE = np.full((32, 32, 1), 128, np.uint8)
QUESTION = GoingBack(1000, 2, ("1 May", "loss D 0.5  G 1.5"), 896, PICTURE, "Branch 2 stays.", (2e-4, 1e-4))
STARTS = (Start(Moment(0, 300), False), Start(Moment(0, 200), True), Start(Moment(0, 100), False))


@pytest.fixture
def going_back(qtbot: QtBot) -> GoingBackDialog:
    dialog = GoingBackDialog()
    qtbot.addWidget(dialog)
    dialog.show_question(QUESTION)
    with qtbot.waitExposed(dialog):
        dialog.show()
    return dialog


@pytest.fixture
def start_step(qtbot: QtBot) -> StartStepDialog:
    dialog = StartStepDialog()
    qtbot.addWidget(dialog)
    dialog.show_starts("<b>Frogs</b>", STARTS)
    with qtbot.waitExposed(dialog):
        dialog.show()
    return dialog


def said(dialog: GoingBackDialog | StartStepDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel))


def test_that_the_question_shows_what_the_run_goes_back_to_and_what_stays(going_back: GoingBackDialog) -> None:
    for words in (
        "Go back to step 1\u202f000?",
        "branch 2",
        "1 May",
        "loss D 0.5  G 1.5",
        "samples of step 896",
        "Branch 2 stays.",
        "G 0.0002 to 0.0001, D 0.0001 to 5e-5",
    ):
        assert words in said(going_back)
    assert not going_back.isModal()


def test_that_a_checkpoint_without_samples_says_so(going_back: GoingBackDialog) -> None:
    going_back.show_question(GoingBack(0, 0, (), None, None, "", (2e-4, 1e-4)))
    assert "no samples were kept" in said(going_back)


@pytest.mark.parametrize(("name", "share"), [("goBackButton", WHOLE), ("goBackSlowerButton", HALF)])
def test_that_each_button_answers_with_its_share_of_the_rates(
    qtbot: QtBot, going_back: GoingBackDialog, name: str, share: float
) -> None:
    with qtbot.waitSignal(going_back.answered) as told:
        qtbot.mouseClick(going_back.findChild(QAbstractButton, name), Qt.MouseButton.LeftButton)
    assert told.args == [share]
    assert not going_back.isVisible()


def test_that_escape_answers_nothing(qtbot: QtBot, going_back: GoingBackDialog) -> None:
    with qtbot.assertNotEmitted(going_back.answered):
        qtbot.keyClick(going_back, Qt.Key.Key_Escape)
    assert not going_back.isVisible()


def test_that_steps_are_listed_newest_first_and_the_newest_with_d_is_chosen(start_step: StartStepDialog) -> None:
    steps = start_step.findChild(QListWidget, "startStepList")
    assert [steps.item(row).text() for row in range(3)] == [
        "step 300 · G alone",
        "step 200 · G and D",
        "step 100 · G alone",
    ]
    assert start_step.moment == Moment(0, 200)
    assert "G and D both start" in said(start_step)
    assert "<b>Frogs</b>" in said(start_step)
    assert all(
        label.textFormat() == Qt.TextFormat.PlainText for label in start_step.findChildren(QLabel) if label.text()
    )


def test_that_looking_at_a_step_asks_for_its_samples_and_says_what_starts(
    qtbot: QtBot, start_step: StartStepDialog
) -> None:
    with qtbot.waitSignal(start_step.looked_at) as told:
        start_step.findChild(QListWidget, "startStepList").setCurrentRow(2)
    assert told.args == [Moment(0, 100)]
    assert "D from random weights" in said(start_step)
    start_step.show_facts(Moment(0, 300), ("late",), 300, PICTURE)
    assert "late" not in said(start_step)
    start_step.show_facts(Moment(0, 100), ("1 May",), 96, PICTURE)
    assert "samples of step 96\n1 May" in said(start_step)


def test_that_another_name_leaves_the_choice_as_it_is(start_step: StartStepDialog) -> None:
    start_step.findChild(QListWidget, "startStepList").setCurrentRow(2)
    start_step.show_facts(Moment(0, 100), ("1 May",), 96, PICTURE)
    start_step.set_name("Toads")
    assert "of Toads does" in said(start_step)
    assert "1 May" in said(start_step)
    assert start_step.moment == Moment(0, 100)


def test_that_the_chosen_step_is_the_answer(qtbot: QtBot, start_step: StartStepDialog) -> None:
    ok = start_step.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok)
    with qtbot.waitSignal(start_step.chosen) as told:
        qtbot.mouseClick(ok, Qt.MouseButton.LeftButton)
    assert told.args == [Moment(0, 200)]
