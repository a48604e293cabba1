"""MemoryNeed: what a step is expected to take, beside what its device has."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass

import psutil

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.models.estimates import estimated_memory


@dataclass(frozen=True)
class MemoryNeed:
    """Bytes that a step needs and bytes that are there.

    Attributes:
        needed: estimated from the layers, so rather too little.
        present: of main memory what is free now; of a graphics card all that it has.
        on_card: whether it is a graphics card's.
    """

    needed: int
    present: int
    on_card: bool

    @property
    def is_short(self) -> bool:
        """Whether training is expected to fail."""
        return self.needed > self.present


def memory_need(config: RunConfig, device: str, memories: Mapping[str, int]) -> MemoryNeed:
    """Compare a set-up with a device; never asks the device itself, which could take long.

    Pictures are not counted: they lie in a file, and are taken onto a card only where they fit.

    Args:
        config: the set-up.
        device: as in RunConfig.device.
        memories: bytes of each device by name; empty while the engine still loads.
    """
    if device in ("auto", "cuda"):
        device = next(iter(memories), "")
    on_card = device != "cpu"
    present = memories.get(device, sys.maxsize) if on_card else psutil.virtual_memory().available
    return MemoryNeed(estimated_memory(config, on_card=on_card), present, on_card)
