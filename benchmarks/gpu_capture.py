"""What must hold of the captured step on a device: it agrees with the plain one, and nobody waits for the device."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from benchmarks.gpu_faults import finished, refuse_failure, require, trainer_of
from benchmarks.gpu_loops import RunSteps, best_kernels
from gan_studio.engine import feed
from gan_studio.engine.captured_step import WARM_UP_STEPS
from gan_studio.engine.checkpoint import state_hash
from gan_studio.engine.config import RunConfig, with_values
from gan_studio.engine.control import TrainingControl
from gan_studio.engine.data.sources import read_pictures
from gan_studio.engine.events import Noticed, RunFailed, RunOpened, SamplesDrawn
from gan_studio.engine.jobs import TrainingJob
from gan_studio.engine.trainer import Trainer
from gan_studio.engine.training_device import own_stream

KNOBS = (
    ("learning_rate_g", 1e-3),
    ("batch_size", 0.5),
    ("label_smoothing", 0.1),
    ("label_smoothing", 0.2),
    ("augment_translation", 1.0),
)
"""Set one after another, evenly over a run; the batch size is multiplied. The first and the fourth change
numbers alone, the others what a step does."""
WATCHED_STEPS = 8


def agrees(config: RunConfig, place: Path) -> str:
    """Compare runs with and without a graph, bit for bit, by torch's kernels and by ours."""
    seen = []
    for precision, fused in (("float32", True), ("bfloat16", True), ("bfloat16", False)):
        changes = {"precision": precision, "fused_kernels": fused}
        captured, plain = _pair(with_values(config, changes), place / f"{precision}-{fused}")
        require(state_hash(captured.state) == state_hash(plain.state), f"{precision}: {_apart(captured, plain)}")
        seen.append(f"{precision}{'' if fused else ' by kernels of torch'}")
    return f"bit for bit in {', '.join(seen)}"


def follows_knobs(config: RunConfig, place: Path) -> str:
    """Change knobs in the middle, those that need another graph and those that do not, with and without one."""
    runs = [_steered(config, place / "captured"), _steered(_without_graph(config), place / "plain")]
    still, _ = finished(TrainingJob(place / "still", config))
    hashes = [state_hash(trainer.state)[:16] for trainer in (*runs, still)]
    return require(hashes[0] == hashes[1] != hashes[2], f"{len(KNOBS)} changes: {', '.join(hashes)} without any")


def goes_on_without(config: RunConfig, place: Path) -> str:
    """Make the capture fail, as a driver might: the run says so and does the same steps."""
    job, told = TrainingJob(place / "refused", config), list[str]()
    for event in job.run(TrainingControl()):
        match event:
            case RunFailed():
                raise RuntimeError(f"{event.happened} {event.traceback}")
            case RunOpened() if job.trainer is not None:
                job.trainer.state.generator.register_forward_hook(_look_while_capturing)
            case Noticed(message):
                told.append(message.key)
    plain, _ = finished(TrainingJob(place / "plain", _without_graph(config)))
    expected = ["device.capture_refused"] if config.device.startswith("cuda") else []
    require(told == expected, f"told: {told}, expected: {expected}")
    same = state_hash(trainer_of(job).state) == state_hash(plain.state)
    return require(same, f"told {told}, and {'the same' if same else 'another'} run")


def feeds_alike(config: RunConfig, place: Path) -> str:
    """Compare a run whose pictures lie on the device with one that fetches them batch by batch."""
    flipping = with_values(config, {"data.flip": True})
    resident, _ = finished(TrainingJob(place / "resident", flipping))
    with _resident_share(0.0):
        fetched, _ = finished(TrainingJob(place / "fetched", flipping))
    hashes = [state_hash(trainer.state)[:16] for trainer in (resident, fetched)]
    return require(hashes[0] == hashes[1], f"{hashes[0]} and {hashes[1]}")


def never_waits(config: RunConfig, place: Path) -> str:
    """Do steps while torch raises an error wherever the host waits for the device: both kinds, fed in both ways."""
    device, pictures = torch.device(config.device), read_pictures(config.data)
    watches = device.type == "cuda"
    for is_captured, share in itertools.product((False, watches), (feed.RESIDENT_SHARE, 0.0)):
        with own_stream(device), _resident_share(share):
            kernels = best_kernels(device)
            step = RunSteps(config, pictures, device, "float32", captured=is_captured, kernels=kernels)
            for _ in range(WARM_UP_STEPS + 1):
                step()
            with _waiting_is_an_error() if watches else nullcontext():
                for _ in range(WATCHED_STEPS):
                    step()
    kinds = f"{WATCHED_STEPS} steps each, plain and captured, pictures on the device and not"
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
    captured, _ = finished(TrainingJob(place / "captured", config))
    plain, _ = finished(TrainingJob(place / "plain", _without_graph(config)))
    return captured, plain


def _without_graph(config: RunConfig) -> RunConfig:
    return with_values(config, {"capture_step": False})


def _steered(config: RunConfig, place: Path) -> Trainer:
    """Train, setting KNOBS at their steps; a sheet falls on each of them."""
    part = config.training.steps // (len(KNOBS) + 1)
    job, control = TrainingJob(place, with_values(config, {"record.sample_every": part})), TrainingControl()
    for event in job.run(control):
        refuse_failure(event)
        match event:
            case SamplesDrawn(step) if step % part == 0 and 0 < step // part <= len(KNOBS):
                name, value = KNOBS[step // part - 1]
                control.set_knob(name, value * config.training.batch_size if name == "batch_size" else value)
    return trainer_of(job)


def _look_while_capturing(_: object, __: object, given: Tensor) -> None:
    """Ask for a number of the device, which no capture allows."""
    if given.device.type == "cuda" and torch.cuda.is_current_stream_capturing():
        given.sum().item()


def _apart(one: Trainer, other: Trainer) -> str:
    mine, theirs = one.state.copy_arrays(), other.state.copy_arrays()
    differing = [name for name in mine if not np.array_equal(mine[name], theirs[name])]
    pairs = ((mine[name].astype(np.float64), theirs[name].astype(np.float64)) for name in differing)
    most = max((float(np.abs(ours - others).max()) for ours, others in pairs), default=0.0)
    return f"{len(differing)} of {len(mine)} tensors differ, by at most {most:.2g}"


@contextmanager
def _resident_share(share: float) -> Iterator[None]:
    """Let pictures take this share of the device's free memory."""
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
