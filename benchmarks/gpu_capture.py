"""Checks of the captured step on a device: it agrees with the plain step, and no step waits for the device."""

import gc
import itertools
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from benchmarks.gpu_faults import ROOT, finished, refuse_failure, require, trainer_of
from benchmarks.gpu_loops import RunSteps, best_kernels
from gan_studio.engine.config.schema import RunConfig, with_values
from gan_studio.engine.control import TrainingControl
from gan_studio.engine.data import feed
from gan_studio.engine.data.picture_set import read_pictures
from gan_studio.engine.events import Noticed, RunFailed, RunOpened, SamplesDrawn
from gan_studio.engine.machine.training_device import arithmetic, own_stream
from gan_studio.engine.moment import Moment
from gan_studio.engine.replay.captured import WARM_UP_STEPS
from gan_studio.engine.run.checkpoint import state_hash
from gan_studio.engine.sheet import Sheet
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest
from gan_studio.engine.training.trainer import Trainer

KNOBS = (
    ("learning_rate_g", 1e-3),
    ("batch_size", 0.5),
    ("label_smoothing", 0.1),
    ("label_smoothing", 0.2),
    ("augment_translation", 1.0),
)
"""Live settings to change, one after another, evenly over a run; the batch size is multiplied by its value. The first
and the fourth change numbers alone, the others change what a step does."""
WATCHED_STEPS = 8
MOST_LEFT_MIB = 128
"""Memory of the device, in MiB, that a process may hold after its runs: libraries keep some to work in. A captured step
that was not freed takes 300."""
CHILD = (
    "import json, sys; from pathlib import Path; from benchmarks.gpu_capture import RunConfig, be_refused;"
    " print(be_refused(Path(sys.argv[1]), RunConfig.model_validate(json.loads(sys.argv[2]))))"
)


def agrees(config: RunConfig, place: Path) -> str:
    """Compare runs with and without a graph, bit for bit, with torch's kernels and with the project's."""
    seen = []
    for precision, fused in (("float32", True), ("bfloat16", True), ("bfloat16", False)):
        changes = {"precision": precision, "fused_kernels": fused}
        captured, plain = _pair(with_values(config, changes), place / f"{precision}-{fused}")
        require(state_hash(captured.state) == state_hash(plain.state), f"{precision}: {_apart(captured, plain)}")
        seen.append(f"{precision}{'' if fused else ' by kernels of torch'}")
    return f"bit for bit in {', '.join(seen)}"


def follows_knobs(config: RunConfig, place: Path) -> str:
    """Change knobs during a run, with and without a graph: knobs that need a new graph and knobs that do not."""
    runs = [_steered(config, place / "captured"), _steered(_without_graph(config), place / "plain")]
    still, _ = finished(TrainingJob(RunRequest(place / "still", config)))
    hashes = [state_hash(trainer.state)[:16] for trainer in (*runs, still)]
    return require(hashes[0] == hashes[1] != hashes[2], f"{len(KNOBS)} changes: {', '.join(hashes)} without any")


def goes_on_without(config: RunConfig, place: Path) -> str:
    """Make captures fail, in a separate process because torch may not recover: runs say so and do the same steps."""
    command = [sys.executable, "-c", CHILD, str(place), json.dumps(config.model_dump())]
    child = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    return require(child.returncode == 0, (child.stdout or child.stderr).strip()[-300:])


def be_refused(place: Path, config: RunConfig) -> str:
    """Train with a capture that CUDA aborts and one that fails in Python; then free all memory."""
    plain, _ = finished(TrainingJob(RunRequest(place / "plain", _without_graph(config))))
    expected = state_hash(plain.state)
    del plain
    told = [_refused(config, place / hook.__name__, hook, expected) for hook in (_look_while_capturing, _break_off)]
    gc.collect()
    torch.cuda.empty_cache()
    left = torch.cuda.memory_reserved() / 2**20 if torch.cuda.is_available() else 0.0
    return require(left < MOST_LEFT_MIB, f"told {', '.join(told)}, the same run, and {left:.0f} MiB are held after it")


def _refused(config: RunConfig, place: Path, hook: Callable[[object, object, Tensor], None], expected: str) -> str:
    """Train while a hook spoils the capture; returns the notice of the run."""
    job, told = TrainingJob(RunRequest(place, config)), list[str]()
    for event in job.run(TrainingControl()):
        match event:
            case RunFailed():
                raise RuntimeError(f"{event.happened} {event.traceback}")
            case RunOpened() if job.trainer is not None:
                job.trainer.state.generator.register_forward_hook(hook)
            case Noticed(message):
                told.append(message.key)
    due = ["device.capture_refused"] if config.device.startswith("cuda") else []
    require(told == due, f"told: {told}, due: {due}")
    require(state_hash(trainer_of(job).state) == expected, f"{hook.__name__}: another run")
    return told[0] if told else "nothing"


def feeds_alike(config: RunConfig, place: Path) -> str:
    """Compare a run whose pictures are on the device with one that fetches them batch by batch."""
    flipping = with_values(config, {"data.flip": True})
    resident, _ = finished(TrainingJob(RunRequest(place / "resident", flipping)))
    with _resident_share(0.0):
        fetched, _ = finished(TrainingJob(RunRequest(place / "fetched", flipping)))
    hashes = [state_hash(trainer.state)[:16] for trainer in (resident, fetched)]
    return require(hashes[0] == hashes[1], f"{hashes[0]} and {hashes[1]}")


def never_waits(config: RunConfig, place: Path) -> str:
    """Do steps while torch raises an error wherever the host waits for the device: plain, captured, both feeds."""
    device, pictures = torch.device(config.device), read_pictures(config.data)
    watches = device.type == "cuda"
    ways = itertools.product((False, watches), (feed.RESIDENT_SHARE, 0.0), ("float32", "bfloat16"))
    for is_captured, share, precision in ways:
        with own_stream(device), arithmetic(device, precision), _resident_share(share):
            kernels = best_kernels(device)
            step = RunSteps(config, pictures, device, precision, captured=is_captured, kernels=kernels)
            for _ in range(WARM_UP_STEPS + 1):
                step()
            with _waiting_is_an_error() if watches else nullcontext():
                for _ in range(WATCHED_STEPS):
                    step()
    kinds = f"{WATCHED_STEPS} steps each, plain and captured, pictures on the device and not, float32 and bfloat16"
    return kinds if watches else f"{kinds}; a CPU waits for nothing, so nothing was watched"


CAPTURE_CHECKS: tuple[tuple[str, Callable[[RunConfig, Path], str]], ...] = (
    ("captured and plain steps agree", agrees),
    ("every knob stays live", follows_knobs),
    ("goes on where a capture fails", goes_on_without),
    ("feeds the same from main memory", feeds_alike),
    ("no step waits for the device", never_waits),
)


def _pair(config: RunConfig, place: Path) -> tuple[Trainer, Trainer]:
    """Train with a graph and without one."""
    captured, _ = finished(TrainingJob(RunRequest(place / "captured", config)))
    plain, _ = finished(TrainingJob(RunRequest(place / "plain", _without_graph(config))))
    return captured, plain


def _without_graph(config: RunConfig) -> RunConfig:
    return with_values(config, {"capture_step": False})


def _steered(config: RunConfig, place: Path) -> Trainer:
    """Train, setting KNOBS at their steps; a sample sheet falls on each of these steps."""
    part = config.training.steps // (len(KNOBS) + 1)
    job, control = TrainingJob(RunRequest(place, with_values(config, {"record.sample_every": part}))), TrainingControl()
    for event in job.run(control):
        refuse_failure(event)
        match event:
            case SamplesDrawn(Sheet(Moment(step=step))) if step % part == 0 and 0 < step // part <= len(KNOBS):
                name, value = KNOBS[step // part - 1]
                control.set_knob(name, value * config.training.batch_size if name == "batch_size" else value)
    return trainer_of(job)


def _look_while_capturing(_: object, __: object, given: Tensor) -> None:
    """Read a number from the device, which no capture allows."""
    if _is_captured(given):
        given.sum().item()


def _break_off(_: object, __: object, given: Tensor) -> None:
    """Raise an error in Python that CUDA does not know of."""
    if _is_captured(given):
        raise RuntimeError("the capture broke off")


def _is_captured(given: Tensor) -> bool:
    return given.device.type == "cuda" and torch.cuda.is_current_stream_capturing()


def _apart(one: Trainer, other: Trainer) -> str:
    mine, theirs = one.state.copy_arrays(), other.state.copy_arrays()
    differing = [name for name in mine if not np.array_equal(mine[name], theirs[name])]
    pairs = ((mine[name].astype(np.float64), theirs[name].astype(np.float64)) for name in differing)
    most = max((float(np.abs(ours - others).max()) for ours, others in pairs), default=0.0)
    return f"{len(differing)} of {len(mine)} tensors differ, by at most {most:.2g}"


@contextmanager
def _resident_share(share: float) -> Iterator[None]:
    """Let the pictures take this share of the device's free memory."""
    before, feed.RESIDENT_SHARE = feed.RESIDENT_SHARE, share
    try:
        yield
    finally:
        feed.RESIDENT_SHARE = before


@contextmanager
def _waiting_is_an_error() -> Iterator[None]:
    torch.cuda.set_sync_debug_mode("error")
    try:
        yield
    finally:
        torch.cuda.set_sync_debug_mode("default")
