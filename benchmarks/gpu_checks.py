"""Checks that must hold on a device before its speed counts: it trains, resumes bit for bit, and draws as a CPU does.

gpu_kernels.py checks the project's kernels, gpu_capture.py the captured step, and gpu_faults.py what happens after a
fault. `run_checks` runs all of them.
"""

import gc
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.gpu_capture import CAPTURE_CHECKS
from benchmarks.gpu_faults import FAULT_CHECKS, finished, require
from benchmarks.gpu_kernels import KERNEL_CHECKS
from gan_studio.bench.steps import Setup
from gan_studio.engine.config.schema import RunConfig, with_values
from gan_studio.engine.explore.drawing import draw_pictures
from gan_studio.engine.explore.sampler import generator_from
from gan_studio.engine.latent import fixed_z
from gan_studio.engine.machine.training_device import arithmetic
from gan_studio.engine.run.checkpoint import read_generator, state_hash
from gan_studio.engine.run.folder import open_run
from gan_studio.engine.step.state import build_state
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest

GREY_LEVELS = 2


@dataclass(frozen=True)
class Check:
    """A check: its name, whether it passed, and what was seen."""

    name: str
    passed: bool
    seen: str

    def line(self) -> str:
        """Return the check as one line."""
        return f"{'ok  ' if self.passed else 'FAIL'} {self.name}: {self.seen}"


def run_checks(setup: Setup, device: torch.device, steps: int) -> Iterator[Check]:
    """Run every check on a device, with runs of `steps` steps of a set-up."""
    changes = {
        "device": str(device),
        "precision": "float32",
        "training.steps": steps,
        "record.sample_every": steps,
        "record.snapshot_every": steps,
    }
    config = with_values(setup.config, changes)
    checks: tuple[tuple[str, Callable[[RunConfig, Path], str]], ...] = (
        ("trains in float32", _trains),
        ("trains in TF32", lambda run, place: _trains(with_values(run, {"precision": "tf32"}), place)),
        ("trains in bfloat16", lambda run, place: _trains(with_values(run, {"precision": "bfloat16"}), place)),
        ("resumes bit for bit", _resumes),
        ("starts as a CPU does: same weights, same z", _starts_alike),
        ("draws what a CPU draws", _draws_alike),
        *KERNEL_CHECKS,
        *CAPTURE_CHECKS,
        *FAULT_CHECKS,
    )
    return (_checked(name, check, config) for name, check in checks)


def _checked(name: str, check: Callable[[RunConfig, Path], str], config: RunConfig) -> Check:
    with tempfile.TemporaryDirectory() as folder:
        try:
            return Check(name, True, check(config, Path(folder)))
        except AssertionError as error:
            return Check(name, False, str(error))
        except Exception as error:  # noqa: BLE001  (a kernel compiler may raise anything)
            return Check(name, False, f"{type(error).__name__}: {error}")
        finally:
            gc.collect()
            torch.cuda.empty_cache()


def _trains(config: RunConfig, place: Path) -> str:
    trainer, logged = finished(TrainingJob(RunRequest(place / "run", config)))
    values = np.concatenate([event.values for event in logged])
    whole = len(values) == config.training.steps and bool(np.isfinite(values).all())
    device = next(trainer.state.generator.parameters()).device
    rate = logged[-1].images_per_second
    holds = whole and str(device) == config.device
    return require(holds, f"{len(values)} steps on {device}, {rate:.0f} img/s at last")


def _resumes(config: RunConfig, place: Path) -> str:
    """Compare an uninterrupted run with one that stops half-way and is resumed."""
    steps = config.training.steps
    straight, _ = finished(
        TrainingJob(RunRequest(place / "straight", with_values(config, {"training.steps": 2 * steps})))
    )
    finished(TrainingJob(RunRequest(place / "halved", config)))
    resumed, _ = finished(TrainingJob(RunRequest(place / "halved", steps=2 * steps)))
    hashes = [state_hash(trainer.state) for trainer in (straight, resumed)]
    return require(hashes[0] == hashes[1], f"at step {resumed.state.step}: {hashes[0][:16]} and {hashes[1][:16]}")


def _starts_alike(config: RunConfig, place: Path) -> str:
    there = build_state(config, torch.device(config.device)).copy_arrays()
    here = build_state(config, torch.device("cpu")).copy_arrays()
    differing = [name for name in here if not np.array_equal(here[name], there[name])]
    return require(not differing, f"{len(here)} tensors, {len(differing)} differ {' '.join(differing[:3])}".rstrip())


def _draws_alike(config: RunConfig, place: Path) -> str:
    """Draw the same z with the same trained weights on the device and on the CPU, in plain float32."""
    finished(TrainingJob(RunRequest(place / "run", config)))
    _, generator = read_generator(open_run(place / "run"), None, config, 0)
    z = fixed_z(64, config.model.latent_dim, config.model.prior)

    def drawn(device: str) -> NDArray[np.int64]:
        return draw_pictures(generator_from(config, generator.arrays, torch.device(device)), z).astype(np.int64)

    here, as_torch_comes = drawn("cpu"), drawn(config.device)
    with arithmetic(torch.device(config.device), "float32"):
        plain = drawn(config.device)
    most, with_tf32 = int(np.abs(here - plain).max()), int(np.abs(here - as_torch_comes).max())
    seen = f"at most {most} grey levels apart in float32, {with_tf32} with torch's own setting for TF32"
    return require(most <= GREY_LEVELS, seen)
