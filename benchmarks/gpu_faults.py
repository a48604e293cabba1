"""Checks of what happens on a device after a fault: a kill, NaN, and memory that runs out."""

import json
import math
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from torch import Tensor

from gan_studio.engine.config.schema import RunConfig, with_values
from gan_studio.engine.control import TrainingControl
from gan_studio.engine.events import (
    BecameNotFinite,
    MetricsLogged,
    Noticed,
    PhaseChanged,
    RunFailed,
    RunOpened,
    RunPhase,
    SamplesDrawn,
    TrainingEvent,
)
from gan_studio.engine.latent import Prior
from gan_studio.engine.moment import Moment
from gan_studio.engine.replay.captured import WARM_UP_STEPS
from gan_studio.engine.run.checkpoint import state_hash
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.run.log import read_knobs
from gan_studio.engine.sheet import Sheet
from gan_studio.engine.step.noise import StepNoise
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest
from gan_studio.engine.training.trainer import Trainer

ROOT = Path(__file__).resolve().parent.parent
SAVED, KILLED = 2, 4
"""Steps at which the run to be killed saves, and is killed; a sample sheet falls on both."""
CHILD = "import sys; from benchmarks.gpu_faults import be_killed; be_killed(sys.argv[1], sys.argv[2])"


def require(holds: bool, seen: str) -> str:
    """Return `seen`; raises AssertionError with it if the check does not hold."""
    if not holds:
        raise AssertionError(seen)
    return seen


def finished(job: TrainingJob, control: TrainingControl | None = None) -> tuple[Trainer, list[MetricsLogged]]:
    """Run a job to its end.

    Raises:
        RuntimeError: the run failed, or its step could not be captured.
    """
    logged = []
    for event in job.run(control or TrainingControl()):
        refuse_failure(event)
        if isinstance(event, MetricsLogged):
            logged.append(event)
    return trainer_of(job), logged


def refuse_failure(event: TrainingEvent) -> None:
    """Raise RuntimeError if an event reports a failed run or a step that could not be captured."""
    if isinstance(event, RunFailed):
        raise RuntimeError(f"{event.happened} {event.traceback}")
    if isinstance(event, Noticed) and event.message.key == "device.capture_refused":
        raise RuntimeError(str(event.message))


def trainer_of(job: TrainingJob) -> Trainer:
    """Return the trainer of a job that ran; raises RuntimeError if it never opened its run."""
    if job.trainer is None:
        raise RuntimeError("the run never opened")
    return job.trainer


def survives_a_kill(config: RunConfig, place: Path) -> str:
    """Compare a run with one whose process was killed by SIGKILL and that was resumed from its checkpoint."""
    command = [sys.executable, "-c", CHILD, str(place / "killed"), json.dumps(config.model_dump())]
    child = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    require(child.returncode == -signal.SIGKILL, f"the child ended with {child.returncode}: {child.stderr[-300:]}")
    straight, _ = finished(TrainingJob(RunRequest(place / "straight", config)))
    killed, _ = finished(TrainingJob(RunRequest(place / "killed")))
    return _same(straight, killed, f"killed after step {KILLED}, saved at step {SAVED}")


def be_killed(place: str, config: str) -> None:
    """Train, save at step SAVED, and kill this process when step KILLED is done and the checkpoint exists."""
    control = TrainingControl()
    saved = RunFolder(Path(place)).checkpoint(Moment(0, SAVED))
    for event in TrainingJob(RunRequest(Path(place), RunConfig.model_validate(json.loads(config)))).run(control):
        match event:
            case SamplesDrawn(Sheet(Moment(step=step))) if step == SAVED:
                control.checkpoint_now()
            case SamplesDrawn(Sheet(Moment(step=step))) if step >= KILLED:
                while not saved.exists():
                    os.sched_yield()
                os.kill(os.getpid(), signal.SIGKILL)


def stays_finite(config: RunConfig, place: Path) -> str:
    """Put NaN into one step: the run waits with a sound state, continues, and ends as if nothing had happened."""
    job, control, met = TrainingJob(RunRequest(place / "broken", config)), TrainingControl(), list[BecameNotFinite]()
    for event in _spoilt_once(job, control):
        refuse_failure(event)
        match event:
            case BecameNotFinite() if job.trainer is not None:
                met.append(event)
                tensors = job.trainer.state.tensors()
                broken = [name for name, tensor in tensors.items() if not torch.isfinite(tensor).all()]
                require(not broken, f"not finite after step {event.step}: {' '.join(broken[:3])}")
            case PhaseChanged(RunPhase.PAUSED):
                control.resume()
    straight, _ = finished(TrainingJob(RunRequest(place / "straight", config)))
    again, _ = finished(TrainingJob(RunRequest(place / "broken")))
    require([event.step for event in met] == [KILLED], f"met at steps {[event.step for event in met]}, not {KILLED}")
    return _same(straight, again, f"met at step {met[0].step}, first in {met[0].place}")


def survives_a_shortage(config: RunConfig, place: Path) -> str:
    """Run out of memory, get the message, and continue with half the batch in the same process."""
    batch = config.training.batch_size
    shortage = _fill_device(config, place) if config.device.startswith("cuda") else _pretend_it_is_full
    job, events = TrainingJob(RunRequest(place / "run", config)), list[TrainingEvent]()
    ballast: list[object] = []
    for event in job.run(TrainingControl()):
        events.append(event)
        if isinstance(event, RunOpened):
            ballast.append(shortage(job))
    failures = [event for event in events if isinstance(event, RunFailed)]
    require([failure.question for failure in failures] == ["out_of_memory"], f"it ended with {failures}")
    control = TrainingControl()
    control.set_knob("batch_size", batch // 2)
    trainer, _ = finished(TrainingJob(RunRequest(place / "run")), control)
    sizes = [row.value for row in read_knobs(place / "run" / "run.sqlite") if row.name == "batch_size"]
    holds = trainer.state.step == config.training.steps and sizes == [batch // 2]
    return require(holds, f"{failures[0].happened} Then {trainer.state.step} steps with a batch of {batch // 2}")


FAULT_CHECKS: tuple[tuple[str, Callable[[RunConfig, Path], str]], ...] = (
    ("resumes bit for bit after kill -9", survives_a_kill),
    ("keeps NaN out, and goes on bit for bit", stays_finite),
    ("runs out of memory, and goes on with half the batch", survives_a_shortage),
)


def _same(one: Trainer, other: Trainer, seen: str) -> str:
    hashes = [state_hash(trainer.state)[:16] for trainer in (one, other)]
    return require(hashes[0] == hashes[1], f"{seen}; at step {other.state.step}: {hashes[0]} and {hashes[1]}")


def _spoilt_once(job: TrainingJob, control: TrainingControl) -> Iterator[TrainingEvent]:
    """Run a job whose z is NaN in its first step KILLED. A hook would not do: a replayed graph calls none."""
    plain, struck = StepNoise.z, list[int]()

    def z(noise: StepNoise, count: int, batch_size: int, latent_dim: int, prior: Prior) -> tuple[Tensor, ...]:
        drawn = plain(noise, count, batch_size, latent_dim, prior)
        if job.trainer is None or job.trainer.state.step != KILLED - 1 or struck:
            return drawn
        struck.append(KILLED)
        return tuple(part * math.nan for part in drawn)

    StepNoise.z = z  # type: ignore[method-assign]
    try:
        yield from job.run(control)
    finally:
        StepNoise.z = plain  # type: ignore[method-assign]


def _fill_device(config: RunConfig, place: Path) -> Callable[[TrainingJob], object]:
    """Measure the memory of the batch and of half of it; return a function that leaves enough for the half only."""
    device = torch.device(config.device)
    needs = []
    for share in (1, 2):
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats(device)
        steps = WARM_UP_STEPS + 3  # including the capture, which also takes memory
        changes = {"training.batch_size": config.training.batch_size // share, "training.steps": steps}
        short = with_values(config, changes)
        finished(TrainingJob(RunRequest(place / f"measured-{share}", short)))
        needs.append(torch.cuda.max_memory_reserved(device))
    torch.cuda.empty_cache()
    room = sum(needs) // 2

    def fill(_: TrainingJob) -> Tensor:
        taken = torch.cuda.memory_reserved(device)
        free, _total = torch.cuda.mem_get_info(device)
        return torch.empty(free - max(room - taken, 0), dtype=torch.uint8, device=device)

    return fill


def _pretend_it_is_full(job: TrainingJob) -> None:
    """Make a CPU answer like a full device, which is all that a small test can do there."""

    def refuse(*_: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 1.00 GiB (a CPU that pretends).")

    if job.trainer is not None:
        job.trainer.state.discriminator.register_forward_pre_hook(refuse)
