"""MemoryNeed: the estimated memory of a step, compared with the memory of its device."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

import psutil

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.machine.device import Device
from gan_studio.engine.models.estimates import estimated_memory


@dataclass(frozen=True)
class MemoryNeed:
    """Memory that a step needs and memory of its device, in bytes.

    Attributes:
        needed: estimated from the layers; more likely too low than too high.
        present: free main memory, or the total memory of a GPU.
        on_gpu: whether the device is a GPU.
    """

    needed: int
    present: int
    on_gpu: bool

    @property
    def is_short(self) -> bool:
        """Whether training is expected to fail."""
        return self.needed > self.present


def memory_need(config: RunConfig, device: str, devices: Sequence[Device]) -> MemoryNeed:
    """Compare a set-up with a device, without querying the device, which may be slow.

    Pictures are not counted: they lie in a memory-mapped file, and go to a GPU only if they fit.

    Args:
        config: the set-up.
        device: as in RunConfig.device.
        devices: those that can be chosen; empty while the engine still loads.
    """
    memories = {known.name: known.memory for known in devices}
    if device in ("auto", "cuda"):
        device = next(iter(memories), "")
    on_gpu = device != "cpu"
    present = memories.get(device, sys.maxsize) if on_gpu else psutil.virtual_memory().available
    return MemoryNeed(estimated_memory(config, on_gpu=on_gpu), present, on_gpu)
