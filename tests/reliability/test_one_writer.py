"""One writer: a second program is refused and told who has the run, and the lock of a dead one is free at once."""

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from gan_studio.engine.events import RunFailed
from gan_studio.engine.run.branches import read_history
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.run.lock import RunLock, writer_of
from gan_studio.engine.text.message import EngineError
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest
from tests.engine.references import References
from tests.engine.runs import finish, tiny
from tests.reliability.ledger import Page

ROOT = Path(__file__).parent.parent.parent
HOLD = """
import sys
from pathlib import Path
from gan_studio.engine.text.message import EngineError
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.run.lock import RunLock
sys.stdin.readline()
try:
    lock = RunLock(RunFolder(Path(sys.argv[1])))
except EngineError:
    print("refused", flush=True)
else:
    print("holds", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def folder(tmp_path: Path, references: References) -> RunFolder:
    references.copy_to(tmp_path / "run", tiny(training__steps=2))
    return RunFolder(tmp_path / "run")


def rival(folder: RunFolder) -> "subprocess.Popen[str]":
    """Begin a program that wants the run once it is sent a line, says whether it has it, and waits for another."""
    arguments = [sys.executable, "-c", HOLD, str(folder.root)]
    return subprocess.Popen(arguments, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def say_go(process: "subprocess.Popen[str]") -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def said(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_that_the_second_program_is_refused_and_told_who_has_the_run(folder: RunFolder, ledger: Page) -> None:
    """A fresh process, because a lock is held by a process."""
    before = (folder.root / "run.sqlite").read_bytes()
    with rival(folder) as process:
        say_go(process)
        assert said(process) == "holds"
        ledger.injected(promise=8, injector="a second program", count=1)
        with pytest.raises(EngineError, match=f"process {process.pid} on "):
            RunLock(folder)
        failure = next(
            event for event in TrainingJob(RunRequest(folder.root, steps=4)).run(None) if isinstance(event, RunFailed)
        )  # type: ignore[arg-type]
        assert f"process {process.pid} on " in str(failure.happened)
        assert read_history(folder).branches[0].checkpoints == (0, 2)
        writer = writer_of(folder)
        assert writer is not None
        assert writer.process == process.pid
        assert (folder.root / "run.sqlite").read_bytes() == before
        process.kill()
    assert writer_of(folder) is None


def test_that_the_lock_of_a_killed_program_is_free_at_once(folder: RunFolder, ledger: Page) -> None:
    """A fresh process, because it is killed."""
    for steps in range(3, 3 + ledger.amount(3, 20)):
        with rival(folder) as process:
            say_go(process)
            assert said(process) == "holds"
            process.kill()
        ledger.injected(promise=8, injector="kill -9 of the holder", count=1)
        assert folder.writer_file.exists()  # what it said of itself is left, and proves nothing
        finish(TrainingJob(RunRequest(folder.root, steps=steps)))
        assert not folder.writer_file.exists()


def test_that_of_programs_that_want_a_run_at_once_exactly_one_has_it(folder: RunFolder, ledger: Page) -> None:
    """Fresh processes, because a lock is held by a process."""
    for _ in range(ledger.amount(2, 25)):
        with ExitStack() as stack:
            rivals = [stack.enter_context(rival(folder)) for _ in range(4)]
            for process in rivals:
                say_go(process)
            answers = sorted(said(process) for process in rivals)
            for process in rivals:
                process.kill()
        ledger.injected(promise=8, injector="four programs at once", count=1)
        assert answers == ["holds", "refused", "refused", "refused"]
