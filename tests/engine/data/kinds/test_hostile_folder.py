"""Hostile and odd folders and archives: bad files are reported, and the usable pictures are read."""

import io
import os
import socket
import struct
import sys
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.kinds import archives
from gan_studio.engine.data.picture_set import read_pictures
from gan_studio.engine.data.preview import preview_pictures
from gan_studio.engine.text.message import EngineError
from tests.engine.pictures import load, make_folder, make_picture, noise


def png_header(width: int, height: int, data: bytes = b"") -> bytes:
    """Make a PNG with any size in its header and any content."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def make_hostile(folder: Path) -> set[str]:
    """Fill a folder with every kind of bad file; return their names."""
    whole = make_picture(folder / "good.jpg", (90, 90)).read_bytes()
    bad = {
        "empty.png": b"",
        "cut.jpg": whole[: len(whole) // 2],
        "text.jpg": b"not a picture",
        "program.webp": b"\x7fELF" + bytes(100),
        "huge.png": png_header(30_000, 30_000),
        "bomb.png": png_header(8_000, 7_999, zlib.compress(bytes(100_000_000), 9)[:50_000]),
        "nothing inside.png": png_header(8, 8),
        "riff.webp": b"RIFF\xff\xff\xff\xffWEBPVP8 ",
        "negative.bmp": b"BM" + bytes(8) + struct.pack("<IIiiHH", 54, 40, -5, -5, 1, 24) + bytes(24),
        "no frames.gif": b"GIF89a\x10\x00\x10\x00\x80\x00\x00",
    }
    for name, content in bad.items():
        (folder / name).write_bytes(content)
    return set(bad)


def test_that_every_bad_file_is_named_with_a_reason_and_left_out(tmp_path: Path):
    bad = make_hostile(tmp_path)
    make_picture(tmp_path / "猫" / "狗 😀.webp")
    (tmp_path / "notes.txt").write_text("no picture's name, so not looked at")
    pictures, progress = load(DataConfig(source=str(tmp_path), channels=3))
    assert len(pictures.images) == 2
    assert {name for name, _ in pictures.left_out} == bad
    assert all(str(reason) for _, reason in pictures.left_out)
    assert (progress[-1].done, progress[-1].total) == (len(bad) + 2, len(bad) + 2)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has none of these")
def test_that_pipes_sockets_and_links_hold_nothing_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    make_folder(tmp_path, noise(2, 32, 32))
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "zero.png").symlink_to("/dev/zero")
    (tmp_path / "ring.png").symlink_to(tmp_path / "ring.png")
    (tmp_path / "gone.png").symlink_to(tmp_path / "nowhere")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "folder.png").mkdir()
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as connection:
        connection.bind("socket.png")
        pictures, _ = load(DataConfig(source=str(tmp_path)))
    assert len(pictures.images) == 2
    bad = {"pipe.png", "zero.png", "ring.png", "gone.png", "socket.png"}
    assert {name for name, _ in pictures.left_out} == bad


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="the superuser may read everything")
def test_that_what_may_not_be_read_is_named(tmp_path: Path):
    make_folder(tmp_path, noise(3, 32, 32))
    make_picture(tmp_path / "closed" / "a.png")
    (tmp_path / "00000.png").chmod(0)
    (tmp_path / "closed").chmod(0)
    try:
        pictures, _ = load(DataConfig(source=str(tmp_path)))
    finally:
        (tmp_path / "closed").chmod(0o700)
    assert {name for name, _ in pictures.left_out} == {"00000.png", "closed"}


def test_that_a_folder_that_cannot_be_listed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def scan(path):
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return plain(path)

    plain = os.scandir
    make_folder(tmp_path, noise(2, 32, 32))
    make_picture(tmp_path / "closed" / "a.png")
    monkeypatch.setattr("gan_studio.engine.data.kinds.folders.os.scandir", scan)
    pictures, _ = load(DataConfig(source=str(tmp_path)))
    assert [(name, "Permission denied" in str(reason)) for name, reason in pictures.left_out] == [("closed", True)]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are text")
def test_that_a_name_that_is_no_text_can_still_be_told(tmp_path: Path):
    make_folder(tmp_path, noise(2, 32, 32))
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/bad\xff.png")).write_bytes(b"bad")
    for _ in range(2):
        pictures, _ = load(DataConfig(source=str(tmp_path)))
        assert [name for name, _ in pictures.left_out] == ["bad\N{REPLACEMENT CHARACTER}.png"]
        pictures.left_out[0][0].encode("utf-8")


@pytest.fixture
def deep_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Make a folder with two pictures and a third one 1 500 folders below.

    The fixture removes it again, because pytest's own removal fails at this depth.
    """
    top = make_folder(tmp_path / "top", noise(2, 32, 32))
    monkeypatch.chdir(top)
    for _ in range(1_500):
        Path("d").mkdir()
        os.chdir("d")
    make_picture(Path("deepest.png"))
    yield top
    Path("deepest.png").unlink()
    for _ in range(1_500):
        os.chdir("..")
        Path("d").rmdir()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no paths that long")
def test_that_very_deep_folders_are_walked(deep_folder: Path):
    assert len(load(DataConfig(source=str(deep_folder)))[0].images) == 3


def test_that_thousands_of_good_and_bad_entries_take_little_memory(tmp_path: Path):
    good = make_picture(tmp_path / "good.png", (32, 32)).read_bytes()
    for number in range(3_000):
        (tmp_path / f"{number:05d}.png").write_bytes(good if number % 2 else b"bad")
        (tmp_path / f"{number:05d}.txt").touch()
    bad = make_hostile(tmp_path)
    config = DataConfig(source=str(tmp_path))
    assert preview_pictures(config).count == 3_000 + 2 + len(bad)
    tracemalloc.start()
    pictures, _ = load(config)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(pictures.images) == 1_502
    assert len(pictures.left_out) == 1_500 + len(bad)
    assert peak < 300 * 2**20


def test_that_a_folder_of_nothing_but_bad_files_is_refused_with_the_first_fault(tmp_path: Path):
    for number in range(4):
        (tmp_path / f"{number}.png").write_bytes(b"bad")
    with pytest.raises(EngineError, match=r"of the 4 pictures.*not a picture"):
        load(DataConfig(source=str(tmp_path)))


def test_that_bad_members_of_a_zip_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archives, "MOST_MEMBER_BYTES", 1_000_000)
    bad = make_hostile(tmp_path / "in")
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted((tmp_path / "in").iterdir()):
            archive.write(file, file.name)
        archive.writestr("../../outside.jpg", (tmp_path / "in" / "good.jpg").read_bytes())
        archive.writestr("secret.jpg", b"encrypted")
        archive.writestr("large.png", png_header(8, 8) + bytes(2_000_000))
        archive.writestr("spoilt.png", np.random.default_rng(0).bytes(5_000))
    data = bytearray(path.read_bytes())
    secret = data.rindex(b"secret.jpg") - 46
    data[secret + 8] |= 1
    spoilt = data.index(b"spoilt.png") + 200
    data[spoilt] ^= 0xFF
    path.write_bytes(data)
    pictures, _ = load(DataConfig(source=str(path)))
    reasons = {name: str(reason) for name, reason in pictures.left_out}
    assert set(reasons) == bad | {"secret.jpg", "large.png", "spoilt.png"}
    assert reasons["secret.jpg"] == "encrypted"
    assert len(pictures.images) == 2
    assert not (tmp_path.parent / "outside.jpg").exists()


def test_that_a_zip_of_members_over_each_other_is_refused(tmp_path: Path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.png", noise(1, 5_000).tobytes())
        entry = archive.infolist()[0]
        for number in range(50):
            copy = zipfile.ZipInfo(f"{number}.png")
            copy.header_offset, copy.file_size, copy.compress_size, copy.CRC = 0, 5_000, 5_000, entry.CRC
            archive.filelist.append(copy)
    with pytest.raises(EngineError, match="overlap"):
        load(DataConfig(source=str(path)))


def test_that_an_array_file_that_claims_too_much_is_refused_before_it_is_read(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "a.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        header = b"{'descr': '|u1', 'fortran_order': False, 'shape': (900000000, 32, 32), }"
        body = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header) + 1) + header + b"\n"
        archive.writestr("images.npy", body + bytes(1000))
    with pytest.raises(EngineError, match="GB of memory"):
        load(DataConfig(source=str(tmp_path / "a.npz")))


def test_that_a_member_that_would_unpack_without_a_bound_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "pictures.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(3):
            archive.writestr(f"{number}.png", png(number))
        archive.writestr("bomb.png", png(9), compress_type=zipfile.ZIP_BZIP2)
    pictures = read_pictures(DataConfig(source=str(path), held_out=0.0))
    assert len(pictures.images) == 3
    assert [(name, reason.key) for name, reason in pictures.left_out] == [("bomb.png", "picture.other_packing")]


def png(grey: int) -> bytes:
    content = io.BytesIO()
    Image.new("L", (32, 32), 20 * grey).save(content, "PNG")
    return content.getvalue()
