"""Arrays in .npy and .npz files, within limits of memory; Python objects in them are never loaded."""

import zipfile
import zlib
from collections.abc import Generator
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.arrays.array_sets import list_arrays, refused, unreadable
from gan_studio.engine.data.arrays.members import Member
from gan_studio.engine.data.arrays.values import CHUNK_BYTES
from gan_studio.engine.data.kinds.archives import file_identity
from gan_studio.engine.data.kinds.arrays import ArraySource
from gan_studio.engine.events import LoadingProgress
from gan_studio.engine.text.message import Message

_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
MOST_MEMBERS = 1000
"""Arrays in a file, at most; the header of each is read."""
FAULTS = (OSError, ValueError, TypeError, EOFError, KeyError, RuntimeError, zipfile.BadZipFile, zlib.error)
"""Exceptions from reading a damaged array file."""


class NpyFile:
    """A .npy file: one array without a name, opened as a memory map."""

    has_names = False
    is_mapped = True

    def __init__(self, path: Path) -> None:
        self.path = path
        self.members: tuple[Member, ...] = (read_npy_header(path),)

    def read(self, member: Member) -> Generator[LoadingProgress, None, NDArray[Any]]:
        """Open the one array as a memory map."""
        yield LoadingProgress(0, 0)
        return npy.open_memmap(self.path, mode="r")

    def identity(self) -> str:
        """Return path, size and modification time."""
        return file_identity(self.path)


class NpzFile:
    """A .npz file: named arrays, each read into memory."""

    has_names = True
    is_mapped = False

    def __init__(self, path: Path) -> None:
        self.path = path
        with zipfile.ZipFile(path) as archive:
            if any(member.compress_type not in _PACKINGS for member in archive.infolist()):
                raise refused(path, Message("picture.other_packing"))
            names = [name for name in archive.namelist() if name.endswith(".npy")]
            if len(names) > MOST_MEMBERS:
                raise refused(path, Message("data.too_many_members", most=MOST_MEMBERS))
            self.members = tuple(_member(archive, name) for name in dict.fromkeys(names))

    def read(self, member: Member) -> Generator[LoadingProgress, None, NDArray[Any]]:
        """Read one array in pieces. The caller has checked the free memory."""
        with zipfile.ZipFile(self.path) as archive, archive.open(f"{member.name}.npy") as stream:
            shape, is_fortran, kind = read_header(stream)
            if (shape, kind) != (member.shape, member.kind):
                raise ValueError(f"{member.name} has changed")
            array = np.empty(shape, kind, order="F" if is_fortran else "C")
            bytes_left = array.reshape(-1, order="A").view(np.uint8).data if array.nbytes else memoryview(b"")
            while bytes_left:
                read = stream.readinto(bytes_left[:CHUNK_BYTES])  # type: ignore[attr-defined]
                if not read:
                    raise EOFError(f"{member.name} was cut short")
                bytes_left = bytes_left[read:]
                yield LoadingProgress(0, 0)
        return array

    def identity(self) -> str:
        """Return path, size and modification time."""
        return file_identity(self.path)


def list_array_file(
    path: Path, config: DataConfig, *, by_sample: bool = False
) -> Generator[LoadingProgress, None, ArraySource]:
    """Open a .npy file as a memory map, or read the pictures and labels of a .npz file into memory.

    Args:
        path: the file.
        config: `member` and `layout` state what is otherwise decided by names, shapes and values.
        by_sample: see `list_arrays`.

    Raises:
        EngineError: the file cannot be read, holds no pictures, or its values are in no known range.
    """
    yield LoadingProgress(0, 0)
    try:
        file = NpzFile(path) if path.suffix.lower() == ".npz" else NpyFile(path)
        return (yield from list_arrays(file, config, by_sample=by_sample))
    except FAULTS as error:
        raise unreadable(path, error) from error


def read_npy_header(path: Path) -> Member:
    """Read name, shape and dtype of a .npy file; Python objects in it are a fault of the member."""
    with path.open("rb") as stream:
        shape, _, kind = read_header(stream)
    return Member(path.stem, shape, kind, Message("array.objects") if kind.hasobject else None)


def read_header(stream: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Read shape, order and dtype of an array without its values; raises ValueError for a damaged header."""
    version = npy.read_magic(stream)
    if version == (1, 0):
        return npy.read_array_header_1_0(stream)
    if version == (2, 0):
        return npy.read_array_header_2_0(stream)
    raise ValueError(f"npy format {version}")


def _member(archive: zipfile.ZipFile, name: str) -> Member:
    with archive.open(name) as stream:
        shape, _, kind = read_header(stream)
    return Member(name.removesuffix(".npy"), shape, kind, Message("array.objects") if kind.hasobject else None)
