"""The ledger: which faults the tests injected, how many, and with which result; it writes docs/reliability.md."""

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
"""Number and name of each promise, as the tests and the table use them."""

HEAD = """# What has been tried to break a run

A run is days of somebody's life. The promise: whatever happens (a killed program, a power cut, a full disk, a lost
device, NaN, a damaged or hostile file), the program finds the newest good state again without help, at most one
checkpoint interval is lost, and a resumed run is the same run, bit for bit.

Each row below is a test that injects its fault for real. `make soak` injects every one of them and writes this page;
`make test` injects a seeded sample. A count is the number of faults that the test injected, not of its assertions.

"""

WORDS = """
## What the injectors are
- *fault plan of the files*: every change of a file goes through `engine/files/atomic.py`. The test puts a disk in its
  place that fails at the n-th call: it raises a chosen error, writes only part of the data, or simulates a crash. After
  a simulated crash every call raises, so nothing is cleaned up, as after `kill -9`.
- *loss of unsynced data*: the same crash, after which files that were never synced hold nothing or garbage, and renames
  in a folder that was never synced are undone, as after a power cut.
- *strace*: the kernel itself kills the program at the k-th rename, or answers the k-th fsync with "no space left".
- *kill -9*: a real process that saves as fast as it can is killed at seeded random moments.
- *tmpfs*, *bind mount*: a real disk of two megabytes that fills up; a folder that becomes read-only. They need root.
- *a seeded monkey*: a program that clicks, drags, resizes and saves in the real window for a long time.

## What it does not show
Three faults were not tried: a disk that reports data as written and loses it, memory that flips bits, and a kernel that
crashes. No CUDA device was available. The same checks for one (exact resume after `kill -9`, NaN, memory that runs out)
are part of `make gpu`. A test that was skipped says why; it is not counted.
"""


@dataclass(frozen=True)
class Entry:
    """Faults that one test injected.

    Attributes:
        promise: number of the promise in PROMISES.
        test: pytest's name of the test.
        injector: what caused the faults.
        count: number of faults.
    """

    promise: int
    test: str
    injector: str
    count: int


@dataclass
class Ledger:
    """The faults that a test session injected, and the outcome of each test.

    Attributes:
        entries: the injected faults, in the order of the tests.
        outcomes: "passed", "failed" or the reason of a skip, by test.
    """

    entries: list[Entry] = field(default_factory=list)
    outcomes: dict[str, str] = field(default_factory=dict)

    def page(self, before: str = "") -> str:
        """Return the text of docs/reliability.md.

        Args:
            before: the present text of the page. Rows of tests that this session did not run are kept.
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
        """Sum the faults of each test by injector; all cases of a parametrised test share one row."""
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
    """List the commands that repeat the tests of each file."""
    files = sorted({_cells(row)[1].split("`")[1].removesuffix(".py") for row in rows})
    lines = "\n".join(f"    make soak ARGS='-k {file}'" for file in files)
    return f"To repeat some of the tests, name a file or a test (their rows are then replaced):\n\n{lines}\n"


class Page:
    """The ledger as one test sees it."""

    def __init__(self, ledger: Ledger, test: str, *, is_soak: bool) -> None:
        self._ledger, self._test = ledger, test
        self.is_soak = is_soak

    def injected(self, promise: int, injector: str, count: int) -> None:
        """Record that this test injected `count` faults."""
        self._ledger.entries.append(Entry(promise, self._test, injector, count))

    def amount(self, sample: int, soak: int) -> int:
        """Return how many faults to inject: `sample` in `make test`, `soak` in `make soak`."""
        return soak if self.is_soak else sample


def case_less(node: str) -> str:
    """Return the name of a parametrised test without its case."""
    return node.partition("[")[0]


def worse(one: str, other: str) -> str:
    """Return the worse outcome of two cases of a test, which its row shows: failed, then skipped, then passed."""
    return max(one, other, key=lambda outcome: (outcome == "failed", outcome != "passed"))


def write_page(ledger: Ledger, path: Path) -> None:
    """Write docs/reliability.md."""
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(ledger.page(_without_gone_tests(before)), encoding="utf-8")


def _without_gone_tests(page: str) -> str:
    """Remove the rows of test files that are no longer there."""
    there = {file.name for file in Path(__file__).parents[1].rglob("test_*.py")}
    gone = {row for row in _rows_of(page) if _cells(row)[1].split("`")[1] not in there}
    return "\n".join(line for line in page.splitlines() if line not in gone)


def _name(test: str) -> str:
    file, _, name = test.partition("::")
    return f"`{Path(file).name}` {name.removeprefix('test_that_').replace('_', ' ')}"
