"""The benchmarks of the window run: small, they give every figure that they promise, and each is a number."""

import json
import math
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("PySide6")
pytest.importorskip("torch")

from benchmarks.window_driver import Figure, percentile
from benchmarks.window_imports import figures_of, parts_of
from benchmarks.window_profile import IN_QT, shares

ROOT = Path(__file__).parents[2]

SMALL = {
    "window_lateness": (["--seconds", "2", "--save-every", "1"], 6),
    "window_slider": (["--setup", "32 px", "--moves", "3", "--pairs", "1", "--seconds", "2"], 8),
    "window_throughput": (["--rounds", "1", "--seconds", "2"], 8),
    "window_launch": (["--launches", "1"], 7),
}
"""Arguments that make a program quick, and how many figures it gives."""


def run(program: str, *arguments: str) -> str:
    """Run a program without a screen, as patient with a busy machine as can be; returns what it printed."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT), "OMP_WAIT_POLICY": "PASSIVE"}
    command = [sys.executable, str(ROOT / "benchmarks" / f"{program}.py"), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=True)
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


LIVES = "main (/home/p/benchmarks/window_profile.py:9);spin (/home/p/benchmarks/window_driver.py:7)"
PLOT = "/home/p/gan_studio/ui/plots/curve_plot.py"


def test_that_a_profile_counts_a_sample_for_the_function_of_ours_nearest_to_it() -> None:
    raw = f"""{LIVES};redraw ({PLOT}:5);envelope ({PLOT}:70);reduceat (/lib/numpy/core.py:3) 6
{LIVES};tell (/home/p/gan_studio/ui/session/run_events.py:1);paint (/lib/pyqtgraph/graphicsItems/AxisItem.py:2) 1
{LIVES};paint (/lib/pyqtgraph/graphicsItems/AxisItem.py:2);clip (/lib/numpy/core.py:9) 2
{LIVES};notify (libQt6Core.so);QBackingStore::flush (libQt6Gui.so);writev (libc.so) 1
{LIVES};wait (libglib.so);poll (libc.so) 5
run (/home/p/gan_studio/engine/qt_threads.py:60);compute_step (/home/p/gan_studio/engine/step/step.py:8) 90"""
    assert shares(raw) == [
        ("ui/plots/curve_plot.py envelope", pytest.approx(60)),
        ("pyqtgraph, called by Qt: AxisItem", pytest.approx(20)),
        ("ui/session/run_events.py tell", pytest.approx(10)),
        (IN_QT["QBackingStore"], pytest.approx(10)),
    ]


HAS_PY_SPY = shutil.which("py-spy") is not None or Path(sys.executable).with_name("py-spy").exists()


@pytest.mark.skipif(not HAS_PY_SPY, reason="py-spy is not installed")
def test_that_the_profile_of_the_window_gives_shares_of_the_whole() -> None:
    try:
        figures = json.loads(run("window_profile", "--json", "--seconds", "2"))
    except subprocess.CalledProcessError as error:
        if "could not look at this process" not in error.stderr:
            raise
        pytest.skip("this machine lets nobody look at a process")
    assert figures["steps trained meanwhile, a second"] > 0
    assert sum(list(figures.values())[:-3]) == pytest.approx(100)


def test_that_without_py_spy_it_is_said_what_to_install(tmp_path: Path) -> None:
    program = "from benchmarks import window_profile as p; p.sys.executable = '/nowhere/python'; p.main([])"
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PATH": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 1
    assert "py-spy is not installed: pip install" in done.stderr


def test_that_imports_are_added_up_by_package_and_told_as_shares() -> None:
    account = """import time: self [us] | cumulative | imported package
import time:       100 |        100 |     _json
import time:       200 |        300 |   json
import time:       400 |        900 |   numpy._core
import time:       100 |        100 | numpy
import time:       200 |       1200 | PySide6.QtCore
some other line""".splitlines()
    parts = parts_of(account)
    assert {name: (part.modules, part.micros) for name, part in parts.items()} == {
        "Python's own library": (2, 300),
        "numpy": (2, 500),
        "PySide6.QtCore": (1, 200),
    }
    told = {figure.name.strip(): figure.value for figure in figures_of("before", parts)}
    assert told["imported before the painted window"] == 5
    assert told["before: numpy (2 modules)"] == pytest.approx(50)
