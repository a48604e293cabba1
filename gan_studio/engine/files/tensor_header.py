"""The header of a tensor file: what it holds, believed only as far as it has been checked."""

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.text.message import Message

MOST_HEADER_BYTES = 4 * 2**20
MOST_SIDES = 8
MOST_SIDE = 2**32
MOST_NUMBERS = 2**34
"""Of one tensor, sides of 0 left out: numpy cannot name every shape that holds nothing."""
DTYPES: dict[str, np.dtype[Any]] = {
    "F32": np.dtype("<f4"),
    "F64": np.dtype("<f8"),
    "I64": np.dtype("<i8"),
    "U8": np.dtype("u1"),
}
CODES = {dtype: code for code, dtype in DTYPES.items()}
OTHER_DTYPES = frozenset({"BOOL", "I8", "I16", "U16", "F16", "BF16", "I32", "U32", "U64", "F8_E4M3", "F8_E5M2"})
"""What the layout knows besides, and this program does not read."""
_NO_DIGEST = "0" * 64

Arrays = Mapping[str, NDArray[np.generic]]
Layout = Mapping[str, tuple[str, tuple[int, ...]]]
"""Tensor name to (safetensors dtype, shape)."""


class BadHeaderError(Exception):
    """A header that is not believed; `reason` says why."""

    def __init__(self, reason: Message) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True)
class Header:
    """The header of a file.

    Attributes:
        text: as it stands in the file.
        entries: dtype, shape and data_offsets by tensor name, checked.
        metadata: text by name; what is no text is left out.
        end: bytes of all tensors.
    """

    text: bytes
    entries: dict[str, Any]
    metadata: dict[str, str]
    end: int

    @property
    def layout(self) -> Layout:
        """What the file holds."""
        return {name: (entry["dtype"], tuple(entry["shape"])) for name, entry in self.entries.items()}

    def blank_hash(self) -> "hashlib._Hash":
        """Begin the file's hash: that of the header with the digits of the hash itself set to zero."""
        return blank_hash(self.text)

    def array(self, name: str, data: bytearray) -> NDArray[np.generic]:
        """View a tensor in the bytes of all."""
        entry = self.entries[name]
        count = math.prod(entry["shape"])
        return np.frombuffer(data, DTYPES[entry["dtype"]], count, entry["data_offsets"][0]).reshape(entry["shape"])


def layout_of(arrays: Arrays) -> Layout:
    """Describe arrays as a file would: name to (dtype, shape)."""
    return {name: (CODES[array.dtype], array.shape) for name, array in arrays.items()}


def make_header(arrays: Arrays, metadata: Mapping[str, str]) -> bytes:
    """Describe arrays and metadata, with a hash of zeros."""
    tree: dict[str, Any] = {"__metadata__": {"sha256": _NO_DIGEST, **metadata}}
    offset = 0
    for name, array in arrays.items():
        end = offset + array.nbytes
        tree[name] = {"dtype": CODES[array.dtype], "shape": list(array.shape), "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(tree, separators=(",", ":")).encode()
    return text + b" " * (-len(text) % 8)


def with_digest(header: bytes, digest: str) -> bytes:
    """Put the hash in the place of the zeros."""
    return header.replace(_NO_DIGEST.encode(), digest.encode(), 1)


def blank_hash(header: bytes) -> "hashlib._Hash":
    """Begin the hash of a file with its header, the digits of the hash itself set to zero."""
    place = header.find(b'"sha256":"') + 10
    return hashlib.sha256(header[:place] + _NO_DIGEST.encode() + header[place + 64 :])


def parse_header(text: bytes) -> Header:
    """Read a header; raises BadHeaderError where anything about it is not as it must be."""
    try:
        tree = json.loads(text)
        metadata = {name: value for name, value in tree.pop("__metadata__", {}).items() if isinstance(value, str)}
        return Header(text, tree, metadata, _check_entries(tree.values()))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadHeaderError(Message("file.bad_header")) from error


def first_difference(found: Layout, expected: Layout) -> str:
    """Name the first tensor in which two layouts differ, and how; a name from a file is written in plain signs."""
    for name in sorted({*found, *expected}):
        if found.get(name) != expected.get(name):
            return f"{ascii(name)[1:-1]:.80}: {found.get(name)}, {expected.get(name)}"
    return ""


def _check_entries(entries: Iterable[dict[str, Any]]) -> int:
    """Check that tensors lie one after the other without gap or overlap; return where the last one ends."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry["data_offsets"]):
        code, shape, (start, stop) = entry["dtype"], entry["shape"], entry["data_offsets"]
        if code in OTHER_DTYPES:
            raise BadHeaderError(Message("file.other_numbers", kind=code))
        if {type(number) for number in (start, stop)} != {int} or start != end:
            raise ValueError(entry)
        if stop - start != _checked_count(shape) * DTYPES[code].itemsize:
            raise ValueError(entry)
        end = stop
    return end


def _checked_count(shape: Any) -> int:
    """Count the numbers of a shape; raises ValueError for one that none of ours has."""
    if not isinstance(shape, list) or len(shape) > MOST_SIDES or {type(side) for side in shape} - {int}:
        raise ValueError(shape)
    if any(not 0 <= side < MOST_SIDE for side in shape) or math.prod(filter(None, shape)) > MOST_NUMBERS:
        raise ValueError(shape)
    return math.prod(shape)
