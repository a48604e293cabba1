"""Faults of the machine that a run can meet: no memory left, a device that is gone."""

import gc
import re
import traceback
from dataclasses import dataclass

import torch

from gan_studio.engine.machine import devices
from gan_studio.engine.text.message import Message

_OUT_OF_MEMORY = re.compile(
    r"out of memory|can't allocate memory|not enough memory|bad_alloc|could not create a (primitive|memory)",
    re.IGNORECASE,
)
"""The last is how oneDNN, which does the convolutions on a CPU, says it."""
_LOST = re.compile(
    r"device-side assert|unspecified launch failure|device is lost|CUDA error|HIP error|Triton Error \[CUDA\]",
    re.IGNORECASE,
)
_SIZE = re.compile(r"tried to allocate ([\d.]+ ?(?:[KMGT]i?B|bytes))", re.IGNORECASE)


@dataclass(frozen=True)
class HardwareFault:
    """What happened to the machine, and what may be done about it.

    Attributes:
        question: as in events.RunFailed.
        happened, todo: for a person.
        is_device_lost: whether nothing may be asked of CUDA in this process any more.
    """

    question: str
    happened: Message
    todo: Message
    is_device_lost: bool

    def free_memory(self) -> None:
        """Give freed memory back to the device, so that a smaller batch finds it."""
        gc.collect()
        if not self.is_device_lost:
            torch.cuda.empty_cache()  # does nothing where CUDA was never used


def kind_of(error: BaseException) -> HardwareFault | None:
    """Tell a fault of the machine from one of ours, and let go of every tensor that its traceback holds."""
    text = str(error)
    fault: HardwareFault | None = None
    if isinstance(error, torch.OutOfMemoryError | MemoryError) or (
        isinstance(error, RuntimeError) and _OUT_OF_MEMORY.search(text)
    ):
        found = _SIZE.search(text)
        size = found.group(1) if found else ""
        happened = Message("memory.out_by", size=size) if size else Message("memory.out")
        fault = HardwareFault("out_of_memory", happened, Message("todo.half_batch"), is_device_lost=False)
    elif isinstance(error, devices.ACCELERATOR_ERRORS) or (isinstance(error, RuntimeError) and _LOST.search(text)):
        devices.lose_cuda()
        happened = Message("device.lost", error=text.partition("\n")[0][:200])
        fault = HardwareFault("device_lost", happened, Message("todo.go_on_with_cpu"), is_device_lost=True)
    if fault is not None:
        traceback.clear_frames(error.__traceback__)
    return fault
