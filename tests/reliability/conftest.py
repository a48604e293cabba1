"""Small runs to spoil, and the pictures of others."""

from pathlib import Path

import pytest
from filelock import FileLock

from gan_studio.engine.run.folder import RunFolder
from tests.engine.references import References
from tests.engine.runs import tiny
from tests.reliability.same_run import make_pictures


@pytest.fixture
def run(references: References, tmp_path: Path) -> RunFolder:
    """Copy a run of four steps."""
    return RunFolder(references.copy_to(tmp_path / "run", tiny(training__steps=4)))


@pytest.fixture(scope="session")
def pictures(shared_folder: Path) -> Path:
    """Write the pictures that runs train on, for all workers."""
    folder = shared_folder / "noise"
    with FileLock(shared_folder / "noise.lock"):
        if not folder.exists():
            make_pictures(folder)
    return folder
