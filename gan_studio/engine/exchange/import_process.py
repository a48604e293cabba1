"""Ask a child process with limits to read a file of weights, and check its answer."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gan_studio.engine.text.message import EngineError, Message
from gan_studio.engine.text.units import bytes_text

MOST_ANSWER_BYTES = 2**19
"""Room for the longest names that the child tells."""
WAIT_SECONDS = 0.05
"""How often an import looks whether it should stop."""
_PASSED_ON = ("PATH", "HOME", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LD_LIBRARY_PATH")
"""Environment variables that the child gets: none that would make torch.load trust a file more."""
_PROGRAM = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); from gan_studio.engine.exchange.import_child import main; main()"
)
_ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Limits:
    """What the child process may use.

    Attributes:
        seconds: wall-clock time, including the start of the process.
        cpu_seconds: CPU time after start-up.
        memory: bytes on top of those used after start-up; 0: chosen by the size of the file.
    """

    seconds: float = 300.0
    cpu_seconds: int = 120
    memory: int = 0

    def memory_for(self, source_bytes: int) -> int:
        """Return the bytes allowed for a file of this size: 16-bit numbers are loaded, widened and written."""
        return self.memory or 4 * source_bytes + 2**29


USUAL_LIMITS = Limits()


@dataclass(frozen=True)
class Part:
    """What a child process made of one file: the file that it wrote, and its checked answer."""

    source: Path
    written: Path
    answer: dict[str, Any]


def ask_child(source: Path, place: Path, limits: Limits, memory: int, should_stop: Callable[[], bool]) -> Part:
    """Let a child process read the file and write its tensors into the new folder `place`."""
    place.mkdir()
    command = [sys.executable, "-I", "-X", "utf8", "-W", "ignore", "-c", _PROGRAM, str(_ROOT)]
    told = [str(source.absolute()), str(place), str(memory), str(limits.cpu_seconds)]
    passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    nothing = subprocess.DEVNULL
    with subprocess.Popen([*command, *told], env=passed_on, stdin=nothing, stdout=nothing, stderr=nothing) as child:
        try:
            code = _wait(source, child, limits, should_stop)
        finally:
            child.kill()
    answer = _answer(place / "answer.json")
    if answer is None or code != 0:
        raise refused(_end_of(source, code, limits))
    if "fault" in answer:
        raise _fault(source, answer, memory)
    checked = {
        **{name: int(answer[name]) for name in ("tensors", "converted_count", "left_out_count")},
        **{name: tuple(_printable(text) for text in answer[name]) for name in ("converted", "left_out")},
    }
    return Part(source, place / "weights.safetensors", checked)


def _wait(source: Path, child: "subprocess.Popen[bytes]", limits: Limits, should_stop: Callable[[], bool]) -> int:
    """Wait for the end of the child; returns its exit code. Raises EngineError after the time, or if it should stop."""
    until = time.monotonic() + limits.seconds
    while True:
        try:
            return child.wait(WAIT_SECONDS)
        except subprocess.TimeoutExpired:
            if time.monotonic() > until:
                raise refused(Message("import.too_long", path=source, seconds=f"{limits.seconds:g}")) from None
            if should_stop():
                raise refused(Message("import.stopped", path=source)) from None


def _answer(path: Path) -> dict[str, Any] | None:
    """Read the answer of the child; None: it wrote none, or only a part."""
    try:
        with path.open("rb") as file:
            answer = json.loads(file.read(MOST_ANSWER_BYTES))
    except (OSError, ValueError):
        return None
    return answer if isinstance(answer, dict) else None


def _fault(source: Path, answer: dict[str, Any], memory: int) -> EngineError:
    """Explain the fault that the child reported."""
    match answer["fault"]:
        case "empty":
            return refused(Message("import.empty", path=source))
        case "no_memory":
            return refused(Message("import.no_memory", path=source, limit=bytes_text(memory)))
        case "not_weights":
            return _more_than_tensors(Message("import.not_weights", path=source))
        case "not_tensors":
            name = _printable(answer.get("name"))
            return _more_than_tensors(Message("import.not_tensors", path=source, name=name))
        case _:
            return refused(Message("import.unreadable", path=source, error=_printable(answer.get("error"))))


def _end_of(source: Path, code: int, limits: Limits) -> Message:
    """Explain how a child process that gave no answer ended."""
    if code < 0 and signal.Signals(-code).name == "SIGXCPU":
        return Message("import.too_long", path=source, seconds=limits.cpu_seconds)
    return Message("import.died", path=source, how=signal.Signals(-code).name if code < 0 else code)


def _printable(value: object) -> str:
    """Return foreign text that is safe to show on a terminal."""
    return "".join(sign if sign.isprintable() else "?" for sign in str(value)[:200])


def _more_than_tensors(happened: Message) -> EngineError:
    return EngineError(happened, Message("kept.nothing_written"), Message("todo.save_state_dict"))


def refused(happened: Message) -> EngineError:
    """Say why a file cannot be imported."""
    return EngineError(happened, Message("kept.nothing_written"), Message("todo.choose_weights"))
