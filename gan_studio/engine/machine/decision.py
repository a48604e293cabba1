"""Decide the execution of a run: once, at its first start; the decision is stored and reused when the run resumes."""

import importlib
from dataclasses import replace

import torch

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.machine.bfloat16 import gains
from gan_studio.engine.machine.devices import bfloat16_instructions, has_cuda, is_cuda_lost, step_threads
from gan_studio.engine.machine.execution import Execution
from gan_studio.engine.machine.kernel_trial import can_fuse
from gan_studio.engine.text.message import EngineError, Message


def decide_execution(config: RunConfig) -> Execution:
    """Choose device, threads and precision for a new run; on a CPU, which has no TF32, "tf32" becomes float32.

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
    precision = _precision(config, on_cuda=on_cuda)
    return Execution(
        device=name,
        hardware=torch.cuda.get_device_name(name) if on_cuda else _cpu(precision),
        threads=step_threads(),
        precision=precision,
        torch_version=str(torch.__version__),
        kernels=_our_kernels() if on_cuda and config.fused_kernels and can_fuse(name) else "torch",
    )


def reuse_execution(first: Execution, config: RunConfig, device: str | None = None) -> Execution:
    """Decide the execution of a run that resumes: the first one, as far as this machine still allows it.

    Args:
        first: the execution of the run's first start.
        config: the set-up of the run.
        device: another device to resume on, or None.

    Raises:
        EngineError: the device is not there.
    """
    moves = device is not None and device != first.device
    fuses = config.fused_kernels and (first.is_fused or moves)
    wanted = config.model_copy(update={"device": device or first.device, "fused_kernels": fuses})
    if device is None and not first.is_cpu and not has_cuda():
        wanted = config.model_copy(update={"device": "cpu"})
    here = decide_execution(wanted)
    if here.device != first.device or _lacks_bfloat16(first, config):
        return replace(here, threads=first.threads)
    hardware = _cpu(first.precision) if here.is_cpu else here.hardware
    return replace(here, threads=first.threads, precision=first.precision, hardware=hardware)


def _lacks_bfloat16(first: Execution, config: RunConfig) -> bool:
    """Tell whether a run on another CPU took bfloat16 for its speed, and this CPU has no instructions for it."""
    took_it = first.is_cpu and first.precision == "bfloat16" and config.precision == "auto"
    return took_it and not bfloat16_instructions()


def _our_kernels() -> str:
    return f"triton {importlib.import_module('triton').__version__}"


def _precision(config: RunConfig, *, on_cuda: bool) -> str:
    if config.precision == "auto":
        is_fast = torch.cuda.is_bf16_supported() if on_cuda else gains(config, bfloat16_instructions())
        return "bfloat16" if is_fast else "float32"
    return "float32" if config.precision == "tf32" and not on_cuda else config.precision


def _cpu(precision: str) -> str:
    """Name the instruction set of the CPU that torch uses; in bfloat16, also what multiplies bfloat16."""
    capability = torch.backends.cpu.get_cpu_capability()
    instructions = bfloat16_instructions() if precision == "bfloat16" else ""
    return f"{capability}, {instructions}" if instructions else capability
