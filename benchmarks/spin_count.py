"""Measure how long OpenMP's threads should spin while they wait for each other: steps with several counts, in turn.

`python -m benchmarks.spin_count [--counts 0 5000 35000] [--rounds 12] [--preset quickstart] [--json]`

libgomp reads GOMP_SPINCOUNT when it is loaded, so each count has a separate process. It trains as the window does
(niceness 10), and counts its steps in a burst on request. One process does what the program does: the program's count,
and no spinning while others are busy (engine/machine/spinning.py). All take turns in every round: alone, beside one
busy loop, beside one on each core, and beside another run of the program. A ratio is steps a second over the program's
in the same round.
"""

import argparse
import json
import multiprocessing
import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from unittest.mock import patch

import torch

from benchmarks.step_profile import seconds_of
from gan_studio.__main__ import SPINS
from gan_studio.bench.paired import WARM_UP
from gan_studio.bench.steps import Feed, OurStep
from gan_studio.engine.config.presets import load_preset
from gan_studio.engine.machine.devices import environment, prepare_thread
from gan_studio.engine.machine.spinning import SpinGuard
from gan_studio.engine.qt_threads import TRAINING_NICENESS

VARIABLE = "GOMP_SPINCOUNT"
PROGRAM = "program"
"""Name of the process that does what the program does."""

BURST_SECONDS = 1.0
SETTLE_SECONDS = 2.5
"""Training before a burst: the program checks once a second how busy others are."""
REST_SECONDS = 0.05
"""Pause between two bursts, until the threads of the earlier one sleep."""

CONTEXT = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class Outcome:
    """The speed with one count in one surrounding.

    Attributes:
        surrounding: a key of SURROUNDINGS.
        count: turns of libgomp's loop, or PROGRAM.
        rate: steps a second, median of the rounds.
        least: steps a second in the worst round.
        ratio: rate over the program's in the same round: lower quartile, median, upper quartile.
    """

    surrounding: str
    count: str
    rate: float
    least: float
    ratio: tuple[float, float, float]


@contextmanager
def trainer(count: str, preset: str, threads: int) -> Iterator[Callable[[], float]]:
    """Start a process with a spin count; calling the result trains a burst and returns steps a second."""
    mine, theirs = CONTEXT.Pipe()
    with patch.dict(os.environ, {VARIABLE: SPINS if count == PROGRAM else count}):
        watched = threads if count == PROGRAM else 1
        process = CONTEXT.Process(target=_serve, args=(theirs, preset, threads, watched), daemon=True)
        process.start()
    theirs.close()

    def burst() -> float:
        mine.send((SETTLE_SECONDS, BURST_SECONDS))
        rate: float = mine.recv()
        time.sleep(REST_SECONDS)
        return rate

    try:
        mine.recv()
        yield burst
    finally:
        mine.close()
        process.join()


@contextmanager
def nothing(preset: str, threads: int) -> Iterator[None]:
    """Run nothing beside the measurement."""
    yield


@contextmanager
def busy_loop(preset: str, threads: int) -> Iterator[None]:
    """Keep one core busy with a Python loop."""
    with _running([CONTEXT.Process(target=_loop, daemon=True)]):
        yield


@contextmanager
def busy_loops(preset: str, threads: int) -> Iterator[None]:
    """Keep every core busy with a Python loop."""
    processes = [CONTEXT.Process(target=_loop, daemon=True) for _ in range(os.cpu_count() or 1)]
    with _running(processes):
        yield


@contextmanager
def another_training(preset: str, threads: int) -> Iterator[None]:
    """Train in another process as the program does."""
    with patch.dict(os.environ, {VARIABLE: SPINS}):
        process = CONTEXT.Process(target=_train, args=(preset, threads), daemon=True)
        with _running([process]):
            yield


SURROUNDINGS = {
    "alone": nothing,
    "a busy loop": busy_loop,
    "busy loops": busy_loops,
    "another training": another_training,
}
START_SECONDS = 6.0
"""Time for the processes beside the measurement to start working."""


@contextmanager
def _running(processes: Sequence[multiprocessing.process.BaseProcess]) -> Iterator[None]:
    for process in processes:
        process.start()
    try:
        time.sleep(START_SECONDS)
        yield
    finally:
        for process in processes:
            process.kill()
            process.join()


def _loop() -> None:
    while True:
        pass


def _steps(preset: str, threads: int) -> Callable[[], float]:
    config = load_preset(preset).config
    device = torch.device("cpu")
    prepare_thread(threads, TRAINING_NICENESS)
    feed = Feed(config, device)
    step = OurStep(config, feed, device)
    return lambda: seconds_of(step, feed, time.perf_counter)


def _train(preset: str, threads: int) -> None:
    step = _steps(preset, threads)
    with SpinGuard(threads):
        while True:
            step()


def _serve(connection: Connection, preset: str, threads: int, watched: int) -> None:
    step = _steps(preset, threads)
    for _ in range(WARM_UP):
        step()
    connection.send(True)
    try:
        with SpinGuard(watched):
            while True:
                settle, seconds = connection.recv()
                _rate(step, settle)
                connection.send(_rate(step, seconds))
    except EOFError:
        return


def _rate(step: Callable[[], float], seconds: float) -> float:
    begun, done = time.perf_counter(), 0
    while time.perf_counter() - begun < seconds:
        step()
        done += 1
    return done / (time.perf_counter() - begun)


def measure(counts: Sequence[str], rounds: int, preset: str, threads: int) -> list[Outcome]:
    """Let all counts take turns in each surrounding."""
    found = []
    with ExitStack() as stack:
        bursts = {count: stack.enter_context(trainer(count, preset, threads)) for count in counts}
        for name, surrounding in SURROUNDINGS.items():
            with surrounding(preset, threads):
                rates = _in_turn(bursts, rounds)
            found += [outcome_of(name, count, rates) for count in counts]
    return found


def _in_turn(bursts: dict[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    rates: dict[str, list[float]] = {count: [] for count in bursts}
    for index in range(rounds):
        for count in list(bursts)[:: -1 if index % 2 else 1]:
            rates[count].append(bursts[count]())
    return rates


def outcome_of(surrounding: str, count: str, rates: dict[str, list[float]]) -> Outcome:
    """Compare a count with the program, round by round; `rates` are steps a second of each round."""
    mine = rates[count]
    ratios = [rate / own for rate, own in zip(mine, rates[PROGRAM], strict=True)]
    low, middle, high = statistics.quantiles(ratios, n=4, method="inclusive") if len(ratios) > 1 else ratios * 3
    return Outcome(surrounding, count, statistics.median(mine), min(mine), (low, middle, high))


def main(arguments: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--counts", nargs="+", default=["0", "5000", SPINS])
    parser.add_argument("--rounds", type=int, default=12, help="measured bursts of one second each (default 12)")
    parser.add_argument("--preset", default="quickstart")
    parser.add_argument("--threads", type=int, default=2, help="CPU threads of a step (default 2)")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the table")
    options = parser.parse_args(arguments)
    counts = [*dict.fromkeys(options.counts), PROGRAM]
    outcomes = measure(counts, options.rounds, options.preset, options.threads)
    if options.json:
        print(json.dumps({"machine": environment(), "results": [asdict(outcome) for outcome in outcomes]}, indent=2))
        return 0
    print(f"{'surrounding':18}{'count':>8}{'steps a second':>16}{'at least':>10}   over the program (quartiles)")
    for outcome in outcomes:
        low, middle, high = outcome.ratio
        told = f"{middle:.2f} ({low:.2f} to {high:.2f})"
        print(f"{outcome.surrounding:18}{outcome.count:>8}{outcome.rate:16.1f}{outcome.least:10.1f}   {told}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
