"""Tensor files: the safetensors layout, which proves itself by a SHA-256 and never executes anything.

Layout (safetensors): 8 bytes little-endian header length, a JSON header, then the data. The header's metadata holds
`sha256`: the hash of header and data with that entry's digits set to zero.
"""

import hashlib
import json
import math
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine import fsio
from gan_studio.engine.messages import EngineError, Message

MOST_HEADER_BYTES = 4 * 2**20
MOST_FILE_BYTES = 16 * 2**30
_DTYPES: dict[str, np.dtype[Any]] = {
    "F32": np.dtype("<f4"),
    "F64": np.dtype("<f8"),
    "I64": np.dtype("<i8"),
    "U8": np.dtype("u1"),
}
_CODES = {dtype: code for code, dtype in _DTYPES.items()}
_NO_DIGEST = "0" * 64

Arrays = Mapping[str, NDArray[np.generic]]
Layout = Mapping[str, tuple[str, tuple[int, ...]]]
"""Tensor name to (safetensors dtype, shape)."""


@dataclass(frozen=True)
class TensorFile:
    """What a tensor file holds: named arrays and text metadata."""

    arrays: dict[str, NDArray[np.generic]]
    metadata: dict[str, str]


def layout_of(arrays: Arrays) -> Layout:
    """Describe arrays as a file would: name to (dtype, shape)."""
    return {name: (_CODES[array.dtype], array.shape) for name, array in arrays.items()}


def write_tensor_file(path: Path, arrays: Arrays, metadata: Mapping[str, str]) -> int:
    """Write arrays, one after the other, atomically, and read the file back.

    Hashing and writing release the interpreter lock tensor by tensor, so a window stays alive beside it.

    Returns:
        Bytes written.

    Raises:
        OSError: it could not be written; what was at `path` is as it was.
        EngineError: what was read back is not what was written.
    """
    blank = _header(arrays, metadata)
    digest = hashlib.sha256(blank)
    for array in arrays.values():
        digest.update(_bytes_of(array))
    header = blank.replace(_NO_DIGEST.encode(), digest.hexdigest().encode(), 1)
    chunks: list[fsio.Buffer] = [
        len(header).to_bytes(8, "little"),
        header,
        *(_bytes_of(array) for array in arrays.values()),
    ]
    size = fsio.write_atomically(path, chunks)
    _verify(path)
    return size


def read_tensor_file(path: Path, expected: Layout | None = None) -> TensorFile:
    """Read a tensor file that proves itself.

    Args:
        path: the file.
        expected: names, dtypes and shapes that it must hold, checked before any tensor is made.

    Raises:
        EngineError: the file is missing, damaged, or holds something else than expected.
    """
    data = _read(path)
    header, entries, metadata = _parse(path, data)
    layout = {name: (entry["dtype"], tuple(entry["shape"])) for name, entry in entries.items()}
    if expected is not None and layout != dict(expected):
        raise _unusable(path, Message("file.other_tensors", difference=_first_difference(layout, expected)))
    if _hash(header, memoryview(data)[8 + len(header) :]) != metadata.get("sha256"):
        raise _unusable(path, Message("file.wrong_hash"))
    return TensorFile(_arrays(data, 8 + len(header), entries), metadata)


def read_foreign_file(path: Path) -> TensorFile:
    """Read a safetensors file of any program: checked in its layout, but nothing proves its content.

    Raises:
        EngineError: the file is missing, damaged, or holds a kind of number that is not known here.
    """
    data = _read(path)
    header, entries, metadata = _parse(path, data)
    return TensorFile(_arrays(data, 8 + len(header), entries), metadata)


def _arrays(data: bytearray, start: int, entries: dict[str, Any]) -> dict[str, NDArray[np.generic]]:
    return {name: _array(data, start, entry) for name, entry in entries.items()}


def _array(data: bytearray, start: int, entry: dict[str, Any]) -> NDArray[np.generic]:
    count = math.prod(entry["shape"])
    return np.frombuffer(data, _DTYPES[entry["dtype"]], count, start + entry["data_offsets"][0]).reshape(entry["shape"])


def read_metadata(path: Path) -> dict[str, str]:
    """Read only the metadata of a tensor file, unproven; raises EngineError where there is none."""
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            data = length.to_bytes(8, "little") + file.read(min(length, MOST_HEADER_BYTES))
    except OSError as error:
        raise _unusable(path, Message("file.unreadable", error=error)) from error
    return _parse(path, data, whole=False)[2]


def _header(arrays: Arrays, metadata: Mapping[str, str]) -> bytes:
    tree: dict[str, Any] = {"__metadata__": {"sha256": _NO_DIGEST, **metadata}}
    offset = 0
    for name, array in arrays.items():
        end = offset + array.nbytes
        tree[name] = {"dtype": _CODES[array.dtype], "shape": list(array.shape), "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(tree, separators=(",", ":")).encode()
    return text + b" " * (-len(text) % 8)


def _bytes_of(array: NDArray[np.generic]) -> memoryview:
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8).data


def _hash(header: bytes, data: memoryview) -> str:
    place = header.find(b'"sha256":"') + 10
    digest = hashlib.sha256(header[:place] + _NO_DIGEST.encode() + header[place + 64 :])
    digest.update(data)
    return digest.hexdigest()


def _verify(path: Path) -> None:
    data = _read(path)
    header, _, metadata = _parse(path, data)
    if _hash(header, memoryview(data)[8 + len(header) :]) != metadata["sha256"]:
        raise _unusable(path, Message("file.wrong_hash"))


def _read(path: Path) -> bytearray:
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > MOST_FILE_BYTES:
                raise _unusable(path, Message("file.too_large", gibibytes=MOST_FILE_BYTES // 2**30))
            data = bytearray(size)
            filled = file.readinto(data)
            return data[:filled] if filled < size else data
    except OSError as error:
        raise _unusable(path, Message("file.unreadable", error=error)) from error


def _parse(path: Path, data: bytes | bytearray, *, whole: bool = True) -> tuple[bytes, dict[str, Any], dict[str, str]]:
    length = int.from_bytes(data[:8], "little")
    if len(data) < 8 or length > MOST_HEADER_BYTES or 8 + length > len(data):
        raise _unusable(path, Message("file.cut_short"))
    header = bytes(data[8 : 8 + length])
    try:
        tree = json.loads(header)
        metadata = dict(tree.pop("__metadata__", {}))
        end = _check_entries(tree.values())
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _unusable(path, Message("file.bad_header")) from error
    if whole and 8 + length + end != len(data):
        raise _unusable(path, Message("file.cut_short"))
    return header, tree, metadata


def _check_entries(entries: Iterable[dict[str, Any]]) -> int:
    """Check that tensors lie one after the other without gap or overlap; return where the last one ends."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry["data_offsets"]):
        shape, (start, stop) = entry["shape"], entry["data_offsets"]
        count = 1
        for side in shape:
            if not isinstance(side, int) or not 0 <= side < 2**32:
                raise ValueError(shape)
            count *= side
        if start != end or stop - start != count * _DTYPES[entry["dtype"]].itemsize:
            raise ValueError(entry)
        end = stop
    return end


def _first_difference(found: Layout, expected: Layout) -> str:
    for name in sorted({*found, *expected}):
        if found.get(name) != expected.get(name):
            return f"{name}: {found.get(name)}, {expected.get(name)}"
    return ""


def _unusable(path: Path, reason: Message) -> EngineError:
    return EngineError(
        Message("file.unusable", path=path, reason=reason), Message("kept.file_untouched"), Message("todo.other_file")
    )


def iter_tensor_bytes(arrays: Arrays) -> Iterable[memoryview]:
    """Yield the bytes of each array in order of name, for hashing a state."""
    return (_bytes_of(arrays[name]) for name in sorted(arrays))
