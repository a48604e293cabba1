"""Check and measure the engine on a CUDA device: `make gpu`, or `python3 benchmarks/gpu.py [--json] [--out FILE]`.

Needs Python, torch, numpy, safetensors and the engine's other libraries, but no Qt, no environment and no network.
Takes a few minutes:
- what must hold (gpu_checks.py);
- how fast a step is, in turn with the published loop, on pictures that are already on the device and with the published
  DataLoader (gpu_speed.py), each beside the least time that this device could take (gpu_floor.py);
- how long the explorer waits for a picture while a run trains (gpu_explorer.py).

Exit status: 0; 1 if a check failed; 3 without a CUDA device, after everything ran on the CPU at a tiny size.
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # before CUDA starts: bit-exact resume needs it
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import torch

from benchmarks.gpu_checks import Check, run_checks
from benchmarks.gpu_explorer import BUDGET_MS, Explorer, measure_explorer
from benchmarks.gpu_speed import WAYS, WORKERS, Amount, Speed, measure_loops, measure_steps
from gan_studio.bench.steps import Setup
from gan_studio.engine.data.picture_set import read_pictures
from gan_studio.engine.machine.devices import environment, prepare_thread, step_threads

SETUP = Setup(64, 3, 64, 128)
TINY = Setup(32, 1, 4, 8)
BUDGETS = (
    "budgets: 3 x the step on data already there, 10 x the loop with its DataLoader, 100 000 img/s, 50 % of the floor;"
    f" explorer p95 {BUDGET_MS:.0f} ms"
)
WAYS_ON_CPU = (("float32", True, "torch"), ("bfloat16", False, "torch"))
NO_CUDA = 3


@dataclass(frozen=True)
class Size:
    """How much to do on a device."""

    setup: Setup
    check_steps: int
    steps: Amount
    loops: Amount
    pictures: int


ON_CUDA = Size(SETUP, 60, Amount(8, 30), Amount(5, 40), 300)
ON_CPU = Size(TINY, 6, Amount(2, 2), Amount(2, 2), 5)


def speeds(size: Size, device: torch.device) -> Iterator[Speed]:
    """Measure every kind of step, then whole loops."""
    for precision, captured, kernels in WAYS if device.type == "cuda" else WAYS_ON_CPU:
        yield measure_steps(size.setup, device, precision, kernels, captured=captured, amount=size.steps)
    pictures = read_pictures(size.setup.config.data)
    for workers in WORKERS if device.type == "cuda" else (1,):
        yield measure_loops(size.setup, pictures, device, workers, resident=True, amount=size.loops)
    yield measure_loops(size.setup, pictures, device, WORKERS[0], resident=False, amount=size.loops)


def report(
    checks: list[Check], measured: list[Speed], explorer: Explorer | None, device: str, setup: Setup
) -> dict[str, object]:
    """Return all figures so far, for the JSON output."""
    figures = {"checks": [asdict(check) for check in checks], "speeds": [asdict(speed) for speed in measured]}
    machine = environment() | {"device": device}
    return {"machine": machine, "setup": str(setup), **figures, "explorer": explorer and asdict(explorer)}


def main(arguments: list[str] | None = None) -> int:
    """Check, measure, print; returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the tables")
    parser.add_argument("--out", type=Path, help="also write the JSON object to this file")
    options = parser.parse_args(arguments)
    has_cuda = torch.cuda.is_available()
    device = torch.device("cuda:0" if has_cuda else "cpu")
    name = torch.cuda.get_device_name(device) if has_cuda else "CPU"
    prepare_thread(step_threads())
    if not has_cuda:
        notice = "no CUDA device: a tiny run on the CPU follows, which only shows that the program works"
        print(notice, file=sys.stderr)

    def tell(line: str) -> None:
        if not options.json:
            print(line, flush=True)

    size, checks, measured = ON_CUDA if has_cuda else ON_CPU, list[Check](), list[Speed]()

    def keep(explorer: Explorer | None = None) -> str:
        text = json.dumps(report(checks, measured, explorer, name, size.setup), indent=2)
        if options.out:
            options.out.write_text(text, encoding="utf-8")
        return text

    for check in run_checks(size.setup, device, size.check_steps):
        checks.append(check)
        tell(check.line())
        keep()
    tell(f"{name}, {size.setup}; {BUDGETS}")
    tell(f"{'ours':36} {'published':22} {'ratio':22} {'img/s':>10} {'published':>10}")
    for speed in speeds(size, device):
        measured.append(speed)
        tell(speed.line())
        keep()
    precision = "bfloat16" if has_cuda else "float32"
    pictures = read_pictures(size.setup.config.data)
    explorer = measure_explorer(size.setup.config, pictures, device, precision, size.pictures)
    tell(explorer.line())
    text = keep(explorer)
    if options.json:
        print(text)
    if not has_cuda:
        return NO_CUDA
    return 0 if all(check.passed for check in checks) else 1


if __name__ == "__main__":
    raise SystemExit(main())
