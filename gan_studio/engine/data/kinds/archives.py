"""A .zip of pictures as a source, read in place: nothing is extracted to disk, and every size is checked."""

import io
import struct
import threading
import zipfile
import zlib
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.decode import LeftOut, UnusablePictureError, decode_picture, picture_size
from gan_studio.engine.data.kinds.folders import is_picture_name
from gan_studio.engine.data.source import class_folders, stray_note
from gan_studio.engine.events import LoadingProgress
from gan_studio.engine.text.message import EngineError, Message, readable, reason_of
from gan_studio.engine.text.units import bytes_text

MOST_MEMBER_BYTES = 128 * 2**20
MOST_MEMBERS = 2_000_000
_SIGNATURE_BYTES = 16
_SIGNATURES = (b"\x89PNG", b"\xff\xd8", b"RIFF", b"GIF8", b"BM")
_ENCRYPTED = 0x1
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Other compression methods have no bound: a few hundred bytes of bzip2 can unpack to gigabytes."""
_PIECE = 2**20
_FAULTS = (OSError, EOFError, IndexError, RuntimeError, ValueError, struct.error, zipfile.BadZipFile, zlib.error)
"""Exceptions from reading a damaged member. An unknown compression method is a RuntimeError too."""


class ZipSource:
    """The pictures in a .zip, sorted by name. Each thread reads through its own handle."""

    held_out_from: int | None = None
    is_sequential = False
    left_out: LeftOut = ()

    def __init__(self, path: Path, members: list[int], names: list[str]) -> None:
        self._path = path
        self._members = members
        self._names = names
        self._handles: list[zipfile.ZipFile] = []
        self._own = threading.local()
        self._lock = threading.Lock()
        self.count = len(names)
        unwrapped = _unwrapped(names)
        self.labels, self.class_names = class_folders(unwrapped)
        self.note = stray_note(unwrapped)

    def name(self, index: int) -> str:
        """Return the name of a member."""
        return readable(self._names[index])

    def size(self, index: int) -> tuple[int, int] | None:
        """Return width and height in pixels from the header of a member."""
        try:
            return picture_size(self._read(index))
        except UnusablePictureError:
            return None

    def pictures(self, indices: Sequence[int], config: DataConfig) -> Iterator[NDArray[np.uint8] | Message]:
        """Yield each picture at the size and channels of the run, or why it cannot be used."""
        for index in indices:
            try:
                yield decode_picture(self._read(index), config)
            except UnusablePictureError as error:
                yield error.reason

    def identity(self) -> Generator[LoadingProgress, None, str]:
        """Return path, size and modification time of the archive."""
        yield LoadingProgress(0, self.count)
        return file_identity(self._path)

    def close(self) -> None:
        """Close every handle."""
        with self._lock:
            for handle in self._handles:
                handle.close()
            self._handles.clear()

    def _read(self, index: int) -> io.BytesIO:
        """Read a whole member into memory, after its size, compression method and first bytes have been checked."""
        archive = self._handle()
        try:
            member = archive.infolist()[self._members[index]]
            if member.flag_bits & _ENCRYPTED:
                raise UnusablePictureError(Message("picture.encrypted"))
            if member.file_size > MOST_MEMBER_BYTES:
                raise UnusablePictureError(Message("picture.too_many_bytes", most=bytes_text(MOST_MEMBER_BYTES)))
            if member.compress_type not in _PACKINGS:
                raise UnusablePictureError(Message("picture.other_packing"))
            with archive.open(member) as stream:
                content = stream.read(_SIGNATURE_BYTES)
                if not content.startswith(_SIGNATURES):
                    raise UnusablePictureError(Message("picture.not_a_picture"))
                return io.BytesIO(content + b"".join(iter(lambda: stream.read(_PIECE), b"")))
        except _FAULTS as error:
            reason = reason_of(error) or type(error).__name__
            raise UnusablePictureError(Message("picture.damaged", error=reason)) from error

    def _handle(self) -> zipfile.ZipFile:
        handle: zipfile.ZipFile | None = getattr(self._own, "handle", None)
        if handle is None:
            try:
                handle = zipfile.ZipFile(self._path)
            except (OSError, zipfile.BadZipFile) as error:
                raise UnusablePictureError(Message("picture.damaged", error=reason_of(error))) from error
            self._own.handle = handle
            with self._lock:
                self._handles.append(handle)
        return handle


def list_archive(path: Path) -> Generator[LoadingProgress, None, ZipSource]:
    """List the pictures in a .zip by their suffix; hidden files and __MACOSX folders are skipped.

    Raises:
        EngineError: the file is not a .zip or is damaged, or it has too many or overlapping members.
    """
    yield LoadingProgress(0, 0)
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
        size = path.stat().st_size
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _refused(path, reason_of(error)) from error
    if len(infos) > MOST_MEMBERS:
        raise _refused(path, Message("data.too_many_members", most=MOST_MEMBERS))
    if sum(info.compress_size for info in infos) > size:
        raise _refused(path, Message("data.overlapping"))
    found = [(info.filename, index) for index, info in enumerate(infos) if _is_wanted(info)]
    found.sort()
    return ZipSource(path, [index for _, index in found], [name for name, _ in found])


def file_identity(path: Path) -> str:
    """Return path, size and modification time of a file: together they change when its content does."""
    status = path.stat()
    return f"{path.resolve()}\0{status.st_size}\0{status.st_mtime_ns}"


def _is_wanted(info: zipfile.ZipInfo) -> bool:
    parts = info.filename.split("/")
    hidden = any((part.startswith(".") and part.strip(".")) or part == "__MACOSX" for part in parts)
    return not hidden and not info.is_dir() and is_picture_name(info.filename)


def _unwrapped(names: list[str]) -> list[str]:
    """Remove leading folders that all names share: zipping a folder adds one."""
    while names and "/" in names[0]:
        first = names[0].partition("/")[0] + "/"
        if not all(name.startswith(first) for name in names):
            break
        names = [name.removeprefix(first) for name in names]
    return names


def _refused(path: Path, error: str | Message) -> EngineError:
    return EngineError(
        Message("data.bad_archive", path=path, error=error),
        Message("kept.nothing_begun"),
        Message("todo.other_source"),
    )
