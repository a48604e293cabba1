"""What a run goes on from when its newest checkpoints cannot be used, and that no branch is ever written over."""

import errno
import json
from pathlib import Path

import numpy as np
import pytest

from gan_studio.engine.control import TrainingControl
from gan_studio.engine.events import BranchBegun, MetricsLogged, Noticed, RunFailed, SavingFailed
from gan_studio.engine.files import atomic
from gan_studio.engine.files.tensors import read_tensor_file, write_tensor_file
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.branches import read_history
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.run.log import read_metrics
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest
from tests.engine.references import References
from tests.engine.runs import finish, resume, tiny
from tests.reliability.ledger import Page


@pytest.fixture
def branched(tmp_path: Path, references: References) -> RunFolder:
    """Train to 8 with checkpoints at 0, 4 and 8, go back to 4, and train that branch to 6."""
    references.copy_to(tmp_path / "run", tiny(training__steps=4))
    resume(tmp_path / "run", steps=8)
    finish(TrainingJob(RunRequest(tmp_path / "run", steps=6, back_to=Moment(0, 4))))
    return RunFolder(tmp_path / "run")


def spoil(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    whole[-5] ^= 1
    path.write_bytes(whole)


def test_that_a_checkpoint_that_holds_nan_is_passed_over(tmp_path: Path, ledger: Page, references: References) -> None:
    references.copy_to(tmp_path / "run", tiny(training__steps=4))
    folder = RunFolder(tmp_path / "run")
    path = folder.checkpoint(Moment(0, 4))
    file = read_tensor_file(path)
    arrays = {name: np.array(array) for name, array in file.arrays.items()}
    next(array for array in arrays.values() if array.ndim == 4).flat[0] = np.nan
    write_tensor_file(path, arrays, {name: text for name, text in file.metadata.items() if name != "sha256"})
    ledger.injected(promise=6, injector="NaN in a checkpoint with a valid hash", count=1)
    job = TrainingJob(RunRequest(folder.root, steps=6))
    events = finish(job)
    assert any("NaN" in str(event.message) for event in events if isinstance(event, Noticed))
    assert read_metrics(folder.log_file)[0].tolist() == [1, 2, 3, 4, 5, 6]


def test_that_going_back_to_an_older_build_takes_no_setting_of_today_along(
    tmp_path: Path, references: References
) -> None:
    """Checkpoints of before the batch size was live do not name it; the run began with what its set-up says."""
    references.copy_to(tmp_path / "run", tiny(training__steps=4))
    folder = RunFolder(tmp_path / "run")
    path = folder.checkpoint(Moment(0, 4))
    file = read_tensor_file(path)
    metadata = {name: text for name, text in file.metadata.items() if name != "sha256"}
    knobs = json.loads(metadata["knobs"])
    del knobs["batch_size"]
    write_tensor_file(path, file.arrays, metadata | {"knobs": json.dumps(knobs)})
    control, begun = TrainingControl(), list[BranchBegun]()
    control.set_knob("batch_size", 4)
    for event in TrainingJob(RunRequest(folder.root, steps=100_000)).run(control):
        if isinstance(event, MetricsLogged) and not begun:
            control.roll_back(4, 0)
        elif isinstance(event, BranchBegun):
            begun.append(event)
            control.stop()
    assert begun[0].knobs["batch_size"] == tiny().training.batch_size


def test_that_a_branch_without_a_usable_checkpoint_falls_back_to_where_it_began(
    branched: RunFolder, ledger: Page
) -> None:
    of_parent = {
        moment: branched.checkpoint(moment).read_bytes() for moment in branched.checkpoints() if moment[0] == 0
    }
    rows = read_metrics(branched.log_file, 0)[1]
    for moment in branched.checkpoints():
        if moment.branch == 1:
            spoil(branched.checkpoint(moment))
            ledger.injected(promise=3, injector="every checkpoint of a branch damaged", count=1)
    begun = [
        event for event in finish(TrainingJob(RunRequest(branched.root, steps=6))) if isinstance(event, BranchBegun)
    ]
    assert [(event.moment, event.left) for event in begun] == [((2, 4), (0, 4))]
    assert {moment: branched.checkpoint(moment).read_bytes() for moment in of_parent} == of_parent
    assert np.array_equal(read_metrics(branched.log_file, 0)[1], rows)


def test_that_a_branch_whose_first_checkpoint_is_refused_is_not_begun(
    branched: RunFolder, ledger: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(atomic.Disk):
        def create(self, path: Path) -> int:
            if "checkpoints" in path.parts:
                raise OSError(errno.ENOSPC, "No space left on device")
            return super().create(path)

    before = read_history(branched)
    with monkeypatch.context() as patch:
        patch.setattr(atomic, "disk", Full())
        events = list(TrainingJob(RunRequest(branched.root, steps=6, back_to=Moment(0, 4))).run(TrainingControl()))
    ledger.injected(promise=3, injector="full disk at the first checkpoint of a branch", count=1)
    failure = next(event for event in events if isinstance(event, RunFailed))
    assert "No branch could be started" in str(failure.happened)
    assert failure.traceback == ""
    assert any(isinstance(event, SavingFailed) for event in events)
    assert read_history(branched) == before


@pytest.mark.parametrize("name", ["b-1-step-000000001", "b99999999999999999999-step-000000001", "b0-step-+00000001"])
def test_that_odd_names_among_the_checkpoints_are_left_alone(branched: RunFolder, ledger: Page, name: str) -> None:
    (branched.root / "checkpoints" / f"{name}.safetensors").write_bytes(b"odd")
    (branched.root / ".x.99999999999999999999-1.tmp").write_bytes(b"odd")
    ledger.injected(promise=11, injector="odd names in a run folder", count=2)
    assert resume(branched.root, steps=8).trainer is not None
    assert [branch.number for branch in read_history(branched).branches] == [0, 1]
