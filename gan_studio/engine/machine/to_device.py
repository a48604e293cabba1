"""From main memory to the device that trains, without waiting for it."""

import torch
from torch import Tensor


def to_device(tensor: Tensor, device: torch.device) -> Tensor:
    """Return a tensor of main memory on a device; nobody waits until it has arrived, as later work there does.

    On the CPU it is the tensor itself. For a CUDA device it goes through pinned memory: a copy from memory that the
    system may move waits for all work that the device was given before.
    """
    return _staged(tensor, device).to(device, non_blocking=True)


def copy_into(buffer: Tensor, tensor: Tensor) -> None:
    """Overwrite `buffer` with a tensor of its shape, from main memory or the same device, without waiting."""
    buffer.copy_(_staged(tensor, buffer.device), non_blocking=True)


def _staged(tensor: Tensor, device: torch.device) -> Tensor:
    return tensor.pin_memory() if device.type == "cuda" and tensor.device.type == "cpu" else tensor


class Ferry:
    """Carries batches to a CUDA device on a stream of its own, so that a copy runs under the step before it.

    A copy lands in one of two places, which take turns and are left at once for a tensor of the stream that asked. So
    no copy waits for a step, and no tensor is freed while another stream still uses it (`Tensor.record_stream` would
    say that too, but torch collects such tensors only while it knows of no capture, and one that failed may never be
    over for it: CUDAGraph::capture_end tells the allocator last).
    """

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._stream = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]
        self._places: list[tuple[Tensor, torch.cuda.Event]] = []

    def carry(self, batch: Tensor) -> Tensor:
        """Return a batch of main memory on the device, for the stream that is the present one."""
        here = torch.cuda.current_stream(self._device)
        landing, is_free = self._place(batch, here)
        self._stream.wait_event(is_free)
        with torch.cuda.stream(self._stream):
            copy_into(landing, batch)
        here.wait_stream(self._stream)
        arrived = landing.clone()
        self._places.append((landing, here.record_event()))
        return arrived

    def _place(self, batch: Tensor, here: torch.cuda.Stream) -> tuple[Tensor, torch.cuda.Event]:
        """Return where a batch may land, and when that is free."""
        if self._places and self._places[0][0].shape != batch.shape:
            self._places.clear()
        if len(self._places) == 2:
            return self._places.pop(0)
        return torch.empty_like(batch, device=self._device), here.record_event()
