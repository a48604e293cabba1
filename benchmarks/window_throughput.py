"""What the window costs: training in it over training without one, in pairs, and what its thread takes of the cores.

Two processes hold one run each, of the same configuration; they train in turn, so that both meet the same machine. The
window is shown with the Train tab in front and 100 000 steps in its plots; both save a checkpoint in every turn. The
thread without a window is as nice as the window's, so that other programs hold back both alike.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.window_driver import (
    CORES,
    POINTS,
    Figure,
    OtherWork,
    StepClock,
    Studio,
    open_studio,
    quickstart,
    screen,
    tell,
)
from gan_studio.engine.config import RunConfig
from gan_studio.engine.control import TrainingControl
from gan_studio.engine.events import MetricsLogged, PhaseChanged, RunPhase
from gan_studio.engine.jobs import TrainingJob
from gan_studio.engine.qt_threads import TRAINING_NICENESS

SETTLE_SECONDS = 0.5
SAVE_EVERY = 5.0


@dataclass(frozen=True)
class Turn:
    """One turn of training: steps a second, and CPU seconds of the window's thread a second."""

    rate: float
    gui: float = 0.0


class Headless:
    """A run without a window, in this process, that trains on command."""

    def __init__(self, place: Path, config: RunConfig) -> None:
        self._control = TrainingControl()
        self._job = TrainingJob(place, config, niceness=TRAINING_NICENESS)
        self._clock = StepClock()
        self._is_paused = threading.Event()
        self._control.pause()
        self._thread = threading.Thread(target=self._train)
        self._thread.start()
        self._is_paused.wait()

    def turn(self, seconds: float) -> Turn:
        """Train for so long."""
        self._is_paused.clear()
        self._control.resume()
        time.sleep(SETTLE_SECONDS)
        begun = time.perf_counter()
        time.sleep(seconds)
        rate = self._clock.rate(begun, begun + seconds)
        self._control.pause()
        self._is_paused.wait()
        return Turn(rate)

    def end(self) -> None:
        """End the run without a last save."""
        self._control.abandon()
        self._thread.join()

    def _train(self) -> None:
        for event in self._job.run(self._control):
            match event:
                case MetricsLogged():
                    self._clock.note(int(event.steps[-1]))
                case PhaseChanged(RunPhase.PAUSED):
                    self._is_paused.set()


class Other:
    """The process without a window, from this side."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._answer()

    def turn(self, seconds: float) -> Turn:
        """Let it train for so long; the window's thread stands still meanwhile, and has nothing to do."""
        self._process.stdin.write(f"{seconds}\n")
        self._process.stdin.flush()
        return Turn(self._answer())

    def _answer(self) -> float:
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the process without a window has ended")
        return float(line)


@contextmanager
def other_process(config: RunConfig) -> Iterator[Other]:
    """Start a process that trains without a window, resting until its first turn."""
    with tempfile.TemporaryDirectory(prefix="gan-studio-") as folder:
        command = [sys.executable, __file__, "--headless", folder, config.model_dump_json()]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            try:
                yield Other(process)
            finally:
                process.stdin.close()


def serve(folder: Path, config: RunConfig) -> int:
    """Be the process without a window: a line is a turn, the end of the input the end."""
    headless = Headless(folder / "run", config)
    print("0", flush=True)
    for line in sys.stdin:
        print(headless.turn(float(line)).rate, flush=True)
    headless.end()
    return 0


def window_turn(studio: Studio, clock: StepClock, seconds: float) -> Turn:
    """Train in the window for so long, from a pause to a pause."""
    training = studio.session.training
    training.start()
    studio.spin(SETTLE_SECONDS)
    begun, gui = time.perf_counter(), time.thread_time()
    studio.spin(seconds)
    spent, ended = time.thread_time() - gui, time.perf_counter()
    turn = Turn(clock.rate(begun, begun + seconds), spent / (ended - begun))
    pause(studio)
    return turn


def pause(studio: Studio) -> None:
    """Pause and wait until it holds."""
    training = studio.session.training
    training.pause()
    studio.wait_until(lambda: training.state.phase is RunPhase.PAUSED)


def measure(studio: Studio, other: Other, config: RunConfig, pairs: int, seconds: float) -> list[Figure]:
    """Measure so many pairs of turns, in alternating order."""
    studio.start(config)
    studio.fill_plots(POINTS)
    clock = StepClock()
    clock.follow(studio.session.training)
    pause(studio)
    in_window, without = [], []
    for pair in range(pairs):
        if pair % 2:
            without.append(other.turn(seconds))
        in_window.append(window_turn(studio, clock, seconds))
        if not pair % 2:
            without.append(other.turn(seconds))
    ratios = [mine.rate / plain.rate for mine, plain in zip(in_window, without, strict=True)]
    batch, gui = config.training.batch_size, statistics.median(turn.gui for turn in in_window)
    return [
        Figure("training in the window over without, median of pairs", statistics.median(ratios), "x", ">= 0.97"),
        Figure("the same, least of the pairs", min(ratios), "x"),
        Figure("the same, most of the pairs", max(ratios), "x"),
        Figure("in the window", batch * statistics.median(turn.rate for turn in in_window), "img/s"),
        Figure("without a window", batch * statistics.median(turn.rate for turn in without), "img/s"),
        Figure("thread of the window, share of the cores", 100 * gui / CORES, "%", "<= 3"),
    ]


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=7, help="of turns (7)")
    parser.add_argument("--seconds", type=float, default=6.0, help="of each turn (6)")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--headless", nargs=2, metavar=("FOLDER", "CONFIG"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.headless:
        return serve(Path(options.headless[0]), RunConfig.model_validate_json(options.headless[1]))
    others, config = OtherWork(), quickstart({"record.checkpoint_seconds": SAVE_EVERY})
    with screen(), open_studio() as studio, other_process(config) as other:
        figures = measure(studio, other, config, options.pairs, options.seconds)
    tell([*figures, others.figure()], as_json=options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
