"""Open run.sqlite as an untrusted file, and check every row that is read from it."""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.config.schema import is_allowed
from gan_studio.engine.events import METRIC_COLUMNS
from gan_studio.engine.text.message import EngineError, Message

FORMAT_VERSION = 1
MOST_STEP = 2**62
MOST_PATH_BYTES = 504
"""SQLite's MAX_PATHNAME of 512 bytes on POSIX (os_unix.c), less the 8 of "-journal"."""
LATEST_TIME = 2.0**36
"""Seconds since 1970, in the year 4147: a later time is refused as damaged."""

_ODD_PARTS = (
    "SELECT type, name FROM sqlite_master WHERE type NOT IN ('table', 'index') OR sql LIKE 'CREATE VIRTUAL%' LIMIT 1"
)


@dataclass(frozen=True)
class KnobRow:
    """One knob change; it takes effect from step + 1 on."""

    step: int
    name: str
    value: float


@dataclass(frozen=True)
class BranchRow:
    """One branch of a run's history.

    Attributes:
        branch: its number.
        parent: the branch it left, or None for the first.
        from_step: the step at which it left.
        wall_time: seconds since 1970, when it began.
    """

    branch: int
    parent: int | None
    from_step: int
    wall_time: float


def connect(path: Path) -> sqlite3.Connection:
    """Open a log in autocommit mode.

    Raises:
        EngineError: it holds views or triggers, which the program never creates, has another format, or its path is too
            long.
        sqlite3.Error: it is damaged, is not a log, or cannot be opened.
    """
    refuse_long_path(path)
    if path.exists() and not path.is_file():
        raise _unusable(path, Message("picture.not_a_file"))
    connection = sqlite3.connect(path, isolation_level=None)
    with closed_on_fault(connection):
        connection.execute("PRAGMA trusted_schema=OFF")
        odd = connection.execute(_ODD_PARTS).fetchone()
        if odd is not None:
            raise _unusable(path, Message("log.odd_part", kind=f"{odd[0]:.20}", name=f"{odd[1]!a:.40}"))
        if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'format'").fetchone():
            _check_version(path, connection.execute("SELECT version FROM format LIMIT 1").fetchone())
    return connection


def refuse_long_path(path: Path) -> None:
    """Raise EngineError if a path is longer than SQLite can open."""
    if os.name == "posix" and len(os.fsencode(path)) > MOST_PATH_BYTES:
        raise EngineError(
            Message("run.path_too_long", path=path.parent, most=MOST_PATH_BYTES - len(f"/{path.name}")),
            Message("kept.file_untouched"),
            Message("todo.shorter_path"),
        )


@contextmanager
def closed_on_fault(connection: sqlite3.Connection) -> Iterator[None]:
    """Close a connection if the block raises."""
    try:
        yield
    except BaseException:
        connection.close()
        raise


def metric_table(path: Path, rows: list[Any]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Convert rows of (step, values) to int64 [rows] and float32 [rows, columns]; raises EngineError for odd rows."""
    try:
        table = np.array(rows, dtype=np.float64).reshape(len(rows), 1 + len(METRIC_COLUMNS))
    except (ValueError, TypeError, OverflowError) as error:
        raise _odd_row(path, "metrics") from error
    if not (np.abs(table[:, 0]) < MOST_STEP).all():  # NaN too
        raise _odd_row(path, "metrics")
    with np.errstate(over="ignore"):  # values beyond float32 become infinite, as when they were logged
        return table[:, 0].astype(np.int64), table[:, 1:].astype(np.float32)


def branch_rows(path: Path, rows: Iterable[Any]) -> tuple[BranchRow, ...]:
    """Convert rows of the branches table; raises EngineError for rows that no run writes."""
    found = []
    for branch, parent, from_step, wall_time in rows:
        counts = (branch, from_step, 0 if parent is None else parent)
        if not all(isinstance(count, int) and 0 <= count < MOST_STEP for count in counts):
            raise _odd_row(path, "branches")
        if not (isinstance(wall_time, int | float) and 0 <= wall_time < LATEST_TIME):
            raise _odd_row(path, "branches")
        found.append(BranchRow(branch, parent, from_step, wall_time))
    return tuple(found)


def knob_rows(path: Path, rows: Iterable[Any]) -> list[KnobRow]:
    """Convert rows of (step, name, value) to knob changes; raises EngineError for a value outside its limits."""
    found = []
    for step, name, value in rows:
        if not (isinstance(step, int) and isinstance(name, str) and isinstance(value, int | float)):
            raise _odd_row(path, "knobs")
        if not (is_allowed(name, value) or (name == "steps" and 1 <= value < MOST_STEP)):
            raise _unusable(path, Message("checkpoint.bad_knob", name=f"{name!a:.40}", value=value))
        found.append(KnobRow(step, name, value))
    return found


def note_rows(path: Path, rows: Iterable[Any]) -> list[tuple[int, str]]:
    """Convert rows of (step, text) to notes; raises EngineError for rows that no run writes."""
    found = []
    for step, text in rows:
        if not (isinstance(step, int) and 0 <= step < MOST_STEP and isinstance(text, str)):
            raise _odd_row(path, "notes")
        found.append((step, text))
    return found


def _check_version(path: Path, row: tuple[object] | None) -> None:
    if row is not None and row[0] != FORMAT_VERSION:
        raise EngineError(
            Message("run.other_format", path=path, version=f"{row[0]!a:.20}", known=FORMAT_VERSION),
            Message("kept.file_untouched"),
            Message("todo.newer_program"),
        )


def _odd_row(path: Path, table: str) -> EngineError:
    return _unusable(path, Message("log.odd_row", table=table))


def _unusable(path: Path, reason: Message) -> EngineError:
    return EngineError(
        Message("file.unusable", path=path, reason=reason), Message("kept.file_untouched"), Message("todo.other_log")
    )
