"""Building blocks of the growth measurements: tables in markdown, charts as values, turns in rounds, line fits."""

import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import numpy as np
import psutil

ROOT = Path(__file__).resolve().parent.parent
MB = 1e6
Key = TypeVar("Key")


@dataclass(frozen=True)
class Curve:
    """One line of a chart.

    Attributes:
        name: for the legend.
        x, y: coordinates in the units of the axes, equally many of each.
        colour: index into theme.curve_colours.
        is_guide: whether it is a dashed line to compare the others with (a budget, an expectation, a fit). Other curves
            get markers.
    """

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    colour: int = 0
    is_guide: bool = False


@dataclass(frozen=True)
class Chart:
    """A plot to be drawn.

    Attributes:
        name: its file is growth-<name>.png.
        title: what the plot shows, in a few words.
        x_title, y_title: titles of the axes, with units.
        curves: in the order of the legend.
        is_log: whether the axes (x, y) are logarithmic.
        x_ticks: ticks of the x axis; () lets the plot choose.
        y_from: where a linear y axis begins.
    """

    name: str
    title: str
    x_title: str
    y_title: str
    curves: tuple[Curve, ...]
    is_log: tuple[bool, bool] = (False, False)
    x_ticks: tuple[float, ...] = ()
    y_from: float = 0.0


@dataclass(frozen=True)
class Growth:
    """The result of one part of the measurement.

    Attributes:
        name: name of the part.
        text: what was measured, in a sentence or two.
        titles, rows: of the table.
        figures: summary numbers, by name.
        charts: drawn from the table.
    """

    name: str
    text: str
    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: Mapping[str, float] = field(default_factory=dict)
    charts: tuple[Chart, ...] = ()

    def markdown(self) -> str:
        """Return text, table and figures in the form of docs/benchmarks.md."""
        lines = [self.titles, ("---",) * len(self.titles), *self.rows]
        table = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
        figures = "\n".join(f"- {name}: {value:.3g}" for name, value in self.figures.items())
        return "\n\n".join(part for part in (self.text, table, figures) if part)


def in_rounds(turns: Mapping[Key, Callable[[], float]], rounds: int, warm_up: int) -> dict[Key, list[float]]:
    """Let all take turns, every second round in the opposite order; returns each one's seconds, round by round.

    Args:
        turns: functions that do one turn and return its seconds.
        rounds: number of measured rounds.
        warm_up: rounds before them that are not counted.
    """
    taken: dict[Key, list[float]] = {key: [] for key in turns}
    for number in range(warm_up + rounds):
        for key in reversed(turns) if number % 2 else turns:
            taken[key].append(turns[key]())
    return {key: seconds[warm_up:] for key, seconds in taken.items()}


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """Return lower quartile, median and upper quartile; a single value stands for all three."""
    if len(values) == 1:
        return values[0], values[0], values[0]
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, middle, high


def line_through(x: Sequence[float], y: Sequence[float]) -> tuple[float, float]:
    """Fit a line by least squares; returns its slope and its value at x = 0.

    Raises:
        ValueError: fewer than two different values of x.
    """
    if len(set(x)) < 2:
        raise ValueError(f"a line through {len(set(x))} places")
    across, up = np.asarray(x, np.float64), np.asarray(y, np.float64)
    away = across - across.mean()
    slope = float(away @ (up - up.mean()) / (away @ away))
    return slope, float(up.mean() - slope * across.mean())


def spaced(number: float) -> str:
    """Write a whole number in groups of three digits, for a table: 10000 as "10 000"."""
    return f"{number:,.0f}".replace(",", " ")


def own_memory() -> float:
    """Return the memory that would be free without this process (unique set size), in MB of 10^6 bytes."""
    return float(psutil.Process().memory_full_info().uss / MB)


def answer_of(module: str, *arguments: str, cache: Path | None = None) -> str:
    """Run a module of benchmarks/ in a separate process; returns the last line that it prints.

    Raises:
        CalledProcessError: it failed; its stderr was passed through.
    """
    environment = os.environ | ({} if cache is None else {"GAN_STUDIO_CACHE": str(cache)})
    command = [sys.executable, "-m", f"benchmarks.{module}", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.splitlines()[-1]
