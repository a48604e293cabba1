"""Promise 5 on real disks: one of two megabytes that fills up, and a folder that becomes read-only. Needs root."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from gan_studio.engine.control import TrainingControl
from gan_studio.engine.events import (
    CheckpointSaved,
    Noticed,
    PhaseChanged,
    RunPhase,
    SavingFailed,
    SavingRecovered,
    TrainingEvent,
)
from gan_studio.engine.run import writer
from gan_studio.engine.run.log import read_metrics
from gan_studio.engine.training.job import TrainingJob
from tests.engine.references import Finished, References
from tests.reliability.disk_runs import CONFIG, check_whole, live, told
from tests.reliability.ledger import Page


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a refused save be tried again at once."""
    monkeypatch.setattr(writer, "RETRY_SECONDS", 0.0)


@pytest.fixture
def plain(references: References) -> Finished:
    """Return the run to which nothing happens."""
    return references.finished(CONFIG)


def test_that_rows_a_full_disk_refused_are_written_when_the_run_is_stopped_in_a_pause(
    tmp_path: Path, ledger: Page, small_disk: Path
) -> None:
    place, filler = small_disk / "run", small_disk / "filler"

    def react(_job: TrainingJob, control: TrainingControl, event: TrainingEvent) -> None:
        if isinstance(event, CheckpointSaved) and not filler.exists():
            fill(filler)
        elif isinstance(event, Noticed):
            control.pause()
        elif isinstance(event, PhaseChanged) and event.phase is RunPhase.PAUSED:
            filler.write_bytes(b"")
            control.stop()

    job, events = live(place, react, steps=100_000)
    assert "run.sqlite could not be written" in told(events, Noticed)[0]
    assert job.trainer is not None
    done = job.trainer.state.step
    assert list(read_metrics(place / "run.sqlite")[0]) == list(range(1, done + 1))
    ledger.injected(5, "tmpfs of 2 MB, filled", 1)


def test_that_a_run_on_a_small_disk_that_fills_up_goes_on_when_there_is_room_again(
    plain: Finished, ledger: Page, small_disk: Path
) -> None:
    place, filler = small_disk / "run", small_disk / "filler"
    refusals = list[str]()

    def react(_job: TrainingJob, _control: TrainingControl, event: TrainingEvent) -> None:
        if isinstance(event, CheckpointSaved) and event.moment.step == 0:
            fill(filler)
        elif isinstance(event, SavingFailed):
            refusals.append(str(event.message))
            if len(refusals) == 3:
                filler.unlink()

    job, events = live(place, react)
    assert "No space left" in refusals[0]
    assert told(events, SavingRecovered)
    check_whole(job, plain)
    ledger.injected(5, "tmpfs of 2 MB, filled", len(refusals))


def test_that_a_folder_that_becomes_read_only_is_lived_through(
    tmp_path: Path, plain: Finished, ledger: Page, as_root: None
) -> None:
    """The processes it starts are mount and umount."""
    part = tmp_path / "run" / "checkpoints"
    is_bound = list[bool]()

    def react(_job: TrainingJob, _control: TrainingControl, event: TrainingEvent) -> None:
        if isinstance(event, CheckpointSaved) and event.moment.step == 0 and not is_bound:
            mount("--bind", part, part)
            is_bound.append(True)
            mount("-o", "remount,ro,bind", part)
        elif isinstance(event, SavingFailed) and is_bound[-1]:
            unmount(part)
            is_bound.append(False)

    try:
        job, events = live(tmp_path / "run", react)
    finally:
        if is_bound and is_bound[-1]:
            unmount(part)
    assert "Read-only file system" in told(events, SavingFailed)[0]
    assert told(events, SavingRecovered)
    check_whole(job, plain)
    ledger.injected(5, "bind mount, read-only", 1)


@pytest.fixture
def as_root() -> None:
    """Skip where this program may not mount."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount")


@pytest.fixture
def small_disk(tmp_path: Path, as_root: None) -> Iterator[Path]:
    """Mount a disk of two megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    mount("-t", "tmpfs", "-o", "size=2m", "tmpfs", place)
    yield place
    unmount(place)


def mount(*arguments: str | Path) -> None:
    """Mount, or skip the test where the system refuses even root."""
    done = subprocess.run(["mount", *map(str, arguments)], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"mount: {done.stderr.strip()}")


def unmount(place: Path) -> None:
    """Unmount, even where something is still open."""
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(filler: Path) -> None:
    """Fill the disk to its last byte."""
    with filler.open("wb", buffering=0) as file:
        for size in (65_536, 4096, 512, 1):
            try:
                while file.write(bytes(size)) == size:
                    pass
            except OSError:
                continue
