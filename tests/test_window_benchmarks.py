"""The benchmarks of the window run: small, they give every figure that they promise, and each is a number."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("PySide6")
pytest.importorskip("torch")

from benchmarks.window_driver import Figure, percentile

ROOT = Path(__file__).parents[1]

SMALL = {
    "window_lateness": (["--seconds", "2", "--save-every", "1"], 6),
    "window_slider": (["--setup", "32 px", "--moves", "3", "--pairs", "1", "--seconds", "2"], 8),
    "window_throughput": (["--rounds", "1", "--seconds", "2"], 8),
    "window_launch": (["--launches", "1"], 6),
}
"""Arguments that make a program quick, and how many figures it gives."""


def run(program: str, *arguments: str) -> str:
    """Run a program without a screen, as patient with a busy machine as can be; returns what it printed."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT), "OMP_WAIT_POLICY": "PASSIVE"}
    command = [sys.executable, str(ROOT / "benchmarks" / f"{program}.py"), *arguments]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, timeout=240, check=True)
    return done.stdout


@pytest.mark.parametrize("program", SMALL)
def test_that_a_benchmark_of_the_window_gives_its_figures(program: str) -> None:
    arguments, count = SMALL[program]
    figures = json.loads(run(program, "--json", *arguments))
    assert len(figures) == count
    assert all(math.isfinite(value) for value in figures.values()), figures


def test_that_a_figure_is_told_with_its_unit_and_budget() -> None:
    line = Figure("lateness, p99", 3.25, "ms", "<= 8").line()
    assert line.split() == ["lateness,", "p99", "3.250", "ms", "budget", "<=", "8"]


def test_that_percentiles_are_measured_values() -> None:
    assert [percentile([5.0, 1.0, 3.0, 2.0, 4.0], share) for share in (1, 50, 95, 100)] == [1.0, 3.0, 5.0, 5.0]
