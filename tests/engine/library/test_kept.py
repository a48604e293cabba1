"""What is known of the moments of a run: when each was saved, its losses, its samples, and what can start from it."""

from pathlib import Path

import pytest

from gan_studio.engine.control import TrainingControl
from gan_studio.engine.library.kept import Kept, ReadKept, ReadStarts, read_kept, read_starts
from gan_studio.engine.library.sheets import corner_of_sheet
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.run.log import read_metrics
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest
from tests.engine.references import References
from tests.engine.runs import finish, tiny


@pytest.fixture
def run(tmp_path: Path, references: References) -> RunFolder:
    """Copy a finished run of 12 steps."""
    return RunFolder(references.copy_to(tmp_path / "run"))


def look_at(folder: RunFolder, moment: Moment) -> Kept:
    (kept,) = read_kept(ReadKept(folder.root, (moment,))).kept
    return kept


def test_that_a_moment_tells_its_time_its_losses_and_its_samples(run: RunFolder) -> None:
    kept = look_at(run, Moment(0, 12))
    steps, values = read_metrics(run.log_file)
    assert kept.losses == pytest.approx(tuple(values[list(steps).index(12)][:2]))
    assert kept.saved_at > 1_500_000_000
    assert kept.pictured == 12
    assert kept.picture is not None
    assert kept.picture.shape == (128, 128, 1)


def test_that_a_moment_between_two_sheets_shows_the_earlier_one_and_says_its_step(run: RunFolder) -> None:
    run.sheet(Moment(0, 12)).unlink()
    assert look_at(run, Moment(0, 12)).pictured == 8


def test_that_the_first_checkpoint_of_a_branch_has_the_losses_of_the_step_that_it_left(run: RunFolder) -> None:
    before = look_at(run, Moment(0, 12))
    request = RunRequest(run.root, back_to=Moment(0, 12), steps=13)
    finish(TrainingJob(request), TrainingControl())
    after = look_at(run, Moment(1, 12))
    assert (after.losses, after.pictured) == (before.losses, 12)


def test_that_step_0_has_no_losses(run: RunFolder) -> None:
    assert look_at(run, Moment(0, 0)).losses is None


def test_that_what_a_run_has_lost_is_left_out(run: RunFolder) -> None:
    run.log_file.write_bytes(b"broken" * 100)
    assert look_at(run, Moment(0, 12)).losses is None
    run.checkpoint(Moment(0, 12)).unlink()
    run.snapshot(Moment(0, 12)).unlink()
    assert look_at(run, Moment(0, 12)).saved_at == 0


def test_that_large_samples_become_a_small_picture(run: RunFolder) -> None:
    picture = corner_of_sheet(run, Moment(0, 12), 8, 64)
    assert picture is not None
    assert picture.shape == (64, 64, 1)


def test_that_a_run_names_every_step_that_another_can_start_from(run: RunFolder) -> None:
    starts = read_starts(ReadStarts(run.root))
    assert [moment.step for moment in starts.moments] == [12, 8, 4, 2, 1, 0]
    assert set(starts.checkpoints) == set(run.checkpoints())
    assert str(starts.name) == "Fashion-MNIST, 256 pictures"
    assert starts.config == tiny()
