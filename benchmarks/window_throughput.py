"""Measure what the window costs: training with it over training without it, and its thread's share of the cores.

The window is shown with the Train tab in front and 100 000 steps in its plots; a checkpoint is saved every 5 seconds.
Each round has three turns: the window active; the window's thread asleep while the same run trains; and a second
process that trains the same set-up without a window. The first over the second is what the window's work costs, to a
percent. The first over the third also contains how much two processes of one program differ, a few percent either way.
All training threads have the same niceness, so that other programs slow all of them alike.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.window_driver import (
    CORES,
    POINTS,
    Figure,
    OtherWork,
    StepRate,
    Studio,
    open_studio,
    quickstart,
    screen,
    tell,
)
from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.control import TrainingControl
from gan_studio.engine.events import PhaseChanged, RunPhase
from gan_studio.engine.qt_threads import TRAINING_NICENESS
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest

SETTLE_SECONDS = 0.5
SAVE_EVERY = 5.0


@dataclass(frozen=True)
class Turn:
    """One turn of training: steps a second, and CPU seconds of the window's thread a second."""

    rate: float
    gui: float = 0.0


class Headless:
    """A run in this process, without a window, that trains on request."""

    def __init__(self, place: Path, config: RunConfig) -> None:
        self._control = TrainingControl()
        self._job = TrainingJob(RunRequest(place, config, niceness=TRAINING_NICENESS))
        self._is_paused = threading.Event()
        self._control.pause()
        self._thread = threading.Thread(target=self._train)
        self._thread.start()
        self._is_paused.wait()

    def turn(self, seconds: float) -> Turn:
        """Train for so many seconds."""
        self._is_paused.clear()
        self._control.resume()
        time.sleep(SETTLE_SECONDS)
        rate = StepRate(self._job.trainer)
        time.sleep(seconds)
        turn = Turn(rate.end())
        self._control.pause()
        self._is_paused.wait()
        return turn

    def end(self) -> None:
        """End the run without a last save."""
        self._control.abandon()
        self._thread.join()

    def _train(self) -> None:
        for event in self._job.run(self._control):
            if isinstance(event, PhaseChanged) and event.phase is RunPhase.PAUSED:
                self._is_paused.set()


class Other:
    """The process without a window, as seen from this one."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._answer()

    def turn(self, seconds: float) -> Turn:
        """Let it train for so many seconds; the window's thread waits meanwhile, and has nothing to do."""
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
    """Start a process that trains without a window; it rests until its first turn."""
    with tempfile.TemporaryDirectory(prefix="gan-studio-") as folder:
        command = [sys.executable, __file__, "--headless", folder, config.model_dump_json()]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            try:
                yield Other(process)
            finally:
                process.stdin.close()


def serve(folder: Path, config: RunConfig) -> int:
    """Run in the process without a window: each line of input is a turn, and the end of the input ends it."""
    headless = Headless(folder / "run", config)
    print("0", flush=True)
    for line in sys.stdin:
        print(headless.turn(float(line)).rate, flush=True)
    headless.end()
    return 0


def window_turn(studio: Studio, seconds: float, *, is_asleep: bool = False) -> Turn:
    """Train in the window for so many seconds, from pause to pause; the window's thread works or sleeps."""
    training = studio.session.training
    training.start()
    studio.spin(SETTLE_SECONDS)
    rate, gui = StepRate(studio.trainer), time.thread_time()
    if is_asleep:
        time.sleep(seconds)
    else:
        studio.spin(seconds)
    spent = time.thread_time() - gui
    turn = Turn(rate.end(), spent / seconds)
    pause(studio)
    return turn


def pause(studio: Studio) -> None:
    """Pause the run and wait until it is paused."""
    training = studio.session.training
    training.pause()
    studio.wait_until(lambda: training.state.phase is RunPhase.PAUSED)


def measure(studio: Studio, other: Other, config: RunConfig, rounds: int, seconds: float) -> list[Figure]:
    """Measure rounds of three turns each, in alternating order."""
    studio.start(config)
    studio.fill_plots(POINTS)
    pause(studio)
    turns: dict[str, Callable[[], Turn]] = {
        "at work": lambda: window_turn(studio, seconds),
        "asleep": lambda: window_turn(studio, seconds, is_asleep=True),
        "without": lambda: other.turn(seconds),
    }
    taken: dict[str, list[Turn]] = {name: [] for name in turns}
    for number in range(rounds):
        for name in reversed(turns) if number % 2 else turns:
            taken[name].append(turns[name]())
    return _figures(taken, config.training.batch_size)


def _figures(taken: dict[str, list[Turn]], batch_size: int) -> list[Figure]:
    at_work, asleep, without = ([turn.rate for turn in turns] for turns in taken.values())
    own = [mine / same for mine, same in zip(at_work, asleep, strict=True)]
    ratios = [mine / plain for mine, plain in zip(at_work, without, strict=True)]
    gui = statistics.median(turn.gui for turn in taken["at work"])
    return [
        Figure("training with the window active over asleep, median", statistics.median(own), "x", ">= 0.97"),
        Figure("the same, least of the rounds", min(own), "x"),
        Figure("training in the window over without one, median", statistics.median(ratios), "x", ">= 0.97"),
        Figure("the same, least of the rounds (two processes)", min(ratios), "x"),
        Figure("in the window", batch_size * statistics.median(at_work), "img/s"),
        Figure("without a window", batch_size * statistics.median(without), "img/s"),
        Figure("the window's thread, share of the cores", 100 * gui / CORES, "%", "<= 3"),
    ]


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=6, help="rounds of three turns each (6)")
    parser.add_argument("--seconds", type=float, default=5.0, help="seconds of each turn (5)")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--headless", nargs=2, metavar=("FOLDER", "CONFIG"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.headless:
        return serve(Path(options.headless[0]), RunConfig.model_validate_json(options.headless[1]))
    others, config = OtherWork(), quickstart({"record.checkpoint_seconds": SAVE_EVERY})
    with screen(), open_studio() as studio, other_process(config) as other:
        figures = measure(studio, other, config, options.rounds, options.seconds)
    tell([*figures, others.figure()], as_json=options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
