"""Copying tensors from main memory to the device that trains, without waiting for it."""

import torch
from torch import Tensor


def to_device(tensor: Tensor, device: torch.device) -> Tensor:
    """Copy a tensor from main memory to a device without waiting; later work on the same stream sees the copy.

    On the CPU the tensor itself is returned. For a CUDA device the copy goes through pinned memory, because a copy from
    pageable memory waits for all earlier work of the device.
    """
    return _staged(tensor, device).to(device, non_blocking=True)


def copy_into(buffer: Tensor, tensor: Tensor) -> None:
    """Overwrite `buffer` with a tensor of the same shape, from main memory or the same device, without waiting."""
    buffer.copy_(_staged(tensor, buffer.device), non_blocking=True)


def _staged(tensor: Tensor, device: torch.device) -> Tensor:
    return tensor.pin_memory() if device.type == "cuda" and tensor.device.type == "cpu" else tensor


class BatchUploader:
    """Copies batches to a CUDA device on its own stream, so that a copy runs during the step before it.

    Two buffers take turns. Each copy goes into a buffer, and from there at once into a new tensor of the caller's
    stream. So no copy waits for a step, and no tensor is freed while another stream still uses it.

    `Tensor.record_stream` would also keep a tensor alive. But torch frees such tensors only while no capture is in
    progress. A failed capture may count as in progress for ever (CUDAGraph::capture_end informs the allocator last).
    """

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._stream = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]
        self._buffers: list[tuple[Tensor, torch.cuda.Event]] = []

    def upload(self, batch: Tensor) -> Tensor:
        """Return a copy of a batch on the device, ready for use on the current stream.

        Args:
            batch: any tensor in main memory.
        """
        current = torch.cuda.current_stream(self._device)
        buffer, is_free = self._buffer_for(batch, current)
        self._stream.wait_event(is_free)
        with torch.cuda.stream(self._stream):
            copy_into(buffer, batch)
        current.wait_stream(self._stream)
        uploaded = buffer.clone()
        self._buffers.append((buffer, current.record_event()))
        return uploaded

    def _buffer_for(self, batch: Tensor, current: torch.cuda.Stream) -> tuple[Tensor, torch.cuda.Event]:
        """Return a buffer of the shape of a batch, and the event after which it is free."""
        if self._buffers and self._buffers[0][0].shape != batch.shape:
            self._buffers.clear()
        if len(self._buffers) == 2:
            return self._buffers.pop(0)
        return torch.empty_like(batch, device=self._device), current.record_event()
