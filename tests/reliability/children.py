"""Runs in processes of their own, to which things happen at given steps: a person's deeds, or a kill."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from gan_studio.engine.control import TrainingControl
from gan_studio.engine.events import CheckpointSaved, RunFailed, RunOpened, SamplesDrawn, TrainingEvent
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.sheet import Sheet
from gan_studio.engine.training.job import TrainingJob

PATIENCE_SECONDS = 120
HALF = 0.5

_METHODS = multiprocessing.get_all_start_methods()
_CONTEXT: Any = multiprocessing.get_context("forkserver" if "forkserver" in _METHODS else "spawn")
if "forkserver" in _METHODS:
    _CONTEXT.set_forkserver_preload([__name__])


@dataclass(frozen=True)
class Deed:
    """Something that happens to a run once a step has been done and shown by its sheet.

    Attributes:
        step, branch: when.
        kind: "checkpoint", "sample" (what follows waits for that sheet), "pause" (until its checkpoint is saved),
            "knob" (`name`, `value`), "roll_back" (to step `value`, with half the rates), "kill" (once the checkpoint of
            step `value` is there).
    """

    step: int
    kind: str
    name: str = ""
    value: float = 0
    branch: int = 0


def live(job: TrainingJob, deeds: Sequence[Deed] = ()) -> list[TrainingEvent]:
    """Run a job that draws a sheet at every step, do what is due, and return its events; a failed run raises."""
    control, waiting, events = TrainingControl(), list(deeds), list[TrainingEvent]()
    for event in job.run(control):
        events.append(event)
        match event:
            case RunFailed():
                raise AssertionError(f"{event.happened} {event.traceback}")
            case SamplesDrawn(Sheet(Moment(branch, step))):
                for deed in _due(waiting, (branch, step)):
                    waiting.remove(deed)
                    _do(deed, job, control)
            case CheckpointSaved(moment) if job.trainer is not None and moment.step == job.trainer.state.step:
                control.resume()
    return events


def tell_steps(job: TrainingJob, listener: Connection, checkpoint_every: int) -> None:
    """Run a job, save every so many sheets, and tell the step at every event."""
    control, sheets = TrainingControl(), 0
    for event in job.run(control):
        if isinstance(event, RunFailed):
            raise AssertionError(f"{event.happened} {event.traceback}")
        if isinstance(event, SamplesDrawn):
            sheets += 1
            if sheets % checkpoint_every == 0:
                control.checkpoint_now()
        listener.send(job.trainer.state.step if job.trainer is not None else 0)


def open_and_die(job: TrainingJob) -> None:
    """Run a job, and kill this process where the run folder is there and nothing is saved yet."""
    for event in job.run(TrainingControl()):
        if isinstance(event, RunOpened):
            os.kill(os.getpid(), signal.SIGKILL)


def begin(target: Callable[..., object], *arguments: object) -> BaseProcess:
    """Begin a function of a module in a process of its own."""
    child: BaseProcess = _CONTEXT.Process(target=target, args=arguments)
    child.start()
    return child


def end_of(child: BaseProcess) -> int:
    """Wait until a process has ended; returns its exit code, which is -9 where it was killed."""
    child.join(PATIENCE_SECONDS)
    if child.is_alive():
        child.kill()
        child.join()
        raise AssertionError("the process did not end")
    code = child.exitcode
    child.close()
    assert code is not None
    return code


def kill(child: BaseProcess) -> bool:
    """Kill a process with SIGKILL; returns whether this is what ended it, not its own end just before."""
    child.kill()
    code = end_of(child)
    assert code in (0, -signal.SIGKILL)
    return code != 0


def answer_of(target: Callable[..., object], *arguments: object) -> Any:
    """Run a function in a process of its own that sends its answer to the connection that it is given last."""
    receiver, sender = _CONTEXT.Pipe(duplex=False)
    with receiver:
        child = begin(target, *arguments, sender)
        sender.close()
        try:
            answer = receiver.recv()
        except EOFError:
            answer = None
        code = end_of(child)
    assert code == 0, f"the process ended with {code}"
    return answer


def pipe() -> tuple[Connection, Connection]:
    """Make a one-way pipe: the end that receives, and the one that sends."""
    ends: tuple[Connection, Connection] = _CONTEXT.Pipe(duplex=False)
    return ends


def killed(job: TrainingJob, deeds: Sequence[Deed]) -> None:
    """Run a job in a process of its own that kills itself with SIGKILL, as one of the deeds says."""
    assert end_of(begin(live, job, tuple(deeds))) == -signal.SIGKILL


def _due(waiting: Sequence[Deed], place: tuple[int, int]) -> list[Deed]:
    due = [deed for deed in waiting if (deed.branch, deed.step) == place]
    sample = next((index for index, deed in enumerate(due) if deed.kind == "sample"), len(due))
    return due[: sample + 1]


def _do(deed: Deed, job: TrainingJob, control: TrainingControl) -> None:
    match deed.kind:
        case "checkpoint":
            control.checkpoint_now()
        case "sample":
            control.sample_now()
        case "pause":
            control.pause()
        case "knob":
            control.set_knob(deed.name, deed.value)
        case "roll_back":
            control.roll_back(int(deed.value), rate_share=HALF)
        case "kill":
            saved = RunFolder(job.request.place).checkpoint(Moment(deed.branch, int(deed.value)))
            while not saved.exists():
                os.sched_yield()
            os.kill(os.getpid(), signal.SIGKILL)
        case _:
            raise ValueError(deed.kind)
