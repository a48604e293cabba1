"""Promise 13: a run takes bounded room, nothing goes before its successor is proven, and space can be freed by hand."""

import errno
import json
import os
from pathlib import Path

import pytest

from gan_studio.cli.main import main
from gan_studio.engine.control import TrainingControl
from gan_studio.engine.events import MetricsLogged, RunOpened, SavingFailed
from gan_studio.engine.files import atomic
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.folder import LAST_KEPT, MOST_KEPT, RunFolder
from gan_studio.engine.run.lock import RunLock
from gan_studio.engine.run.space import FEW_KEPT, KINDS, free_space, spare_space
from gan_studio.engine.run.writer import RunWriter
from gan_studio.engine.text.message import EngineError
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest
from tests.engine.references import References
from tests.engine.runs import finish, resume, tiny
from tests.reliability.children import begin, kill, pipe, tell_steps
from tests.reliability.faulty_disk import FaultyDisk
from tests.reliability.ledger import Page
from tests.reliability.patient import DEAD_PROCESS, Patient, contents


def steps_of(moments: tuple[Moment, ...], branch: int = 0) -> list[int]:
    return [moment.step for moment in moments if moment.branch == branch]


@pytest.mark.parametrize("kept", [4, 5, 8])
def test_that_so_many_checkpoints_stay_the_last_three_and_older_ones_spread(
    tmp_path: Path, ledger: Page, kept: int
) -> None:
    patient, saves = Patient(tmp_path / "run"), ledger.amount(24, 200)
    writer = RunWriter(patient.folder, kept)
    for step in range(saves):
        writer.checkpoint(patient.checkpoint(step))
        writer.wait()
        assert len(patient.folder.checkpoints()) == min(step + 1, kept)
    writer.close()
    steps = steps_of(patient.folder.checkpoints())
    assert steps[-LAST_KEPT:] == list(range(saves - LAST_KEPT, saves))
    if kept == 8:
        assert steps[0] == 0
        assert 0 < steps[1] < saves / 4 < steps[-LAST_KEPT - 1]
    ledger.injected(13, "saves", saves)


def test_that_each_branch_keeps_its_own(tmp_path: Path, ledger: Page) -> None:
    patient = Patient(tmp_path / "run")
    writer = RunWriter(patient.folder, 4)
    for branch in (0, 1, 2):
        for step in range(7):
            writer.checkpoint(patient.checkpoint(step, branch))
            writer.wait()
    writer.close()
    for branch in (0, 1, 2):
        assert steps_of(patient.folder.checkpoints(), branch)[-LAST_KEPT:] == [4, 5, 6]
        assert len(steps_of(patient.folder.checkpoints(), branch)) == 4
    ledger.injected(13, "saves", 21)


@pytest.mark.parametrize("call", ["create", "write", "sync", "replace"])
def test_that_nothing_is_deleted_for_a_checkpoint_that_was_not_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ledger: Page, call: str
) -> None:
    patient = Patient(tmp_path / "run", (1, 2, 3, 4, 5), kept=8)
    before = contents(patient.folder)
    writer = RunWriter(patient.folder, 4)
    with monkeypatch.context() as patch:
        disk = FaultyDisk(fails=lambda _number, name: errno.ENOSPC if name == call else 0)
        patch.setattr(atomic, "disk", disk)
        writer.checkpoint(patient.checkpoint(9))
        (told,) = writer.wait()
    writer.close()
    assert isinstance(told, SavingFailed)
    assert contents(patient.folder) == before
    assert "remove" not in disk.calls[: disk.calls.index(call)]
    ledger.injected(13, "fault plan of the files: ENOSPC", 1)


def test_that_a_checkpoint_that_cannot_be_deleted_does_not_harm_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ledger: Page
) -> None:
    patient = Patient(tmp_path / "run", (1, 2, 3, 4))
    checkpoint, writer, disk = patient.checkpoint(9), RunWriter(patient.folder, 4), FaultyDisk()
    with monkeypatch.context() as patch:
        patch.setattr(atomic, "disk", disk)
        disk.fails = lambda _number, name: errno.EACCES if name == "remove" else 0
        writer.checkpoint(checkpoint)
        writer.wait()
    writer.close()
    assert patient.newest(patient.folder) == (9, ())
    ledger.injected(13, "fault plan of the files: EACCES", 1)


def test_that_sheets_and_snapshots_are_thinned_to_two_hundred_of_each_branch(tmp_path: Path, ledger: Page) -> None:
    patient, more = Patient(tmp_path / "run"), ledger.amount(5, 400)
    writer, arrays = RunWriter(patient.folder, 4), {"weight": patient.state.copy_ema()["layers.1.weight"]}
    for step in range(MOST_KEPT + more):
        writer.sheet(patient.sheet(Moment(0, step)))
        writer.snapshot(Moment(0, step), arrays)
        writer.sheet(patient.sheet(Moment(1, step)))
        writer.wait()
    writer.close()
    last = MOST_KEPT + more - 1
    for moments, branch in (
        (patient.folder.sheets(), 0),
        (patient.folder.sheets(), 1),
        (patient.folder.snapshots(), 0),
    ):
        steps = steps_of(moments, branch)
        assert len(steps) == MOST_KEPT
        assert (steps[0], steps[-1]) == (0, last)
    ledger.injected(13, "saves", 3 * (MOST_KEPT + more))


def test_that_a_run_that_is_killed_again_and_again_does_not_grow(
    tmp_path: Path, ledger: Page, references: References
) -> None:
    place, kills = tmp_path / "run", ledger.amount(2, 30)
    references.copy_to(place, tiny(training__steps=1))
    for _ in range(kills):
        receiver, sender = pipe()
        child = begin(tell_steps, TrainingJob(RunRequest(place, steps=10**6)), sender, 1)
        sender.close()
        with receiver:
            for _ in range(40):
                receiver.recv()
            kill(child)
    resume(place, steps=RunFolder(place).checkpoints()[-1].step + 1)
    folder = RunFolder(place)
    assert list(place.rglob("*.tmp")) == []
    assert len(folder.checkpoints()) <= 8
    assert all(len(kept) <= MOST_KEPT for kept in (folder.sheets(), folder.snapshots()))
    ledger.injected(13, "kill -9", kills)


# Freeing space by hand


@pytest.fixture
def large(tmp_path: Path) -> RunFolder:
    """Make a run with more than it needs, in two branches, and litter of a dead program and of one that lives."""
    patient = Patient(tmp_path / "run")
    writer = RunWriter(patient.folder, 100)
    for branch, steps in ((0, 30), (1, 5)):
        for step in range(steps):
            writer.checkpoint(patient.checkpoint(step, branch))
            writer.snapshot(Moment(branch, step), patient.state.copy_ema())
            writer.sheet(patient.sheet(Moment(branch, step)))
    writer.wait()
    writer.close()
    for owner in (DEAD_PROCESS, os.getppid()):
        (patient.folder.root / "samples" / f".a.png.{owner}-0123abcd.tmp").write_bytes(b"half")
    return patient.folder


def test_that_what_can_go_is_listed_with_its_size_and_nothing_is_deleted(large: RunFolder) -> None:
    before = {path: path.stat().st_size for path in large.root.rglob("*")}
    spares = {spare.kind: spare for spare in spare_space(large).spares}
    assert tuple(spares) == KINDS
    assert [len(spare.files) for spare in spares.values()] == [29 + 4, 10, 10, 1]
    for spare in spares.values():
        assert spare.size_bytes == sum(before[path] for path in spare.files)
    assert {path: path.stat().st_size for path in large.root.rglob("*")} == before


def test_that_only_what_was_chosen_goes_and_the_newest_of_each_branch_stays(large: RunFolder) -> None:
    freed = free_space(large, ["checkpoints"])
    assert large.checkpoints() == (Moment(0, 29), Moment(1, 4))
    assert len(large.sheets()) == len(large.snapshots()) == 35
    assert freed.freed_bytes > 0
    assert [len(spare.files) for spare in freed.left.spares] == [0, 10, 10, 1]
    free_space(large, KINDS)
    for moments in (large.sheets(), large.snapshots()):
        steps = steps_of(moments)
        assert len(steps) == FEW_KEPT
        assert (steps[0], steps[-1]) == (0, 29)
        assert len(steps_of(moments, 1)) == 5
    left = [path.name for path in large.root.rglob("*.tmp")]
    assert left == [f".a.png.{os.getppid()}-0123abcd.tmp"]


@pytest.mark.parametrize("damaged", [1, 3, 30])
def test_that_the_newest_whole_checkpoint_stays_however_many_newer_ones_are_damaged(
    large: RunFolder, ledger: Page, damaged: int
) -> None:
    newest = [moment for moment in large.checkpoints() if moment.branch == 0][-damaged:]
    for moment in newest:
        path = large.checkpoint(moment)
        path.write_bytes(path.read_bytes()[:-1])
    free_space(large, KINDS)
    kept = steps_of(large.checkpoints())
    assert kept[0] == max(29 - damaged, 0)
    assert len(kept) == min(damaged + 1, 30)
    ledger.injected(13, "damaged checkpoints", damaged)


def test_that_a_run_that_another_program_trains_is_left_alone(tmp_path: Path, references: References) -> None:
    place = tmp_path / "run"
    references.copy_to(place, tiny(training__steps=3))
    finish(TrainingJob(RunRequest(place, steps=4)))
    receiver, sender = pipe()
    child = begin(tell_steps, TrainingJob(RunRequest(place, steps=10**6)), sender, 10**6)
    sender.close()
    with receiver:
        while receiver.recv() < 5:
            continue
        before = RunFolder(place).checkpoints()
        with pytest.raises(EngineError, match="being trained by another program"):
            free_space(RunFolder(place), KINDS)
        assert RunFolder(place).checkpoints() == before
        kill(child)
    free_space(RunFolder(place), KINDS)
    assert len(RunFolder(place).checkpoints()) == 1


def test_that_space_can_be_freed_while_this_program_trains_the_run(tmp_path: Path) -> None:
    place, control, freed = tmp_path / "run", TrainingControl(), list[int]()
    job = TrainingJob(RunRequest(place, tiny(training__steps=30)))
    for event in job.run(control):
        if isinstance(event, MetricsLogged | RunOpened):
            control.checkpoint_now()
            if RunFolder(place).checkpoints():
                freed.append(free_space(RunFolder(place), KINDS).freed_bytes)
    assert freed
    assert RunFolder(place).checkpoints()[-1].step == 30
    finish(TrainingJob(RunRequest(place, steps=31)))


def test_that_a_file_that_cannot_be_deleted_is_told_in_words(large: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = FaultyDisk()
    disk.fails = lambda _number, name: errno.EROFS if name == "remove" and len(disk.calls) > 20 else 0
    with monkeypatch.context() as patch:
        patch.setattr(atomic, "disk", disk)
        with pytest.raises(EngineError, match="could not be freed: Read-only"):
            free_space(large, KINDS)
    RunLock(large).release()
    assert Moment(1, 4) in large.checkpoints()


def test_that_the_command_lists_and_deletes_only_with_yes(large: RunFolder, capsys: pytest.CaptureFixture[str]) -> None:
    before = large.checkpoints()
    assert main(["free-space", str(large.root)]) == 0
    listed = capsys.readouterr().out
    assert "33 checkpoints" in listed
    assert "--yes" in listed
    assert large.checkpoints() == before
    assert main(["free-space", str(large.root), "--json", "--only", "sheets", "--yes"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["freed_bytes"] == facts["can_go"]["sheets"]["bytes"] > 0
    assert large.checkpoints() == before
    assert main(["free-space", str(large.root), "--yes"]) == 0
    assert "were freed" in capsys.readouterr().out
    assert large.checkpoints() == (Moment(0, 29), Moment(1, 4))
    assert main(["free-space", str(large.root)]) == 0
    assert "nothing to delete" in capsys.readouterr().out
    assert main(["free-space", str(large.root / "no")]) == 2
