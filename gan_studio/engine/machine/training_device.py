"""The CUDA settings of a training thread: its own stream, float32 precision and deterministic algorithms."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import torch
from torch.utils import deterministic

from gan_studio.engine.machine import devices

os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # read when cuBLAS starts; makes its sums deterministic


_unused_streams: dict[torch.device, list[torch.cuda.Stream]] = {}
"""Streams that no run uses at present, by device; the next run takes one.

A new stream for each run would cost memory each time. cuBLAS keeps 33.6 MB (32 MiB) for each pair of a stream and a
thread. Memory that was freed on a stream stays reserved for that stream in torch's allocator."""


@contextmanager
def own_stream(device: torch.device) -> Iterator[None]:
    """Give this thread its own stream on a CUDA device, preferably one from an earlier run; do nothing on a CPU.

    A CUDA graph cannot be captured on the default stream. The explorer draws on the default stream, and so does not
    wait for training steps. Work before the context is visible inside it, and work inside it is visible afterwards.
    """
    if device.type != "cuda":
        yield
        return
    before = torch.cuda.current_stream(device)
    unused = _unused_streams.setdefault(device, [])
    try:
        own = unused.pop()
    except IndexError:
        own = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]
    own.wait_stream(before)
    torch.cuda.set_stream(own)
    try:
        yield
    finally:
        if devices.has_cuda():
            with suppress(RuntimeError):  # the CUDA context was just lost; its own error is already being raised
                before.wait_stream(own)
            torch.cuda.set_stream(before)
            unused.append(own)


@contextmanager
def arithmetic(device: torch.device, precision: str) -> Iterator[None]:
    """Set the float32 precision of CUDA and use deterministic algorithms only; do nothing on a CPU.

    "tf32" multiplies in TF32, and every other precision in full float32. (Torch's own default uses TF32 for
    convolutions only.) Deterministic algorithms are needed to resume bit for bit, and cost no time
    (docs/benchmarks.md). Torch applies these settings to the whole process.

    Args:
        device: the device that computes.
        precision: as in execution.Execution.
    """
    if device.type != "cuda":
        yield
        return
    backends: Any = torch.backends
    # All kinds are set alike: torch's older switch for cuDNN can only be read while convolution and RNN agree.
    kinds = (backends.cuda.matmul, backends.cudnn.conv, backends.cudnn.rnn)
    before = [kind.fp32_precision for kind in kinds]
    settings: Any = deterministic
    mode_before, was_filling = torch.get_deterministic_debug_mode(), settings.fill_uninitialized_memory
    for kind in kinds:
        kind.fp32_precision = "tf32" if precision == "tf32" else "ieee"
    torch.set_deterministic_debug_mode("warn")  # torch.use_deterministic_algorithms would load torch's compiler
    settings.fill_uninitialized_memory = False
    try:
        yield
    finally:
        torch.set_deterministic_debug_mode(mode_before)
        settings.fill_uninitialized_memory = was_filling
        for kind, precision_before in zip(kinds, before, strict=True):
            kind.fp32_precision = precision_before
