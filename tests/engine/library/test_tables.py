"""The metrics of a run as CSV: every step, as logged, and nothing in it that a spreadsheet would run."""

import csv
from pathlib import Path

import numpy as np
import pytest

from gan_studio.engine.answering import NotDone
from gan_studio.engine.library.runs import read
from gan_studio.engine.library.step_marks import MOST_MARKS
from gan_studio.engine.library.tables import TableWritten, WriteTable, harmless
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.run.log import RunLog, read_metrics
from tests.engine.references import References

COLUMNS = ("loss_d", "grad_norm_g", "learning_rate_d")


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_that_every_step_is_written_with_the_columns_that_were_asked_for(tmp_path: Path, references: References):
    run, path = references.copy_to(tmp_path / "run"), tmp_path / "table.csv"
    assert read(WriteTable(path, run, Moment(0, 12), COLUMNS)) == TableWritten(path)
    head, *rows = rows_of(path)
    steps, values = read_metrics(RunFolder(run).log_file)
    assert head == ["step", *COLUMNS, "marks"]
    assert [int(row[0]) for row in rows] == steps.tolist()
    assert np.float32([row[1] for row in rows]).tolist() == values[:, 0].tolist()
    assert np.float32([row[2] for row in rows]).tolist() == values[:, 6].tolist()
    assert {row[3] for row in rows} == {"0.0002"}


def test_that_marks_are_written_at_their_steps_and_never_as_formulas(tmp_path: Path, references: References):
    run, path = references.copy_to(tmp_path / "run"), tmp_path / "table.csv"
    log = RunLog(RunFolder(run).log_file)
    log.append_note(0, 0, "-1+2")
    log.append_note(0, 5, '=HYPERLINK("http://example.invalid")')
    log.append_note(0, 99, "@late")
    log.close()
    read(WriteTable(path, run, Moment(0, 12), ("loss_d",)))
    _, *rows = rows_of(path)
    assert {row[0]: row[2] for row in rows if row[2]} == {
        "0": "'-1+2",
        "5": '\'=HYPERLINK("http://example.invalid")',
        "99": "'@late",
    }


def test_that_a_table_has_more_marks_than_the_window_lists(tmp_path: Path, references: References):
    run, path = references.copy_to(tmp_path / "run"), tmp_path / "table.csv"
    log = RunLog(RunFolder(run).log_file)
    for step in range(MOST_MARKS + 20):
        log.append_note(0, step, "again")
    log.close()
    read(WriteTable(path, run, Moment(0, 12), ("loss_d",)))
    assert sum(row[2] == "again" for row in rows_of(path)) == MOST_MARKS + 20


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@A1", " =1", "\t=1", "\uff1d1"])
def test_that_a_text_like_a_formula_is_made_harmless(text: str):
    assert harmless(text) == f"'{text}"


def test_that_other_texts_stay_as_they_are():
    assert [harmless(text) for text in ("", "a = b", "G: 0.1")] == ["", "a = b", "G: 0.1"]


def test_that_a_place_that_cannot_be_written_is_told(tmp_path: Path, references: References):
    path = tmp_path / "missing" / "table.csv"
    told = read(WriteTable(path, references.path(), Moment(0, 12), ("loss_d",)))
    assert isinstance(told, NotDone)
    assert str(path) in str(told.happened)
