"""Write the metrics of a run as CSV, with what happened at each step."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.events import METRIC_COLUMNS
from gan_studio.engine.files import atomic
from gan_studio.engine.library.step_marks import ReadMarks, read_marks
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.folder import open_run
from gan_studio.engine.run.log import read_metrics
from gan_studio.engine.text.message import EngineError, Message, reason_of

RATE_COLUMNS = ("learning_rate_d", "learning_rate_g")
"""Columns that are worked out from the settings, beside METRIC_COLUMNS."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""A spreadsheet runs a cell that begins so as a formula (OWASP, "CSV Injection"); the last four are full-width."""
_ROWS_AT_ONCE = 10_000


@dataclass(frozen=True)
class WriteTable:
    """Ask to write columns of all steps on the path to a moment of a run as CSV.

    Attributes:
        path: the file.
        run: the run folder.
        moment: where the path ends.
        columns: of METRIC_COLUMNS and RATE_COLUMNS.
    """

    path: Path
    run: Path
    moment: Moment
    columns: tuple[str, ...]


@dataclass(frozen=True)
class TableWritten:
    """The table was written."""

    path: Path


def write_table(request: WriteTable) -> TableWritten:
    """Write a table: `step`, the columns, and `marks` with the texts of that step.

    Raises:
        EngineError: the run cannot be read, or the file cannot be written.
        sqlite3.Error: the log cannot be read.
    """
    moment = request.moment
    steps, values = read_metrics(open_run(request.run).log_file, moment.branch, moment.step)
    course = read_marks(ReadMarks(request.run, moment.branch), most=None)
    notes: dict[int, str] = {}
    for mark in course.marks:
        notes[mark.step] = f"{notes[mark.step]} | {mark.text}" if mark.step in notes else str(mark.text)
    table = np.concatenate([values, course.rates.at(steps.astype(np.float64)).T], axis=1)
    chosen = [(*METRIC_COLUMNS, *RATE_COLUMNS).index(name) for name in request.columns]
    try:
        atomic.write_atomically(request.path, _csv(request.columns, steps, table[:, chosen], notes))
    except OSError as error:
        happened = Message("table.not_written", path=request.path, error=reason_of(error))
        raise EngineError(happened, Message("kept.file_untouched"), Message("todo.other_folder")) from error
    return TableWritten(request.path)


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: an apostrophe goes before one that begins like it."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_STARTS) else text


def _csv(
    columns: tuple[str, ...], steps: NDArray[np.int64], values: NDArray[np.float32], notes: Mapping[int, str]
) -> Iterator[bytes]:
    """Yield a CSV file in pieces; an empty cell is NaN. Marks at steps without a row have a row of their own."""
    yield _lines([("step", *columns, "marks")])
    left = dict(sorted(notes.items()))
    for first in range(0, len(steps), _ROWS_AT_ONCE):
        part = slice(first, first + _ROWS_AT_ONCE)
        rows: list[tuple[object, ...]] = []
        for step, cells in zip(steps[part].tolist(), _cells(values[part]), strict=True):
            while left and (earlier := next(iter(left))) < step:
                rows.append(_alone(earlier, left.pop(earlier), len(columns)))
            rows.append((step, *cells, harmless(left.pop(step, ""))))
        yield _lines(rows)
    yield _lines([_alone(step, text, len(columns)) for step, text in left.items()])


def _alone(step: int, text: str, columns: int) -> tuple[object, ...]:
    return (step, *([""] * columns), harmless(text))


def _cells(values: NDArray[np.float32]) -> list[list[str]]:
    """Write numbers with as many digits as float32 holds; NaN is an empty cell."""
    cells: list[list[str]] = np.where(np.isnan(values), "", values.astype("U16")).tolist()
    return cells


def _lines(rows: Iterable[tuple[object, ...]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8")
