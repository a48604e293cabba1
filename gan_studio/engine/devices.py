"""Which device trains, and everything about it that changes bits: decided once at the first start, then kept."""

import importlib
import os
import platform
import re
import threading
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

import psutil
import torch

from gan_studio.engine.config import RunConfig
from gan_studio.engine.cores import usable_cores
from gan_studio.engine.messages import EngineError, Message
from gan_studio.engine.program_log import logger

ACCELERATOR_ERRORS: tuple[type[BaseException], ...] = tuple(
    kind for kind in (getattr(torch, "AcceleratorError", None),) if kind is not None
)
"""What torch raises when a device fails; its CUDA context cannot be used again in this process."""

_lost, _distrusted = threading.Event(), threading.Event()
_DEVICE = re.compile(r"cpu|cuda:[0-9]{1,3}")
MOST_THREADS = 1024
"""A run that asks for more is none of ours: each would be started, whatever the machine."""
MOST_TEXT = 200
PRECISIONS = ("float32", "tf32", "bfloat16")
_OF_THE_DRIVER = "[CUDA]"
"""In what Triton says of every error of the driver."""
_KERNELS = re.compile(r"torch|triton [0-9A-Za-z.+]{1,40}")

_THREADS_OF_TORCH = torch.get_num_threads()
"""Asked when this is imported: later it would be what some thread of ours set."""


@dataclass(frozen=True)
class DeviceInfo:
    """A device that can be chosen.

    Attributes:
        name: as in RunConfig.device.
        title: with its memory, for a person.
        memory: bytes that it has in all.
    """

    name: str
    title: str
    memory: int


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


def lose_cuda() -> None:
    """Remember that the CUDA context of this process is broken: nothing here asks anything of it from now on.

    Torch itself is told that there is no device: what asks for its stream, for CPU tensors too, would fail.
    """
    _lost.set()
    torch.cuda.is_available = lambda: False


def has_cuda() -> bool:
    """Tell whether a CUDA device can be used in this process."""
    return not _lost.is_set() and torch.cuda.is_available()


def list_devices() -> tuple[DeviceInfo, ...]:
    """List what can train here: the CUDA devices by name with their memory, and the CPU.

    A device that does not even tell its name is left out, and the log says why.
    """
    found = []
    for index in range(torch.cuda.device_count() if has_cuda() else 0):
        try:
            properties = torch.cuda.get_device_properties(index)
        except RuntimeError:
            logger.warning("cuda:%d is there and cannot be used.", index, exc_info=True)
            continue
        gibibytes = properties.total_memory / 2**30
        found.append(DeviceInfo(f"cuda:{index}", f"{properties.name}, {gibibytes:.0f} GiB", properties.total_memory))
    count = step_threads()
    title = f"CPU, {count} thread" if count == 1 else f"CPU, {count} threads"
    return (*found, DeviceInfo("cpu", title, psutil.virtual_memory().total))


def step_threads() -> int:
    """Return how many threads a step on the CPU has: torch's own count, or fewer where fewer cores may be used.

    Torch's count is that of the physical cores as a rule; MKL_NUM_THREADS or else OMP_NUM_THREADS lowers it, and so
    does torch.set_num_threads where it was called before this module was imported.
    """
    return min(usable_cores(), _THREADS_OF_TORCH, MOST_THREADS)


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
    if name.startswith("cuda") and _lost.is_set():
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


def distrust_kernels() -> None:
    """Remember that one of our own kernels failed in a run: from now on torch's do them all."""
    _distrusted.set()


def can_fuse(device: str) -> bool:
    """Tell whether our own kernels work on a CUDA device; the first time takes seconds, as they are compiled.

    Raises:
        RuntimeError: the device itself failed, or has no memory left.
    """
    return not _distrusted.is_set() and try_kernels(device)


@cache
def try_kernels(device: str) -> bool:
    """Compile our own kernels for a CUDA device and compare them with torch's; as can_fuse, from the first time on."""
    try:
        importlib.import_module("gan_studio.engine.models.fused").try_out(torch.device(device))
    except Exception as error:  # Triton, a compiler or a driver may raise anything
        if isinstance(error, (torch.OutOfMemoryError, *ACCELERATOR_ERRORS)):
            raise  # a fault of the device says nothing about kernels
        if _OF_THE_DRIVER in str(error):
            if "out of memory" in str(error):
                raise
            torch.cuda.synchronize(device)  # raises where the device failed, and not where it was given no good kernel
        logger.warning("Our own kernels do not work on %s: torch's are used, which take longer.", device, exc_info=True)
        return False
    return True


def _our_kernels() -> str:
    return f"triton {importlib.import_module('triton').__version__}"


def _precision(config: RunConfig, *, on_cuda: bool) -> str:
    if config.precision == "auto":
        return "bfloat16" if on_cuda and torch.cuda.is_bf16_supported() else "float32"
    return "float32" if config.precision == "tf32" and not on_cuda else config.precision


def prepare_thread(threads: int, niceness: int = 0) -> None:
    """Set what torch keeps per thread; call it before any tensor operation of an engine thread.

    Denormal numbers make CPU steps up to five times slower once D wins, so they are flushed to zero. A thread that has
    not yet asked for its thread count takes, at its first parallel operation, the count that any thread set last
    (ATen's lazy_init_num_threads): asking first makes its own count final.

    Args:
        threads: CPU threads for this thread's operations.
        niceness: that the thread has at least, on Linux, so that a window stays first.
    """
    if niceness and platform.system() == "Linux":
        own = os.getpriority(os.PRIO_PROCESS, 0)  # Linux: 0 is the calling thread
        os.setpriority(os.PRIO_PROCESS, 0, max(own, niceness))  # less than its own only root may ask for
    torch.get_num_threads()
    torch.set_num_threads(threads)
    torch.set_flush_denormal(True)


def environment() -> dict[str, Any]:
    """Describe this machine and its libraries, for run.toml and reports."""
    return {
        "python": platform.python_version(),
        "torch": str(torch.__version__),
        "system": platform.system(),
        "machine": platform.machine(),
        "cpu_threads": os.cpu_count() or 1,
        "cpu_capability": torch.backends.cpu.get_cpu_capability(),
        "cuda": torch.version.cuda or "",
    }
