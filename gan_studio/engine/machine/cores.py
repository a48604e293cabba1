"""How many of the machine's cores this program may use."""

import os
from collections.abc import Iterator
from contextlib import suppress
from math import inf
from pathlib import Path, PurePosixPath

import psutil

PROCESS = Path("/proc/self/cgroup")
UNIFIED_MOUNTS = (Path("/sys/fs/cgroup"), Path("/sys/fs/cgroup/unified"))
CPU_MOUNTS = (Path("/sys/fs/cgroup/cpu"), Path("/sys/fs/cgroup/cpu,cpuacct"))


def allowed_cores() -> set[int]:
    """Return the cores that this program may run on, by number."""
    process = psutil.Process()
    if hasattr(process, "cpu_affinity"):  # not on macOS
        return set(process.cpu_affinity())
    return set(range(os.cpu_count() or 1))


def usable_cores() -> int:
    """Return how many cores this program can keep busy: those it may run on, as far as its container's quota pays."""
    return max(1, int(min([len(allowed_cores()), *_quotas()])))


def _quotas() -> Iterator[float]:
    """Yield how many cores Linux grants each control group of this process, its own and those around it."""
    with suppress(OSError, ValueError):
        for line in PROCESS.read_text(encoding="utf-8", errors="surrogateescape").splitlines():
            _, controllers, path = line.split(":", 2)
            if not controllers:
                yield from (_granted(folder / "cpu.max") for folder in _folders(UNIFIED_MOUNTS, path))
            elif "cpu" in controllers.split(","):
                for folder in _folders(CPU_MOUNTS, path):
                    yield _granted(folder / "cpu.cfs_quota_us", folder / "cpu.cfs_period_us")


def _folders(mounts: tuple[Path, ...], path: str) -> Iterator[Path]:
    """Yield the folder of a control group and those around it; what a container does not see is not there."""
    group = PurePosixPath(path.lstrip("/"))
    for mount in mounts:
        yield from (mount / part for part in (group, *group.parents))


def _granted(*files: Path) -> float:
    """Divide a quota by its period, two numbers in one file or in two; "max" and -1 are none."""
    try:
        quota, period = (float(number) for file in files for number in file.read_text(encoding="ascii").split())
    except (OSError, ValueError):
        return inf
    return quota / period if quota > 0 and period > 0 else inf
