"""Show where the time of a step on a CUDA device goes, by kernel: `python3 benchmarks/gpu_profile.py [--json]`.

The steps are those of a run: captured, with the pictures on the device. Three times are printed: a step when many
follow one another, its kernels by torch.profiler (CUPTI), and the host's time to launch it. The first minus the second
is gaps between kernels. If the third is the largest, the device waits for the host.
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
"""So few that the device's queue of launches never fills up."""


@dataclass(frozen=True)
class Kernel:
    """One kernel's share of a step.

    Attributes:
        name: name of the kernel, without arguments.
        count: launches a step.
        microseconds: time of all these launches, a step.
    """

    name: str
    count: float
    microseconds: float


@dataclass(frozen=True)
class StepTime:
    """Microseconds of a step.

    Attributes:
        precision: precision of the arithmetic.
        kernels: "torch" or "triton".
        step: time from one step to the next.
        busy: time of all its kernels.
        host: time that the host takes to launch it.
        launches: number of kernel launches.
        table: kernels, the costliest first.
    """

    precision: str
    kernels: str
    step: float
    busy: float
    host: float
    launches: float
    table: tuple[Kernel, ...]


def measure(setup: Setup, device: torch.device, precision: str, kernels: str, steps: int) -> StepTime:
    """Measure captured steps three times: many in a row, launches alone, and `steps` of them profiled."""
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
    """Shorten a kernel's name: without return type, namespaces and arguments."""
    name = re.sub(r"\(anonymous namespace\)::|at::native::|at::|void |std::|c10::", "", name)
    return name.partition("(")[0][:NAME_LENGTH]


def _cost(kernel: Kernel) -> float:
    return -kernel.microseconds


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--precisions", nargs="+", default=["bfloat16"])
    parser.add_argument("--kernels", choices=["torch", "triton"], help="default: those that a run uses")
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
