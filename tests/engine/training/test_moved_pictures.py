"""Runs that resume from every working folder, and runs whose pictures were moved."""

import os
import shutil
import sqlite3
import sys
from pathlib import Path

import pytest
import tomli_w

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.control import TrainingControl
from gan_studio.engine.events import Noticed, RunFailed, TargetMoved, TrainingEvent
from gan_studio.engine.files.toml import read_toml
from gan_studio.engine.run.checkpoint import state_hash
from gan_studio.engine.run.contents import read_run
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.run.log import read_notes
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest
from tests.engine.pictures import make_folder, noise
from tests.engine.runs import finish, tiny


def of(source: object, steps: int = 2) -> RunConfig:
    return tiny(data__source=str(source), data__held_out=0.0, training__steps=steps)


def begin(place: Path, source: object) -> None:
    finish(TrainingJob(RunRequest(place, of(source))))


def go_on(place: Path, data: str | None = None, *accepts: str) -> tuple[TrainingJob, list[TrainingEvent]]:
    job = TrainingJob(RunRequest(place, steps=4, data=data, accepts=frozenset(accepts)))
    return job, list(job.run(TrainingControl()))


def failure(events: list[TrainingEvent]) -> RunFailed:
    (failed,) = [event for event in events if isinstance(event, RunFailed)]
    return failed


def hash_of(job: TrainingJob) -> str:
    assert job.trainer is not None
    return state_hash(job.trainer.state)


def remember(place: Path, source: str) -> None:
    """Let run.toml hold a source as an earlier version wrote it."""
    facts = read_toml(place / "run.toml")
    facts["config"]["data"]["source"] = source
    (place / "run.toml").write_text(tomli_w.dumps(facts))


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    return make_folder(tmp_path / "home" / "pictures", noise(12, 40, 40))


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the state of a run over the same pictures that was not interrupted."""
    place = tmp_path_factory.mktemp("whole")
    source = make_folder(place / "pictures", noise(12, 40, 40))
    job = TrainingJob(RunRequest(place / "run", of(source, steps=4)))
    finish(job)
    return hash_of(job)


def test_that_a_run_from_relative_paths_resumes_from_another_folder(
    tmp_path: Path, pictures: Path, uninterrupted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(pictures.parent)
    begin(Path("run"), "pictures")
    assert RunFolder(pictures.parent / "run").read().config.data.source == str(pictures)
    monkeypatch.chdir("/")
    job, _ = go_on(pictures.parent / "run")
    assert hash_of(job) == uninterrupted


def test_that_the_origin_of_a_run_is_remembered_by_its_whole_path(
    tmp_path: Path, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    begin(Path("first"), pictures)
    finish(TrainingJob(RunRequest(Path("second"), of(pictures), fine_tune=Path("first"))))
    assert read_toml(tmp_path / "second" / "run.toml")["origin"]["path"] == str(tmp_path / "first")


@pytest.mark.parametrize("where", ["beside the run", "in the working folder"])
def test_that_the_relative_source_of_an_older_run_is_found(
    tmp_path: Path, pictures: Path, uninterrupted: str, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    place = pictures.parent / "runs" / "run" if where == "beside the run" else tmp_path / "elsewhere" / "run"
    begin(place, pictures)
    remember(place, "pictures")
    monkeypatch.chdir("/" if where == "beside the run" else pictures.parent)
    assert read_run(place).config.data.source == str(pictures)
    job, events = go_on(place)
    assert hash_of(job) == uninterrupted
    assert RunFolder(place).read().config.data.source == str(pictures)
    noted = f"The pictures were at pictures and are now read from {pictures}."
    assert noted in [str(event.message) for event in events if isinstance(event, Noticed)]


def test_that_a_relative_source_that_is_nowhere_is_said_to_be_nowhere(tmp_path: Path, pictures: Path) -> None:
    begin(tmp_path / "run", pictures)
    remember(tmp_path / "run", "no-such-pictures")
    failed = failure(go_on(tmp_path / "run")[1])
    assert failed.question == "moved_pictures"
    assert "No no-such-pictures was found in the working folder, beside the run" in str(failed.happened)


@pytest.mark.parametrize("remains", ["nothing", "an empty folder"])
def test_that_pictures_that_are_gone_are_asked_for_with_their_old_place_and_both_ways_out(
    tmp_path: Path, pictures: Path, remains: str
) -> None:
    begin(tmp_path / "run", pictures)
    shutil.rmtree(pictures)
    if remains == "an empty folder":
        pictures.mkdir()
    failed = failure(go_on(tmp_path / "run")[1])
    assert failed.question == "moved_pictures"
    assert str(pictures) in str(failed.happened)
    assert "Put them back there" in str(failed.todo)
    assert "--data" in str(failed.todo)


def test_that_moved_pictures_go_on_bit_for_bit_and_their_place_is_noted(
    tmp_path: Path, pictures: Path, uninterrupted: str
) -> None:
    place = tmp_path / "run"
    begin(place, pictures)
    before = read_toml(place / "run.toml")
    moved = pictures.rename(tmp_path / "moved")
    job, events = go_on(place, str(moved))
    assert hash_of(job) == uninterrupted
    noted = f"The pictures were at {pictures} and are now read from {moved}."
    assert noted in [str(event.message) for event in events if isinstance(event, Noticed)]
    assert noted in [text for _, text in read_notes(place / "run.sqlite")]
    after = read_toml(place / "run.toml")
    assert after["config"]["data"].pop("source") == str(moved)
    del before["config"]["data"]["source"]
    assert after == before


def test_that_other_pictures_at_the_named_place_are_asked_about(tmp_path: Path, pictures: Path) -> None:
    begin(tmp_path / "run", pictures)
    other = make_folder(tmp_path / "other", noise(12, 40, 40, seed=1))
    failed = failure(go_on(tmp_path / "run", str(other))[1])
    assert failed.question == "other_pictures"
    assert str(other) in str(failed.happened)
    assert RunFolder(tmp_path / "run").read().config.data.source == str(pictures)
    go_on(tmp_path / "run", str(other), "other_pictures")
    assert RunFolder(tmp_path / "run").read().config.data.source == str(other)


def test_that_a_named_place_without_pictures_is_asked_for_again(tmp_path: Path, pictures: Path) -> None:
    begin(tmp_path / "run", pictures)
    failed = failure(go_on(tmp_path / "run", str(tmp_path / "nothing"))[1])
    assert failed.question == "moved_pictures"
    assert str(tmp_path / "nothing") in str(failed.happened)
    assert "Put them back" not in str(failed.todo)


def test_that_a_target_that_cannot_be_logged_stays(
    tmp_path: Path, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(tmp_path / "run", pictures)

    def refused(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr("gan_studio.engine.run.log.RunLog.append_knob", refused)
    job, events = go_on(tmp_path / "run")
    assert any("steps was not changed" in str(event.message) for event in events if isinstance(event, Noticed))
    assert [event.steps for event in events if isinstance(event, TargetMoved)] == [2]
    assert job.trainer is not None
    assert job.trainer.state.step == 2


@pytest.mark.parametrize(
    ("name", "told", "todo"),
    [
        ("pictures.mat", "SciPy", "gan-studio[tables]"),
        ("pictures.npy", "cannot be used", ""),
        ("pictures.zip", "cannot be read", ""),
    ],
)
def test_that_pictures_that_are_there_but_cannot_be_read_keep_their_own_advice(
    tmp_path: Path, pictures: Path, monkeypatch: pytest.MonkeyPatch, name: str, told: str, todo: str
) -> None:
    begin(tmp_path / "run", pictures)
    (tmp_path / name).write_bytes(b"damaged" * 100)
    monkeypatch.setitem(sys.modules, "scipy.io", None)
    remember(tmp_path / "run", str(tmp_path / name))
    failed = failure(go_on(tmp_path / "run")[1])
    assert failed.question == ""
    assert told in str(failed.happened)
    assert "can no longer be read" not in str(failed.happened)
    assert todo in str(failed.todo)
    assert "Put them back" not in str(failed.todo)


@pytest.mark.skipif(os.name != "posix", reason="paths are Unicode on Windows")
def test_that_folders_whose_names_are_not_utf8_can_be_trained_on_and_resumed(
    tmp_path: Path, pictures: Path, uninterrupted: str
) -> None:
    latin = tmp_path / os.fsdecode("caf\u00e9".encode("latin-1"))
    odd = latin / "pictures"
    shutil.copytree(pictures, odd)
    begin(latin / "run", odd)
    job, _ = go_on(latin / "run")
    assert hash_of(job) == uninterrupted
    finish(TrainingJob(RunRequest(latin / "tuned", of(odd), fine_tune=latin / "run")))
    assert read_toml(latin / "tuned" / "run.toml")["origin"]["path"] == (latin / "run").as_uri()
