"""The ledger: which faults were injected, how many, and what became of them; it writes docs/reliability.md."""

import platform
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

PROMISES = {
    1: "Atomic saves",
    2: "Exact resume",
    3: "Going back",
    4: "Observation is free",
    5: "Full disk, read-only or vanished folder",
    6: "NaN and infinity",
    7: "Out of memory, lost device",
    8: "One writer",
    9: "Leaving",
    10: "Nothing swallowed",
    11: "Hostile files",
    12: "Steady",
    13: "Bounded disk",
    14: "Supply chain",
}
"""Number and name of each promise, as the tests and the table know them."""

HEAD = """# What has been tried to break a run

A run is days of somebody's life. The promise: whatever happens (a killed program, a power cut, a full disk, a lost
device, NaN, a damaged or hostile file), the newest good state is found again without help, at most one checkpoint
interval is lost, and a resumed run is the same run, bit for bit.

Each row below is a test that injects its fault for real. `make soak` injects every one of them and writes this page;
`make test` takes a seeded sample. A count is the number of faults injected by that test, not of assertions.

"""

WORDS = """
## What the injectors are
- *fault plan of the files*: every change of a file goes through `engine/files/atomic.py`; the test puts a disk in its
  place that fails at the n-th call with an error of its choice, writes only part of what it was given, or stops the
  world there: from then on every call raises, so nothing is cleaned up, as after `kill -9`.
- *loss of unsynced data*: the same crash, after which files that were never synced hold nothing or garbage, and renames
  in a folder that was never synced are undone, as after a power cut.
- *strace*: the kernel itself kills the program at the k-th rename, or answers the k-th fsync with "no space left".
- *kill -9*: a real process that saves as fast as it can is killed at seeded random moments.
- *tmpfs*, *bind mount*: a real disk of two megabytes that fills up; a folder that becomes read-only. They need root.
- *a seeded monkey*: somebody who clicks, drags, resizes and saves in the real window for a long time.

## What it does not show
A disk that lies about having written, memory that flips bits, and a kernel that crashes were not tried. No CUDA
device was at hand: the same checks for one (exact resume after `kill -9`, NaN, memory that runs out) are part of
`make gpu`. A test that was skipped says why; it is not counted.
"""


@dataclass(frozen=True)
class Entry:
    """Faults that one test injected.

    Attributes:
        promise: its number in PROMISES.
        test: pytest's name of the test.
        injector: what made the faults.
        count: how many.
    """

    promise: int
    test: str
    injector: str
    count: int


@dataclass
class Ledger:
    """What a session injected, and the outcome of each test.

    Attributes:
        entries: in the order of the tests.
        outcomes: "passed", "failed" or the reason of a skip, by test.
    """

    entries: list[Entry] = field(default_factory=list)
    outcomes: dict[str, str] = field(default_factory=dict)

    def page(self, before: str = "") -> str:
        """Write the page.

        Args:
            before: the page as it was: rows of tests that this session did not run stay.
        """
        mine = {_name(test) for test in self.outcomes}
        rows = [row for row in _rows_of(before) if _cells(row)[1] not in mine]
        for (promise, test, injector), count in self._counts().items():
            result = self.outcomes.get(test, "not finished")
            rows.append(f"| {promise} {PROMISES[promise]} | {_name(test)} | {injector} | {count} | {result} |")
        rows.sort(key=_order)
        total = sum(int(_cells(row)[3]) for row in rows)
        table = ["| promise | test | injector | faults | result |", "|---|---|---|---:|---|", *rows]
        counted = {_cells(row)[1] for row in rows}
        left = sorted({f"- {_name(test)}: {why}" for test, why in self.outcomes.items() if _name(test) not in counted})
        skipped = "\n".join(["## Tests that counted nothing here", *left, ""]) if left and not before else ""
        return "\n".join([HEAD + self._conditions(total), "", *table, "", _commands(rows), skipped]) + WORDS

    def _counts(self) -> dict[tuple[int, str, str], int]:
        """Sum the faults of a test by its injectors; the cases of a parametrised test are one row."""
        counts: dict[tuple[int, str, str], int] = {}
        for entry in self.entries:
            key = (entry.promise, entry.test, entry.injector)
            counts[key] = counts.get(key, 0) + entry.count
        return counts

    def _conditions(self, total: int) -> str:
        import torch

        today = datetime.now(UTC).date().isoformat()
        machine = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
        return f"{total} faults by {today}: {machine}, torch {torch.__version__}."


def _rows_of(page: str) -> list[str]:
    return [line for line in page.splitlines() if line.startswith("| ") and line[2:3].isdigit()]


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip("|").split(" | ")]


def _order(row: str) -> tuple[int, list[str]]:
    return int(_cells(row)[0].split()[0]), _cells(row)


def _commands(rows: list[str]) -> str:
    """Say how to repeat the tests of each file."""
    files = sorted({_cells(row)[1].split("`")[1].removesuffix(".py") for row in rows})
    lines = "\n".join(f"    make soak ARGS='-k {file}'" for file in files)
    return f"To repeat a part, by the name of its file or of a test (its rows are written anew):\n\n{lines}\n"


class Page:
    """The ledger as one test sees it."""

    def __init__(self, ledger: Ledger, test: str, *, is_soak: bool) -> None:
        self._ledger, self._test = ledger, test
        self.is_soak = is_soak

    def injected(self, promise: int, injector: str, count: int) -> None:
        """Write down that this test injected so many faults."""
        self._ledger.entries.append(Entry(promise, self._test, injector, count))

    def amount(self, sample: int, soak: int) -> int:
        """Choose how many faults to inject: a sample in every run of the tests, more in a soak."""
        return soak if self.is_soak else sample


def case_less(node: str) -> str:
    """Take the case off the name of a parametrised test."""
    return node.partition("[")[0]


def worse(one: str, other: str) -> str:
    """Choose the outcome that a row shows, of two cases of its test: a failure before a skip before a pass."""
    return max(one, other, key=lambda outcome: (outcome == "failed", outcome != "passed"))


def write_page(ledger: Ledger, path: Path) -> None:
    """Write docs/reliability.md."""
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(ledger.page(before), encoding="utf-8")


def _name(test: str) -> str:
    file, _, name = test.partition("::")
    return f"`{Path(file).name}` {name.removeprefix('test_that_').replace('_', ' ')}"
