"""LibrarySession reads the history of a run, and what lies on the way to a moment of it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gan_studio.engine.answering import NotDone
from gan_studio.engine.library.branches import Way
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.branches import History
from gan_studio.engine.run.log import read_metrics
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest
from gan_studio.ui.session.library_session import LibrarySession
from tests.engine.references import References
from tests.engine.runs import finish

PATIENCE_MS = 120_000


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, references: References) -> Path:
    """Train 12 steps, go on to 24, and back to 12 for 8 steps more."""
    place = tmp_path_factory.mktemp("history") / "run"
    references.copy_to(place)
    finish(TrainingJob(RunRequest(place, steps=24)))
    finish(TrainingJob(RunRequest(place, steps=20, back_to=Moment(0, 12))))
    return place


@pytest.fixture
def library(qtbot: QtBot) -> Iterator[LibrarySession]:
    session = LibrarySession()
    session.start()
    yield session
    session.end()
    session.deleteLater()


def test_that_the_branches_of_a_run_are_read(qtbot: QtBot, library: LibrarySession, run: Path) -> None:
    with qtbot.waitSignal(library.history_read, timeout=PATIENCE_MS) as told:
        library.read_history(run)
    (history,) = told.args
    assert isinstance(history, History)
    assert [(branch.parent, branch.from_step, branch.checkpoints) for branch in history.branches] == [
        (None, 0, (0, 12, 24)),
        (0, 12, (12, 20)),
    ]


@pytest.mark.parametrize(
    ("moment", "sheets"),
    [
        (Moment(1, 20), [(0, 0), (0, 1), (0, 2), (0, 4), (0, 8), (0, 12), (1, 16), (1, 20)]),
        (Moment(0, 18), [(0, 0), (0, 1), (0, 2), (0, 4), (0, 8), (0, 12), (0, 16)]),
        (Moment(1, 12), [(0, 0), (0, 1), (0, 2), (0, 4), (0, 8), (0, 12)]),
    ],
)
def test_that_only_what_lies_on_the_way_to_a_moment_is_read(
    qtbot: QtBot, library: LibrarySession, run: Path, moment: Moment, sheets: list[tuple[int, int]]
) -> None:
    with qtbot.waitSignal(library.way_read, timeout=PATIENCE_MS) as told:
        library.read_way(run, moment)
    (way,) = told.args
    assert isinstance(way, Way)
    assert (way.path, way.moment) == (run, moment)
    assert way.steps.tolist() == list(range(1, moment.step + 1))
    expected = read_metrics(run / "run.sqlite", moment.branch, moment.step)[1]
    np.testing.assert_array_equal(way.values, expected)
    assert list(way.sheets) == sheets
    assert set(way.snapshots) <= set(way.sheets)


def test_that_of_two_runs_only_the_history_of_the_last_asked_about_is_told(
    qtbot: QtBot, library: LibrarySession, run: Path, tmp_path: Path, references: References
) -> None:
    references.copy_to(tmp_path / "other")
    told: list[int] = []
    library.history_read.connect(lambda history: told.append(len(history.branches)))
    for _ in range(20_000):
        library.read_history(tmp_path / "other")
        library.read_history(run)
    with qtbot.waitSignal(library.disk_read, timeout=PATIENCE_MS):
        library.measure_disk(tmp_path)
    assert set(told) == {2}


def test_that_a_history_that_cannot_be_read_is_told(
    qtbot: QtBot, library: LibrarySession, tmp_path: Path, references: References
) -> None:
    references.copy_to(tmp_path / "run")
    (tmp_path / "run" / "run.sqlite").write_bytes(b"no database at all" * 1000)
    for ask, kind in (
        (lambda: library.read_history(tmp_path / "run"), "history"),
        (lambda: library.read_way(tmp_path / "run", Moment(0, 12)), "way"),
        (lambda: library.read_history(tmp_path), "history"),
    ):
        with qtbot.waitSignal(library.not_read, timeout=PATIENCE_MS) as told:
            ask()
        assert told.args[0] == kind
        assert isinstance(told.args[1], NotDone)
