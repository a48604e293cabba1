"""A step as a CUDA graph: captured once on the present stream, then replayed."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import torch
from torch import Tensor

from gan_studio.engine.replay.cpu_record import Captured, NotCapturedError, ShortOfMemoryError, Work


def capture_graph(work: Work) -> Captured:
    """Capture work as a CUDA graph on the present stream, while other threads may go on using the device, and do it.

    Raises:
        NotCapturedError: something in it cannot be captured, and nothing was done.
        ShortOfMemoryError: likewise.
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
    """Keep Python from looking for garbage: a graph that it found and destroyed meanwhile would spoil the capture."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _end_allocation(graph: torch.cuda.CUDAGraph | None, pool: tuple[int, int]) -> None:
    """Tell torch's allocator that a capture which failed is over, and let go of its memory, where torch did not.

    Up to 2.12 CUDAGraph::capture_end tells it last, after what raises where CUDA itself gave the capture up. An
    allocator that believes in a capture gives no memory back to the device: the next shortage could not be met by
    freeing anything. Where it was told, saying so again raises. Up to 2.13 a graph lets go of its memory only if its
    capture ended (it names its pool then); letting go of it twice would end the process.
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
