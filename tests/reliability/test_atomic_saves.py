"""Promise 1: whatever happens to a save, the newest checkpoint or the one before it is whole and found without help."""

import errno
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from gan_studio.engine.config.presets import load_preset, save_user_preset
from gan_studio.engine.config.schema import with_values
from gan_studio.engine.events import CheckpointSaved, SavingFailed, SavingRecovered, TrainingEvent
from gan_studio.engine.files import atomic
from gan_studio.engine.library.runs import read_sheet
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.creation import create_run
from gan_studio.engine.run.folder import RunFolder, is_run, open_run
from gan_studio.engine.run.writer import RunWriter
from gan_studio.engine.text.message import EngineError
from tests.engine.runs import generator_arrays
from tests.reliability.faulty_disk import ERRNOS, LOSSES, Crash, FaultyDisk, failing_once
from tests.reliability.ledger import Page
from tests.reliability.patient import CONFIG, KEPT, Patient, as_if_dead, contents, litter, next_start

Save = Callable[[RunWriter], None]
BEFORE, NEW = (1, 2, 4, 8), 16
"""Steps that are on the disk, as many as are kept, and the step whose save goes wrong."""


@pytest.fixture
def patient(tmp_path: Path) -> Patient:
    """Make a run with a checkpoint, a snapshot and a sheet of each step of BEFORE."""
    return Patient(tmp_path / "run", BEFORE)


class Ward:
    """Fresh copies of one run, on disks that fail."""

    def __init__(self, patient: Patient, places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._patient, self._places, self._monkeypatch = patient, places, monkeypatch
        self._count = 0

    def new_place(self) -> Path:
        """Name a folder that does not exist."""
        self._count += 1
        return self._places / str(self._count)

    def calls_of(self, save: Save) -> list[str]:
        """List the calls of a save that goes well."""
        disk = FaultyDisk()
        self.meet(save, disk)
        return disk.calls

    def meet(
        self, save: Save, disk: FaultyDisk, loss: str = "nothing", seed: int = 0
    ) -> tuple[RunFolder, list[object]]:
        """Save on a faulty disk; returns what is left after it, and what was told."""
        place = self.new_place()
        shutil.copytree(self._patient.folder.root, place)
        writer = RunWriter(RunFolder(place), KEPT)
        told: list[object] = []
        with self._monkeypatch.context() as patch:
            patch.setattr(atomic, "disk", disk)
            try:
                save(writer)
                told += writer.wait()
            except Crash as crash:
                told.append(crash)
        disk.lose(loss, seed)
        left = as_if_dead(RunFolder(place), self.new_place())
        writer.close()
        return left, told


@pytest.fixture
def ward(patient: Patient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ward:
    """Open a ward for the run."""
    (tmp_path / "ward").mkdir()
    return Ward(patient, tmp_path / "ward", monkeypatch)


def chosen(calls: list[str], ledger: Page) -> list[int]:
    """Choose which calls go wrong: in a soak all, else all but most of the many writes."""
    writes = [number for number, name in enumerate(calls) if name == "write"]
    others = [number for number, name in enumerate(calls) if name != "write"]
    few = random.Random(len(calls)).sample(writes, min(4, len(writes)))
    return sorted(others + (writes if ledger.is_soak else few))


def check_older_files(left: RunFolder, before: dict[str, bytes], *, may_prune: bool) -> None:
    """Check that what was there before is there, bit for bit; the oldest may have gone for a newer one."""
    now = contents(left)
    gone = before.keys() - now.keys()
    assert len(gone) <= int(may_prune), gone
    assert all(now[name] == before[name] for name in before.keys() - gone)


@pytest.mark.parametrize("loss", LOSSES)
def test_that_a_crash_at_any_call_of_a_checkpoint_leaves_it_or_the_one_before(
    patient: Patient, ward: Ward, ledger: Page, loss: str
) -> None:
    checkpoint, before = patient.checkpoint(NEW), contents(patient.folder)

    def save(writer: RunWriter) -> None:
        writer.checkpoint(checkpoint)

    calls = ward.calls_of(save)
    places = chosen(calls, ledger)
    for place in places:
        left, told = ward.meet(save, FaultyDisk(crash_at=place), loss, seed=place)
        assert isinstance(told[0], Crash), place
        step, _ = patient.newest(left)
        assert step in (BEFORE[-1], NEW), place
        check_older_files(left, before, may_prune=step == NEW)
        next_start(left)
        assert litter(left) == []
        assert patient.newest(left)[0] == step
    ledger.injected(
        1, "fault plan of the files: crash" + ("" if loss == "nothing" else ", loss of unsynced data"), len(places)
    )


@pytest.mark.parametrize("loss", LOSSES)
def test_that_a_checkpoint_that_is_called_saved_survives_a_power_cut(
    patient: Patient, ward: Ward, ledger: Page, loss: str
) -> None:
    checkpoint = patient.checkpoint(NEW)
    left, told = ward.meet(lambda writer: writer.checkpoint(checkpoint), FaultyDisk(), loss)
    assert isinstance(told[0], CheckpointSaved)
    assert patient.newest(left) == (NEW, ())
    ledger.injected(1, "fault plan of the files: loss of unsynced data", 1)


def test_that_a_crash_while_a_step_is_saved_again_leaves_that_step(patient: Patient, ward: Ward, ledger: Page) -> None:
    again = patient.checkpoint(BEFORE[-1])

    def save(writer: RunWriter) -> None:
        writer.checkpoint(again)

    places = chosen(ward.calls_of(save), ledger)
    for place in places:
        left, _ = ward.meet(save, FaultyDisk(crash_at=place), "some", seed=place)
        assert patient.newest(left) == (BEFORE[-1], ())
    ledger.injected(1, "fault plan of the files: crash, loss of unsynced data", len(places))


@pytest.mark.parametrize("code", ERRNOS)
def test_that_an_error_at_any_call_of_a_checkpoint_is_told_and_leaves_no_litter(
    patient: Patient, ward: Ward, ledger: Page, code: str
) -> None:
    checkpoint, before = patient.checkpoint(NEW), contents(patient.folder)

    def save(writer: RunWriter) -> None:
        writer.checkpoint(checkpoint)

    places = chosen(ward.calls_of(save), ledger)
    for place in places:
        left, told = ward.meet(save, FaultyDisk(fails=failing_once(place, getattr(errno, code))))
        assert isinstance(told[0], SavingFailed), place
        assert told[0].is_checkpoint
        step, _ = patient.newest(left)
        assert step in (BEFORE[-1], NEW), place
        check_older_files(left, before, may_prune=step == NEW)
        assert litter(left) == [], place
    ledger.injected(1, f"fault plan of the files: {code}", len(places))


def test_that_a_save_that_was_refused_is_made_good_by_the_next(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, ledger: Page
) -> None:
    writer, told = RunWriter(patient.folder, KEPT), list[TrainingEvent]()
    for step, code in ((16, errno.ENOSPC), (17, 0)):
        with monkeypatch.context() as patch:
            patch.setattr(atomic, "disk", FaultyDisk(fails=failing_once(3, code)))
            writer.checkpoint(patient.checkpoint(step))
            told += writer.wait()
    writer.close()
    assert [type(event) for event in told] == [SavingFailed, CheckpointSaved, SavingRecovered]
    ledger.injected(1, "fault plan of the files: ENOSPC", 1)


@pytest.mark.parametrize("kind", ["snapshot", "sheet"])
def test_that_a_crash_at_any_call_of_a_picture_leaves_it_whole_or_not_at_all(
    patient: Patient, ward: Ward, ledger: Page, kind: str
) -> None:
    before, moment = contents(patient.folder), Moment(0, NEW)
    arrays, sheet = patient.state.copy_ema(), patient.sheet(moment)

    def save(writer: RunWriter) -> None:
        if kind == "snapshot":
            writer.snapshot(moment, arrays)
        else:
            writer.sheet(sheet)

    places = chosen(ward.calls_of(save), ledger)
    for place in places:
        left, _ = ward.meet(save, FaultyDisk(crash_at=place))
        check_older_files(left, before, may_prune=False)
        if kind == "snapshot" and moment in left.snapshots():
            found = generator_arrays(left, moment)
            assert all(np.array_equal(found[name], array) for name, array in arrays.items())
        if kind == "sheet" and moment in left.sheets():
            assert np.array_equal(read_sheet(left, moment).pixels, sheet.pixels)
        next_start(left)
        assert litter(left) == []
    ledger.injected(1, "fault plan of the files: crash", len(places))


def test_that_a_crash_while_a_run_is_laid_leaves_a_whole_run_or_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ledger: Page
) -> None:
    count, place = 0, 0
    while True:
        folder, disk = tmp_path / str(place), FaultyDisk(crash_at=place)
        with monkeypatch.context() as patch:
            patch.setattr(atomic, "disk", disk)
            try:
                create_run(folder, CONFIG, {}, {}, {})
                break
            except Crash:
                count += 1
        disk.lose("some", seed=place)
        if not is_run(folder):
            create_run(folder, CONFIG, {}, {}, {})
        assert open_run(folder).read().config == CONFIG
        place += 1
    assert count >= 6
    ledger.injected(1, "fault plan of the files: crash, loss of unsynced data", count)


def test_that_a_crash_while_a_preset_is_replaced_leaves_the_old_or_the_new_one(
    monkeypatch: pytest.MonkeyPatch, ledger: Page
) -> None:
    old, new = (with_values(CONFIG, {"model.width": width}) for width in (8, 16))
    count = 0
    while True:
        save_user_preset("mine", old)
        disk = FaultyDisk(crash_at=count)
        with monkeypatch.context() as patch:
            patch.setattr(atomic, "disk", disk)
            try:
                save_user_preset("mine", new)
                break
            except Crash:
                count += 1
        disk.lose("some", seed=count)
        assert load_preset("mine").config.model.width in (8, 16)
    assert count >= 6
    ledger.injected(1, "fault plan of the files: crash, loss of unsynced data", count)


def test_that_a_disk_that_takes_morsels_gets_it_all(patient: Patient, ward: Ward, ledger: Page) -> None:
    checkpoint = patient.checkpoint(NEW)
    disk = FaultyDisk(shortest=997)
    left, _ = ward.meet(lambda writer: writer.checkpoint(checkpoint), disk)
    assert patient.newest(left) == (NEW, ())
    ledger.injected(1, "fault plan of the files: short writes", disk.calls.count("write"))


def test_that_what_is_read_back_wrong_does_not_take_the_place_of_anything(
    patient: Patient, ward: Ward, ledger: Page
) -> None:
    class Forgetful(FaultyDisk):
        """Says that it wrote, and wrote zeros."""

        def write(self, descriptor: int, data: memoryview) -> int:
            return super().write(descriptor, data if len(self.calls) < 9 else memoryview(bytes(len(data))))

    checkpoint, before = patient.checkpoint(BEFORE[-1]), contents(patient.folder)
    left, told = ward.meet(lambda writer: writer.checkpoint(checkpoint), Forgetful())
    assert isinstance(told[0], SavingFailed)
    assert contents(left) == before
    with pytest.raises(EngineError):
        generator_arrays(left, Moment(0, NEW))
    ledger.injected(1, "fault plan of the files: zeros instead of data", 1)
