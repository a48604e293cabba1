"""Measure how late the window's event loop is while training takes every core, checkpoints included.

A precise timer of 16 ms runs in the thread that paints, with the Train tab in front and 100 000 steps in the plots. The
lateness of a tick is the time since it was due. Ticks that a stall swallows count as well, each from the time when it
was due until the stall ended.
"""

import argparse
import sys
import time

from PySide6.QtCore import QObject, Qt, QTimer

from benchmarks.window_driver import (
    POINTS,
    Figure,
    OtherWork,
    Studio,
    open_studio,
    percentile,
    quickstart,
    screen,
    tell,
)

INTERVAL = 0.016
SETTLE_SECONDS = 2.0


class Lateness(QObject):
    """A timer that ticks every 16 ms and records its lateness.

    Attributes:
        seconds: lateness of each tick, including swallowed ones.
    """

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float] = []
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(round(INTERVAL * 1000))
        self._timer.timeout.connect(self._tick)
        self._due = 0.0

    def start(self) -> None:
        """Start ticking."""
        self._timer.start()
        self._due = time.perf_counter() + INTERVAL

    def stop(self) -> None:
        """Stop ticking."""
        self._timer.stop()

    def _tick(self) -> None:
        """Record this tick and the swallowed ones; Qt restarts a timer that is late by a whole interval from now."""
        now = time.perf_counter()
        self.seconds.append(max(now - self._due, 0.0))
        self._due += INTERVAL
        if self._due < now:
            while self._due < now:
                self.seconds.append(now - self._due)
                self._due += INTERVAL
            self._due = now + INTERVAL


def measure(studio: Studio, seconds: float, save_every: float) -> list[Figure]:
    """Measure lateness for so many seconds of training."""
    saves: list[int] = []
    studio.start(quickstart({"record.checkpoint_seconds": save_every}))
    studio.fill_plots(POINTS)
    studio.spin(min(SETTLE_SECONDS, seconds))
    studio.session.training.checkpoint_saved.connect(saves.append)
    first, lateness, others = studio.session.training.state.step, Lateness(), OtherWork()
    lateness.start()
    studio.spin(seconds)
    lateness.stop()
    late = [1000 * value for value in lateness.seconds]
    return [
        Figure("lateness of a 16 ms timer, p50", percentile(late, 50), "ms"),
        Figure("lateness of a 16 ms timer, p99", percentile(late, 99), "ms", "<= 8"),
        Figure("lateness of a 16 ms timer, worst", max(late), "ms", "<= 50"),
        Figure("checkpoints saved meanwhile", len(saves)),
        Figure("steps trained meanwhile", studio.session.training.state.step - first),
        others.figure(),
    ]


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0, help="seconds of training (60)")
    parser.add_argument("--save-every", type=float, default=5.0, metavar="SECONDS", help="between checkpoints (5)")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    options = parser.parse_args(arguments)
    with screen(), open_studio() as studio:
        tell(measure(studio, options.seconds, options.save_every), as_json=options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
