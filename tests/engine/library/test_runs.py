"""Reading runs and pictures for a window: what is there comes whole, what is damaged comes as words."""

import shutil
import sqlite3
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan_studio.engine.answering import NotDone
from gan_studio.engine.events import METRIC_COLUMNS
from gan_studio.engine.library.runs import (
    DiskUse,
    PictureSaved,
    ReadDisk,
    ReadRequest,
    ReadRun,
    ReadSheet,
    SavePicture,
    Sheet,
    read,
)
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.contents import RunContents
from gan_studio.engine.run.folder import RunFolder, open_run
from tests.engine.references import References
from tests.engine.runs import TINY, resume, tiny


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, references: References) -> Path:
    """Train a run of 12 steps, only to be read."""
    place = tmp_path_factory.mktemp("reader") / "run"
    references.copy_to(place)
    return place


@pytest.fixture
def run(trained: Path, tmp_path: Path) -> RunFolder:
    """Copy the run, to be damaged."""
    shutil.copytree(trained, tmp_path / "run")
    return open_run(tmp_path / "run")


def contents_of(path: Path) -> RunContents:
    reply = read(ReadRun(path))
    assert isinstance(reply, RunContents), reply
    return reply


def refusal(request: ReadRequest) -> NotDone:
    reply = read(request)
    assert isinstance(reply, NotDone), reply
    assert all(str(part) for part in (reply.happened, reply.kept, reply.todo))
    return reply


def test_that_a_run_is_read_whole(trained: Path) -> None:
    contents = contents_of(trained)
    assert contents.config == TINY
    assert contents.moment == Moment(0, 12)
    assert contents.target == 12
    assert np.array_equal(contents.steps, np.arange(1, 13))
    assert contents.values.shape == (12, len(METRIC_COLUMNS))
    assert [moment.step for moment in contents.sheets] == [0, 1, 2, 4, 8, 12]
    assert contents.snapshots == contents.sheets


def test_that_a_run_without_classes_names_none(trained: Path) -> None:
    assert contents_of(trained).class_names == ()


def test_that_the_classes_of_a_conditional_run_are_named_and_its_sheet_has_one_a_row(
    tmp_path: Path, references: References
) -> None:
    references.copy_to(tmp_path / "run", tiny(model__conditional=True, training__steps=1))
    contents = contents_of(tmp_path / "run")
    assert len(contents.class_names) == 10
    assert contents.class_names[1].lower() == "trouser"
    sheet = read(ReadSheet(contents.folder, contents.sheets[-1]))
    assert isinstance(sheet, Sheet)
    assert sheet.pixels.shape == (10 * 32, 8 * 32, 1)


def test_that_a_see_through_sheet_is_read_with_its_opacity(run: RunFolder) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (64, 64, 4), np.uint8)
    Image.fromarray(pixels).save(run.sheet(Moment(0, 4)))
    sheet = read(ReadSheet(run, Moment(0, 4)))
    assert isinstance(sheet, Sheet)
    assert np.array_equal(sheet.pixels, pixels)


def test_that_only_what_the_checkpoint_knows_is_shown_of_a_crashed_run(run: RunFolder) -> None:
    resume(run.root, steps=20)
    run.checkpoint(Moment(0, 20)).unlink()
    contents = contents_of(run.root)
    assert contents.moment == Moment(0, 12)
    assert contents.steps[-1] == 12


def test_that_a_run_taken_further_than_planned_does_not_end_before_its_last_step(run: RunFolder) -> None:
    resume(run.root, steps=20)
    contents = contents_of(run.root)
    assert contents.moment.step == 20
    assert contents.target >= 20


def test_that_a_sheet_is_read_as_it_was_drawn(trained: Path) -> None:
    sheet = read(ReadSheet(open_run(trained), Moment(0, 4)))
    assert isinstance(sheet, Sheet)
    assert sheet.moment == Moment(0, 4)
    assert sheet.pixels.shape == (256, 256, 1)
    assert sheet.pixels.std() > 0


def test_that_a_place_without_a_run_is_told(tmp_path: Path) -> None:
    assert "does not hold a run" in str(refusal(ReadRun(tmp_path)).happened)
    assert "does not hold a run" in str(refusal(ReadRun(tmp_path / "nothing")).happened)


def test_that_a_run_without_checkpoints_is_told(run: RunFolder) -> None:
    shutil.rmtree(run.root / "checkpoints")
    assert "no checkpoint" in str(refusal(ReadRun(run.root)).happened)


@pytest.mark.parametrize("text", ["this is = not [ TOML", "format_version = 99", "", "\udcff"])
def test_that_a_damaged_run_toml_is_told(run: RunFolder, text: str) -> None:
    run.config_file.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert str(run.root) in str(refusal(ReadRun(run.root)).happened)


def test_that_a_run_whose_log_is_no_database_is_shown_without_its_figures(run: RunFolder) -> None:
    run.log_file.write_bytes(b"this is not a database, and long enough to be looked at" * 100)
    contents = contents_of(run.root)
    assert "run.sqlite is damaged" in str(contents.fault)
    assert contents.moment == run.checkpoints()[-1]
    assert contents.sheets == run.sheets()
    assert len(contents.steps) == 0


def test_that_a_log_without_its_tables_is_told(run: RunFolder) -> None:
    run.log_file.unlink()
    sqlite3.connect(run.log_file).close()
    assert "run.sqlite" in str(refusal(ReadRun(run.root)).happened)


def test_that_looking_at_a_run_without_a_log_makes_none(run: RunFolder) -> None:
    run.log_file.unlink()
    assert "run.sqlite" in str(contents_of(run.root).fault)
    assert not run.log_file.exists()


def test_that_a_sheet_that_is_gone_is_told(run: RunFolder) -> None:
    assert "000000003" in str(refusal(ReadSheet(run, Moment(0, 3))).happened)


@pytest.mark.parametrize("place", [0, 20, 60, -8])
def test_that_a_damaged_sheet_is_told_or_shown_never_raised(run: RunFolder, place: int) -> None:
    path = run.sheet(Moment(0, 12))
    damaged = bytearray(path.read_bytes())
    damaged[place] ^= 0xFF
    path.write_bytes(damaged)
    assert isinstance(read(ReadSheet(run, Moment(0, 12))), NotDone | Sheet)


def test_that_a_sheet_cut_short_is_told(run: RunFolder) -> None:
    path = run.sheet(Moment(0, 12))
    path.write_bytes(path.read_bytes()[:200])
    assert "Reading failed" in str(refusal(ReadSheet(run, Moment(0, 12))).happened)


def test_that_a_sheet_that_claims_to_be_enormous_is_not_unpacked(run: RunFolder) -> None:
    header = struct.pack(">4sIIBBBBB", b"IHDR", 60_000, 60_000, 8, 0, 0, 0, 0)
    chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    run.sheet(Moment(0, 12)).write_bytes(b"\x89PNG\r\n\x1a\n" + chunk)
    assert "Reading failed" in str(refusal(ReadSheet(run, Moment(0, 12))).happened)


def test_that_the_size_of_a_run_is_the_sum_of_its_files(trained: Path) -> None:
    use = read(ReadDisk(trained))
    assert isinstance(use, DiskUse)
    assert use.run_bytes == sum(path.stat().st_size for path in trained.rglob("*") if path.is_file())
    assert use.free_bytes > 0
    assert use.memory_bytes > 10_000_000


def test_that_a_place_that_does_not_exist_yet_has_a_disk_and_no_run(tmp_path: Path) -> None:
    use = read(ReadDisk(tmp_path / "not" / "yet"))
    assert isinstance(use, DiskUse)
    assert use.run_bytes is None
    assert use.free_bytes > 0


def test_that_a_picture_is_saved_as_it_is(tmp_path: Path) -> None:
    pixels = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    assert read(SavePicture(tmp_path / "picture.png", pixels)) == PictureSaved(tmp_path / "picture.png")
    with Image.open(tmp_path / "picture.png") as image:
        assert np.array_equal(np.asarray(image), pixels)


def test_that_a_picture_that_cannot_be_saved_is_told_as_such(tmp_path: Path) -> None:
    words = refusal(SavePicture(tmp_path / "gone" / "picture.png", np.zeros((4, 4, 3), np.uint8)))
    assert "picture.png" in str(words.happened)
    assert "Reading" not in str(words.happened)


def test_that_a_fault_nobody_thought_of_is_told_and_the_next_request_met(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gan_studio.engine.library.runs.save_picture", lambda *_: 1 // 0)
    fault = read(SavePicture(tmp_path / "picture.png", np.zeros((4, 4, 3), np.uint8)))
    assert isinstance(fault, NotDone)
    assert "ZeroDivisionError" in str(fault.happened)
