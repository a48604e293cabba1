"""Keeping OpenMP's threads from spinning while other programs need the CPU."""

import logging
import platform
import threading
import time
from contextlib import suppress
from typing import Self

import psutil
import torch

from gan_studio.engine.machine.cores import allowed_cores

LOOK_SECONDS = 1.0
"""Seconds between two looks at what other programs use."""
STOP_SHARE, RESUME_SHARE = 0.25, 0.15
"""Threads stop spinning if other programs use STOP_SHARE of a step's cores, and may spin again below RESUME_SHARE."""

_ELEMENTS_A_THREAD = 2**15
"""Smallest share of an elementwise operation that torch gives to a thread."""
_SPARE_THREADS = 8
"""Threads that the system must still allow besides the parked ones: OpenMP ends the program if it is refused one."""

logger = logging.getLogger(__name__)


class SpinGuard:
    """Lets the threads of a CPU step spin at barriers only while other programs leave them their cores.

    A thread that spins at a barrier holds its core. If another program has taken the core of a second thread of the
    step, that thread cannot move there and must wait its turn. Beside one busy program this made steps up to 15 times
    slower. Without spinning at all, steps are half as fast (docs/benchmarks.md).

    libgomp reads its spin count only once, when it is loaded. But it stops spinning after 100 turns while it manages
    more threads than there are cores. So while other programs are busy, the guard parks additional OpenMP threads.
    The numbers of a run do not depend on it.

    Attributes:
        may_spin: whether threads may spin at present.
    """

    def __init__(self, threads: int) -> None:
        """Prepare to guard steps of `threads` threads.

        It does nothing for a single thread, which waits for no other, and on systems other than Linux, which use
        another OpenMP library.
        """
        self._threads = threads
        self._cores = len(allowed_cores())
        self._unused_cores = max(self._cores - threads, 0)
        self._parked: _ParkedThreads | None = None
        self._ended = threading.Event()
        is_needed = threads > 1 and platform.system() == "Linux"
        self._watcher = threading.Thread(target=self._watch, name="spin guard", daemon=True) if is_needed else None

    def __enter__(self) -> Self:
        """Start watching other programs."""
        if self._watcher is not None:
            with suppress(RuntimeError):  # no thread can be started: the run goes on without a guard
                self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop watching, and let threads spin again."""
        self._ended.set()
        if self._watcher is not None:
            with suppress(RuntimeError):  # the watcher never started, or the interpreter is ending
                self._watcher.join()

    @property
    def may_spin(self) -> bool:
        """Whether threads may spin at present."""
        return self._parked is None

    def decide(self, cores: float) -> None:
        """Allow or prevent spinning.

        Args:
            cores: cores that other programs keep busy.
        """
        should_spin = leaves_enough(cores - self._unused_cores, self._threads, is_spinning=self.may_spin)
        if self._parked is None and not should_spin:
            if _can_start(self._cores + 1 + _SPARE_THREADS):
                self._parked = _ParkedThreads(self._cores + 1)
        elif self._parked is not None and should_spin:
            self._parked.end()
            self._parked = None

    def _watch(self) -> None:
        try:
            others = OtherPrograms()
            while not self._ended.wait(LOOK_SECONDS):
                self.decide(others.cores())
        except Exception:  # the guard only makes a run faster, so its errors must not end one
            logger.warning("The CPU use of other programs is no longer watched.", exc_info=True)
        finally:
            self.decide(0.0)


def leaves_enough(taken: float, threads: int, *, is_spinning: bool) -> bool:
    """Tell whether other programs leave a step so much of its cores that its threads should spin.

    Args:
        taken: cores of the step that others keep busy.
        threads: threads of the step, one on each of its cores.
        is_spinning: whether they spin now; the limit to begin again is lower, so that they do not change all the time.
    """
    return taken < threads * (STOP_SHARE if is_spinning else RESUME_SHARE)


class OtherPrograms:
    """Measures how many cores all other programs have kept busy since the last measurement.

    Only cores that this program may use count. Time taken by other virtual machines (steal) counts too. A quota of this
    program's own container is not seen.
    """

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._before = self._read()

    def cores(self) -> float:
        """Return the mean number of busy cores since the last call; 0.0 or slightly less if no other program works."""
        before, now = self._before, self._read()
        self._before = now
        return (now[1] - before[1]) / max(now[0] - before[0], 1e-3)

    def _read(self) -> tuple[float, float]:
        allowed, own = allowed_cores(), self._process.cpu_times()
        busy = sum(_busy(times) for core, times in enumerate(psutil.cpu_times(percpu=True)) if core in allowed)
        return time.monotonic(), busy - own.user - own.system


def _busy(times: tuple[float, ...]) -> float:
    """Return the busy seconds of a core, without idle time. Guest time is already part of user time."""
    left_out = ("idle", "iowait", "guest", "guest_nice")
    return sum(times) - sum(getattr(times, name, 0.0) for name in left_out)


def _can_start(count: int) -> bool:
    """Tell whether the system allows `count` more threads, by starting them."""
    gate, started = threading.Event(), list[threading.Thread]()
    try:
        for _ in range(count):
            thread = threading.Thread(target=gate.wait, daemon=True)
            thread.start()
            started.append(thread)
    except RuntimeError:
        return False
    finally:
        gate.set()
        for thread in started:
            thread.join()
    return True


class _ParkedThreads:
    """Parked threads that stop OpenMP from spinning.

    A Python thread runs one operation on `count` OpenMP threads, then waits. Until it ends, its OpenMP threads sleep
    but still count. There are more of them than cores, so the threads of the step itself need not be counted.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._started, self._ended = threading.Event(), threading.Event()
        self._owner = threading.Thread(target=self._park, name="parked OpenMP threads", daemon=True)
        self._owner.start()
        self._started.wait()

    def end(self) -> None:
        """End the parked threads."""
        self._ended.set()
        self._owner.join()

    def _park(self) -> None:
        before = torch.get_num_threads()
        try:
            torch.set_num_threads(self._count)
            torch.zeros(self._count * _ELEMENTS_A_THREAD).add_(1.0)
        except Exception:  # the guard only makes a run faster, so its errors must not end one
            logger.warning("Threads could not be kept from spinning.", exc_info=True)
        finally:
            torch.set_num_threads(before)  # a thread that never asked torch for its count takes the one set last
            self._started.set()
        self._ended.wait()
