"""The marks of a run: what changed, what was noted, where it went back, and what failed, each at its step."""

from pathlib import Path

import numpy as np
import pytest

from gan_studio.engine.files import atomic
from gan_studio.engine.library.runs import read
from gan_studio.engine.library.step_marks import MOST_MARKS, MarkKind, MarksRead, ReadMarks, read_marks
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.run.log import RunLog
from gan_studio.engine.text.message import EngineError, Message
from tests.engine.references import References
from tests.engine.runs import TINY


@pytest.fixture
def run(tmp_path: Path, references: References) -> Path:
    return references.copy_to(tmp_path / "run")


def log_of(run: Path) -> RunLog:
    return RunLog(RunFolder(run).log_file)


def told(read: MarksRead) -> list[tuple[int, str, str]]:
    return [(mark.step, mark.kind, str(mark.text)) for mark in read.marks]


def test_that_changed_settings_are_marked_with_both_values(run: Path):
    log = log_of(run)
    log.append_knob(0, 4, "learning_rate_d", 1e-4)
    log.append_knob(0, 4, "train_g", 0.0)
    log.append_knob(0, 6, "steps", 20_000)
    log.close()
    assert told(read_marks(ReadMarks(run, 0))) == [
        (4, "knob", "Learning rate of D: 0.0001 from step 5 on, 0.0002 until then."),
        (4, "knob", "Train G: off from step 5 on, on until then."),
        (6, "knob", "The run was set to finish at step 20\u202f000."),
    ]


def test_that_a_value_dragged_at_one_step_is_one_mark(run: Path):
    log = log_of(run)
    for value in (0.1, 0.2, 0.3):
        log.append_knob(0, 4, "r1", value)
    log.append_knob(0, 7, "r1", 0.3)
    log.close()
    marks = read_marks(ReadMarks(run, 0)).marks
    assert [mark.step for mark in marks] == [4]
    assert "0.3" in str(marks[0].text)


def test_that_notes_and_faults_are_told_apart(run: Path):
    log = log_of(run)
    log.append_note(0, 3, "Looks good\nfrom here")
    log.append_note(0, 8, str(Message("fault.met", step=8, place=Message("fault.loss_d"))))
    log.close()
    marks = read_marks(ReadMarks(run, 0)).marks
    assert [(mark.step, mark.kind) for mark in marks] == [(3, MarkKind.NOTE), (8, MarkKind.FAULT)]
    assert str(marks[0].text) == "Looks good from here"


def test_that_only_the_path_of_the_branch_is_marked_and_copied_settings_are_no_change(run: Path):
    log = log_of(run)
    log.append_note(0, 10, "left behind")
    knobs = {"learning_rate_d": TINY.training.learning_rate_d, "learning_rate_g": TINY.training.learning_rate_g / 2}
    assert log.begin_branch(0, 8, knobs) == 1
    log.append_note(1, 9, "new")
    log.close()
    now = read_marks(ReadMarks(run, 1))
    assert [(mark.step, mark.kind) for mark in now.marks] == [(8, "knob"), (8, "branch"), (9, "note")]
    assert "Learning rate of G: 0.0001" in str(now.marks[0].text)
    before = read_marks(ReadMarks(run, 0))
    assert [(mark.step, mark.kind) for mark in before.marks] == [(8, "branch"), (10, "note")]
    assert "do not follow" in str(before.marks[0].text)


def test_that_more_marks_than_are_listed_are_counted(run: Path):
    log = log_of(run)
    for step in range(MOST_MARKS + 5):
        log.append_note(0, step, "again")
    log.close()
    marks = read_marks(ReadMarks(run, 0)).marks
    assert len(marks) == MOST_MARKS + 1
    assert str(marks[0].text) == "5 earlier marks are not listed."


def test_that_a_note_that_no_run_writes_is_refused(run: Path):
    log = log_of(run)
    log.append_note(0, 3, b"bytes")  # type: ignore[arg-type]
    log.close()
    with pytest.raises(EngineError, match="notes"):
        read_marks(ReadMarks(run, 0))


def test_that_the_rates_follow_their_settings_and_their_decay(run: Path):
    log = log_of(run)
    log.append_knob(0, 4, "learning_rate_d", 1e-4)
    log.append_knob(0, 6, "rate_half_life", 64.0)
    log.close()
    rates = read_marks(ReadMarks(run, 0)).rates.at(np.array([1.0, 4, 5, 7, 9]))
    assert rates[0, :3] == pytest.approx([2e-4, 2e-4, 1e-4])
    assert rates[1, :3] == pytest.approx([2e-4, 2e-4, 2e-4])
    # The batch size is 8: before step 9, D saw 64 pictures; before step 7, 48.
    assert rates[1, 3:] == pytest.approx([2e-4 * 0.5**0.75, 1e-4])


def test_that_marks_are_answered_like_every_request(run: Path):
    assert isinstance(read(ReadMarks(run, 0)), MarksRead)
    atomic.remove(RunFolder(run).log_file)
    assert not isinstance(read(ReadMarks(run, 0)), MarksRead)
