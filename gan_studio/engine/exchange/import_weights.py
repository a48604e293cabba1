"""Weights of other programs to a .safetensors file: read only in a process of its own, with limits."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gan_studio.engine.files import atomic
from gan_studio.engine.files.tensors import read_metadata
from gan_studio.engine.text.message import EngineError, Message

SUFFIXES = (".pt", ".pth", ".bin", ".safetensors")
"""Kinds of file that may hold weights."""
MOST_SOURCE_BYTES = 4 * 2**30
MOST_ANSWER_BYTES = 2**16
_PASSED_ON = ("PATH", "HOME", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LD_LIBRARY_PATH")
"""All that the process knows of this one's environment: nothing that makes torch.load trust more."""
_PROGRAM = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); from gan_studio.engine.exchange.import_child import main; main()"
)
_ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Limits:
    """What reading a file may take.

    Attributes:
        seconds: by the clock on the wall, the start of the process included.
        cpu_seconds: of processor time, once the file is opened.
        memory: bytes, once the file is opened; 0: as many as its size makes likely.
    """

    seconds: float = 300.0
    cpu_seconds: int = 120
    memory: int = 0

    def memory_for(self, source_bytes: int) -> int:
        """Return the bytes that a file of this size may take: half-width numbers are loaded, widened and written."""
        return self.memory or 4 * source_bytes + 2**29


@dataclass(frozen=True)
class Imported:
    """What an import wrote.

    Attributes:
        path: the .safetensors file.
        tensors: how many it holds.
        size: its bytes.
        converted: names of those whose kind of number was changed, the first of them.
        converted_count: how many.
        left_out: names of what is no tensor that can be kept, the first of them.
        left_out_count: how many.
    """

    path: Path
    tensors: int
    size: int
    converted: tuple[str, ...]
    converted_count: int
    left_out: tuple[str, ...]
    left_out_count: int


def import_weights(source: Path, out: Path, limits: Limits = Limits()) -> Imported:
    """Read the tensors of a file, in a process of its own, and write them as safetensors.

    Args:
        source: .pt, .pth or .bin of torch.save, or .safetensors of any program.
        out: .safetensors file to make; it must not exist.
        limits: of that process.

    Raises:
        EngineError: the file holds something else than tensors, reading it went beyond the limits, or `out` cannot be
            written. Nothing is written then.
    """
    size = _checked_size(source)
    if out.suffix != ".safetensors":
        raise _bad_out(Message("import.bad_out", path=out))
    if os.path.lexists(out):
        raise _bad_out(Message("import.exists", path=out))
    try:
        with tempfile.TemporaryDirectory(prefix=".import-", dir=out.absolute().parent) as place:
            answer = _ask_child(source, Path(place), limits, limits.memory_for(size))
            written = Path(place) / "weights.safetensors"
            read_metadata(written)
            atomic.disk.replace(written, out)
            atomic.sync_folder(out.absolute().parent)
            return Imported(path=out, size=out.stat().st_size, **answer)
    except OSError as error:
        raise _bad_out(Message("import.not_written", path=out, error=error.strerror or error)) from error


def _checked_size(source: Path) -> int:
    if source.suffix.lower() not in SUFFIXES:
        raise _refused(Message("import.other_kind", path=source))
    try:
        status = source.stat()
    except (OSError, ValueError) as error:
        raise _refused(Message("import.missing", path=source, error=error)) from error
    if not source.is_file():
        raise _refused(Message("import.missing", path=source, error=Message("picture.not_a_file")))
    if status.st_size > MOST_SOURCE_BYTES:
        raise _refused(Message("import.too_large", path=source, gibibytes=MOST_SOURCE_BYTES // 2**30))
    return status.st_size


def _ask_child(source: Path, place: Path, limits: Limits, memory: int) -> dict[str, Any]:
    """Let a process read the file and write what it found into `place`; returns what it tells of that."""
    command = [sys.executable, "-I", "-X", "utf8", "-W", "ignore", "-c", _PROGRAM, str(_ROOT)]
    told = [str(source.absolute()), str(place), str(memory), str(limits.cpu_seconds)]
    passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    try:
        done = subprocess.run(
            [*command, *told],
            env=passed_on,
            timeout=limits.seconds,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _refused(Message("import.too_long", path=source, seconds=f"{limits.seconds:g}")) from error
    answer = _answer(place / "answer.json")
    if answer is None or done.returncode != 0:
        raise _refused(_end_of(source, done.returncode, limits))
    if "fault" in answer:
        raise _refused(_fault(source, answer, memory))
    return {
        **{name: int(answer[name]) for name in ("tensors", "converted_count", "left_out_count")},
        **{name: tuple(_printable(text) for text in answer[name]) for name in ("converted", "left_out")},
    }


def _answer(path: Path) -> dict[str, Any] | None:
    """Read what the process wrote; None where it wrote nothing whole."""
    try:
        with path.open("rb") as file:
            answer = json.loads(file.read(MOST_ANSWER_BYTES))
    except (OSError, ValueError):
        return None
    return answer if isinstance(answer, dict) else None


def _fault(source: Path, answer: dict[str, Any], memory: int) -> Message:
    """Say what the process met."""
    match answer["fault"]:
        case "empty":
            return Message("import.empty", path=source)
        case "no_memory":
            return Message("import.no_memory", path=source, mebibytes=memory // 2**20)
        case "not_weights":
            return Message("import.not_weights", path=source)
        case "not_tensors":
            return Message("import.not_tensors", path=source, name=_printable(answer.get("name")))
        case _:
            return Message("import.unreadable", path=source, error=_printable(answer.get("error")))


def _end_of(source: Path, code: int, limits: Limits) -> Message:
    """Say how a process ended that gave no answer."""
    if code < 0 and signal.Signals(-code).name == "SIGXCPU":
        return Message("import.too_long", path=source, seconds=limits.cpu_seconds)
    return Message("import.died", path=source, how=signal.Signals(-code).name if code < 0 else code)


def _printable(value: object) -> str:
    """Return a text from a file of anybody as a terminal may show it."""
    return "".join(sign if sign.isprintable() else "?" for sign in str(value)[:200])


def _bad_out(happened: Message) -> EngineError:
    return EngineError(happened, Message("kept.nothing_written"), Message("todo.other_out"))


def _refused(happened: Message) -> EngineError:
    return EngineError(happened, Message("kept.nothing_written"), Message("todo.choose_weights"))
