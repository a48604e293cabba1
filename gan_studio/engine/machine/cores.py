"""The CPU cores that this program may use."""

import os
from collections.abc import Iterator
from contextlib import suppress
from math import inf
from pathlib import Path, PurePosixPath

import psutil

PROCESS = Path("/proc/self/cgroup")
"""The control groups of this process."""
UNIFIED_MOUNTS = (Path("/sys/fs/cgroup"), Path("/sys/fs/cgroup/unified"))
CPU_MOUNTS = (Path("/sys/fs/cgroup/cpu"), Path("/sys/fs/cgroup/cpu,cpuacct"))
"""Where control groups of version 2 and of version 1 are mounted."""


def allowed_cores() -> set[int]:
    """Return the numbers of the cores that this program may run on."""
    process = psutil.Process()
    if hasattr(process, "cpu_affinity"):  # not on macOS
        return set(process.cpu_affinity())
    return set(range(os.cpu_count() or 1))


def usable_cores() -> int:
    """Return how many cores this program can keep busy: those it may run on, but no more than its container's quota."""
    return max(1, int(min([len(allowed_cores()), *_quotas()])))


def _quotas() -> Iterator[float]:
    """Yield the quota in cores of every control group of this process and of its parents (Linux)."""
    with suppress(OSError, ValueError):
        for line in PROCESS.read_text(encoding="utf-8", errors="surrogateescape").splitlines():
            _, controllers, path = line.split(":", 2)
            if not controllers:
                yield from (_granted(folder / "cpu.max") for folder in _folders(UNIFIED_MOUNTS, path))
            elif "cpu" in controllers.split(","):
                for folder in _folders(CPU_MOUNTS, path):
                    yield _granted(folder / "cpu.cfs_quota_us", folder / "cpu.cfs_period_us")


def _folders(mounts: tuple[Path, ...], path: str) -> Iterator[Path]:
    """Yield the folders of a control group and its parents; those outside a container do not exist inside it."""
    group = PurePosixPath(path.lstrip("/"))
    for mount in mounts:
        yield from (mount / part for part in (group, *group.parents))


def _granted(*files: Path) -> float:
    """Return quota / period, which are in one file or in two; infinity for "max", -1 or an unreadable file."""
    try:
        quota, period = (float(number) for file in files for number in file.read_text(encoding="ascii").split())
    except (OSError, ValueError):
        return inf
    return quota / period if quota > 0 and period > 0 else inf
