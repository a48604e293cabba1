"""The threads of a step spin only while other programs leave them their cores."""

import os
import platform
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import psutil
import pytest
import torch

from gan_studio.engine.machine import spinning
from gan_studio.engine.machine.spinning import RESUME_SHARE, STOP_SHARE, OtherPrograms, SpinGuard, leaves_enough

ROOT = Path(__file__).parents[3]
CORES = float(os.cpu_count() or 1)
PATIENCE_SECONDS = 60
pytestmark = pytest.mark.skipif(
    platform.system() != "Linux" or len(os.sched_getaffinity(0)) < 2, reason="no OpenMP of GNU, or nobody to wait for"
)

SWITCHES = """
import os, resource, torch
from gan_studio.engine.machine.spinning import SpinGuard

torch.set_num_threads(2)
numbers = torch.zeros(2**17)

def sleeps():
    before = resource.getrusage(resource.RUSAGE_THREAD).ru_nvcsw
    for _ in range(500):
        numbers.add_(1)
    return resource.getrusage(resource.RUSAGE_THREAD).ru_nvcsw - before

sleeps()
guard = SpinGuard(2)
counts = [sleeps()]
for cores in (float(os.cpu_count()), 0.0):
    guard.decide(cores)
    counts.append(sleeps())
print(*counts)
"""
"""Prints how often the calling thread slept during operations: spinning allowed, other programs busy, allowed again."""

LEFT_IN_THE_MIDDLE = """
import os
from gan_studio.engine.machine import spinning

spinning.LOOK_SECONDS = 0.001
spinning.OtherPrograms.cores = lambda self: float(os.cpu_count())

def run():
    with spinning.SpinGuard(2) as guard:
        while guard.may_spin:
            pass
        yield

events = run()
next(events)
print("left")
"""


def watchers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "spin guard"]


def run(program: str, **changes: str) -> str:
    """Run a program in its own process and return what it printed.

    It needs a fresh process because libgomp reads GOMP_SPINCOUNT when it is loaded.
    """
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **changes}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=True)
    assert done.stderr == ""
    return done.stdout


def test_that_nobody_spins_from_many_cores_on_until_few_are_taken() -> None:
    threads = len(os.sched_getaffinity(0))
    guard, found = SpinGuard(threads), []
    few, many = RESUME_SHARE * threads, STOP_SHARE * threads
    between = (few + many) / 2
    for cores in (between, many, float(threads), between, few - 0.01, between):
        guard.decide(cores)
        found.append(guard.may_spin)
    assert found == [True, False, False, False, True, True]


def test_that_others_may_have_the_cores_that_a_step_leaves_alone() -> None:
    guard = SpinGuard(1)
    guard.decide(len(os.sched_getaffinity(0)) - 1 + STOP_SHARE - 0.01)
    assert guard.may_spin


@pytest.mark.parametrize(
    ("threads", "taken", "is_spinning", "should_spin"),
    [
        (2, 0.49, True, True),
        (2, 0.5, True, False),
        (2, 0.31, False, False),
        (2, 0.29, False, True),
        (16, 0.5, True, True),  # one busy tab of a browser
        (16, 3.9, True, True),
        (16, 4.0, True, False),
        (16, 2.5, False, False),
        (16, 2.3, False, True),
    ],
)
def test_that_a_share_of_the_cores_of_a_step_decides(
    threads: int, taken: float, is_spinning: bool, should_spin: bool
) -> None:
    assert leaves_enough(taken, threads, is_spinning=is_spinning) == should_spin


def test_that_a_thread_that_never_asked_does_not_get_the_count_of_those_that_sleep() -> None:
    def ask() -> None:
        counts.append(torch.get_num_threads())

    counts: list[int] = []
    guard = SpinGuard(2)
    for cores in (0.0, CORES):
        guard.decide(cores)
        fresh = threading.Thread(target=ask)
        fresh.start()
        fresh.join()
    assert not guard.may_spin
    guard.decide(0.0)
    assert counts[0] == counts[1]


def test_that_threads_sleep_at_once_while_others_are_busy() -> None:
    """A fresh process, because libgomp reads its spin count once."""
    allowed, beside_others, again = map(int, run(SWITCHES, GOMP_SPINCOUNT="100000000000").split())
    assert beside_others > 20
    assert max(allowed, again) < beside_others / 4


def test_that_a_program_ends_though_a_run_was_left_in_the_middle() -> None:
    """A fresh process, because its end is what is tested."""
    assert run(LEFT_IN_THE_MIDDLE) == "left\n"


def test_that_a_run_watches_and_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spinning, "LOOK_SECONDS", 0.001)
    monkeypatch.setattr(OtherPrograms, "cores", lambda _: CORES)
    before, until = psutil.Process().num_threads(), time.monotonic() + PATIENCE_SECONDS
    with SpinGuard(2) as guard:
        while guard.may_spin and time.monotonic() < until:
            pass
        assert psutil.Process().num_threads() > before + CORES
    assert guard.may_spin
    assert watchers() == []
    while psutil.Process().num_threads() > before and time.monotonic() < until:
        pass  # the system needs a moment to end threads
    assert psutil.Process().num_threads() <= before


def test_that_a_step_on_one_thread_has_no_watcher() -> None:
    with SpinGuard(1):
        assert watchers() == []


def test_that_a_system_that_does_not_tell_lets_threads_spin(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(**_: object) -> float:
        raise PermissionError("/proc/stat")

    monkeypatch.setattr(psutil, "cpu_times", fail)
    with SpinGuard(2) as guard:
        for watcher in watchers():
            watcher.join()
        assert guard.may_spin
    assert "no longer watched" in caplog.text


def test_that_a_system_that_gives_no_more_threads_is_asked_for_none(monkeypatch: pytest.MonkeyPatch) -> None:
    guard = SpinGuard(2)

    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    with guard:
        guard.decide(CORES)
        assert guard.may_spin


class Times(NamedTuple):
    """The CPU times of a core from psutil, in seconds; user time includes guest time."""

    user: float
    system: float
    idle: float
    iowait: float
    guest: float


def test_that_only_what_other_programs_take_of_our_cores_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = Times(0.0, 0.0, 0.0, 0.0, 0.0), Times(9.0, 0.0, 0.0, 0.0, 0.0)
    ours = Times(10.0, 1.0, 500.0, 7.0, 0.5), Times(13.0, 1.5, 500.5, 9.0, 1.5)
    systems = iter([*zip(elsewhere, ours, strict=True)])
    own = iter([SimpleNamespace(user=3.0, system=0.0), SimpleNamespace(user=4.5, system=0.5)])
    clock = iter([100.0, 102.0])
    monkeypatch.setattr(spinning, "allowed_cores", lambda: {1})
    monkeypatch.setattr(psutil, "cpu_times", lambda percpu: next(systems))
    monkeypatch.setattr(psutil, "Process", lambda: SimpleNamespace(cpu_times=lambda: next(own)))
    monkeypatch.setattr(spinning, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    assert OtherPrograms().cores() == pytest.approx((3.5 - 2.0) / 2)
