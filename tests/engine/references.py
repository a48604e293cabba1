"""Finished runs that tests share: each set-up is trained once a test run, however many tests and workers ask for it."""

import hashlib
import shutil
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.run.checkpoint import state_hash
from tests.engine.runs import TINY, train


class Finished(NamedTuple):
    """A run that was trained to its end: its folder, and the hash of its last state."""

    place: Path
    state_hash: str


class References:
    """Runs to compare with, to read or to copy.

    The workers of pytest-xdist share one folder: whoever asks first for a run trains it, the others wait. A test asks
    before it monkeypatches anything, so that its reference is a run to which nothing happened.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def finished(self, config: RunConfig = TINY) -> Finished:
        """Return the finished run of a set-up; its folder is only to be read."""
        name = hashlib.sha256(config.model_dump_json().encode()).hexdigest()[:16]
        place, digest = self._root / name / "run", self._root / f"{name}.sha256"
        with FileLock(self._root / f"{name}.lock"):
            if not digest.exists():
                shutil.rmtree(place, ignore_errors=True)  # of a worker that broke off
                job = train(place, config)
                assert job.trainer is not None
                digest.write_text(state_hash(job.trainer.state))
        return Finished(place, digest.read_text())

    def path(self, config: RunConfig = TINY) -> Path:
        """Return the folder of the finished run of a set-up, only to be read."""
        return self.finished(config).place

    def state_hash(self, config: RunConfig = TINY) -> str:
        """Return the hash of the state in which the run of a set-up ends."""
        return self.finished(config).state_hash

    def copy_to(self, place: Path, config: RunConfig = TINY) -> Path:
        """Copy the finished run of a set-up to a new folder, to be spoilt or trained further; return the folder."""
        return Path(shutil.copytree(self.path(config), place))
