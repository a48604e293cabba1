"""Measure the window's memory over the steps of a run, and over runs that are opened one after another.

Each part has a separate process with the real window at 1280x800 on a virtual screen (Xvfb). Steps: quickstart trains
with the Train tab in front and 100 000 steps in the plots. Runs: a run that the program trained is copied; each copy is
opened, its sample sheet and a picture of its generator are shown, and File > New run closes it.
"""

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.growth_figures import Chart, Curve, Growth, answer_of, line_through, own_memory, spaced
from benchmarks.window_driver import POINTS, Studio, open_studio, own_home, quickstart, screen

STEPS, QUICK_STEPS = 10_000, 200
RUNS, QUICK_RUNS = 150, 8
RUN_STEPS, QUICK_RUN_STEPS = 200, 60
KEPT = 12
"""Copies of a run that are kept on the disk: those in the list of recent runs, and two more."""
WARM_UP = 0.2
"""Share of a series that the line fit leaves out."""
BUDGET = 1.0
"""MB in 1 000 steps."""
LOOK_SECONDS, LEAST_LOOKS = 1.0, 3
BELOW = 10.0
"""The charts begin this many MB below the least measured value."""

Marks = list[tuple[float, float]]
"""(steps or runs so far, own memory in MB)."""


def over_steps(steps: int, points: int) -> Marks:
    """Train so many steps in the window, measuring the memory once a second."""
    marks: Marks = []
    with screen(), open_studio() as studio:
        studio.start(quickstart({}))
        studio.fill_plots(points)
        while len(marks) < LEAST_LOOKS or marks[-1][0] < steps:
            studio.spin(LOOK_SECONDS)
            marks.append((studio.trainer.state.step, own_memory()))
    return marks


def over_runs(count: int, steps: int) -> Marks:
    """Open so many runs of so many steps one after another, measuring the memory after each was closed."""
    marks: Marks = []
    with screen(), own_home() as home:
        first = trained(home / "first", steps)
        with open_studio() as studio:
            marks.append((0, own_memory()))
            for number in range(1, count + 1):
                place = home / f"run-{number}"
                shutil.copytree(first, place)
                look_at(studio, place)
                marks.append((number, own_memory()))
                shutil.rmtree(home / f"run-{number - KEPT}", ignore_errors=True)
    return marks


def trained(place: Path, steps: int) -> Path:
    """Train a run with the command line; returns its folder."""
    command = [sys.executable, "-m", "gan_studio", "train", "--preset", "quickstart", "--device", "cpu"]
    subprocess.run([*command, "--steps", str(steps), "--out", str(place)], check=True, stdout=subprocess.DEVNULL)
    return place


def look_at(studio: Studio, place: Path) -> None:
    """Open a run, wait for its sample sheet and a picture of its generator, and close it."""
    views = studio.window.views
    drawn: list[object] = []

    def note(*_: object) -> None:
        drawn.append(None)

    views.tabs.setCurrentWidget(views.train)
    studio.session.exploring.picture_drawn.connect(note)
    studio.session.open_run(place)
    studio.wait_until(lambda: studio.session.training.state.place == place and views.train.shown_sheet is not None)
    views.tabs.setCurrentWidget(views.explore)
    studio.wait_until(lambda: bool(drawn))
    studio.session.exploring.picture_drawn.disconnect(note)
    views.actions["newRunAction"].trigger()
    studio.wait_until(lambda: not studio.session.training.state.has_run)


def settled(marks: Marks) -> Marks:
    """Leave out the warm-up, but never the last two marks."""
    begin = marks[0][0] + WARM_UP * (marks[-1][0] - marks[0][0])
    return [mark for mark in marks[:-2] if mark[0] >= begin] + marks[-2:]


def measure_steps(*, quick: bool) -> Growth:
    """Measure memory over steps, in a separate process."""
    steps, points = (QUICK_STEPS, POINTS // 10) if quick else (STEPS, POINTS)
    return told_steps(json.loads(answer_of("growth_window", "steps", str(steps), str(points))))


def measure_runs(*, quick: bool) -> Growth:
    """Measure memory over opened runs, in a separate process."""
    count, steps = (QUICK_RUNS, QUICK_RUN_STEPS) if quick else (RUNS, RUN_STEPS)
    return told_runs(json.loads(answer_of("growth_window", "runs", str(count), str(steps))))


def told_steps(marks: Marks) -> Growth:
    """Make table and chart of the memory over steps."""
    after = settled(marks)
    slope, start = line_through(*zip(*after, strict=True))
    text = (
        "Own memory of the program while it trains quickstart in the window. Budget: "
        f"{BUDGET:g} MB in 1 000 steps, by least squares over the steps after the first {spaced(after[0][0])}."
    )
    figures = {"slope, MB in 1 000 steps": 1000 * slope}
    x = (after[0][0], after[-1][0])
    level = start + slope * x[0]
    guides = (
        Curve(f"least squares: {_shown(1000 * slope)} MB in 1 000 steps", x, (level, start + slope * x[1]), 1, True),
        Curve("budget", x, (level, level + BUDGET * (x[1] - x[0]) / 1000), 3, True),
    )
    chart = _chart("steps", "The window while it trains", "steps", marks, guides)
    return Growth("steps", text, ("steps", "own memory"), _rows(marks), figures, (chart,))


def told_runs(marks: Marks) -> Growth:
    """Make table and chart of the memory over opened runs."""
    after = settled(marks)
    slope, start = line_through(*zip(*after, strict=True))
    text = (
        "Own memory after each run was opened, looked at and closed, one after another in one window. The list of "
        "recent runs keeps the last ten."
    )
    figures = {f"slope after {after[0][0]:.0f} runs, MB a run": slope, "most at any run, MB": max(y for _, y in marks)}
    x = (after[0][0], after[-1][0])
    guide = Curve(f"least squares: {_shown(slope)} MB a run", x, (start + slope * x[0], start + slope * x[1]), 1, True)
    chart = _chart("runs", "Runs opened one after another", "runs opened and closed", marks, (guide,))
    return Growth("runs", text, ("runs", "own memory"), _rows(marks), figures, (chart,))


def _shown(slope: float) -> str:
    return f"{round(slope, 2) + 0.0:.2f}"  # never "-0.00"


def _rows(marks: Marks, most: int = 6) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a few evenly spread marks, with the first and the last among them."""
    places = sorted({round(number * (len(marks) - 1) / (most - 1)) for number in range(most)})
    return tuple((spaced(marks[place][0]), f"{marks[place][1]:.0f} MB") for place in places)


def _chart(name: str, title: str, x_title: str, marks: Marks, guides: tuple[Curve, ...]) -> Chart:
    x, y = zip(*marks, strict=True)
    return Chart(name, title, x_title, "own memory (MB)", (Curve("measured", x, y), *guides), y_from=min(y) - BELOW)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run in the process that is measured; the last line printed is the series."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=("steps", "runs"))
    parser.add_argument("numbers", type=int, nargs=2, help="steps and points, or runs and steps of each")
    options = parser.parse_args(arguments)
    print(json.dumps((over_steps if options.part == "steps" else over_runs)(*options.numbers)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
