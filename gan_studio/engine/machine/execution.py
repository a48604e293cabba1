"""Execution: everything about the arithmetic of a run that changes its bits. Loads no torch: the window shows it."""

import re
from dataclasses import asdict, dataclass
from typing import Any

MOST_THREADS = 1024
"""A run.toml that names more threads was not written by this program."""
MOST_TEXT = 200
PRECISIONS = ("float32", "tf32", "bfloat16")
_DEVICE = re.compile(r"cpu|cuda:[0-9]{1,3}")
_KERNELS = re.compile(r"torch|triton [0-9A-Za-z.+]{1,40}")


@dataclass(frozen=True)
class Execution:
    """How the arithmetic is done. Two runs with equal executions give equal bits.

    Attributes:
        device: torch name, such as "cpu" or "cuda:0".
        hardware: name of the GPU, or the instruction set of the CPU as torch uses it. In bfloat16, what multiplies
            bfloat16 is named, too, because it rounds differently.
        threads: CPU threads of the training thread.
        precision: "float32", "tf32" (float32, multiplied with 10 bits of mantissa; CUDA only) or "bfloat16".
        torch_version: torch's own version.
        kernels: "torch", or "triton" and its version if the fused kernels (engine/kernels) are used where they apply.
    """

    device: str
    hardware: str
    threads: int
    precision: str
    torch_version: str
    kernels: str = "torch"

    @property
    def is_cpu(self) -> bool:
        """Whether the CPU trains."""
        return self.device == "cpu"

    @property
    def is_fused(self) -> bool:
        """Whether the fused kernels are used."""
        return self.kernels != "torch"

    @classmethod
    def from_facts(cls, facts: dict[str, Any]) -> "Execution":
        """Read an execution from the entries in run.toml or a checkpoint; raises ValueError if they are malformed."""
        try:
            found = cls(**{name: facts[name] for name in cls.__dataclass_fields__ if name in facts})
        except (KeyError, TypeError) as error:
            raise ValueError(facts) from error
        texts = (found.device, found.hardware, found.precision, found.torch_version, found.kernels)
        if not all(isinstance(text, str) and len(text) <= MOST_TEXT and text.isprintable() for text in texts):
            raise ValueError(facts)
        if type(found.threads) is not int or not 1 <= found.threads <= MOST_THREADS:
            raise ValueError(facts)
        if not _DEVICE.fullmatch(found.device) or found.precision not in PRECISIONS:
            raise ValueError(facts)
        if not _KERNELS.fullmatch(found.kernels):
            raise ValueError(facts)
        return found

    def differences(self, other: "Execution") -> list[str]:
        """List the entries in which two executions differ, as "name: own value, other value"."""
        mine, theirs = asdict(self), asdict(other)
        return [f"{name}: {mine[name]}, {theirs[name]}" for name in mine if mine[name] != theirs[name]]
