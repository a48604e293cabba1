"""Files that prove themselves, atomic writes, and the names in a run folder."""

from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gan_studio.engine.config.schema import with_values
from gan_studio.engine.files import atomic
from gan_studio.engine.files.tensors import layout_of, read_metadata, read_tensor_file, write_tensor_file
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.creation import create_run
from gan_studio.engine.run.folder import RunFolder, new_run_place, open_run, surplus
from gan_studio.engine.run.lock import RunLock
from gan_studio.engine.run.log import RunLog, read_knobs, read_metrics, read_notes
from gan_studio.engine.text.message import EngineError
from tests.engine.runs import TINY

ARRAYS = {
    "weight": np.arange(24, dtype=np.float32).reshape(2, 3, 4),
    "count": np.array(7, dtype=np.int64),
    "empty": np.zeros((0, 4), np.float32),
}


def test_that_a_tensor_file_is_read_back_whole_and_by_the_safetensors_library(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    size = write_tensor_file(path, ARRAYS, {"step": "3"})
    file = read_tensor_file(path, layout_of(ARRAYS))
    assert size == path.stat().st_size
    assert file.metadata["step"] == read_metadata(path)["step"] == "3"
    for found in (file.arrays, safetensors.numpy.load_file(path)):
        assert all(np.array_equal(found[name], array) for name, array in ARRAYS.items())


def test_that_a_flipped_bit_anywhere_is_found(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    write_tensor_file(path, ARRAYS, {"step": "3"})
    whole = path.read_bytes()
    for place in range(len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << (place % 8)
        path.write_bytes(damaged)
        with pytest.raises(EngineError):
            read_tensor_file(path)


def test_that_a_file_cut_short_or_added_to_is_found(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    write_tensor_file(path, ARRAYS, {})
    whole = path.read_bytes()
    for damaged in (*(whole[:length] for length in range(0, len(whole), 7)), whole + b"\0"):
        path.write_bytes(damaged)
        with pytest.raises(EngineError):
            read_tensor_file(path)


def test_that_a_hostile_header_is_refused_before_anything_is_allocated(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    header = b'{"__metadata__":{},"w":{"dtype":"F32","shape":[4294967295,4294967295],"data_offsets":[0,4]}}'
    path.write_bytes(len(header).to_bytes(8, "little") + header + b"\0" * 4)
    with pytest.raises(EngineError, match="header is damaged"):
        read_tensor_file(path)
    path.write_bytes((2**60).to_bytes(8, "little"))
    with pytest.raises(EngineError):
        read_tensor_file(path)


@given(st.binary(max_size=400))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
def test_that_no_bytes_raise_anything_but_an_error_in_words(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.safetensors"
    for content in (data, len(data).to_bytes(8, "little") + data):
        path.write_bytes(content)
        with pytest.raises(EngineError):
            read_tensor_file(path)


def test_that_other_tensors_than_expected_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    write_tensor_file(path, ARRAYS, {})
    expected = {**layout_of(ARRAYS), "weight": ("F32", (2, 3, 5))}
    with pytest.raises(EngineError, match="weight"):
        read_tensor_file(path, expected)


def test_that_a_write_that_fails_leaves_the_old_file_and_no_litter(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    atomic.write_text(path, "old")

    def chunks() -> "list[bytes]":
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        atomic.write_atomically(path, (chunk for _ in range(1) for chunk in chunks()))
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_that_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    signal = pytest.importorskip("signal")
    path = tmp_path / "a.bin"
    atomic.write_atomically(path, [b"old"])
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            atomic.write_atomically(path, [b"new" * 100_000])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert path.read_bytes() == b"old"


def test_that_a_link_in_the_place_of_the_temporary_file_is_not_written_through(tmp_path: Path) -> None:
    victim, planted = tmp_path / "victim", tmp_path / "planted"
    victim.write_text("mine")
    planted.symlink_to(victim)
    with pytest.raises(FileExistsError):
        atomic.disk.create(planted)
    planted.unlink()
    planted.symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileExistsError):
        atomic.disk.create(planted)
    assert victim.read_text() == "mine"
    assert not (tmp_path / "nowhere").exists()


def test_that_a_run_folder_is_not_laid_over_a_run(tmp_path: Path) -> None:
    create_run(tmp_path / "run", TINY, {}, {}, {})
    with pytest.raises(EngineError, match="already holds a run"):
        create_run(tmp_path / "run", TINY, {}, {}, {})
    assert open_run(tmp_path / "run").read().config == TINY


def test_that_a_run_of_a_newer_format_is_refused_by_name(tmp_path: Path) -> None:
    folder = create_run(tmp_path / "run", TINY, {}, {}, {})
    text = folder.config_file.read_text().replace("format_version = 1", "format_version = 99")
    folder.config_file.write_text(text)
    with pytest.raises(EngineError, match="99"):
        open_run(tmp_path / "run").read()


def test_that_a_second_writer_is_refused_and_the_lock_is_free_afterwards(tmp_path: Path) -> None:
    folder = create_run(tmp_path / "run", TINY, {}, {}, {})
    lock = RunLock(folder)
    with pytest.raises(EngineError, match="another program: process"):
        RunLock(RunFolder(folder.root))
    lock.release()
    RunLock(RunFolder(folder.root)).release()


def test_that_two_runs_of_one_second_get_two_folders(tmp_path: Path) -> None:
    first = new_run_place(TINY, tmp_path)
    first.mkdir()
    assert new_run_place(TINY, tmp_path) != first


@pytest.mark.parametrize(
    ("source", "called"),
    [
        ("/home/me/Red-eyed frogs/", "Red-eyed frogs"),
        ("/home/me/a:b*c\x01\u202e.zip", "b-c--.zip"),
        ("/home/me/کتاب\u200cها", "کتاب\u200cها"),
        (f"/home/me/{'蛙' * 60}", "蛙" * 26),
        ("/home/me/end. .", "end"),
    ],
)
def test_that_a_run_folder_is_named_by_preset_and_data_as_every_disk_takes_it(
    tmp_path: Path, source: str, called: str
) -> None:
    place = new_run_place(with_values(TINY, {"data.source": source, "preset": "my cats?"}), tmp_path)
    assert place.name[20:] == f"my cats- {called}"


def test_that_thinning_keeps_first_and_last_and_spaces_by_ratio() -> None:
    moments = tuple(Moment(0, step) for step in range(0, 20_000, 10))
    gone = set(surplus(moments, 50))
    kept = [moment.step for moment in moments if moment not in gone]
    assert len(kept) == 50
    assert (kept[0], kept[-1]) == (0, 19_990)
    ratios = [(b + 1) / (a + 1) for a, b in zip(kept[5:], kept[6:], strict=False)]
    assert max(ratios) < 2
    assert surplus(moments[:50], 50) == ()


def test_that_moments_survive_their_file_names(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    moment = Moment(2, 123_456)
    assert Moment.of_file(folder.sheet(moment)) == moment
    with pytest.raises(ValueError, match="notes"):
        Moment.of_file(tmp_path / "notes.png")


def test_that_rows_of_the_log_are_rewritten_and_branches_kept_apart(tmp_path: Path) -> None:
    path = tmp_path / "run.sqlite"
    log = RunLog(path)
    steps = np.arange(1, 4)
    values = np.ones((3, 7), np.float32)
    values[1, 2] = np.nan
    log.append_metrics(0, steps, values, 10.0)
    log.append_metrics(1, steps, values * 2, 10.0)
    log.append_metrics(0, steps[2:], values[2:] * 3, 10.0)
    found_steps, found = read_metrics(path, 0)
    assert list(found_steps) == [1, 2, 3]
    assert np.isnan(found[1, 2])
    assert found[2, 0] == 3
    assert read_metrics(path, 1, last_step=2)[1].shape == (2, 7)
    log.append_knob(0, 2, "learning_rate_g", 0.5)
    log.append_note(0, 2, "text")
    assert [(row.step, row.value) for row in read_knobs(path)] == [(2, 0.5)]
    assert read_notes(path) == [(2, "text")]
    log.close()


def test_that_a_folded_log_is_whole_without_its_write_ahead_file(tmp_path: Path) -> None:
    log = RunLog(tmp_path / "run.sqlite")
    log.append_metrics(0, np.arange(1, 3), np.ones((2, 7), np.float32), 1.0)
    log.checkpoint_wal()
    copy = tmp_path / "copy.sqlite"
    copy.write_bytes((tmp_path / "run.sqlite").read_bytes())
    assert len(read_metrics(copy)[0]) == 2
    log.close()
