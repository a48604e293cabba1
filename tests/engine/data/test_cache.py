"""Decoded pictures are cached, checked when they are read again, and kept within the size limit."""

import errno
import json
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data import cache, picture_set
from gan_studio.engine.data.kinds.folders import FolderSource
from gan_studio.engine.data.picture_set import load_pictures
from gan_studio.engine.text.message import EngineError, Message
from tests.engine.pictures import load, make_folder, noise


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_folder(tmp_path / "pictures", noise(8, 40, 40))


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Collect the number of pictures in each block that is decoded."""
    plain, counted = cache.CacheWriter.add, []

    def add(self, pictures):
        counted.append(len(pictures))
        plain(self, pictures)

    monkeypatch.setattr(cache.CacheWriter, "add", add)
    return counted


def config_of(folder: Path, **changes) -> DataConfig:
    return DataConfig.model_validate({"source": str(folder), **changes})


def kept() -> list[Path]:
    return sorted(cache.cache_folder().iterdir())


def test_that_pictures_are_decoded_once(folder: Path, decoded: list[int]):
    (folder / "bad.png").write_bytes(b"bad")
    first, _ = load(config_of(folder))
    second, progress = load(config_of(folder))
    assert sum(decoded) == 8
    assert second.digest == first.digest
    assert np.array_equal(second.images, first.images)
    assert [(name, str(reason)) for name, reason in second.left_out] == [
        ("bad.png", "not a picture that GAN Studio can read")
    ]
    assert progress[-1].done == progress[-1].total


def test_that_labels_are_kept_with_the_pictures(tmp_path: Path, decoded: list[int]):
    for name in ("a", "b"):
        make_folder(tmp_path / "sets" / name, noise(3, 32, 32, seed=ord(name)))
    (tmp_path / "sets" / "a" / "00001.png").write_bytes(b"bad")
    first, second = (load(config_of(tmp_path / "sets"))[0] for _ in range(2))
    assert sum(decoded) == 5
    assert first.labels.tolist() == second.labels.tolist() == [0, 0, 1, 1, 1]
    assert second.class_names == ("a", "b")


@pytest.mark.parametrize(
    "change",
    [{"image_size": 64}, {"channels": 3}, {"fit": "stretch"}, {"background": "#000000"}, {"most": 5}],
)
def test_that_another_transform_is_another_set(folder: Path, decoded: list[int], change: dict[str, object]):
    load(config_of(folder))
    load(config_of(folder, **change))
    assert len(kept()) == 4
    assert sum(decoded) > 8


def test_that_a_file_that_was_closed_is_read_once_it_is_open(folder: Path, monkeypatch: pytest.MonkeyPatch):
    def open_picture(file, formats):
        if Path(file).name == "00003.png":
            raise PermissionError(13, "Permission denied")
        return plain(file, formats=formats)

    plain = Image.open
    with monkeypatch.context() as closed:
        closed.setattr("gan_studio.engine.data.decode.Image.open", open_picture)
        before, _ = load(config_of(folder))
    assert [name for name, _ in before.left_out] == ["00003.png"]
    after, _ = load(config_of(folder))
    assert (len(after.images), after.left_out) == (8, ())


def test_that_an_io_error_is_no_damage_and_is_not_remembered(folder: Path, monkeypatch: pytest.MonkeyPatch):
    def open_picture(file, formats):
        if Path(file).name not in ("00003.png", "00004.png"):
            raise OSError(errno.EIO, "Input/output error")
        return plain(file, formats=formats)

    plain = Image.open
    with monkeypatch.context() as gone:
        gone.setattr("gan_studio.engine.data.decode.Image.open", open_picture)
        before, _ = load(config_of(folder))
    assert len(before.images) == 2
    assert {str(reason) for _, reason in before.left_out} == {"could not be read: Input/output error"}
    after, _ = load(config_of(folder))
    assert (len(after.images), after.left_out) == (8, ())


def test_that_lack_of_memory_is_no_damage(folder: Path, monkeypatch: pytest.MonkeyPatch):
    def open_picture(_file, formats):
        raise MemoryError

    monkeypatch.setattr("gan_studio.engine.data.decode.Image.open", open_picture)
    with pytest.raises(MemoryError):
        load(config_of(folder))


def test_that_the_held_out_share_needs_no_decoding(folder: Path, decoded: list[int]):
    load(config_of(folder))
    assert len(load(config_of(folder, held_out=0.5))[0].held_out) == 4
    assert sum(decoded) == 8


def test_that_a_changed_file_is_decoded_anew(folder: Path):
    before, _ = load(config_of(folder))
    make_folder(folder, noise(1, 40, 40, seed=9))
    os.utime(folder / "00000.png", ns=(1, 1))
    assert load(config_of(folder))[0].digest != before.digest


@pytest.mark.parametrize(
    "fault", ["flip", "cut", "empty", "no record", "broken record", "other record", "other reason"]
)
def test_that_a_damaged_cache_is_rebuilt(folder: Path, decoded: list[int], fault: str):
    (folder / "bad.png").write_bytes(b"bad")
    before, _ = load(config_of(folder))
    digest, images = before.digest, before.images.copy()
    record, pictures = kept()
    whole = bytearray(pictures.read_bytes())
    facts = json.loads(record.read_text())
    pictures.unlink()
    if fault == "flip":
        whole[-5] ^= 1
    pictures.write_bytes(whole[: {"cut": len(whole) // 2, "empty": 0}.get(fault, len(whole))])
    if fault == "no record":
        record.unlink()
    elif fault == "broken record":
        record.write_text("{")
    elif fault == "other record":
        record.write_text(json.dumps({**facts, "labels": [0]}))
    elif fault == "other reason":
        record.write_text(json.dumps({**facts, "left_out": [["bad.png", "no.such.reason", {}]]}))
    after, _ = load(config_of(folder))
    assert sum(decoded) == 16
    assert after.digest == digest
    assert np.array_equal(after.images, images)


def test_that_closing_the_loader_leaves_nothing_behind(tmp_path: Path):
    folder = make_folder(tmp_path / "many", noise(500, 40, 40))
    loading = load_pictures(config_of(folder))
    while next(loading).done == 0:
        pass
    loading.close()
    assert kept() == []


def test_that_a_cache_that_cannot_be_written_does_not_stop_a_small_set(folder: Path, monkeypatch: pytest.MonkeyPatch):
    there, _ = load(config_of(folder))

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("gan_studio.engine.data.cache.os.fsync", full)
    monkeypatch.setenv("GAN_STUDIO_CACHE", str(folder.parent / "other"))
    pictures, _ = load(config_of(folder))
    assert pictures.digest == there.digest
    assert np.array_equal(pictures.images, there.images)
    (told,) = (str(note) for note in pictures.notes)
    assert "other (No space left on device)" in told
    assert "less than 537\u202fMB" in told
    assert kept() == []


def test_that_a_full_disk_is_told_in_three_parts(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(picture_set, "IN_MEMORY_BYTES", 1_000)

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("gan_studio.engine.data.cache.os.fsync", full)
    with pytest.raises(
        EngineError, match=r"No space left.*they take 8.2\u202fkB; up to 1.0\u202fkB would be kept"
    ) as caught:
        load(config_of(folder))
    assert "GAN_STUDIO_CACHE" in str(caught.value.todo)
    assert kept() == []


def test_that_a_cache_that_cannot_be_made_is_told(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("GAN_STUDIO_CACHE", str(tmp_path / "file" / "below"))
    assert len(load(config_of(folder))[0].images) == 8
    monkeypatch.setattr(picture_set, "IN_MEMORY_BYTES", 1_000)
    with pytest.raises(EngineError, match="could not be saved"):
        load(config_of(folder))


def test_that_what_was_not_used_for_longest_goes_first(folder: Path):
    sizes = (28, 32, 64)
    for age, size in enumerate(sizes):
        load(config_of(folder, image_size=size))
        newest = max(kept(), key=lambda path: path.stat().st_mtime_ns)
        record = newest.with_suffix(".json")
        os.utime(record, (1000 + age, 1000 + age))
    load(config_of(folder, image_size=28))
    total = sum(path.stat().st_size for path in kept() if path.suffix == ".npy")
    oldest = min((path for path in kept() if path.suffix == ".json"), key=lambda path: path.stat().st_mtime)
    cache.prune("", total - 1)
    left = [path.stem for path in kept()]
    assert oldest.stem not in left
    assert len(left) == 4


def test_that_the_set_in_use_stays_whatever_its_size(folder: Path):
    load(config_of(folder))
    key = kept()[0].stem
    cache.prune(key, 0)
    assert [path.stem for path in kept()] == [key, key]
    cache.prune("", 0)
    assert kept() == []


def test_that_a_set_that_another_program_removes_meanwhile_does_not_stop_the_clean_up(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    load(config_of(folder))
    load(config_of(folder, channels=3))
    gone, plain = sorted(cache.cache_folder().glob("*.npy"))[0], Path.stat

    def stat(path: Path, **options):
        if path == gone:
            raise FileNotFoundError(errno.ENOENT, "No such file or directory")
        return plain(path, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "stat", stat)
        cache.prune("", most_bytes=0)
    assert [path for path in kept() if path.stem != gone.stem] == []


def test_that_a_set_that_another_program_uses_stays_and_the_others_go(folder: Path, monkeypatch: pytest.MonkeyPatch):
    load(config_of(folder))
    load(config_of(folder, channels=3))
    used, plain = sorted(cache.cache_folder().glob("*.npy"))[0], cache.atomic.remove

    def remove(path: Path):
        if path.stem == used.stem:
            raise PermissionError(errno.EACCES, "used by another process")
        plain(path)

    monkeypatch.setattr(cache.atomic, "remove", remove)
    cache.prune("", most_bytes=0)
    assert {path.stem for path in kept()} == {used.stem}
    assert len(kept()) == 2


def test_that_what_a_crash_left_is_removed_after_a_day(folder: Path):
    load(config_of(folder))
    old, new = cache.cache_folder() / ".old.tmp", cache.cache_folder() / ".new.tmp"
    old.touch()
    new.touch()
    os.utime(old, (1, 1))
    cache.prune("")
    assert not old.exists()
    assert new.exists()


def test_that_starter_sets_are_not_cached():
    load(DataConfig())
    assert not cache.cache_folder().exists() or kept() == []


def test_that_what_decoding_found_is_told_from_the_cache_too(folder: Path, monkeypatch: pytest.MonkeyPatch):
    found = (Message("array.taken_as", low=0, high=1),)
    monkeypatch.setattr(FolderSource, "decoding_notes", lambda self: found)
    fresh, _ = load(DataConfig(source=str(folder)))
    monkeypatch.setattr(FolderSource, "decoding_notes", lambda self: ())
    cached, _ = load(DataConfig(source=str(folder)))
    assert fresh.notes == cached.notes == found
