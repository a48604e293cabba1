"""Run folders that mean harm: run.toml, run.sqlite, and links in the place of files."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from gan_studio import api
from gan_studio.cli.sampling import write_samples
from gan_studio.engine.answering import NotDone
from gan_studio.engine.control import TrainingControl
from gan_studio.engine.events import RunFailed
from gan_studio.engine.files.pictures import write_picture
from gan_studio.engine.library.runs import ReadRun, read
from gan_studio.engine.machine.devices import step_threads
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.branches import read_history
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.run.log import RunLog, read_knobs, read_metrics
from gan_studio.engine.text.message import EngineError
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest
from tests.engine.runs import TINY, resume
from tests.reliability.ledger import Page


def resumed(run: RunFolder) -> str:
    """Try to go on with a run; return what is said, which is never said by a fault of the program."""
    events = list(TrainingJob(RunRequest(run.root, steps=5)).run(TrainingControl()))
    failures = [event for event in events if isinstance(event, RunFailed)]
    assert failures, "the run went on"
    assert failures[0].traceback == ""
    return str(failures[0].happened)


FACTS: dict[str, Callable[[str], str]] = {
    "threads": lambda text: text.replace(f"threads = {step_threads()}", "threads = 1000000000"),
    "device": lambda text: text.replace('[execution]\ndevice = "cpu"', '[execution]\ndevice = "mps"'),
    "classes of an unconditional run": lambda text: text.replace("classes = []", 'classes = ["a"]'),
    "classes as a number": lambda text: text.replace("classes = []", "classes = 5"),
    "classes of numbers": lambda text: text.replace("classes = []", "classes = [5]"),
    "pictures as a text": lambda text: text.replace("[pictures]", "[pictures_]").replace(
        "[config]", 'pictures=""\n[config]'
    ),
    "newer format": lambda text: text.replace("format_version = 1", "format_version = 2"),
    "version as a text": lambda text: text.replace("format_version = 1", 'format_version = "1"'),
    "width": lambda text: text.replace("width = 4", "width = 1000000000"),
}


@pytest.mark.parametrize("kind", FACTS)
def test_that_a_hostile_run_toml_is_refused_in_words(run: RunFolder, kind: str, ledger: Page) -> None:
    text = run.config_file.read_text(encoding="utf-8")
    run.config_file.write_text(FACTS[kind](text), encoding="utf-8")
    assert run.config_file.read_text(encoding="utf-8") != text
    assert resumed(run)
    ledger.injected(11, "a hostile run.toml", 1)


def test_that_the_largest_legal_set_up_claims_no_memory_when_a_run_is_looked_at(run: RunFolder) -> None:
    text = run.config_file.read_text(encoding="utf-8")
    for small, large in (
        ("width = 4", "width = 512"),
        ("latent_dim = 8", "latent_dim = 1024"),
        ("image_size = 32", "image_size = 256"),
    ):
        assert small in text
        text = text.replace(small, large)
    run.config_file.write_text(text, encoding="utf-8")
    with pytest.raises(EngineError, match="its tensors are not those"):
        api.load_run(run.root)


SCRIPTS: dict[str, str] = {
    "a view": "DROP TABLE metrics; CREATE VIEW metrics AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM n)"
    " SELECT 0 AS branch, x AS step FROM n;",
    "a trigger": "CREATE TRIGGER t AFTER INSERT ON knobs BEGIN DELETE FROM branches; END;",
    "a virtual table": "CREATE VIRTUAL TABLE v USING fts5(a);",
    "a newer format": "UPDATE format SET version = 2;",
    "an unknown knob": "INSERT INTO knobs (branch, step, name, value, wall_time) VALUES (0, 4, '__class__', 1, 0);",
    "a batch of 10^9": "INSERT INTO knobs (branch, step, name, value, wall_time) VALUES (0, 4, 'batch_size', 1e9, 0);",
    "an infinite target": "INSERT INTO knobs (branch, step, name, value, wall_time) VALUES (0, 4, 'steps', 9e999, 0);",
    "a value of text": "INSERT INTO knobs (branch, step, name, value, wall_time) VALUES (0, 4, 'r1', 'x', 0);",
    "a branch of text": "DROP TABLE branches; CREATE TABLE branches (branch, parent, from_step, wall_time);"
    " INSERT INTO branches VALUES (0, 'x', 0, 0);",
    "a time beyond all": "UPDATE branches SET wall_time = 1e300;",
    "metrics of text": "UPDATE metrics SET loss_d = 'x';",
    "no tables": "DROP TABLE metrics; DROP TABLE knobs; DROP TABLE branches;",
}


@pytest.mark.parametrize("kind", SCRIPTS)
def test_that_a_hostile_log_is_refused_in_words(run: RunFolder, kind: str, ledger: Page) -> None:
    connection = sqlite3.connect(run.log_file)
    connection.executescript(SCRIPTS[kind])
    connection.close()
    reply = read(ReadRun(run.root))
    assert isinstance(reply, NotDone)
    assert "run.sqlite" in str(reply.happened)
    assert reply.happened.key != "read.failed"
    ledger.injected(11, "a hostile run.sqlite", 1)


@pytest.mark.parametrize("kind", ["a view", "a trigger", "a newer format", "a batch of 10^9"])
def test_that_no_run_is_trained_with_a_hostile_log(run: RunFolder, kind: str) -> None:
    connection = sqlite3.connect(run.log_file)
    connection.executescript(SCRIPTS[kind])
    connection.close()
    assert "run.sqlite" in resumed(run)
    shutil.rmtree(run.root / "checkpoints")
    with pytest.raises(EngineError):
        read_knobs(run.log_file)


def test_that_a_refused_run_is_free_at_once(run: RunFolder) -> None:
    connection = sqlite3.connect(run.log_file)
    connection.executescript(SCRIPTS["a trigger"])
    connection.close()
    assert resumed(run)
    connection = sqlite3.connect(run.log_file)
    connection.executescript("DROP TRIGGER t;")
    connection.close()
    resume(run.root, 5)


def test_that_an_infinite_value_in_the_log_is_read_as_one(tmp_path: Path) -> None:
    log = RunLog(tmp_path / "run.sqlite")
    log.append_metrics(0, np.arange(1, 2), np.ones((1, 7), np.float32), 1.0)
    log.close()
    connection = sqlite3.connect(tmp_path / "run.sqlite")
    connection.executescript("UPDATE metrics SET loss_d = 1e300;")
    connection.close()
    assert np.isinf(read_metrics(tmp_path / "run.sqlite")[1]).any()


@pytest.fixture
def victim(tmp_path: Path) -> Iterator[Path]:
    """Watch a file of the user's that nothing may be written into."""
    path = tmp_path / "victim"
    path.write_text("mine")
    yield path
    assert path.read_text() == "mine"


@pytest.mark.parametrize(
    "name",
    [
        "checkpoints",
        "snapshots",
        "samples",
        "run.toml",
        "run.lock",
        "run.writer",
        "run.sqlite",
        "run.sqlite-wal",
        "run.sqlite-shm",
    ],
)
def test_that_training_refuses_links_in_the_place_of_its_files(
    run: RunFolder, tmp_path: Path, victim: Path, name: str
) -> None:
    link, aside = run.root / name, tmp_path / "aside"
    if link.is_dir() or name == "run.toml":
        link.rename(aside)
        link.symlink_to(aside)
    else:
        link.unlink(missing_ok=True)
        link.symlink_to(victim)
    assert f"{name} is a symbolic link" in resumed(run)


def test_that_links_at_the_names_of_new_files_are_replaced_and_not_followed(run: RunFolder, victim: Path) -> None:
    for moment in (Moment(0, 5), Moment(0, 6)):
        for path in (run.checkpoint(moment), run.snapshot(moment), run.sheet(moment)):
            path.symlink_to(victim)
    resume(run.root, 6)
    assert not run.checkpoint(Moment(0, 6)).is_symlink()
    assert not run.sheet(Moment(0, 6)).is_symlink()


def test_that_exports_replace_links_and_do_not_follow_them(run: RunFolder, tmp_path: Path, victim: Path) -> None:
    for name in ("a.png", "b.npz", "c.png"):
        (tmp_path / name).symlink_to(victim)
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "seed-000000.png").symlink_to(victim)
    write_samples(run.root, tmp_path / "a.png", 1, 0, "last")
    write_samples(run.root, tmp_path / "b.npz", 1, 0, "last")
    write_picture(tmp_path / "c.png", np.zeros((4, 4, 1), np.uint8))
    write_samples(run.root, tmp_path / "pictures", 1, 0, "last")
    assert not any((tmp_path / name).is_symlink() for name in ("a.png", "b.npz", "c.png", "pictures/seed-000000.png"))


def test_that_a_run_laid_over_links_writes_through_none(tmp_path: Path, victim: Path) -> None:
    place = tmp_path / "run"
    place.mkdir()
    (place / "run.toml").symlink_to(tmp_path / "nowhere")
    (place / "run.sqlite").symlink_to(victim)
    failures = [
        event for event in TrainingJob(RunRequest(place, TINY)).run(TrainingControl()) if isinstance(event, RunFailed)
    ]
    assert "symbolic link" in str(failures[0].happened)
    assert not (tmp_path / "nowhere").exists()


def test_that_a_history_is_read_or_refused(run: RunFolder) -> None:
    connection = sqlite3.connect(run.log_file)
    connection.executescript("INSERT INTO branches VALUES (1, 1, 2, 0), (2, 5, 2, 0), (3, 2, 2, 0);")
    connection.close()
    history = read_history(run)
    assert len(history.branches) == 4
    assert history.way(Moment(1, 9)) == ((1, -1, 9),)
    assert len(history.way(Moment(3, 9))) <= 3
