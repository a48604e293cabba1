"""The child process that reads foreign weights: the only place where torch.load is called, and only for tensors.

It runs `main` with the arguments SOURCE PLACE MEMORY CPU_SECONDS, and writes PLACE/weights.safetensors and
PLACE/answer.json, nothing else.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import Tensor

from gan_studio.engine.files.tensors import write_tensor_file

MOST_TENSORS = 10_000
MOST_BYTES = 4 * 2**30
MOST_WIDENING = 8
"""Most bytes written for each byte read: one-byte integers become eight-byte integers."""
MOST_DEEP = 8
MOST_NAME = 200
MOST_TOLD = 1_000
MOST_OPEN_FILES = 64
CPU_SPARE = 5

_KEPT = (torch.float32, torch.float64, torch.int64, torch.uint8)
_CONVERTED = {
    torch.float16: torch.float32,
    torch.bfloat16: torch.float32,
    torch.int32: torch.int64,
    torch.int16: torch.int64,
    torch.int8: torch.int64,
    torch.bool: torch.uint8,
}
_FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.startfile", "shutil.")
"""Prefixes of Python audit events that reading tensors never causes."""


class _Found:
    """The tensors of a file under safe names, and a record of what was converted or left out."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self.arrays: dict[str, NDArray[np.generic]] = {}
        self.converted: list[str] = []
        self.left_out: list[str] = []
        self._bytes = 0

    def add(self, name: str, value: Any) -> None:
        """Keep a tensor, or record that the value is not a tensor or cannot be kept."""
        safe = re.sub(r"[^A-Za-z0-9_.\-]", "_", name)[:MOST_NAME]
        dtype = _CONVERTED.get(value.dtype, value.dtype) if isinstance(value, Tensor) else None
        if dtype not in _KEPT or value.layout != torch.strided or value.is_quantized or value.device.type != "cpu":
            self.left_out.append(safe)
            return
        size = value.numel() * dtype.itemsize  # an expanded tensor is larger than its file
        if safe in self.arrays or len(self.arrays) >= MOST_TENSORS or self._bytes + size > self._most_bytes:
            self.left_out.append(safe)
            return
        self._bytes += size
        if value.dtype != dtype:
            self.converted.append(safe)
        self.arrays[safe] = value.detach().to(dtype).contiguous().numpy()

    def answer(self) -> dict[str, Any]:
        """Return the answer for the parent process."""
        return {
            "tensors": len(self.arrays),
            "converted": self.converted[:MOST_TOLD],
            "converted_count": len(self.converted),
            "left_out": self.left_out[:MOST_TOLD],
            "left_out_count": len(self.left_out),
        }


def main() -> None:
    """Read the file named on the command line, and write its tensors and an answer."""
    source, place = Path(sys.argv[1]), Path(sys.argv[2])
    _set_limits(int(sys.argv[3]), int(sys.argv[4]))
    sys.addaudithook(refuse)
    answer = _import(source, place / "weights.safetensors")
    (place / "answer.json").write_text(json.dumps(answer), encoding="utf-8")


def _import(source: Path, out: Path) -> dict[str, Any]:
    found = _Found(min(MOST_BYTES, MOST_WIDENING * source.stat().st_size + 2**20))
    try:
        for name, value in _flat("", _load(source), 0):
            found.add(name, value)
        if not found.arrays:
            return {"fault": "empty"}
        write_tensor_file(out, found.arrays, {"kind": "weights", "format_version": "1"})
    except MemoryError:
        return {"fault": "no_memory"}
    except Exception as error:  # noqa: BLE001  (hostile bytes can make a reader raise anything; the answer says what)
        return _fault(error)
    return found.answer()


def _load(source: Path) -> Any:
    if source.suffix.lower() == ".safetensors":
        return load_file(source, device="cpu")
    return torch.load(source, map_location="cpu", weights_only=True, mmap=False)


def _flat(prefix: str, value: Any, deep: int) -> Iterator[tuple[str, Any]]:
    """Yield every leaf of nested mappings with its dotted name."""
    if not isinstance(value, Mapping) or deep >= MOST_DEEP:
        yield prefix or "value", value
        return
    for key, inner in value.items():
        name = str(key) if isinstance(key, str | int) else "key"
        yield from _flat(f"{prefix}.{name}" if prefix else name, inner, deep + 1)


def _fault(error: Exception) -> dict[str, Any]:
    text = str(error)
    if "not enough memory" in text or "can't allocate" in text or "bad_alloc" in text:
        return {"fault": "no_memory"}
    named = re.search(r"(?:GLOBAL|global|class|function) `?([A-Za-z_][\w.]*\.[\w.]+)", text)
    if type(error).__name__ == "UnpicklingError" and named:
        return {"fault": "not_tensors", "name": named[1]}
    if "weights_only" in text:  # torch's own text advises unsafe loading; do not pass that on
        return {"fault": "not_weights"}
    first = next(iter(text.splitlines()), "")
    return {"fault": "unreadable", "error": f"{type(error).__name__} {first}".strip()[:200]}


def _set_limits(memory: int, cpu_seconds: int) -> None:
    """Limit memory, CPU time, file size and open files of this process from here on, where the system can."""
    try:
        import resource
    except ImportError:  # Windows: only the parent's timeout remains
        return
    process = psutil.Process()
    used = int(sum(process.cpu_times()[:2]))
    wanted = {
        resource.RLIMIT_AS: process.memory_info().vms + memory,
        resource.RLIMIT_CPU: used + cpu_seconds,
        resource.RLIMIT_FSIZE: MOST_BYTES + 2**24,
        resource.RLIMIT_NOFILE: MOST_OPEN_FILES,
        resource.RLIMIT_CORE: 0,
    }
    for kind, limit in wanted.items():
        hard = resource.getrlimit(kind)[1]
        # SIGXCPU of the soft limit tells the parent why; SIGKILL of the hard one would not.
        spare = CPU_SPARE if kind == resource.RLIMIT_CPU else 0
        highest = limit + spare if hard == resource.RLIM_INFINITY else min(limit + spare, hard)
        resource.setrlimit(kind, (min(limit, highest), highest))


def refuse(event: str, _: tuple[object, ...]) -> None:
    """Raise PermissionError, as an audit hook, for an event that reading tensors never causes."""
    if event.startswith(_FORBIDDEN):
        raise PermissionError(f"{event} while weights are read")
