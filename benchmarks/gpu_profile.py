"""Where the time of a step on a CUDA device goes, kernel by kernel: `python3 benchmarks/gpu_profile.py [--json]`.

Steps as a run does them, captured, pictures on the device. Three times stand beside each other: what a step takes when
many follow one another, what its kernels take by torch.profiler (CUPTI), and what the host takes to ask for it. What
the kernels leave of the first is gaps between them; where the third is the largest, the device waits for the host.
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import argparse
import json
import re
import time
from collections import defaultdict
from dataclasses import asdict, dataclass

import torch
from torch.profiler import ProfilerActivity, profile

from benchmarks.gpu_loops import RunSteps, best_kernels
from gan_studio.bench.matrix_product import now
from gan_studio.bench.steps import Setup
from gan_studio.engine.data.picture_set import read_pictures
from gan_studio.engine.machine.devices import prepare_thread, step_threads
from gan_studio.engine.machine.training_device import arithmetic, own_stream

SETUP = Setup(64, 3, 64, 128)
NO_CUDA = 3
NAME_LENGTH = 96
ASKED_STEPS = 16
"""So few that none of their launches waits for room in the device's queue."""


@dataclass(frozen=True)
class Kernel:
    """What one kernel takes of a step.

    Attributes:
        name: its own, without arguments.
        count: launches a step.
        microseconds: of all of them, a step.
    """

    name: str
    count: float
    microseconds: float


@dataclass(frozen=True)
class StepTime:
    """Microseconds of a step.

    Attributes:
        precision: of its arithmetic.
        kernels: "torch" or "triton".
        step: from one step to the next.
        busy: of all its kernels.
        host: what the host takes to ask for it.
        launches: of kernels.
        table: the costliest kernel first.
    """

    precision: str
    kernels: str
    step: float
    busy: float
    host: float
    launches: float
    table: tuple[Kernel, ...]


def measure(setup: Setup, device: torch.device, precision: str, kernels: str, steps: int) -> StepTime:
    """Measure `steps` captured steps three times over: followed one by another, asked for alone, and profiled."""
    with own_stream(device), arithmetic(device, precision):
        pictures = read_pictures(setup.config.data)
        step = RunSteps(setup.config, pictures, device, precision, captured=True, kernels=kernels)
        for _ in range(10):
            step()
        begun = now(device)
        for _ in range(ASKED_STEPS):
            step()
        asked = (time.perf_counter() - begun) / ASKED_STEPS
        begun = now(device)
        for _ in range(steps):
            step()
        whole = now(device) - begun
        with profile(activities=[ProfilerActivity.CUDA]) as watch:
            for _ in range(steps):
                step()
            torch.cuda.synchronize(device)
    counts, micros = defaultdict[str, int](int), defaultdict[str, float](float)
    for event in watch.events() or ():
        if event.device_type == torch.autograd.DeviceType.CUDA:
            name = short_name(event.name)
            counts[name] += 1
            micros[name] += event.device_time_total
    table = sorted((Kernel(name, counts[name] / steps, micros[name] / steps) for name in counts), key=_cost)
    busy, launches = sum(row.microseconds for row in table), sum(row.count for row in table)
    return StepTime(precision, kernels, 1e6 * whole / steps, busy, 1e6 * asked, launches, tuple(table))


def short_name(name: str) -> str:
    """Leave of a kernel's name what tells it apart: no return type, namespaces or arguments."""
    name = re.sub(r"\(anonymous namespace\)::|at::native::|at::|void |std::|c10::", "", name)
    return name.partition("(")[0][:NAME_LENGTH]


def _cost(kernel: Kernel) -> float:
    return -kernel.microseconds


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--precisions", nargs="+", default=["bfloat16"])
    parser.add_argument("--kernels", choices=["torch", "triton"], help="those that a run takes where left out")
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--rows", type=int, default=40)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    if not torch.cuda.is_available():
        print("no CUDA device", file=sys.stderr)
        return NO_CUDA
    device = torch.device("cuda:0")
    prepare_thread(step_threads())
    for precision in options.precisions:
        times = measure(SETUP, device, precision, options.kernels or best_kernels(device), options.steps)
        if options.json:
            print(json.dumps(asdict(times)))
            continue
        print(
            f"{torch.cuda.get_device_name(device)}, {SETUP}, {precision}, {times.kernels}: {times.step:.0f} us a step, "
            f"{times.busy:.0f} us in {times.launches:.0f} kernels, {times.host:.0f} us of the host"
        )
        for row in times.table[: options.rows]:
            print(f"{row.microseconds:8.1f} us {row.count:6.1f} x  {row.name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
