"""The cores that this program may use: those that it may run on, within its container's quota."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.machine import cores, devices
from gan_studio.engine.machine.cores import allowed_cores, usable_cores
from gan_studio.engine.machine.decision import decide_execution
from gan_studio.engine.machine.devices import find_devices, step_threads

TELL = "from gan_studio.engine.machine.cores import usable_cores; print(usable_cores())"


@pytest.fixture
def groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Read control groups from a temporary folder, as on a machine with 64 cores."""
    monkeypatch.setattr(cores, "allowed_cores", lambda: set(range(64)))
    monkeypatch.setattr(cores, "PROCESS", tmp_path / "cgroup")
    monkeypatch.setattr(cores, "UNIFIED_MOUNTS", (tmp_path / "none", tmp_path / "unified"))
    monkeypatch.setattr(cores, "CPU_MOUNTS", (tmp_path / "cpu", tmp_path / "cpu,cpuacct"))
    return tmp_path


def put(folder: Path, **numbers: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in numbers.items():
        (folder / f"cpu.{name}").write_text(text + "\n")


@pytest.mark.parametrize(
    ("quota", "usable"),
    [("max 100000", 64), ("250000 100000", 2), ("50000 100000", 1), ("9900000 100000", 64), ("nonsense", 64), ("", 64)],
)
def test_that_no_more_cores_are_used_than_a_quota_pays_for(groups: Path, quota: str, usable: int):
    (groups / "cgroup").write_text("0::/a/b\n")
    put(groups / "unified/a/b", max=quota)
    assert usable_cores() == usable


def test_that_the_least_quota_of_the_groups_around_counts(groups: Path):
    (groups / "cgroup").write_text("0::/a/b\n")
    put(groups / "unified/a/b", max="800000 100000")
    put(groups / "unified/a", max="400000 100000")
    put(groups / "unified", max="max 100000")
    assert usable_cores() == 4


@pytest.mark.parametrize("mount", ["cpu", "cpu,cpuacct"])
def test_that_the_older_control_groups_are_understood(groups: Path, mount: str):
    (groups / "cgroup").write_text("3:cpuset:/x\n2:cpu,cpuacct:/docker/1234\n0::/\n")
    put(groups / mount, cfs_quota_us="300000", cfs_period_us="100000")  # a container sees its own group as the top one
    assert usable_cores() == 3
    put(groups / mount, cfs_quota_us="-1")
    assert usable_cores() == 64


@pytest.mark.parametrize("text", ["", "nonsense\n", "0::/../../etc\n", "0::/\0\n"])
def test_that_without_a_quota_all_allowed_cores_are_used(groups: Path, text: str):
    (groups / "cgroup").write_text(text)
    assert usable_cores() == 64


def test_that_a_step_has_no_more_threads_than_cores_may_be_used(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(devices, "_THREADS_OF_TORCH", 64)
    monkeypatch.setattr(cores, "PROCESS", Path("no such file"))
    for allowed, title in (({7}, "CPU, 1 thread"), ({1, 5, 9}, "CPU, 3 threads")):
        monkeypatch.setattr(cores, "allowed_cores", lambda allowed=allowed: allowed)
        assert step_threads() == decide_execution(RunConfig(device="cpu")).threads == len(allowed)
        assert find_devices().devices[-1].title == title


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="no program is kept to some cores here")
def test_that_one_core_may_be_used_where_the_program_is_kept_to_it():
    """It needs a process of its own, which is kept to that core."""
    core = min(allowed_cores())
    kept = f"import os; os.sched_setaffinity(0, {{{core}}}); {TELL}"
    assert subprocess.check_output([sys.executable, "-c", kept], text=True) == "1\n"


def test_that_a_step_has_no_more_threads_than_openmp_is_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cores, "allowed_cores", lambda: set(range(64)))
    monkeypatch.setattr(cores, "PROCESS", Path("no such file"))
    told = os.environ.get("MKL_NUM_THREADS") or os.environ["OMP_NUM_THREADS"]  # set before torch was loaded
    assert step_threads() == int(told)
