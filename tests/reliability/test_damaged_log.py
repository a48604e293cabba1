"""A log that is damaged or gone: the run goes on from its checkpoints, bit for bit, and the damaged file is kept."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from gan_studio.engine.events import Noticed
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.branches import read_history
from gan_studio.engine.run.checkpoint import state_hash
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.run.log import read_metrics
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest
from tests.engine.references import References
from tests.engine.runs import finish, tiny
from tests.reliability.ledger import Page


def spoil_header(path: Path) -> None:
    path.write_bytes(b"\xff" * 100 + path.read_bytes()[100:])


def empty_of_sense(path: Path) -> None:
    path.write_bytes(b"this is not a database, and long enough to be looked at" * 100)


def spoil_schema(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    whole[100:116] = b"\xff" * 16
    path.write_bytes(whole)


def spoil_page_of(table: str) -> Callable[[Path], None]:
    """Overwrite the root page of a table: the file opens, and only that table cannot be read."""

    def spoil(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            (size,) = connection.execute("PRAGMA page_size").fetchone()
            (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        with path.open("r+b") as file:
            file.seek((page - 1) * size)
            file.write(b"\xff" * size)

    return spoil


@pytest.mark.parametrize(
    "spoil",
    [spoil_header, empty_of_sense, spoil_schema, spoil_page_of("knobs"), spoil_page_of("metrics"), Path.unlink],
    ids=["header", "no database", "schema", "page of knobs", "page of metrics", "deleted"],
)
def test_that_a_run_without_its_log_goes_on_bit_for_bit(
    tmp_path: Path, ledger: Page, spoil: object, references: References
) -> None:
    whole = references.state_hash(tiny(training__steps=8))
    references.copy_to(tmp_path / "run", tiny(training__steps=4))
    folder = RunFolder(tmp_path / "run")
    spoil(folder.log_file)  # type: ignore[operator]
    ledger.injected(promise=1, injector="run.sqlite damaged or deleted", count=1)
    job = TrainingJob(RunRequest(folder.root, steps=8))
    events = finish(job)
    assert job.trainer is not None
    assert state_hash(job.trainer.state) == whole
    assert read_metrics(folder.log_file)[0].tolist() == [5, 6, 7, 8]
    said = [str(event.message) for event in events if isinstance(event, Noticed)]
    kept = list(folder.root.glob("run.sqlite.damaged*"))
    if spoil is Path.unlink:
        assert kept == []
    else:
        assert any("renamed to" in text for text in said), said
        assert len(kept) == 1


def test_that_no_number_of_a_branch_is_given_twice(tmp_path: Path, ledger: Page, references: References) -> None:
    references.copy_to(tmp_path / "run", tiny(training__steps=4))
    folder = RunFolder(tmp_path / "run")
    finish(TrainingJob(RunRequest(folder.root, steps=6, back_to=Moment(0, 0))))
    before = {path: path.read_bytes() for path in (folder.root / "checkpoints").iterdir()}
    empty_of_sense(folder.log_file)
    ledger.injected(promise=3, injector="run.sqlite damaged", count=1)
    finish(TrainingJob(RunRequest(folder.root, steps=6, back_to=Moment(0, 4))))
    assert [branch.number for branch in read_history(folder).branches] == [0, 1, 2]
    assert {path: path.read_bytes() for path in before} == before
    with sqlite3.connect(folder.log_file) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
