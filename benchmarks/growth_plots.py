"""Measure memory and redraw time of the plots over the number of logged steps, up to a million.

One process holds a history of each count with both plots of the Train tab, at their size in a window of 1280x800. A
redraw is what the panel does on its timer, with all of its painting: processor time of the window's thread.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QVBoxLayout, QWidget

from benchmarks.growth_chart import application
from benchmarks.growth_figures import MB, Chart, Curve, Growth, answer_of, in_rounds, own_memory, spaced
from gan_studio.engine.events import METRIC_COLUMNS
from gan_studio.ui.plots.curve_plot import CurvePlot
from gan_studio.ui.plots.metric_store import MetricStore
from gan_studio.ui.training.loss_plot import LossPlot
from gan_studio.ui.training.plot_tools import PlotTools
from gan_studio.ui.training.probability_plot import ProbabilityPlot

COUNTS = (10_000, 30_000, 100_000, 300_000, 1_000_000)
QUICK_COUNTS = (10_000, 100_000, 1_000_000)
PANEL = QSize(480, 700)
AT_ONCE = 10_000
"""Rows appended at once while a history is filled."""
MOST_BYTES, MOST_MS = 100, 10
"""Budgets: bytes a step, and milliseconds a redraw."""


def fill(history: MetricStore, rows: int) -> None:
    """Append `rows` random rows."""
    source = np.random.default_rng(0)
    for first in range(0, rows, AT_ONCE):
        count = min(AT_ONCE, rows - first)
        values = np.abs(0.7 + 0.2 * source.normal(size=(count, len(METRIC_COLUMNS)))).astype(np.float32)
        history.append(np.arange(first + 1, first + count + 1, dtype=np.int64), values)


def plots_over(history: MetricStore) -> QWidget:
    """Show both plots of a history, with the panel's initial smoothing."""
    panel = QWidget()
    column = QVBoxLayout(panel)
    column.setContentsMargins(8, 8, 8, 8)
    tools = PlotTools(panel)
    column.addWidget(tools)
    for plot in (LossPlot(history), ProbabilityPlot(history)):
        plot.set_smoothing(tools.smoothing)
        column.addWidget(plot, 1)
    panel.resize(PANEL)
    panel.grab()  # lays everything out without a window
    return panel


def look(counts: Sequence[int], rounds: int) -> list[dict[str, float]]:
    """Fill a history of each count and redraw all in turn; returns size, memory in MB and milliseconds of each."""
    application()
    fill(MetricStore(), AT_ONCE)  # so that numpy's first use of memory counts for none of them
    facts, panels = {}, []
    for count in counts:
        history, before = MetricStore(), own_memory()
        fill(history, count)
        facts[count] = {"steps": count, "arrays": history.nbytes / MB, "megabytes": own_memory() - before}
        panels.append(plots_over(history))
    turns = {count: _redraw(panel, count) for count, panel in zip(counts, panels, strict=True)}
    taken = in_rounds(turns, rounds, warm_up=3)
    for count, seconds in taken.items():
        ratios = [mine / least for mine, least in zip(seconds, taken[counts[0]], strict=True)]
        facts[count] |= {"ms": 1000 * statistics.median(seconds), "ratio": statistics.median(ratios)}
    return list(facts.values())


def _redraw(panel: QWidget, last_step: int) -> Callable[[], float]:
    plots = panel.findChildren(CurvePlot)

    def turn() -> float:
        begun = time.thread_time()
        for plot in plots:
            plot.redraw(1, last_step)
            plot.grab()
        return time.thread_time() - begun

    return turn


def measure(*, quick: bool) -> Growth:
    """Measure in a separate process."""
    counts, rounds = (QUICK_COUNTS, 10) if quick else (COUNTS, 40)
    return told(json.loads(answer_of("growth_plots", "--rounds", str(rounds), *map(str, counts))))


def told(facts: list[dict[str, float]]) -> Growth:
    """Make table and charts."""
    rows = []
    for fact in facts:
        memory = (
            f"{fact['arrays']:.1f} MB",
            f"{fact['megabytes']:.1f} MB",
            f"{fact['megabytes'] * MB / fact['steps']:.0f}",
        )
        rows.append((spaced(fact["steps"]), *memory, f"{fact['ms']:.1f} ms", f"{fact['ratio']:.2f}"))
    text = (
        f"Both plots of the Train tab. Budgets at a million steps: {MOST_BYTES} bytes a step, "
        f"{MOST_MS} ms a redraw with all of its painting."
    )
    titles = ("logged steps", "arrays", "added own memory", "bytes a step", "redraw", "ratio to the fewest steps")
    most = facts[-1]
    figures = {
        "own memory a step, at the most steps, bytes": most["megabytes"] * MB / most["steps"],
        "redraw at the most steps, ms": most["ms"],
    }
    return Growth("plots", text, titles, tuple(rows), figures, _charts(facts))


def _charts(facts: list[dict[str, float]]) -> tuple[Chart, Chart]:
    x = tuple(fact["steps"] for fact in facts)
    held, drawn = (tuple(fact[name] for fact in facts) for name in ("megabytes", "ms"))
    allowed = tuple(MOST_BYTES * steps / MB for steps in x)
    memory = (Curve("measured", x, held), Curve(f"budget: {MOST_BYTES} bytes a step", x, allowed, 3, is_guide=True))
    limit = Curve(f"budget: {MOST_MS} ms", (x[0], x[-1]), (MOST_MS, MOST_MS), 3, is_guide=True)
    redraw = (Curve("measured", x, drawn), limit)
    return (
        Chart("plots-memory", "Memory of the plots", "logged steps", "added own memory (MB)", memory, (True, True), x),
        Chart("plots-redraw", "A redraw of both plots", "logged steps", "milliseconds", redraw, (True, False), x),
    )


def main() -> int:
    """Run in the process that is measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("counts", type=int, nargs="+", help="logged steps")
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    print(json.dumps(look(options.counts, options.rounds)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
