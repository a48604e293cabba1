"""Hardware faults that end a step: memory ran out, or a GPU failed."""

import gc
import re
import traceback
from dataclasses import dataclass

import torch

from gan_studio.engine.machine import devices
from gan_studio.engine.text.message import Message
from gan_studio.engine.text.units import bytes_text

_OUT_OF_MEMORY = re.compile(
    r"out of memory|can't allocate memory|not enough memory|bad_alloc|could not create a (primitive|memory)",
    re.IGNORECASE,
)
"""The last alternative is the text of oneDNN, which computes convolutions on a CPU."""
_LOST = re.compile(
    r"device-side assert|unspecified launch failure|device is lost|CUDA error|HIP error|Triton Error \[CUDA\]",
    re.IGNORECASE,
)
_SIZE = re.compile(r"tried to allocate (\d+(?:\.\d+)?) ?([KMGT]?)(i?)B", re.IGNORECASE)
"""Torch writes "2.50 GiB" or "34359738368 bytes"."""


@dataclass(frozen=True)
class HardwareFault:
    """A hardware fault, and what can be done about it.

    Attributes:
        question: as in events.RunFailed.
        happened: what happened, as a message.
        todo: what to do next, as a message.
        is_device_lost: whether CUDA can no longer be used in this process.
    """

    question: str
    happened: Message
    todo: Message
    is_device_lost: bool

    def free_memory(self) -> None:
        """Return cached memory to the system and the GPU, so that a smaller batch can use it."""
        gc.collect()
        if not self.is_device_lost:
            torch.cuda.empty_cache()  # does nothing where CUDA was never used


def find_hardware_fault(error: BaseException) -> HardwareFault | None:
    """Return the hardware fault behind an error, or None if the error is a bug.

    For a hardware fault it also clears the frames of the traceback, which hold tensors. If the GPU failed, it marks
    CUDA as lost in this process.
    """
    text = str(error)
    fault: HardwareFault | None = None
    if isinstance(error, torch.OutOfMemoryError | MemoryError) or (
        isinstance(error, RuntimeError) and _OUT_OF_MEMORY.search(text)
    ):
        size = _SIZE.search(text)
        happened = Message("memory.out_by", size=bytes_text(_bytes_in(size))) if size else Message("memory.out")
        fault = HardwareFault("out_of_memory", happened, Message("todo.half_batch"), is_device_lost=False)
    elif isinstance(error, devices.ACCELERATOR_ERRORS) or (isinstance(error, RuntimeError) and _LOST.search(text)):
        devices.lose_cuda()
        happened = Message("device.lost", error=text.partition("\n")[0][:200])
        fault = HardwareFault("device_lost", happened, Message("todo.go_on_with_cpu"), is_device_lost=True)
    if fault is not None:
        traceback.clear_frames(error.__traceback__)
    return fault


def _bytes_in(size: re.Match[str]) -> int:
    number, prefix, binary = size.groups()
    unit = 1024.0 if binary else 1000.0
    return round(float(number) * unit ** " KMGT".index(prefix.upper() or " "))
