"""Whether the threads of a step on the CPU wait for each other actively: not while other programs want their cores."""

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
MANY_CORES, FEW_CORES = 0.5, 0.3
"""What other programs take of the cores that a step uses: from the first on nobody spins, below the second all may."""

_ELEMENTS_A_THREAD = 2**15
"""torch gives a thread at least so many elements of an elementwise operation."""
_ROOM = 8
"""Threads that must be possible beside ours: OpenMP ends the program when the system refuses it one."""

logger = logging.getLogger(__name__)


class ActiveWaiting:
    """Watches what other programs take of the processor while a run trains on it.

    A thread that spins at a barrier holds a core to which its fellow could move when another program has taken the
    fellow's own. Beside one busy program that made steps up to 15 times slower; without it, threads that sleep and wake
    make them half as fast (docs/benchmarks.md). libgomp cannot be told anew once it is loaded, but it hardly lets
    anybody spin (100 turns) while it has more threads than there are cores: so some more sleep as long as others are
    busy. No number of a run depends on it.

    Attributes:
        is_active: whether threads may spin.
    """

    def __init__(self, threads: int) -> None:
        """Say how many threads a step has; one alone waits for nobody, and other systems have another library."""
        self._cores = len(allowed_cores())
        self._spare = max(self._cores - threads, 0)
        self._crowd: _Crowd | None = None
        self._ended = threading.Event()
        is_needed = threads > 1 and platform.system() == "Linux"
        self._watcher = threading.Thread(target=self._watch, name="active waiting", daemon=True) if is_needed else None

    def __enter__(self) -> Self:
        """Begin to watch."""
        if self._watcher is not None:
            with suppress(RuntimeError):  # no thread can be started: then nobody watches
                self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Let threads spin again."""
        self._ended.set()
        if self._watcher is not None:
            with suppress(RuntimeError):  # never started, or the interpreter ends
                self._watcher.join()

    @property
    def is_active(self) -> bool:
        """Whether threads may spin."""
        return self._crowd is None

    def decide(self, cores: float) -> None:
        """Let threads spin or not, now that others take so many cores."""
        taken = cores - self._spare
        if self._crowd is None and taken >= MANY_CORES:
            if _can_start(self._cores + 1 + _ROOM):
                self._crowd = _Crowd(self._cores + 1)
        elif self._crowd is not None and taken < FEW_CORES:
            self._crowd.end()
            self._crowd = None

    def _watch(self) -> None:
        try:
            others = OtherPrograms()
            while not self._ended.wait(LOOK_SECONDS):
                self.decide(others.cores())
        except Exception:  # a run must not suffer from what only makes it faster
            logger.warning("What other programs take of the processor is no longer watched.", exc_info=True)
        finally:
            self.decide(0.0)


class OtherPrograms:
    """Tells how many cores all programs but this one have kept busy since it was last asked.

    Cores that this program may not use do not count. What other virtual machines take does; a limit on this program's
    own share (a quota of a container) is not seen.
    """

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._before = self._read()

    def cores(self) -> float:
        """Return cores, a mean since the last call; 0.0 or a little less where nobody else is at work."""
        before, now = self._before, self._read()
        self._before = now
        return (now[1] - before[1]) / max(now[0] - before[0], 1e-3)

    def _read(self) -> tuple[float, float]:
        allowed, own = allowed_cores(), self._process.cpu_times()
        busy = sum(_busy(times) for core, times in enumerate(psutil.cpu_times(percpu=True)) if core in allowed)
        return time.monotonic(), busy - own.user - own.system


def _busy(times: tuple[float, ...]) -> float:
    """Add up what a core did: its time but for what it idled; guests' time is counted as user's already."""
    left_out = ("idle", "iowait", "guest", "guest_nice")
    return sum(times) - sum(getattr(times, name, 0.0) for name in left_out)


def _can_start(count: int) -> bool:
    """Try whether the system gives us so many threads more."""
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


class _Crowd:
    """Threads of OpenMP that sleep until they end: those of one operation, kept by the thread that asked for it.

    There are more of them than cores, so that it does not matter how many a step has at the moment.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._gathered, self._ended = threading.Event(), threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="sleeping threads of OpenMP", daemon=True)
        self._keeper.start()
        self._gathered.wait()

    def end(self) -> None:
        """Let them go."""
        self._ended.set()
        self._keeper.join()

    def _keep(self) -> None:
        before = torch.get_num_threads()
        try:
            torch.set_num_threads(self._count)
            torch.zeros(self._count * _ELEMENTS_A_THREAD).add_(1.0)
        except Exception:  # as in _watch
            logger.warning("Threads could not be kept from spinning.", exc_info=True)
        finally:
            torch.set_num_threads(before)  # a thread that never asked for its own count would get ours
            self._gathered.set()
        self._ended.wait()
