"""A step as a CUDA graph: captured once on the current stream, then replayed."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import torch
from torch import Tensor

from gan_studio.engine.replay.cpu_record import Captured, NotCapturedError, ShortOfMemoryError, Work


def capture_graph(work: Work) -> Captured:
    """Capture work as a CUDA graph on the current stream and run it; other threads may use the device meanwhile.

    Raises:
        NotCapturedError: an operation cannot be captured; nothing was done.
        ShortOfMemoryError: memory is short; nothing was done.
    """
    graph: torch.cuda.CUDAGraph | None = None
    pool = (0, 0)
    try:
        graph, pool = torch.cuda.CUDAGraph(), torch.cuda.graph_pool_handle()
        stream = torch.cuda.current_stream()
        with _no_collection(), torch.cuda.graph(graph, pool=pool, stream=stream, capture_error_mode="thread_local"):
            results = work()
    except torch.OutOfMemoryError as error:
        _end_allocation(graph, pool)
        raise ShortOfMemoryError(error) from error
    except RuntimeError as error:
        _end_allocation(graph, pool)
        raise NotCapturedError(error) from error

    def again() -> list[Tensor]:
        graph.replay()
        return results

    return Captured(again(), again)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Disable garbage collection: destroying an old graph during a capture would invalidate the capture."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _end_allocation(graph: torch.cuda.CUDAGraph | None, pool: tuple[int, int]) -> None:
    """After a failed capture, end it in torch's allocator and release its memory, where torch does not.

    Up to torch 2.12, CUDAGraph::capture_end tells the allocator last, after a call that raises if CUDA gave up the
    capture. An allocator that believes in a running capture returns no memory to the device, so the next shortage could
    not be met. If it was told already, telling it again raises; that error is ignored. Up to torch 2.13, a graph
    releases its memory only if its capture ended, since it has no pool before. Releasing it twice would abort the
    process.
    """
    if graph is None:
        return
    allocator: Any = torch._C  # noqa: SLF001  (torch has no public name for this)
    device = torch.cuda.current_device()
    with suppress(RuntimeError, AttributeError):
        allocator._cuda_endAllocateToPool(device, pool)  # noqa: SLF001
    if torch.__version__ >= "2.14":
        return
    try:
        graph.pool()
    except RuntimeError:
        with suppress(RuntimeError, AttributeError):
            allocator._cuda_releasePool(device, pool)  # noqa: SLF001
