"""Run every measurement that needs no CUDA device: `make bench`, or `python benchmarks/run_all.py`.

Names select programs; --quick gives a first impression. Each program prints its own table. The summary at the end says
which programs ran, and for how long. Measure on a machine that does nothing else.
"""

import argparse
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Program:
    """One measurement.

    Attributes:
        name: name of its module in benchmarks/, unless `module` names another.
        arguments: arguments for the figures in docs/benchmarks.md.
        quick: arguments for a first impression.
        module: module to run, if it is not in benchmarks/.
    """

    name: str
    arguments: tuple[str, ...] = ()
    quick: tuple[str, ...] = ()
    module: str = ""

    @property
    def place(self) -> str:
        """The module that `python -m` runs."""
        return self.module or f"benchmarks.{self.name}"


PROGRAMS = (
    Program("window_launch"),
    Program("window_lateness", ("--seconds", "60"), ("--seconds", "20")),
    Program("window_slider", ("--pairs", "8"), ("--pairs", "2")),
    Program("window_throughput"),
    Program("throughput", ("bench",), ("bench", "--quick"), "gan_studio"),
    Program("folder_epochs", quick=("--pictures", "400", "--pairs", "2")),
    Program("many_pictures", quick=("--counts", "10000")),
    Program("asked_classes", ("--seeds", "0", "1"), ("--cpu-seconds", "60")),
    Program("window_profile", ("--native", "--rate", "50", "--seconds", "100"), ("--seconds", "20")),
    Program("window_imports"),
    Program("step_profile", quick=("--widths", "24", "--steps", "3")),
    Program("step_variants", ("--pairs", "200"), ("--widths", "24", "--pairs", "10")),
    Program("drawing_variants", quick=("--sizes", "32", "--pairs", "10")),
    Program("spin_count", quick=("--rounds", "2")),
    Program("growth", quick=("--quick",)),
    Program("preset_statement", quick=("--narrow", "--seconds", "5", "--seeds", "3")),
    Program("sixty_seconds", ("--seconds", "60", "300", "--seeds", "0", "1", "2"), ("--seconds", "20")),
)
"""All programs, in the order in which they run. gpu.py has its own target, `make gpu`."""


@dataclass(frozen=True)
class Outcome:
    """How a program ended."""

    name: str
    status: int
    seconds: float

    def line(self) -> str:
        """Return a line of the summary."""
        ended = "done" if self.status == 0 else f"exit status {self.status}"
        return f"{self.name:24} {self.seconds / 60:5.1f} min  {ended}"


def run(program: Program, *, quick: bool) -> Outcome:
    """Run a program in a separate Python, with its output passed through."""
    arguments = program.quick if quick else program.arguments
    command = [sys.executable, "-m", program.place, *arguments]
    print(f"\n== {program.name} {' '.join(arguments)}".rstrip(), flush=True)
    begun = time.monotonic()
    status = subprocess.run(command, cwd=ROOT, check=False).returncode
    return Outcome(program.name, status, time.monotonic() - begun)


def main(arguments: list[str] | None = None, programs: tuple[Program, ...] = PROGRAMS) -> int:
    """Run the chosen programs; returns 1 if a program failed, whatever its figures are."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a first impression in a few minutes")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these programs")
    options = parser.parse_args(arguments)
    unknown = set(options.names) - {program.name for program in programs}
    if unknown:
        parser.error(f"no such program: {', '.join(sorted(unknown))}")
    chosen = [program for program in programs if not options.names or program.name in options.names]
    outcomes = [run(program, quick=options.quick) for program in chosen]
    print("\n== summary", *(outcome.line() for outcome in outcomes), sep="\n")
    return int(any(outcome.status for outcome in outcomes))


if __name__ == "__main__":
    raise SystemExit(main())
