"""What happens to a run on a machine that gives up, each in a process of its own, which cannot be used afterwards."""

import os
import tomllib
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psutil
import tomli_w
import torch

from gan_studio.engine.config.schema import RunConfig, with_values
from gan_studio.engine.control import TrainingControl
from gan_studio.engine.events import Noticed, RunFailed, TrainingEvent
from gan_studio.engine.machine.decision import decide_execution
from gan_studio.engine.machine.devices import find_devices
from gan_studio.engine.machine.faults import find_hardware_fault
from gan_studio.engine.replay.captured import CapturedStep
from gan_studio.engine.replay.cpu_record import record
from gan_studio.engine.text.message import EngineError
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest

LEFT_BYTES = 900 * 2**20
"""Of memory, once everything is loaded."""


def use_up_memory(place: Path, config: RunConfig, listener: Connection) -> None:
    """Train with little memory left, then go on in the same process with a batch of 8; tell how both ended."""
    import resource

    torch.set_num_threads(os.cpu_count() or 1)
    torch.ones(1_000_000).add_(1)  # the threads take their own memory before the limit is set
    limit = psutil.Process().memory_info().vms + LEFT_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
    failure = _failure(list(TrainingJob(RunRequest(place, config)).run(TrainingControl())))
    control, again = TrainingControl(), TrainingJob(RunRequest(place))
    control.set_knob("batch_size", 8)
    events = list(again.run(control))
    listener.send(_told(failure) | _ended(again, events))


def replay_without_memory(listener: Connection) -> None:
    """Record work that needs 2 GiB, do it again with less left, and tell what that is taken for."""
    import resource

    given = torch.ones(2**18)
    captured = record(lambda: [given.repeat(2**11).sum()], [given], [])
    captured.again()
    limit = psutil.Process().memory_info().vms + LEFT_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
    try:
        captured.again()
    except RuntimeError as error:
        fault = find_hardware_fault(error)
        listener.send({"question": fault and fault.question, "happened": str(fault and fault.happened)})
    else:
        listener.send({"question": "there was enough", "happened": ""})


def lose_the_device(place: Path, config: RunConfig, step: int, listener: Connection) -> None:
    """Train until the device fails in a step, then ask for it again, then go on with the CPU; tell of all three.

    The run trains on the CPU, for want of a GPU, and run.toml is made to say that it was one.
    """
    plain, asked = CapturedStep.step, list[str]()
    CapturedStep.step = _failing(plain, step, asked)  # type: ignore[method-assign]
    failure = _failure(list(TrainingJob(RunRequest(place, config)).run(TrainingControl())))
    CapturedStep.step = plain  # type: ignore[method-assign]
    _pretend_it_was_cuda(place)
    try:
        refusal = f"not refused: {decide_execution(with_values(config, {'device': 'cuda'}))}"
    except EngineError as error:
        refusal = str(error.happened)
    devices = [device.name for device in find_devices().devices]
    again = TrainingJob(RunRequest(place, device="cpu"))
    ended = _ended(again, list(again.run(TrainingControl())))
    listener.send(_told(failure) | ended | {"refusal": refusal, "devices": devices, "asked of CUDA": asked})


def _failing(plain: Callable[..., Any], step: int, asked: list[str]) -> Callable[..., Any]:
    done: list[bool] = []

    def fail(self: CapturedStep, *given: object) -> Any:
        if len(done) == step - 1:
            _watch_cuda(asked)
            raise torch.AcceleratorError("CUDA error: unspecified launch failure\nCompile with TORCH_USE_CUDA_DSA")
        done.append(True)
        return plain(self, *given)

    return fail


def _watch_cuda(asked: list[str]) -> None:
    """Write down every function of torch.cuda that is called from now on, and let it fail."""

    def refusing(name: str) -> Callable[..., None]:
        def refuse(*_: object, **__: object) -> None:
            asked.append(name)
            raise RuntimeError(f"torch.cuda.{name} was called after the device was lost")

        return refuse

    for name, thing in list(vars(torch.cuda).items()):
        if callable(thing) and not isinstance(thing, type) and not name.startswith("_"):
            setattr(torch.cuda, name, refusing(name))


def _pretend_it_was_cuda(place: Path) -> None:
    facts = tomllib.loads((place / "run.toml").read_text(encoding="utf-8"))
    facts["execution"] |= {"device": "cuda:0", "hardware": "a GPU"}
    (place / "run.toml").write_text(tomli_w.dumps(facts), encoding="utf-8")


def _failure(events: list[TrainingEvent]) -> RunFailed | None:
    return next((event for event in events if isinstance(event, RunFailed)), None)


def _told(failure: RunFailed | None) -> dict[str, Any]:
    if failure is None:
        return {"question": "it did not fail", "happened": "", "kept": ""}
    told = f"{failure.happened}\n{failure.traceback}"
    return {"question": failure.question, "happened": told, "kept": str(failure.kept)}


def _ended(job: TrainingJob, events: list[TrainingEvent]) -> dict[str, Any]:
    """Tell where a run ended, or why it failed, and what it said meanwhile."""
    failure = _failure(events)
    step = job.trainer.state.step if job.trainer is not None and failure is None else _told(failure)["happened"]
    return {"step": step, "notices": [str(event.message) for event in events if isinstance(event, Noticed)]}
