"""Import weights of other programs as safetensors: a child process with limits reads them."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.exchange.fitting import Networks, networks_of
from gan_studio.engine.exchange.weights import FOREIGN, SUFFIX, write_weights
from gan_studio.engine.files import atomic
from gan_studio.engine.files.tensors import read_foreign_file
from gan_studio.engine.text.message import EngineError, Message
from gan_studio.engine.text.units import bytes_text

SUFFIXES = (*FOREIGN, SUFFIX)
"""Suffixes of files that may hold weights."""
MOST_SOURCE_BYTES = 4 * 2**30
MOST_ANSWER_BYTES = 2**16
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


@dataclass(frozen=True)
class Imported:
    """What an import wrote.

    Attributes:
        path: the .safetensors file. With `networks` it holds these under our names; else all tensors as they were.
        tensors: number of tensors in it.
        size: its size in bytes.
        converted: names of tensors whose dtype was changed, at most the first 20.
        converted_count: number of all tensors whose dtype was changed.
        left_out: names of values that are not tensors or cannot be kept, at most the first 20.
        left_out_count: number of all values left out.
        networks: the networks that were found, or None.
        reason: why none was found, or None.
    """

    path: Path
    tensors: int
    size: int
    converted: tuple[str, ...]
    converted_count: int
    left_out: tuple[str, ...]
    left_out_count: int
    networks: Networks | None = None
    reason: EngineError | None = None


def default_out(source: Path) -> Path:
    """Return the file that an import of `source` creates unless another is named: beside it, and not there yet."""
    stem = f"{source.stem}-imported" if source.suffix.lower() == SUFFIX else source.stem
    out, count = source.with_name(f"{stem}{SUFFIX}"), 2
    while os.path.lexists(out):
        out, count = source.with_name(f"{stem} ({count}){SUFFIX}"), count + 1
    return out


def digest_of(source: Path) -> str:
    """Return the SHA-256 of a file, which an import stores as "source_sha256"; raises OSError."""
    with source.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def import_weights(
    source: Path,
    out: Path,
    limits: Limits = Limits(),
    changes: Mapping[str, Any] = {},
    should_stop: Callable[[], bool] = lambda: False,
    others: tuple[Path, ...] = (),
) -> Imported:
    """Read the tensors of a file in a child process, and write them as safetensors.

    Networks of the published DCGAN are written under our names, with the model that they belong to. A file without
    any is written as it is.

    Args:
        source: .pt, .pth, .ckpt or .bin file of torch.save, or .safetensors file of any program.
        out: .safetensors file to create; it must not exist.
        limits: what the child process may use.
        changes: settings of the model that weights do not tell, by their dotted paths.
        should_stop: asked while the child process works; True ends it.
        others: further files of the same networks, such as the discriminator's; the name of each tensor is then
            preceded by that of its file.

    Raises:
        EngineError: a file holds something other than tensors, reading it exceeded the limits or was stopped, several
            files hold no generator together, or `out` cannot be written. Nothing is written then.
    """
    sizes = {each: _checked_size(each) for each in (source, *others)}
    if out.suffix != ".safetensors":
        raise _bad_out(Message("import.bad_out", path=out))
    if os.path.lexists(out):
        raise _bad_out(Message("import.exists", path=out))
    try:
        with tempfile.TemporaryDirectory(prefix=".import-", dir=out.absolute().parent) as place:
            parts = [
                _ask_child(each, Path(place) / str(number), limits, limits.memory_for(size), should_stop)
                for number, (each, size) in enumerate(sizes.items())
            ]
            networks, reason = _networks(parts, changes)
            if networks is None and reason is not None and others:
                raise reason
            written = parts[0].written
            if networks is not None:
                write_weights(written, networks, source_sha256=digest_of(source))
            atomic.disk.replace(written, out)
            atomic.sync_folder(out.absolute().parent)
            return _imported(out, parts, networks, reason)
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


@dataclass(frozen=True)
class _Part:
    """What a child process made of one file: the file that it wrote, and its checked answer."""

    source: Path
    written: Path
    answer: dict[str, Any]


def _imported(out: Path, parts: Sequence[_Part], networks: Networks | None, reason: EngineError | None) -> Imported:
    """Add up what was converted and left out of each file."""

    def total(name: str) -> int:
        return sum(part.answer[name] for part in parts)

    def names(kind: str) -> tuple[str, ...]:
        return tuple(name for part in parts for name in part.answer[kind])

    return Imported(
        out,
        tensors=total("tensors") if networks is None else len(networks.arrays),
        size=out.stat().st_size,
        converted=names("converted"),
        converted_count=total("converted_count"),
        left_out=names("left_out"),
        left_out_count=total("left_out_count"),
        networks=networks,
        reason=reason,
    )


def _networks(parts: Sequence[_Part], changes: Mapping[str, Any]) -> tuple[Networks | None, EngineError | None]:
    """Find the networks in the files that the child wrote, or why there are none."""
    arrays: dict[str, NDArray[np.generic]] = {}
    for part in parts:
        prefix = f"{part.source.stem}." if len(parts) > 1 else ""
        arrays |= {f"{prefix}{name}": array for name, array in read_foreign_file(part.written).arrays.items()}
    try:
        return networks_of(arrays, changes), None
    except EngineError as error:
        return None, error


def _ask_child(source: Path, place: Path, limits: Limits, memory: int, should_stop: Callable[[], bool]) -> _Part:
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
        raise _refused(_end_of(source, code, limits))
    if "fault" in answer:
        raise _fault(source, answer, memory)
    checked = {
        **{name: int(answer[name]) for name in ("tensors", "converted_count", "left_out_count")},
        **{name: tuple(_printable(text) for text in answer[name]) for name in ("converted", "left_out")},
    }
    return _Part(source, place / "weights.safetensors", checked)


def _wait(source: Path, child: "subprocess.Popen[bytes]", limits: Limits, should_stop: Callable[[], bool]) -> int:
    """Wait for the end of the child; returns its exit code. Raises EngineError after the time, or if it should stop."""
    until = time.monotonic() + limits.seconds
    while True:
        try:
            return child.wait(WAIT_SECONDS)
        except subprocess.TimeoutExpired:
            if time.monotonic() > until:
                raise _refused(Message("import.too_long", path=source, seconds=f"{limits.seconds:g}")) from None
            if should_stop():
                raise _refused(Message("import.stopped", path=source)) from None


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
            return _refused(Message("import.empty", path=source))
        case "no_memory":
            return _refused(Message("import.no_memory", path=source, limit=bytes_text(memory)))
        case "not_weights":
            return _more_than_tensors(Message("import.not_weights", path=source))
        case "not_tensors":
            name = _printable(answer.get("name"))
            return _more_than_tensors(Message("import.not_tensors", path=source, name=name))
        case _:
            return _refused(Message("import.unreadable", path=source, error=_printable(answer.get("error"))))


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


def _more_than_tensors(happened: Message) -> EngineError:
    return EngineError(happened, Message("kept.nothing_written"), Message("todo.save_state_dict"))


def _refused(happened: Message) -> EngineError:
    return EngineError(happened, Message("kept.nothing_written"), Message("todo.choose_weights"))
