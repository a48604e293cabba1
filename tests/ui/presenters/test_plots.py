"""PlotsPresenter: faults that only this program saw join the marks that were read, as long as they are true."""

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gan_studio.engine.events import BranchBegun, RunFailed, SavingFailed
from gan_studio.engine.library.rates import LearningRates
from gan_studio.engine.library.step_marks import MarksRead, StepMark, note_mark
from gan_studio.engine.moment import Moment
from gan_studio.engine.text.message import Message
from gan_studio.ui.presenters.plots import PlotsPresenter

FULL = SavingFailed(Message("save.log_failed", error="full"), is_checkpoint=True)
OTHER = SavingFailed(Message("save.log_failed", error="other"), is_checkpoint=True)
DEAD = RunFailed(Message("run.missing", path="x"), Message("kept.runs"), Message("todo.new_run"))


class Told:
    """The Train tab and the run, as far as the presenter knows them."""

    def __init__(self) -> None:
        self.marks: list[tuple[int, str]] = []
        self.state = SimpleNamespace(place=Path("run"), branch=0, step=10, moment=Moment(0, 10))

    def set_marks(self, marks: Sequence[StepMark], rates: LearningRates) -> None:
        self.marks = [(mark.step, mark.kind) for mark in marks]


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def plots(told: Told, qtbot: QtBot) -> PlotsPresenter:
    window = QWidget()
    qtbot.addWidget(window)
    library = SimpleNamespace(read_marks=lambda place, branch: None)
    session = SimpleNamespace(training=told, library=library)
    return PlotsPresenter(session, SimpleNamespace(train=told), None, None, window)  # type: ignore[arg-type]


def test_that_failed_saves_are_marked_once_until_saving_works_again(plots: PlotsPresenter, told: Told) -> None:
    for event in (FULL, FULL, OTHER):
        plots.note_saving_failed(event)
    assert told.marks == [(10, "fault")] * 2
    plots.note_saving_recovered()
    plots.note_saving_failed(OTHER)
    assert len(told.marks) == 3


def test_that_faults_stand_among_the_marks_that_were_read(plots: PlotsPresenter, told: Told) -> None:
    plots.note_failure(DEAD)
    plots.show_marks(MarksRead(Path("run"), 0, (note_mark(5, "a"), note_mark(15, "b")), LearningRates()))
    assert told.marks == [(5, "note"), (10, "fault"), (15, "note")]
    plots.show_marks(MarksRead(Path("other"), 0, (), LearningRates()))
    assert len(told.marks) == 3


def test_that_going_back_leaves_nothing_beyond_the_step(plots: PlotsPresenter, told: Told) -> None:
    plots.note_failure(DEAD)
    plots.show_marks(MarksRead(Path("run"), 0, (note_mark(5, "a"), note_mark(15, "b")), LearningRates()))
    plots.follow_branch(BranchBegun(Moment(1, 8), Moment(0, 8), {}))
    assert told.marks == [(5, "note")]


def test_that_another_run_begins_without_the_faults_of_the_last(plots: PlotsPresenter, told: Told) -> None:
    plots.note_failure(DEAD)
    told.state.place = Path("next")
    plots.note_failure(DEAD)
    assert told.marks == [(10, "fault")]
