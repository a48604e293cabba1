"""The devices that can train, the threads of a step, and what torch keeps for each thread."""

import logging
import os
import platform
import threading
from typing import Any

import psutil
import torch

from gan_studio.engine.machine.bfloat16 import INSTRUCTIONS
from gan_studio.engine.machine.cores import usable_cores
from gan_studio.engine.machine.device import Device, FoundDevices
from gan_studio.engine.machine.execution import MOST_THREADS
from gan_studio.engine.text.message import EngineError, Message, reason_of
from gan_studio.engine.text.units import bytes_text

logger = logging.getLogger(__name__)

ACCELERATOR_ERRORS: tuple[type[BaseException], ...] = tuple(
    kind for kind in (getattr(torch, "AcceleratorError", None),) if kind is not None
)
"""What torch raises when a device fails; its CUDA context cannot be used again in this process."""

_lost = threading.Event()

_THREADS_OF_TORCH = torch.get_num_threads()
"""Read at import, before any thread of this program sets another count."""


def lose_cuda() -> None:
    """Mark the CUDA context of this process as broken, so that this program no longer uses it.

    Torch is told that there is no device, because code that asks for the current stream would fail, even for CPU
    tensors.
    """
    _lost.set()
    torch.cuda.is_available = lambda: False


def is_cuda_lost() -> bool:
    """Tell whether the CUDA context of this process has broken."""
    return _lost.is_set()


def has_cuda() -> bool:
    """Tell whether a CUDA device can be used in this process."""
    return not _lost.is_set() and torch.cuda.is_available()


def find_devices() -> FoundDevices:
    """Look for what can train here; whatever a driver does, the CPU is found, and the fault is told and logged."""
    found, fault = [], None
    try:
        for index in range(torch.cuda.device_count() if has_cuda() else 0):
            try:
                found.append(_cuda_device(index))
            except Exception as error:
                logger.warning("cuda:%d is there and cannot be used.", index, exc_info=True)
                fault = _not_found(Message("device.unusable", device=f"cuda:{index}", error=_first_line(error)))
    except Exception as error:
        logger.warning("The CUDA devices could not be listed.", exc_info=True)
        fault = _not_found(Message("device.not_listed", error=_first_line(error)))
    return FoundDevices((*found, _cpu()), fault)


def _cuda_device(index: int) -> Device:
    properties = torch.cuda.get_device_properties(index)
    title = f"{properties.name}, {bytes_text(properties.total_memory)}"
    return Device(f"cuda:{index}", title, properties.total_memory)


def _cpu() -> Device:
    count = step_threads()
    title = f"CPU, {count} thread" if count == 1 else f"CPU, {count} threads"
    return Device("cpu", title, psutil.virtual_memory().total, bfloat16_instructions())


def _first_line(error: Exception) -> str:
    return reason_of(error).partition("\n")[0] or type(error).__name__


def _not_found(happened: Message) -> EngineError:
    return EngineError(happened, Message("kept.other_devices"), Message("todo.look_again"))


def step_threads() -> int:
    """Return the number of threads of a step on the CPU: torch's own count, or fewer if fewer cores may be used.

    Torch's count is usually the number of physical cores. MKL_NUM_THREADS, or else OMP_NUM_THREADS, lowers it, and so
    does a call of torch.set_num_threads before this module is imported.
    """
    return min(usable_cores(), _THREADS_OF_TORCH, MOST_THREADS)


def bfloat16_instructions() -> str:
    """Return which instructions for bfloat16 torch finds on this CPU: one of bfloat16.INSTRUCTIONS, or "" for none."""
    if hasattr(torch.cpu, "get_capabilities"):
        found = torch.cpu.get_capabilities()
        return next((name for name in INSTRUCTIONS if found.get(name)), "")
    # torch 2.10 has no public function for this
    if not torch.cpu._is_avx512_bf16_supported():  # noqa: SLF001
        return ""
    return INSTRUCTIONS[0 if torch.cpu._is_amx_tile_supported() else 1]  # noqa: SLF001


def prepare_thread(threads: int, niceness: int = 0) -> None:
    """Set what torch keeps per thread; call it before any tensor operation of an engine thread.

    Denormal numbers make CPU steps up to five times slower once D wins, so they are flushed to zero. A thread that has
    not yet read its thread count adopts, at its first parallel operation, the count that any thread set last (ATen's
    lazy_init_num_threads). Reading the count first prevents that.

    Args:
        threads: CPU threads for this thread's operations.
        niceness: least niceness of the thread, on Linux, so that a window stays responsive.
    """
    if niceness and platform.system() == "Linux":
        own = os.getpriority(os.PRIO_PROCESS, 0)  # Linux: 0 is the calling thread
        os.setpriority(os.PRIO_PROCESS, 0, max(own, niceness))  # only root may lower a niceness
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
