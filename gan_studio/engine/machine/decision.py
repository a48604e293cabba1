"""Decide the execution of a run: once, at its first start; the decision is stored and reused when the run resumes."""

import importlib
from dataclasses import replace

import torch

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.machine.devices import has_cuda, is_cuda_lost, step_threads
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
    return Execution(
        device=name,
        hardware=torch.cuda.get_device_name(name) if on_cuda else torch.backends.cpu.get_cpu_capability(),
        threads=step_threads(),
        precision=_precision(config, on_cuda=on_cuda),
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
    if here.device != first.device:
        return replace(here, threads=first.threads)
    return replace(here, threads=first.threads, precision=first.precision)


def _our_kernels() -> str:
    return f"triton {importlib.import_module('triton').__version__}"


def _precision(config: RunConfig, *, on_cuda: bool) -> str:
    if config.precision == "auto":
        return "bfloat16" if on_cuda and torch.cuda.is_bf16_supported() else "float32"
    return "float32" if config.precision == "tf32" and not on_cuda else config.precision
