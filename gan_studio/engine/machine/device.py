"""Device: a device that a run can train on. Importing it loads no torch, so that the window can show it at once."""

from dataclasses import dataclass

from gan_studio.engine.text.message import EngineError


@dataclass(frozen=True)
class Device:
    """A device that can be chosen.

    Attributes:
        name: as in RunConfig.device, such as "cpu" or "cuda:0".
        title: name and memory, for a person.
        memory: its total memory in bytes.
        bfloat16: of a CPU, its instructions for bfloat16 (one of bfloat16.INSTRUCTIONS), or "".
    """

    name: str
    title: str
    memory: int
    bfloat16: str = ""


@dataclass(frozen=True)
class FoundDevices:
    """The devices that can train here, and why others cannot.

    Attributes:
        devices: the CUDA devices by name with their memory, and last the CPU.
        fault: why a CUDA device is missing, or None.
    """

    devices: tuple[Device, ...]
    fault: EngineError | None
