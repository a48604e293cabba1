"""Import weights of other programs as safetensors: a child process with limits reads them."""

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
from gan_studio.engine.text.units import bytes_text

SUFFIXES = (".pt", ".pth", ".bin", ".safetensors")
"""Suffixes of files that may hold weights."""
MOST_SOURCE_BYTES = 4 * 2**30
MOST_ANSWER_BYTES = 2**16
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


@dataclass(frozen=True)
class Imported:
    """What an import wrote.

    Attributes:
        path: the .safetensors file.
        tensors: number of tensors in it.
        size: its size in bytes.
        converted: names of tensors whose dtype was changed, at most the first 20.
        converted_count: number of all tensors whose dtype was changed.
        left_out: names of values that are not tensors or cannot be kept, at most the first 20.
        left_out_count: number of all values left out.
    """

    path: Path
    tensors: int
    size: int
    converted: tuple[str, ...]
    converted_count: int
    left_out: tuple[str, ...]
    left_out_count: int


def import_weights(source: Path, out: Path, limits: Limits = Limits()) -> Imported:
    """Read the tensors of a file in a child process, and write them as safetensors.

    Args:
        source: .pt, .pth or .bin file of torch.save, or .safetensors file of any program.
        out: .safetensors file to create; it must not exist.
        limits: what the child process may use.

    Raises:
        EngineError: the file holds something other than tensors, reading it exceeded the limits, or `out` cannot be
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
        raise _refused(Message("import.too_large", path=source, most=bytes_text(MOST_SOURCE_BYTES)))
    return status.st_size


def _ask_child(source: Path, place: Path, limits: Limits, memory: int) -> dict[str, Any]:
    """Let a child process read the file and write its tensors into `place`; returns its checked answer."""
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
    """Read the answer of the child; None: it wrote none, or only a part."""
    try:
        with path.open("rb") as file:
            answer = json.loads(file.read(MOST_ANSWER_BYTES))
    except (OSError, ValueError):
        return None
    return answer if isinstance(answer, dict) else None


def _fault(source: Path, answer: dict[str, Any], memory: int) -> Message:
    """Explain the fault that the child reported."""
    match answer["fault"]:
        case "empty":
            return Message("import.empty", path=source)
        case "no_memory":
            return Message("import.no_memory", path=source, limit=bytes_text(memory))
        case "not_weights":
            return Message("import.not_weights", path=source)
        case "not_tensors":
            return Message("import.not_tensors", path=source, name=_printable(answer.get("name")))
        case _:
            return Message("import.unreadable", path=source, error=_printable(answer.get("error")))


def _end_of(source: Path, code: int, limits: Limits) -> Message:
    """Explain how a child process that gave no answer ended."""
    if code < 0 and signal.Signals(-code).name == "SIGXCPU":
        return Message("import.too_long", path=source, seconds=limits.cpu_seconds)
    return Message("import.died", path=source, how=signal.Signals(-code).name if code < 0 else code)


def _printable(value: object) -> str:
    """Return foreign text that is safe to show on a terminal."""
    return "".join(sign if sign.isprintable() else "?" for sign in str(value)[:200])


def _bad_out(happened: Message) -> EngineError:
    return EngineError(happened, Message("kept.nothing_written"), Message("todo.other_out"))


def _refused(happened: Message) -> EngineError:
    return EngineError(happened, Message("kept.nothing_written"), Message("todo.choose_weights"))
