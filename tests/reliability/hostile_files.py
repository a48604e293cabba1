"""Tensor files that say what is not so, and the values that hostile files hold."""

import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

SPARSE = 10**12
NUMBERS = st.one_of(
    st.integers(-5, 40), st.floats(allow_subnormal=False), st.booleans(), st.text(max_size=3), st.none(), st.just(2**63)
)
"""What stands where a number should."""


def with_header(path: Path, tree: Any, data: bytes = b"") -> Path:
    """Write a tensor file with any header."""
    text = tree if isinstance(tree, bytes) else json.dumps(tree).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)
    return path


def entry(shape: object = (1,), offsets: object = (0, 4), dtype: object = "F32") -> dict[str, object]:
    """Describe one tensor."""
    return {"w": {"dtype": dtype, "shape": shape, "data_offsets": offsets}}


def sparse(path: Path, size: int) -> Path:
    """Make a file that claims, and by its length has, so many bytes; the disk holds next to nothing of it."""
    with_header(path, entry([size // 4], [0, size]))
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size + size)
    return path
