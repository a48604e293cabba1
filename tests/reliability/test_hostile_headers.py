"""Headers of tensor files that mean harm: refused in words, before room is made for anything."""

from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gan_studio.engine.files.tensors import read_foreign_file, read_tensor_file
from gan_studio.engine.step.state import build_state
from gan_studio.engine.text.message import EngineError
from gan_studio.engine.training.fine_tune import take_weights
from tests.engine.runs import TINY
from tests.reliability.hostile_files import NUMBERS, SPARSE, entry, sparse, with_header
from tests.reliability.ledger import Page

HEADERS: dict[str, Any] = {
    "shape of 10^12 bytes": entry([SPARSE // 4], [0, SPARSE]),
    "more sides than a tensor has": entry([1] * 60),
    "nothing, in an endless shape": entry([0, 2**31, 2**31, 2**31], [0, 0]),
    "negative side": entry([-1]),
    "side beyond all": entry([2**40], [0, 2**42]),
    "fractions": entry([1], [0.0, 4.0]),
    "fraction of a side": entry([1.0]),
    "truth for a number": entry([True]),
    "text for a shape": entry("1"),
    "an object for a shape": entry({}),
    "negative offsets": entry([1], [-4, 0]),
    "offsets the wrong way": entry([1], [4, 0]),
    "a gap": {**entry(), "v": {"dtype": "F32", "shape": [1], "data_offsets": [8, 12]}},
    "an overlap": {**entry(), "v": {"dtype": "F32", "shape": [1], "data_offsets": [2, 6]}},
    "the same place twice": {**entry(), "v": entry()["w"]},
    "three offsets": entry([1], [0, 4, 8]),
    "no offsets": {"w": {"dtype": "F32", "shape": [1]}},
    "unknown numbers": entry(dtype="X7"),
    "a list for the numbers": entry(dtype=["F32"]),
    "a number for a tensor": {"w": 7},
    "a list": [1, 2],
    "a text": "w",
    "nothing": None,
    "NaN": b'{"w":{"dtype":"F32","shape":[NaN],"data_offsets":[0,4]}}',
    "infinity": b'{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,Infinity]}}',
    "5 000 digits": b'{"w":{"dtype":"F32","shape":[' + b"9" * 5_000 + b'],"data_offsets":[0,4]}}',
    "deep": b'{"w":' + b"[" * 100_000,
    "no UTF-8": b'{"\xff":1}',
    "metadata as a list": {"__metadata__": [["a", "b"]], **entry()},
    "100 000 tensors": {
        f"tensor {n:06d}": {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]} for n in range(100_000)
    },
}


LENGTHS = {"nothing, in an endless shape": 0, "100 000 tensors": 0, "a gap": 12, "an overlap": 6}
"""Bytes of data where a header does not claim the four of one number: nothing else than the header shall be wrong."""


@pytest.mark.parametrize("kind", HEADERS)
def test_that_a_hostile_header_is_refused_in_words(tmp_path: Path, kind: str, ledger: Page) -> None:
    path = with_header(tmp_path / "a.safetensors", HEADERS[kind], bytes(LENGTHS.get(kind, 4)))
    for reads in (read_tensor_file, read_foreign_file):
        with pytest.raises(EngineError, match=r"a\.safetensors cannot be used"):
            reads(path)
    ledger.injected(11, "a hostile header of a tensor file", 2)


ENTRIES = st.fixed_dictionaries(
    {
        "dtype": st.one_of(st.sampled_from(["F32", "F64", "I64", "U8", "F16", "??"]), NUMBERS),
        "shape": st.one_of(st.lists(NUMBERS, max_size=12), NUMBERS),
        "data_offsets": st.one_of(st.lists(NUMBERS, max_size=3), NUMBERS),
    }
)
HEADER_TREES = st.dictionaries(
    st.one_of(st.text(max_size=5), st.just("__metadata__")), st.one_of(ENTRIES, NUMBERS), max_size=4
)


@given(HEADER_TREES, st.binary(max_size=64))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
def test_that_no_structure_of_a_header_raises_anything_but_words(tmp_path: Path, tree: Any, data: bytes) -> None:
    path = with_header(tmp_path / "a.safetensors", tree, data)
    try:
        arrays = read_foreign_file(path).arrays
    except EngineError:
        return
    assert sum(array.nbytes for array in arrays.values()) == len(data)


def test_that_a_foreign_file_beyond_the_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = sparse(tmp_path / "a.safetensors", 2**20)
    monkeypatch.setattr("psutil.virtual_memory", lambda: type("Memory", (), {"available": 2**19}))
    with pytest.raises(EngineError, match=r"needs 1\.0.MB of memory, and 524.kB are free"):
        take_weights(build_state(TINY, torch.device("cpu")), path)


def test_that_metadata_that_is_no_text_proves_and_tells_nothing(tmp_path: Path) -> None:
    odd = {"__metadata__": {"sha256": 7, "step": {"a": "b"}, "kind": "weights"}, **entry()}
    path = with_header(tmp_path / "a.safetensors", odd, bytes(4))
    assert read_foreign_file(path).metadata == {"kind": "weights"}
    with pytest.raises(EngineError, match="SHA-256"):
        read_tensor_file(path)
