"""Tensor files: safetensors with a SHA-256, so that damage is noticed. Reading one never executes anything.

Layout (safetensors): 8 bytes little-endian header length, a JSON header, then the data. The header's metadata holds
`sha256`: the hash of header and data, in which the digits of the hash itself count as zeros.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
import psutil
from numpy.typing import NDArray

from gan_studio.engine.files import atomic
from gan_studio.engine.files.tensor_header import (
    MOST_HEADER_BYTES,
    Arrays,
    BadHeaderError,
    Header,
    Layout,
    blank_hash,
    first_difference,
    layout_of,
    make_header,
    parse_header,
    with_digest,
)
from gan_studio.engine.text.message import EngineError, Message
from gan_studio.engine.text.units import bytes_text

__all__ = [
    "Arrays",
    "Layout",
    "TensorFile",
    "iter_tensor_bytes",
    "layout_of",
    "read_foreign_file",
    "read_metadata",
    "read_tensor_file",
    "write_tensor_file",
]

MOST_FILE_BYTES = 16 * 2**30
_PIECE = 2**22


@dataclass(frozen=True)
class TensorFile:
    """The content of a tensor file: named arrays and text metadata."""

    arrays: dict[str, NDArray[np.generic]]
    metadata: dict[str, str]


def write_tensor_file(path: Path, arrays: Arrays, metadata: Mapping[str, str]) -> int:
    """Write arrays atomically and verify the written file against its hash.

    Arrays are hashed and written one by one, which releases the interpreter lock, so a window stays responsive.

    Returns:
        Bytes written.

    Raises:
        OSError: the file could not be written; `path` is unchanged.
        EngineError: what was read back differs from what was written.
    """
    blank = make_header(arrays, metadata)
    digest = blank_hash(blank)
    for array in arrays.values():
        digest.update(_bytes_of(array))
    header = with_digest(blank, digest.hexdigest())
    chunks: list[atomic.Buffer] = [
        len(header).to_bytes(8, "little"),
        header,
        *(_bytes_of(array) for array in arrays.values()),
    ]
    return atomic.write_atomically(path, chunks, _verify)


def read_tensor_file(path: Path, expected: Layout | None = None) -> TensorFile:
    """Read a tensor file and verify its SHA-256.

    Args:
        path: the file.
        expected: names, dtypes and shapes that it must hold, checked before memory is allocated.

    Raises:
        EngineError: the file is missing, damaged, too large for the memory, or holds other tensors than expected.
    """
    whole = _read(path, expected)
    if not whole.proves_itself:
        raise _unusable(path, Message("file.wrong_hash"))
    return whole.tensors


def read_foreign_file(path: Path) -> TensorFile:
    """Read a safetensors file of any program: its layout is checked, but no hash verifies its content.

    Raises:
        EngineError: the file is missing, damaged, too large for the memory, or holds dtypes that are not read here.
    """
    return _read(path).tensors


def read_metadata(path: Path) -> dict[str, str]:
    """Read only the metadata of a tensor file, without verifying its hash; raises EngineError for a bad header."""
    try:
        with _opened(path) as file:
            return _read_header(path, file).metadata
    except OSError as error:
        raise _unusable(path, Message("file.unreadable", error=error)) from error


@dataclass(frozen=True)
class _Whole:
    """A file in memory: its header, and the bytes of all tensors."""

    header: Header
    data: bytearray

    @property
    def proves_itself(self) -> bool:
        digest = blank_hash(self.header.text)
        digest.update(self.data)
        return digest.hexdigest() == self.header.metadata.get("sha256")

    @property
    def tensors(self) -> TensorFile:
        arrays = {name: self.header.array(name, self.data) for name in self.header.entries}
        return TensorFile(arrays, self.header.metadata)


def _bytes_of(array: NDArray[np.generic]) -> memoryview:
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8).data


def _verify(path: Path) -> None:
    """Verify a written file against its hash piece by piece, without a second copy of a checkpoint in memory."""
    with _opened(path) as file:
        header = _read_header(path, file)
        digest = blank_hash(header.text)
        while piece := file.read(_PIECE):
            digest.update(piece)
    if digest.hexdigest() != header.metadata.get("sha256"):
        raise _unusable(path, Message("file.wrong_hash"))


def _read(path: Path, expected: Layout | None = None) -> _Whole:
    """Read a file; its header is checked against `expected` and the file's size before memory is allocated."""
    try:
        with _opened(path) as file:
            size = os.fstat(file.fileno()).st_size
            if size > MOST_FILE_BYTES:
                raise _unusable(path, Message("file.too_large", most=bytes_text(MOST_FILE_BYTES)))
            header = _read_header(path, file)
            if expected is not None and header.layout != dict(expected):
                difference = first_difference(header.layout, expected)
                raise _unusable(path, Message("file.other_tensors", difference=difference))
            if 8 + len(header.text) + header.end != size:
                raise _unusable(path, Message("file.cut_short"))
            _check_memory(path, header.end)
            data = bytearray(header.end)
            if file.readinto(data) != header.end:  # type: ignore[attr-defined]
                raise _unusable(path, Message("file.cut_short"))
            return _Whole(header, data)
    except OSError as error:
        raise _unusable(path, Message("file.unreadable", error=error)) from error
    except MemoryError as error:
        raise _unusable(path, Message("file.no_room")) from error


def _opened(path: Path) -> IO[bytes]:
    """Open a regular file; anything else, such as a pipe, could block the reader for ever."""
    if path.exists() and not path.is_file():
        raise _unusable(path, Message("picture.not_a_file"))
    return path.open("rb")


def _read_header(path: Path, file: IO[bytes]) -> Header:
    start = file.read(8)
    length = int.from_bytes(start, "little")
    if length > MOST_HEADER_BYTES:
        raise _unusable(path, Message("file.bad_header"))
    text = file.read(length)
    if len(start) < 8 or len(text) < length:
        raise _unusable(path, Message("file.cut_short"))
    try:
        return parse_header(text)
    except BadHeaderError as error:
        raise _unusable(path, error.reason) from error


def _check_memory(path: Path, needed: int) -> None:
    """Raise EngineError for a file that is larger than the free memory."""
    available = psutil.virtual_memory().available
    if needed > available:
        reason = Message("file.too_large_here", needed=bytes_text(needed), available=bytes_text(available))
        raise _unusable(path, reason)


def _unusable(path: Path, reason: Message) -> EngineError:
    return EngineError(
        Message("file.unusable", path=path, reason=reason), Message("kept.file_untouched"), Message("todo.other_file")
    )


def iter_tensor_bytes(arrays: Arrays) -> Iterable[memoryview]:
    """Yield the bytes of each array in the order of their names, for hashing a state."""
    return (_bytes_of(arrays[name]) for name in sorted(arrays))
