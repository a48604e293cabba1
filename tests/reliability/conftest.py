"""A small run to spoil."""

import shutil
from pathlib import Path

import pytest

from gan_studio.engine.run.folder import RunFolder
from tests.engine.runs import tiny, train


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Train a run of four steps, only to be copied."""
    place = tmp_path_factory.mktemp("hostile") / "run"
    train(place, tiny(training__steps=4))
    return place


@pytest.fixture
def run(trained: Path, tmp_path: Path) -> RunFolder:
    """Copy the run."""
    shutil.copytree(trained, tmp_path / "run")
    return RunFolder(tmp_path / "run")
