"""A folder of files in the IDX format of MNIST, named as people have them, gzipped or not.

The format: http://yann.lecun.com/exdb/mnist.
"""

import gzip
import re
import struct
import zlib
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.data.arrays.members import Member
from gan_studio.engine.data.arrays.values import CHUNK_BYTES
from gan_studio.engine.data.kinds.archives import file_identity
from gan_studio.engine.events import LoadingProgress

_NAME = re.compile(r"[-._]?idx[1-4](-u?byte)?(\.gz)?$", re.IGNORECASE)
_TYPES: Mapping[int, str] = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
MOST_AXES = 8
FAULTS = (OSError, EOFError, ValueError, struct.error, zlib.error)
"""Exceptions from reading a damaged file."""


def is_idx_name(name: str) -> bool:
    """Tell whether a file is named like train-images-idx3-ubyte, t10k-labels.idx1-ubyte or a .gz of these."""
    return _NAME.search(name) is not None


def idx_member(name: str) -> str:
    """Return the name of the array in an IDX file: train-images of train-images-idx3-ubyte.gz."""
    return _NAME.sub("", name)


class IdxFolder:
    """The IDX files of a folder as named arrays, each read into memory."""

    has_names = True
    is_mapped = False

    def __init__(self, path: Path, names: Sequence[str]) -> None:
        """Read the headers; raises one of FAULTS.

        Args:
            path: the folder.
            names: paths of its IDX files, relative to it.
        """
        self.path = path
        plain = sorted(names, key=lambda name: name.lower().endswith(".gz"))
        self._files: dict[str, Path] = {}
        for name in plain:
            self._files.setdefault(idx_member(name), path / name)
        headers = {name: self._header(file) for name, file in self._files.items()}
        self.members = tuple(Member(name, shape, kind) for name, (shape, kind) in headers.items())

    def read(self, member: Member) -> Generator[LoadingProgress, None, NDArray[Any]]:
        """Read one file in pieces. The caller has checked the free memory."""
        with _opened(self._files[member.name]) as stream:
            shape, kind = _read_header(stream)
            array = np.empty(shape, kind)
            bytes_left = array.reshape(-1).view(np.uint8).data if array.nbytes else memoryview(b"")
            while bytes_left:
                read = stream.readinto(bytes_left[:CHUNK_BYTES])  # type: ignore[attr-defined]
                if not read:
                    raise EOFError(f"{self._files[member.name].name} was cut short")
                bytes_left = bytes_left[read:]
                yield LoadingProgress(0, 0)
            if stream.read(1):
                raise ValueError(f"{self._files[member.name].name} is longer than its header says")
        return array.astype(kind.newbyteorder("="), copy=False)

    def identity(self) -> str:
        """Return path, size and modification time of every file."""
        return "\0".join(file_identity(file) for file in self._files.values())

    @staticmethod
    def _header(file: Path) -> tuple[tuple[int, ...], np.dtype[Any]]:
        with _opened(file) as stream:
            shape, kind = _read_header(stream)
        return shape, kind.newbyteorder("=")


def _opened(file: Path) -> IO[bytes]:
    return gzip.open(file, "rb") if file.name.lower().endswith(".gz") else file.open("rb")  # type: ignore[return-value]


def _read_header(stream: IO[bytes]) -> tuple[tuple[int, ...], np.dtype[Any]]:
    zeros, code, axes = struct.unpack(">HBB", stream.read(4))
    if zeros or code not in _TYPES or not 1 <= axes <= MOST_AXES:
        raise ValueError("no IDX header")
    shape = struct.unpack(f">{axes}I", stream.read(4 * axes))
    return shape, np.dtype(_TYPES[code])
