"""What a training thread sets on its CUDA device: a stream of its own, and the arithmetic of its precision."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import torch
from torch.utils import deterministic

from gan_studio.engine.machine import devices

os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # cuBLAS reads it when it starts: its sums keep their order


_idle_streams: dict[torch.device, list[torch.cuda.Stream]] = {}
"""Those that no run has at the moment. cuBLAS keeps 32 MiB for each that it ever worked on, for each thread of a run,
and torch's allocator keeps what was freed on one for that one: a new one for each run would cost memory each time."""


@contextmanager
def own_stream(device: torch.device) -> Iterator[None]:
    """Give this thread a stream of its own on a CUDA device, one that an earlier run had if there is one.

    A CUDA graph can be captured on any stream but the default one, and the explorer, which draws on the default one,
    then waits for no step. What was computed before is seen in here, and what is computed in here is seen afterwards.
    Does nothing on a CPU.
    """
    if device.type != "cuda":
        yield
        return
    before = torch.cuda.current_stream(device)
    idle = _idle_streams.setdefault(device, [])
    try:
        own = idle.pop()
    except IndexError:
        own = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]
    own.wait_stream(before)
    torch.cuda.set_stream(own)
    try:
        yield
    finally:
        if devices.has_cuda():
            with suppress(RuntimeError):  # a context lost just now answers nothing; its fault is on the way
                before.wait_stream(own)
            torch.cuda.set_stream(before)
            idle.append(own)


@contextmanager
def arithmetic(device: torch.device, precision: str) -> Iterator[None]:
    """Let a CUDA device multiply float32 as a precision says, and give the same bits for the same numbers.

    It multiplies in TF32 under "tf32", else in float32 throughout; torch of itself takes TF32 for convolutions alone.
    Algorithms whose sums depend on chance are left out, without which no run could resume bit for bit; that costs no
    time (docs/benchmarks.md). Torch keeps all this for the whole process. Does nothing on a CPU.

    Args:
        device: that computes.
        precision: as in devices.Execution.
    """
    if device.type != "cuda":
        yield
        return
    backends: Any = torch.backends
    # Torch's older switch for cuDNN can only be read while both of its kinds agree.
    kinds = (backends.cuda.matmul, backends.cudnn.conv, backends.cudnn.rnn)
    before = [kind.fp32_precision for kind in kinds]
    settings: Any = deterministic
    mode_before, was_filling = torch.get_deterministic_debug_mode(), settings.fill_uninitialized_memory
    for kind in kinds:
        kind.fp32_precision = "tf32" if precision == "tf32" else "ieee"
    torch.set_deterministic_debug_mode("warn")  # use_deterministic_algorithms would load torch's compiler
    settings.fill_uninitialized_memory = False
    try:
        yield
    finally:
        torch.set_deterministic_debug_mode(mode_before)
        settings.fill_uninitialized_memory = was_filling
        for kind, precision_before in zip(kinds, before, strict=True):
            kind.fp32_precision = precision_before
