"""Promise 1: a real process is killed in the midst of saving; its run goes on by itself, and never backwards."""

import random
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import torch

from gan_studio.engine.run.checkpoint import newest_checkpoint
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.run.log import read_metrics
from gan_studio.engine.step.state import build_state
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest
from tests.engine.references import References
from tests.engine.runs import resume, tiny
from tests.reliability.children import begin, kill, pipe, tell_steps
from tests.reliability.ledger import Page

ROOT = Path(__file__).parent.parent.parent
FIRST = 4
CONFIG = tiny(training__steps=FIRST, record__sample_every=2, record__snapshot_every=3)
RENAMES = "rename,renameat,renameat2"
SECONDS = 100


@pytest.fixture
def place(tmp_path: Path, references: References) -> Path:
    """Train a run for a few steps."""
    references.copy_to(tmp_path / "run", CONFIG)
    return tmp_path / "run"


def newest(place: Path) -> int:
    """Find the step that resuming begins with, as resuming finds it."""
    state = build_state(CONFIG, torch.device("cpu"), 0)
    return newest_checkpoint(RunFolder(place), state, CONFIG)[0].moment.step


def check_that_it_goes_on(place: Path) -> None:
    """Go on by one step; check that every row is there and nothing half-written is."""
    target = newest(place) + 1
    resume(place, steps=target)
    assert newest(place) == target
    assert list(read_metrics(place / "run.sqlite", last_step=target)[0]) == list(range(1, target + 1))
    assert list(place.rglob("*.tmp")) == []


def test_that_a_run_killed_at_random_instants_goes_on_and_never_backwards(place: Path, ledger: Page) -> None:
    draw, before, kills = random.Random(9), newest(place), 0
    for _ in range(ledger.amount(3, 200)):
        receiver, sender = pipe()
        child = begin(tell_steps, TrainingJob(RunRequest(place, steps=10**6)), sender, 1)
        sender.close()
        with receiver:
            while receiver.recv() <= before:
                continue
            for _ in range(draw.randrange(60)):
                receiver.recv()
            kills += kill(child)
        now = newest(place)
        assert now >= before
        before = now
    assert before > FIRST
    check_that_it_goes_on(place)
    ledger.injected(1, "kill -9", kills)


@pytest.mark.slow
def test_that_a_run_killed_by_the_kernel_at_a_rename_goes_on(place: Path, ledger: Page) -> None:
    """A fresh process, because strace kills it."""
    skip_without_strace()
    wanted = range(1, 1 + ledger.amount(3, 25))
    for number in wanted:
        before = newest(place)
        done = strace(place, f"inject={RENAMES}:signal=KILL:when={number}", RENAMES, steps=before + 300)
        assert done.returncode in (137, -9), done.stderr[-2000:]
        assert newest(place) >= before
    check_that_it_goes_on(place)
    ledger.injected(1, "strace: KILL at a rename", len(wanted))


@pytest.mark.slow
def test_that_a_run_to_whom_the_kernel_says_disk_full_at_a_sync_goes_on_and_recovers(place: Path, ledger: Page) -> None:
    """A fresh process, because strace injects the fault into it."""
    skip_without_strace()
    count = ledger.amount(1, 6)
    for first in range(3, 3 + count):
        target = newest(place) + 30
        done = strace(place, f"inject=fsync:error=ENOSPC:when={first}..{first + 4}", "fsync", steps=target)
        assert done.returncode == 0, done.stdout[-1000:] + done.stderr[-2000:]
        said = done.stdout.split()
        assert "SavingFailed" in said
        assert said.index("SavingRecovered") > said.index("SavingFailed")
        assert newest(place) == target
    check_that_it_goes_on(place)
    ledger.injected(1, "strace: ENOSPC at fsync", 5 * count)


def strace(place: Path, injection: str, calls: str, steps: int) -> "subprocess.CompletedProcess[str]":
    """Run the saving program while the kernel injects a fault."""
    saver = [sys.executable, "-m", "tests.reliability.saver", str(place), str(steps)]
    traced = ["strace", "--follow-forks", "-qq", "-o", "/dev/null", "-e", f"trace={calls}", "-e", injection]
    return subprocess.run([*traced, *saver], cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False)


@cache
def strace_fault() -> str:
    """Say why the kernel cannot be asked to inject faults here, or nothing."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    trial = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "inject=fsync:error=EIO:when=1", "true"]
    done = subprocess.run(trial, capture_output=True, text=True, timeout=SECONDS, check=False)
    return f"strace: {done.stderr.strip()[:80]}" if done.returncode else ""


def skip_without_strace() -> None:
    """Skip a test where strace or its permission is missing."""
    if strace_fault():
        pytest.skip(strace_fault())
