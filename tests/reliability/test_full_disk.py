"""Promise 5: whatever the disk refuses, training goes on, the save is tried again, and what was saved stays."""

import errno
import random
import shutil
from pathlib import Path

import pytest

from gan_studio.engine.control import TrainingControl
from gan_studio.engine.events import (
    CheckpointSaved,
    MetricsLogged,
    PhaseChanged,
    RunOpened,
    RunPhase,
    SavingFailed,
    SavingRecovered,
    TrainingEvent,
)
from gan_studio.engine.files import atomic
from gan_studio.engine.run import writer
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.run.log import read_metrics
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest
from tests.engine.references import Finished, References
from tests.engine.runs import tiny
from tests.reliability.disk_runs import CONFIG, check_whole, live, set_up, told
from tests.reliability.faulty_disk import FaultyDisk, full_between
from tests.reliability.ledger import Page
from tests.reliability.patient import contents


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a refused save be tried again at once."""
    monkeypatch.setattr(writer, "RETRY_SECONDS", 0.0)


class OldFilesStay:
    """Holds what was saved against what is there when a save was refused: checkpoints may be thinned, never changed."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def __call__(self, job: TrainingJob, _control: TrainingControl, event: TrainingEvent) -> None:
        folder = RunFolder(job.request.place)
        if isinstance(event, CheckpointSaved):
            self._kept |= contents(folder)
        elif isinstance(event, SavingFailed):
            now = contents(folder)
            assert all(now[name] == content for name, content in self._kept.items() if name in now)
            assert not self._kept or any(name in now for name in self._kept if name.startswith("checkpoints"))


@pytest.fixture
def plain(references: References) -> Finished:
    """Return the run to which nothing happens."""
    return references.finished(CONFIG)


def test_that_a_refused_save_is_tried_again_without_being_asked(
    tmp_path: Path, ledger: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    control, events = TrainingControl(), list[TrainingEvent]()
    for event in TrainingJob(RunRequest(tmp_path / "run", set_up(3000))).run(control):
        events.append(event)
        if isinstance(event, RunOpened):
            monkeypatch.setattr(atomic, "disk", FaultyDisk(fails=full_between(0, 12, errno.ENOSPC)))
        elif isinstance(event, SavingRecovered):
            control.stop()
    saved = [event.moment.step for event in events if isinstance(event, CheckpointSaved)]
    assert told(events, SavingFailed)
    assert told(events, SavingRecovered)
    assert 0 < saved[0] < 3000
    ledger.injected(5, "fault plan of the files: ENOSPC for a while", 1)


@pytest.mark.parametrize("code", ["ENOSPC", "EROFS", "EIO"])
def test_that_a_run_trains_through_a_disk_that_refuses_for_a_while(
    tmp_path: Path, plain: Finished, ledger: Page, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    draw, count = random.Random(code), ledger.amount(2, 30)
    for number in range(count):
        first = draw.randrange(40, 400)
        disk = FaultyDisk(fails=full_between(first, first + draw.randrange(1, 60), getattr(errno, code)))
        kept: dict[str, bytes] = {}

        def react(
            job: TrainingJob, _control: TrainingControl, event: TrainingEvent, kept: dict[str, bytes] = kept
        ) -> None:
            if isinstance(event, SavingFailed):
                now = contents(RunFolder(job.request.place))
                assert all(now[name] == content for name, content in kept.items() if name in now)
            elif isinstance(event, CheckpointSaved):
                kept |= contents(RunFolder(job.request.place))

        with monkeypatch.context() as patch:
            patch.setattr(atomic, "disk", disk)
            job, events = live(tmp_path / f"{code}{number}", OldFilesStay(), is_patient=True)
        assert "needs" in told(events, SavingFailed)[0]
        assert "are free" in told(events, SavingFailed)[0]
        refused = [index for index, event in enumerate(events) if isinstance(event, SavingFailed)]
        if any(isinstance(event, CheckpointSaved) for event in events[refused[-1] :]):  # else only the last sheet was
            assert told(events, SavingRecovered)
        check_whole(job, plain)
    ledger.injected(5, f"fault plan of the files: {code} for a while", count)


def test_that_a_run_on_a_disk_that_takes_nothing_trains_to_its_end_and_says_so(
    tmp_path: Path, ledger: Page, monkeypatch: pytest.MonkeyPatch, references: References
) -> None:
    references.copy_to(tmp_path / "run", tiny(training__steps=4))
    before = contents(RunFolder(tmp_path / "run"))
    disk = FaultyDisk(fails=full_between(0, 10**9, errno.ENOSPC))
    monkeypatch.setattr(atomic, "disk", disk)
    job = TrainingJob(RunRequest(tmp_path / "run", steps=12))
    events = list(job.run(TrainingControl()))
    assert job.trainer is not None
    assert job.trainer.state.step == 12
    assert told(events, SavingFailed)
    assert events[-1] == PhaseChanged(RunPhase.FINISHED)
    assert contents(RunFolder(tmp_path / "run")) == before
    assert list(read_metrics(tmp_path / "run" / "run.sqlite")[0]) == list(range(1, 13))
    ledger.injected(5, "fault plan of the files: ENOSPC for ever", 1)


def test_that_a_size_limit_of_the_system_is_lived_through(tmp_path: Path, plain: Finished, ledger: Page) -> None:
    resource, signal = pytest.importorskip("resource"), pytest.importorskip("signal")
    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    size = (plain.place / "checkpoints" / "b0-step-000000000.safetensors").stat().st_size

    def react(_job: TrainingJob, _control: TrainingControl, event: TrainingEvent) -> None:
        if isinstance(event, CheckpointSaved) and event.moment.step == 0:
            resource.setrlimit(resource.RLIMIT_FSIZE, (size - 1, before[1]))
        elif isinstance(event, SavingFailed):
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

    try:
        job, events = live(tmp_path / "run", react)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert "File too large" in told(events, SavingFailed)[0]
    assert told(events, SavingRecovered)
    check_whole(job, plain)
    ledger.injected(5, "RLIMIT_FSIZE", 1)


def test_that_a_run_folder_that_is_away_for_a_while_is_missed_and_found_again(
    tmp_path: Path, plain: Finished, ledger: Page
) -> None:
    place, elsewhere = tmp_path / "run", tmp_path / "elsewhere"

    def react(_job: TrainingJob, _control: TrainingControl, event: TrainingEvent) -> None:
        if isinstance(event, CheckpointSaved) and event.moment.step == 0:
            place.rename(elsewhere)
        elif isinstance(event, SavingFailed) and elsewhere.exists():
            assert not place.exists()
            elsewhere.rename(place)

    job, events = live(place, react)
    assert "is gone" in told(events, SavingFailed)[0]
    assert told(events, SavingRecovered)
    check_whole(job, plain)
    ledger.injected(5, "folder renamed away and back", 1)


@pytest.mark.parametrize("what", ["run.sqlite", "run.sqlite*", "another"])
def test_that_a_log_deleted_or_replaced_while_it_is_written_comes_back_whole(
    tmp_path: Path, plain: Finished, ledger: Page, what: str
) -> None:
    place, injured = tmp_path / "run", list[int]()

    def react(_job: TrainingJob, _control: TrainingControl, event: TrainingEvent) -> None:
        if isinstance(event, MetricsLogged) and len(injured) < 2:
            injured.append(int(event.steps[-1]))
            if what == "another":
                shutil.copy(plain.place / "run.toml", tmp_path / "other")
                (tmp_path / "other").rename(place / "run.sqlite")
            else:
                for path in place.glob(what):
                    path.unlink()

    job, _ = live(place, react)
    check_whole(job, plain)
    ledger.injected(5, "run.sqlite deleted or replaced", len(injured))
