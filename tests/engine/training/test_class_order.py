"""A run keeps the numbers of its classes, also where the program counts classes in another order by now."""

from pathlib import Path

import numpy as np
import pytest

from gan_studio.engine.control import TrainingControl
from gan_studio.engine.events import DataReady, RunFailed, RunOpened
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest
from tests.engine.pictures import make_folder, noise
from tests.engine.runs import finish, tiny, train


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number, name in enumerate(("1", "2", "10")):
        make_folder(tmp_path / "pictures" / name, noise(4, 32, 32, seed=number))
    return tmp_path / "pictures"


def train_as_before(folder: Path, place: Path, monkeypatch: pytest.MonkeyPatch, *, conditional: bool) -> None:
    """Train a run as versions did that numbered classes in alphabetical order."""
    config = tiny(data__source=str(folder), data__held_out=0.0, model__conditional=conditional, training__steps=2)
    with monkeypatch.context() as before:
        before.setattr("gan_studio.engine.data.names.tree.as_people_count", lambda name: name)
        train(place, config)


@pytest.mark.parametrize("conditional", [False, True])
def test_that_a_run_of_an_earlier_version_resumes_without_a_question(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, conditional: bool
):
    train_as_before(folder, tmp_path / "run", monkeypatch, conditional=conditional)
    events = finish(TrainingJob(RunRequest(tmp_path / "run", steps=4)))
    (ready,) = (event for event in events if isinstance(event, DataReady))
    assert ready.class_names == ("1", "10", "2")
    (opened,) = (event for event in events if isinstance(event, RunOpened))
    assert opened.class_names == (("1", "10", "2") if conditional else ())


def test_that_the_numbers_stay_where_the_pictures_changed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    train_as_before(folder, tmp_path / "run", monkeypatch, conditional=True)
    make_folder(folder / "10", np.zeros((2, 32, 32), np.uint8), prefix="new")
    asking = TrainingJob(RunRequest(tmp_path / "run", steps=4))
    (question,) = (event for event in asking.run(TrainingControl()) if isinstance(event, RunFailed))
    assert "14 instead of 12 pictures" in str(question.happened)
    assert "classes" not in str(question.happened)
    job = TrainingJob(RunRequest(tmp_path / "run", steps=4, accepts=frozenset({"other_pictures"})))
    (ready,) = (event for event in finish(job) if isinstance(event, DataReady))
    assert dict(zip(ready.class_names, ready.class_counts, strict=True)) == {"1": 4, "10": 6, "2": 4}


def test_that_a_new_run_counts_as_people_do(folder: Path, tmp_path: Path):
    config = tiny(data__source=str(folder), model__conditional=True, training__steps=2)
    job = TrainingJob(RunRequest(tmp_path / "run", config))
    (opened,) = (event for event in finish(job) if isinstance(event, RunOpened))
    assert opened.class_names == ("1", "2", "10")


@pytest.mark.parametrize("origin", ["", "checkpoints/*.safetensors", "snapshots/*.safetensors"])
def test_that_a_run_from_the_weights_of_an_earlier_one_keeps_its_numbers(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, origin: str
):
    train_as_before(folder, tmp_path / "run", monkeypatch, conditional=True)
    config = tiny(data__source=str(folder), model__conditional=True, training__steps=2)
    weights = max((tmp_path / "run").glob(origin)) if origin else tmp_path / "run"
    job = TrainingJob(RunRequest(tmp_path / "finer", config, fine_tune=weights))
    (opened,) = (event for event in finish(job) if isinstance(event, RunOpened))
    assert opened.class_names == ("1", "10", "2")
