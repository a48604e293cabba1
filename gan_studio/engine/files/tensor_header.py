"""The header of a safetensors file: making it, and checking it before anything in it is trusted."""

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
"""Most values in one tensor; sides of 0 are left out of the product, because numpy refuses some empty shapes too."""
DTYPES: dict[str, np.dtype[Any]] = {
    "F32": np.dtype("<f4"),
    "F64": np.dtype("<f8"),
    "I64": np.dtype("<i8"),
    "U8": np.dtype("u1"),
}
CODES = {dtype: code for code, dtype in DTYPES.items()}
OTHER_DTYPES = frozenset({"BOOL", "I8", "I16", "U16", "F16", "BF16", "I32", "U32", "U64", "F8_E4M3", "F8_E5M2"})
"""Types that safetensors knows and this program does not read."""
_NO_DIGEST = "0" * 64

Arrays = Mapping[str, NDArray[np.generic]]
Layout = Mapping[str, tuple[str, tuple[int, ...]]]
"""Tensor name to (safetensors dtype, shape)."""


class BadHeaderError(Exception):
    """A header that is wrong; `reason` says how."""

    def __init__(self, reason: Message) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True)
class Header:
    """A checked header.

    Attributes:
        text: its bytes in the file.
        entries: dtype, shape and data_offsets by tensor name.
        metadata: text by name; values that are not text are left out.
        end: bytes of all tensors together.
    """

    text: bytes
    entries: dict[str, Any]
    metadata: dict[str, str]
    end: int

    @property
    def layout(self) -> Layout:
        """Names, dtypes and shapes of the tensors."""
        return {name: (entry["dtype"], tuple(entry["shape"])) for name, entry in self.entries.items()}

    def array(self, name: str, data: bytearray) -> NDArray[np.generic]:
        """View one tensor in the bytes of all tensors."""
        entry = self.entries[name]
        count = math.prod(entry["shape"])
        return np.frombuffer(data, DTYPES[entry["dtype"]], count, entry["data_offsets"][0]).reshape(entry["shape"])


def layout_of(arrays: Arrays) -> Layout:
    """Describe arrays as a tensor file does: name to (dtype, shape)."""
    return {name: (CODES[array.dtype], array.shape) for name, array in arrays.items()}


def make_header(arrays: Arrays, metadata: Mapping[str, str]) -> bytes:
    """Make the header for arrays and metadata, with zeros where the hash goes."""
    tree: dict[str, Any] = {"__metadata__": {"sha256": _NO_DIGEST, **metadata}}
    offset = 0
    for name, array in arrays.items():
        end = offset + array.nbytes
        tree[name] = {"dtype": CODES[array.dtype], "shape": list(array.shape), "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(tree, separators=(",", ":")).encode()
    return text + b" " * (-len(text) % 8)


def with_digest(header: bytes, digest: str) -> bytes:
    """Replace the zeros in a header with the hash."""
    return header.replace(_NO_DIGEST.encode(), digest.encode(), 1)


def blank_hash(header: bytes) -> "hashlib._Hash":
    """Start the SHA-256 of a file with its header, in which the digits of the hash count as zeros."""
    place = header.find(b'"sha256":"') + 10
    return hashlib.sha256(header[:place] + _NO_DIGEST.encode() + header[place + 64 :])


def parse_header(text: bytes) -> Header:
    """Read and check a header; raises BadHeaderError for any fault."""
    try:
        tree = json.loads(text)
        metadata = {name: value for name, value in tree.pop("__metadata__", {}).items() if isinstance(value, str)}
        return Header(text, tree, metadata, _check_entries(tree.values()))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadHeaderError(Message("file.bad_header")) from error


def first_difference(found: Layout, expected: Layout) -> str:
    """Name the first tensor in which two layouts differ, and how; names are escaped, since a file may hold any."""
    for name in sorted({*found, *expected}):
        if found.get(name) != expected.get(name):
            return f"{ascii(name)[1:-1]:.80}: {found.get(name)}, {expected.get(name)}"
    return ""


def _check_entries(entries: Iterable[dict[str, Any]]) -> int:
    """Check that tensors follow each other without gap or overlap; returns where the last one ends."""
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
    """Count the numbers in a shape; raises ValueError for a shape outside the limits."""
    if not isinstance(shape, list) or len(shape) > MOST_SIDES or {type(side) for side in shape} - {int}:
        raise ValueError(shape)
    if any(not 0 <= side < MOST_SIDE for side in shape) or math.prod(filter(None, shape)) > MOST_NUMBERS:
        raise ValueError(shape)
    return math.prod(shape)
