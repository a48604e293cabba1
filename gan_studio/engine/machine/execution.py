"""How a run's arithmetic is done: decided once at the first start, stored with the run, reused when it resumes."""

import importlib
import re
from dataclasses import asdict, dataclass
from typing import Any

import torch

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.machine.devices import MOST_THREADS, has_cuda, is_cuda_lost, step_threads
from gan_studio.engine.machine.kernel_trial import can_fuse
from gan_studio.engine.text.message import EngineError, Message

MOST_TEXT = 200
PRECISIONS = ("float32", "tf32", "bfloat16")
_DEVICE = re.compile(r"cpu|cuda:[0-9]{1,3}")
_KERNELS = re.compile(r"torch|triton [0-9A-Za-z.+]{1,40}")


@dataclass(frozen=True)
class Execution:
    """How the arithmetic is done. Two runs with equal executions give equal bits.

    Attributes:
        device: torch name, such as "cpu" or "cuda:0".
        hardware: name of the GPU, or the CPU's instruction set as torch uses it.
        threads: CPU threads of the training thread.
        precision: "float32", "tf32" (float32, multiplied with 10 bits behind the point, on CUDA alone) or "bfloat16".
        torch_version: torch's own version.
        kernels: "torch", or "triton" and its version where those of models/fused.py do what they can.
    """

    device: str
    hardware: str
    threads: int
    precision: str
    torch_version: str
    kernels: str = "torch"

    @property
    def is_fused(self) -> bool:
        """Whether kernels of ours are among those that do it."""
        return self.kernels != "torch"

    @classmethod
    def from_facts(cls, facts: dict[str, Any]) -> "Execution":
        """Read an execution as run.toml or a checkpoint holds it; raises ValueError when it is something else."""
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
        """Name the entries in which two executions differ, as "name: ours, theirs"."""
        mine, theirs = asdict(self), asdict(other)
        return [f"{name}: {mine[name]}, {theirs[name]}" for name in mine if mine[name] != theirs[name]]


def decide_execution(config: RunConfig) -> Execution:
    """Choose device, threads and precision for a new run; what asks for TF32 on a CPU, which has none, gets float32.

    Raises:
        EngineError: the configuration names a CUDA device that is not there.
    """
    cuda = has_cuda()
    name = config.device
    if name == "auto":
        name = "cuda:0" if cuda else "cpu"
    elif name == "cuda":
        name = "cuda:0"
    if name.startswith("cuda") and is_cuda_lost():
        raise EngineError(
            Message("device.lost_before", device=name), Message("kept.nothing_begun"), Message("todo.restart_or_cpu")
        )
    if name.startswith("cuda") and not (cuda and int(name[5:]) < torch.cuda.device_count()):
        raise EngineError(
            Message("device.missing", device=name), Message("kept.nothing_begun"), Message("todo.choose_cpu")
        )
    on_cuda = name.startswith("cuda")
    return Execution(
        device=name,
        hardware=torch.cuda.get_device_name(name) if on_cuda else torch.backends.cpu.get_cpu_capability(),
        threads=step_threads(),
        precision=_precision(config, on_cuda=on_cuda),
        torch_version=str(torch.__version__),
        kernels=_our_kernels() if on_cuda and config.fused_kernels and can_fuse(name) else "torch",
    )


def _our_kernels() -> str:
    return f"triton {importlib.import_module('triton').__version__}"


def _precision(config: RunConfig, *, on_cuda: bool) -> str:
    if config.precision == "auto":
        return "bfloat16" if on_cuda and torch.cuda.is_bf16_supported() else "float32"
    return "float32" if config.precision == "tf32" and not on_cuda else config.precision
