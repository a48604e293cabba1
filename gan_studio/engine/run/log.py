"""run.sqlite: metrics, knob changes and notes of a run, by branch and step.

One writer, any number of readers. It uses a write-ahead log where the file system allows one, and one transaction
per flush.
"""

import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.events import METRIC_COLUMNS
from gan_studio.engine.files import atomic
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.rows import (
    FORMAT_VERSION,
    BranchRow,
    KnobRow,
    branch_rows,
    closed_on_fault,
    connect,
    knob_rows,
    metric_table,
    note_rows,
)

__all__ = [
    "BranchRow",
    "KnobRow",
    "RunLog",
    "read_branches",
    "read_knobs",
    "read_losses",
    "read_metrics",
    "read_notes",
    "way_to",
]

_COLUMNS = ", ".join(METRIC_COLUMNS)
_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS format (version INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS branches (
    branch INTEGER PRIMARY KEY, parent INTEGER, from_step INTEGER NOT NULL, wall_time REAL NOT NULL);
CREATE TABLE IF NOT EXISTS metrics (
    branch INTEGER NOT NULL, step INTEGER NOT NULL, {", ".join(f"{name} REAL" for name in METRIC_COLUMNS)},
    images_per_second REAL, wall_time REAL NOT NULL, PRIMARY KEY (branch, step)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS knobs (
    id INTEGER PRIMARY KEY, branch INTEGER NOT NULL, step INTEGER NOT NULL, name TEXT NOT NULL, value REAL NOT NULL,
    wall_time REAL NOT NULL);
CREATE TABLE IF NOT EXISTS notes (
    id INTEGER PRIMARY KEY, branch INTEGER NOT NULL, step INTEGER NOT NULL, text TEXT NOT NULL,
    wall_time REAL NOT NULL);
CREATE TABLE IF NOT EXISTS evaluations (
    branch INTEGER NOT NULL, step INTEGER NOT NULL, name TEXT NOT NULL, value REAL, wall_time REAL NOT NULL,
    PRIMARY KEY (branch, step, name)) WITHOUT ROWID;
"""


class RunLog:
    """Writes run.sqlite. Use it only in the thread that created it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection = _writer(path)
        self._identity = _identity(path)
        with closed_on_fault(self._connection):
            self._connection.executescript(_SCHEMA)
            if self._connection.execute("SELECT count(*) FROM format").fetchone()[0] == 0:
                self._connection.execute("INSERT INTO format VALUES (?)", (FORMAT_VERSION,))
                self._connection.execute("INSERT INTO branches VALUES (0, NULL, 0, ?)", (time.time(),))

    def append_metrics(
        self, branch: int, steps: NDArray[np.int64], values: NDArray[np.float32], images_per_second: float
    ) -> None:
        """Write rows in one transaction; a row of the same branch and step is replaced.

        Args:
            branch: branch of the run.
            steps: int64 [rows].
            values: float32 [rows, len(METRIC_COLUMNS)]; NaN is stored as NULL.
            images_per_second: wall-clock rate of these rows.
        """
        now = time.time()
        rows = zip(steps.tolist(), values.tolist(), strict=True)
        places = ", ".join("?" * (len(METRIC_COLUMNS) + 4))
        with self._transaction() as connection:
            connection.executemany(
                f"INSERT OR REPLACE INTO metrics VALUES ({places})",  # noqa: S608  (only question marks)
                ((branch, step, *row, images_per_second, now) for step, row in rows),
            )

    def adopt(self, branches: Iterable[int]) -> None:
        """Add branches that have checkpoints but are missing in the log, as after the log was lost."""
        for branch in branches:
            self._connection.execute("INSERT OR IGNORE INTO branches VALUES (?, NULL, 0, ?)", (branch, time.time()))

    def append_knob(self, branch: int, step: int, name: str, value: float) -> None:
        """Commit a knob change that takes effect after `step`."""
        row = (branch, step, name, value, time.time())
        self._connection.execute("INSERT INTO knobs (branch, step, name, value, wall_time) VALUES (?, ?, ?, ?, ?)", row)

    def append_note(self, branch: int, step: int, text: str) -> None:
        """Write a note: a line of text with its step."""
        row = (branch, step, text, time.time())
        self._connection.execute("INSERT INTO notes (branch, step, text, wall_time) VALUES (?, ?, ?, ?)", row)

    def knobs_from(self, branch: int, step: int) -> list[KnobRow]:
        """List the knob changes of a branch made at `step` or later, oldest first."""
        found = self._connection.execute(
            "SELECT step, name, value FROM knobs WHERE branch = ? AND step >= ? ORDER BY id", (branch, step)
        )
        return knob_rows(self._path, found)

    def drop_knobs_after(self, branch: int, step: int) -> None:
        """Delete the knob changes of a branch made after `step`."""
        self._connection.execute("DELETE FROM knobs WHERE branch = ? AND step > ? AND name != 'steps'", (branch, step))

    def begin_branch(self, parent: int, from_step: int, knobs: Mapping[str, float]) -> int:
        """Add a branch with these live settings; returns its number."""
        now = time.time()
        with self._transaction() as connection:
            branch: int = connection.execute("SELECT max(branch) + 1 FROM branches").fetchone()[0]
            connection.execute("INSERT INTO branches VALUES (?, ?, ?, ?)", (branch, parent, from_step, now))
            connection.executemany(
                "INSERT INTO knobs (branch, step, name, value, wall_time) VALUES (?, ?, ?, ?, ?)",
                ((branch, from_step, name, value, now) for name, value in knobs.items()),
            )
        return branch

    def drop_branch(self, branch: int) -> None:
        """Delete a branch and its settings."""
        with self._transaction() as connection:
            for table in ("branches", "knobs"):
                connection.execute(f"DELETE FROM {table} WHERE branch = ?", (branch,))  # noqa: S608  (two known names)

    def check(self) -> None:
        """Raise sqlite3.DatabaseError if a page is damaged: such a file may still open."""
        (finding,) = self._connection.execute("PRAGMA quick_check(1)").fetchone()
        if finding != "ok":
            raise sqlite3.DatabaseError(finding)

    def checkpoint_wal(self) -> None:
        """Checkpoint the write-ahead log, so that a copied folder is complete."""
        self._follow()
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """Run a transaction. A disk error rolls it back: an open transaction would block every later one."""
        self._connection.execute("BEGIN")
        try:
            yield self._connection
            self._connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):  # a full disk may have ended the transaction already
                self._connection.execute("ROLLBACK")
            raise

    def _follow(self) -> None:
        """Restore run.sqlite if it was deleted or replaced while open, so that new rows are not lost.

        The copy is written beside it and then renamed, so that a full disk never leaves half a file in its place.
        """
        if _identity(self._path) == self._identity:
            return
        is_held, *_ = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if is_held:
            return  # SQLite would apply the old write-ahead log to the new file; the next call tries again
        temporary = atomic.temporary_beside(self._path)
        try:
            self._connection.execute("VACUUM INTO CAST(? AS TEXT)", (os.fsencode(temporary),))
            atomic.take_place(temporary, self._path)
        except OSError as error:
            raise sqlite3.OperationalError(str(error)) from error
        finally:
            with suppress(OSError):
                atomic.remove(temporary)
        self._connection.close()
        self._connection = _writer(self._path)
        self._identity = _identity(self._path)

    def close(self) -> None:
        """Checkpoint the log if the disk allows it, and close; later calls raise sqlite3.ProgrammingError."""
        with suppress(sqlite3.Error):
            self.checkpoint_wal()
        self._connection.close()


def read_metrics(path: Path, branch: int = 0, last_step: int = 2**62) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Read the metrics on the path to a step of a branch, even while a run writes them.

    Up to the step at which the branch left its parent, the rows are the parent's.

    Returns:
        int64 [rows] steps, float32 [rows, len(METRIC_COLUMNS)] values.
    """
    query = f"SELECT step, {_COLUMNS} FROM metrics WHERE branch = ? AND step > ? AND step <= ? ORDER BY step"  # noqa: S608
    with closing(_reader(path)) as connection:
        way = way_to(_branches(path, connection), branch, last_step)
        rows = [row for stretch in way for row in connection.execute(query, stretch)]
    return metric_table(path, rows)


def read_logging_time(path: Path, moment: Moment) -> float | None:
    """Read when the metrics of a moment were logged, in seconds since 1970; None: they were not."""
    with closing(_reader(path)) as connection:
        query = "SELECT wall_time FROM metrics WHERE branch = ? AND step = ?"
        found = connection.execute(query, moment).fetchone()
    return float(found[0]) if found and isinstance(found[0], float) else None


def read_losses(path: Path, moment: Moment) -> tuple[float, float] | None:
    """Read the losses of D and G at a moment; None: they were not logged, or not finite."""
    with closing(_reader(path)) as connection:
        way = way_to(_branches(path, connection), *moment)
        branch = next((number for number, after, up_to in way if after < moment.step <= up_to), moment.branch)
        query = "SELECT loss_d, loss_g FROM metrics WHERE branch = ? AND step = ?"
        found = connection.execute(query, (branch, moment.step)).fetchone()
    if found is None or not all(isinstance(loss, float) for loss in found):
        return None
    return float(found[0]), float(found[1])


def read_knobs(path: Path, branch: int = 0, last_step: int = 2**62) -> list[KnobRow]:
    """Read the knob changes of a branch up to a step, oldest first."""
    with closing(_reader(path)) as connection:
        query = "SELECT step, name, value FROM knobs WHERE branch = ? AND step <= ? ORDER BY id"
        return knob_rows(path, connection.execute(query, (branch, last_step)))


def read_branches(path: Path) -> tuple[BranchRow, ...]:
    """Read the branches of a run, oldest first."""
    with closing(_reader(path)) as connection:
        return _branches(path, connection)


def way_to(branches: Iterable[BranchRow], branch: int, last_step: int = 2**62) -> tuple[tuple[int, int, int], ...]:
    """Return the path of branches that leads to a step: (branch, after step, up to step), oldest first.

    The path ends at a parent that is missing, or not older than its child: a damaged table must not loop for ever.
    """
    known = {row.branch: row for row in branches}
    way: list[tuple[int, int, int]] = []
    row = known.get(branch)
    while row is not None and row.parent is not None and row.parent < row.branch:
        way.append((row.branch, row.from_step, last_step))
        last_step = min(last_step, row.from_step)
        row = known.get(row.parent)
    way.append((row.branch if row is not None else branch, -1, last_step))
    return tuple(reversed(way))


def read_notes(path: Path, branch: int | None = None, last_step: int = 2**62) -> list[tuple[int, str]]:
    """Read the notes of a run, or of one branch up to a step, as (step, text), oldest first."""
    query = "SELECT step, text FROM notes WHERE ifnull(?, branch) = branch AND step <= ? ORDER BY id"
    with closing(_reader(path)) as connection:
        return note_rows(path, connection.execute(query, (branch, last_step)))


def _branches(path: Path, connection: sqlite3.Connection) -> tuple[BranchRow, ...]:
    query = "SELECT branch, parent, from_step, wall_time FROM branches ORDER BY branch"
    return branch_rows(path, connection.execute(query))


def _writer(path: Path) -> sqlite3.Connection:
    connection = connect(path)
    with closed_on_fault(connection):
        connection.execute("PRAGMA journal_mode=WAL")  # stays a rollback journal where it is refused
        connection.execute("PRAGMA synchronous=NORMAL")
    return connection


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what identifies the file at a path, so that a replaced file is noticed; None: there is none."""
    try:
        facts = path.stat()
    except OSError:
        return None
    return facts.st_dev, facts.st_ino


def _reader(path: Path) -> sqlite3.Connection:
    connection = connect(path)
    connection.execute("PRAGMA query_only=ON")
    return connection
