"""run.sqlite: metrics, knob changes and notes of a run, by branch and step.

One writer, any number of readers. Write-ahead log where the file system has it, one transaction a flush.
"""

import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.events import METRIC_COLUMNS

FORMAT_VERSION = 1

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


@dataclass(frozen=True)
class KnobRow:
    """One knob change: it holds from step + 1 on."""

    step: int
    name: str
    value: float


class RunLog:
    """The writing side of run.sqlite; it belongs to the thread that made it."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")  # stays a rollback journal where it is refused
        self._connection.execute("PRAGMA synchronous=NORMAL")
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
        self._connection.execute("BEGIN")
        self._connection.executemany(
            f"INSERT OR REPLACE INTO metrics VALUES ({places})",  # noqa: S608  (only question marks)
            ((branch, step, *row, images_per_second, now) for step, row in rows),
        )
        self._connection.execute("COMMIT")

    def append_knob(self, branch: int, step: int, name: str, value: float) -> None:
        """Commit a knob change before it takes effect after `step`."""
        row = (branch, step, name, value, time.time())
        self._connection.execute("INSERT INTO knobs (branch, step, name, value, wall_time) VALUES (?, ?, ?, ?, ?)", row)

    def append_note(self, branch: int, step: int, text: str) -> None:
        """Keep a line of text with its step."""
        row = (branch, step, text, time.time())
        self._connection.execute("INSERT INTO notes (branch, step, text, wall_time) VALUES (?, ?, ?, ?)", row)

    def knobs_from(self, branch: int, step: int) -> list[KnobRow]:
        """List the knob changes of a branch made at `step` or later, oldest first."""
        found = self._connection.execute(
            "SELECT step, name, value FROM knobs WHERE branch = ? AND step >= ? ORDER BY id", (branch, step)
        )
        return [KnobRow(*row) for row in found]

    def drop_knobs_after(self, branch: int, step: int) -> None:
        """Delete the knob changes of a branch made after `step`."""
        self._connection.execute("DELETE FROM knobs WHERE branch = ? AND step > ?", (branch, step))

    def fold(self) -> None:
        """Move the write-ahead log into run.sqlite, so that a copied folder is whole."""
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Fold and close; later calls raise sqlite3.ProgrammingError."""
        self.fold()
        self._connection.close()


def read_metrics(path: Path, branch: int = 0, last_step: int = 2**62) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Read the metrics of a branch, also while a run writes them: int64 [rows], float32 [rows, columns]."""
    with closing(_reader(path)) as connection:
        query = f"SELECT step, {_COLUMNS} FROM metrics WHERE branch = ? AND step <= ? ORDER BY step"  # noqa: S608
        rows = connection.execute(query, (branch, last_step)).fetchall()
    table = np.array(rows, dtype=np.float64).reshape(len(rows), 1 + len(METRIC_COLUMNS))
    return table[:, 0].astype(np.int64), table[:, 1:].astype(np.float32)


def read_knobs(path: Path, branch: int = 0, last_step: int = 2**62) -> list[KnobRow]:
    """Read the knob changes of a branch up to a step, oldest first."""
    with closing(_reader(path)) as connection:
        query = "SELECT step, name, value FROM knobs WHERE branch = ? AND step <= ? ORDER BY id"
        return [KnobRow(*row) for row in connection.execute(query, (branch, last_step))]


def read_notes(path: Path) -> list[tuple[int, str]]:
    """Read the notes of a run as (step, text), oldest first."""
    with closing(_reader(path)) as connection:
        return list(connection.execute("SELECT step, text FROM notes ORDER BY id"))


def _reader(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA query_only=ON")
    return connection
