"""Promise 1: damage anywhere in a checkpoint is found, the file is named, and the run goes on from the one before."""

import json
import random
import shutil
from pathlib import Path

import pytest

from gan_studio.engine.control import TrainingControl
from gan_studio.engine.events import Noticed, RunOpened
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest
from tests.engine.references import References
from tests.engine.runs import finish, tiny
from tests.reliability.ledger import Page
from tests.reliability.patient import Patient

OLD, NEW = 8, 16


def regions(whole: bytes) -> dict[str, range]:
    """Find the regions of a tensor file: its length, the parts of its header, and each tensor."""
    length = int.from_bytes(whole[:8], "little")
    header, end = whole[8 : 8 + length], 8 + length
    entries = json.loads(header)
    del entries["__metadata__"]
    found = {"header length": range(8), "header": range(8, end)}
    for key in (b"sha256", b"config_hash", b"knobs", b"pictures_seen", b"shape", b"data_offsets"):
        found[f"header: {key.decode()}"] = range(8 + header.index(key), 8 + header.index(key) + len(key) + 12)
    for name, entry in entries.items():
        start, stop = entry["data_offsets"]
        if stop > start:
            found[f"tensor {name}"] = range(end + start, end + stop)
    return found


def test_that_a_flipped_bit_in_any_region_is_found_and_the_file_named(tmp_path: Path, ledger: Page) -> None:
    patient = Patient(tmp_path / "run", (OLD, NEW))
    path, draw = patient.folder.checkpoint(Moment(0, NEW)), random.Random(4)
    whole = path.read_bytes()
    places = [draw.choice(part) for part in regions(whole).values() for _ in range(ledger.amount(1, 20))]
    for place in places:
        damaged = bytearray(whole)
        damaged[place] ^= 1 << draw.randrange(8)
        path.write_bytes(damaged)
        step, faults = patient.newest(patient.folder)
        assert step == OLD, place
        assert path.name in str(faults[0])
    ledger.injected(1, "a flipped bit", len(places))


def test_that_a_file_cut_anywhere_is_found_and_named(tmp_path: Path, ledger: Page) -> None:
    patient = Patient(tmp_path / "run", (OLD, NEW))
    path, draw = patient.folder.checkpoint(Moment(0, NEW)), random.Random(5)
    whole = path.read_bytes()
    edges = [edge for part in regions(whole).values() for edge in (part.start, part.stop - 1)]
    lengths = [*edges, *(draw.randrange(len(whole)) for _ in range(ledger.amount(10, 500)))]
    for length in lengths:
        path.write_bytes(whole[:length])
        step, faults = patient.newest(patient.folder)
        assert step == OLD, length
        assert path.name in str(faults[0])
    path.write_bytes(whole + b"\0")
    assert patient.newest(patient.folder)[0] == OLD
    ledger.injected(1, "a file cut short", len(lengths) + 1)


def test_that_pages_of_zeros_and_swapped_tensors_are_found(tmp_path: Path, ledger: Page) -> None:
    patient = Patient(tmp_path / "run", (OLD, NEW))
    path = patient.folder.checkpoint(Moment(0, NEW))
    whole = path.read_bytes()
    pages = range(0, len(whole), 4096)
    for start in pages:
        page = whole[start : start + 4096]
        if any(page):
            path.write_bytes(whole[:start] + bytes(len(page)) + whole[start + 4096 :])
            assert patient.newest(patient.folder)[0] == OLD, start
    data = 8 + int.from_bytes(whole[:8], "little")
    one, other = whole[data : data + 256], whole[data + 256 : data + 512]
    assert one != other
    path.write_bytes(whole[:data] + other + one + whole[data + 512 :])
    assert patient.newest(patient.folder)[0] == OLD
    ledger.injected(1, "a page of zeros, swapped pages", len(pages) + 1)


@pytest.mark.parametrize("damage", ["flipped", "cut", "empty", "zeros", "folder"])
def test_that_a_run_goes_on_from_the_checkpoint_before_and_says_so(
    tmp_path: Path, ledger: Page, damage: str, references: References
) -> None:
    references.copy_to(tmp_path / "run", tiny(training__steps=4))
    finish(TrainingJob(RunRequest(tmp_path / "run", steps=8)))
    folder = RunFolder(tmp_path / "run")
    path = folder.checkpoint(folder.checkpoints()[-1])
    _damage(path, damage)
    events = finish(TrainingJob(RunRequest(tmp_path / "run", steps=8)))
    opened = next(event for event in events if isinstance(event, RunOpened))
    notices = [str(event.message) for event in events if isinstance(event, Noticed)]
    assert opened.moment.step == 4
    assert any(path.name in notice and "skipped" in notice for notice in notices)
    ledger.injected(1, "a damaged file, resumed by a run", 1)


def _damage(path: Path, damage: str) -> None:
    whole = path.read_bytes()
    match damage:
        case "flipped":
            path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        case "cut":
            path.write_bytes(whole[: len(whole) // 2])
        case "empty":
            path.write_bytes(b"")
        case "zeros":
            path.write_bytes(bytes(len(whole)))
        case "folder":
            path.unlink()
            path.mkdir()


def test_that_a_run_all_of_whose_checkpoints_are_damaged_says_so_and_changes_nothing(
    tmp_path: Path, ledger: Page, references: References
) -> None:
    references.copy_to(tmp_path / "run", tiny(training__steps=2))
    folder = RunFolder(tmp_path / "run")
    for moment in folder.checkpoints():
        _damage(folder.checkpoint(moment), "cut")
    before = {path: path.read_bytes() for path in folder.root.rglob("*.safetensors")}
    shutil.copytree(tmp_path / "run", tmp_path / "copy")
    failure = list(TrainingJob(RunRequest(tmp_path / "run")).run(TrainingControl()))[-2]
    assert "checkpoint" in str(failure)
    assert {path: path.read_bytes() for path in folder.root.rglob("*.safetensors")} == before
    ledger.injected(1, "a damaged file, resumed by a run", len(before))
