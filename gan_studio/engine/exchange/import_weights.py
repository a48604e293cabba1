"""Import weights of other programs as safetensors: a child process reads them, and networks get our names."""

import hashlib
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.exchange.fitting import Networks, NoGeneratorError, networks_of
from gan_studio.engine.exchange.import_process import USUAL_LIMITS, Limits, Part, ask_child, refused
from gan_studio.engine.exchange.weights import FOREIGN, SUFFIX, write_weights
from gan_studio.engine.files import atomic
from gan_studio.engine.files.tensors import Arrays, read_foreign_file
from gan_studio.engine.text.message import EngineError, Message
from gan_studio.engine.text.units import bytes_text

SUFFIXES = (*FOREIGN, SUFFIX)
"""Suffixes of files that may hold weights."""
MOST_SOURCE_BYTES = 4 * 2**30


@dataclass(frozen=True)
class Imported:
    """What an import wrote.

    Attributes:
        path: the .safetensors file. With `networks` it holds these under our names; else all tensors as they were.
        tensors: number of tensors in it.
        size: its size in bytes.
        converted: names of tensors whose dtype was changed, at most the first 1,000.
        converted_count: number of all tensors whose dtype was changed.
        left_out: names of values that are not tensors or cannot be kept, at most the first 1,000.
        left_out_count: number of all values left out.
        networks: the networks that were found, or None.
        reason: why none was found, or None.
        left: tensors that are part of no network, by name, and why.
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
    left: Mapping[str, Message] = field(default_factory=dict)


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
    limits: Limits = USUAL_LIMITS,
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
                ask_child(each, Path(place) / str(number), limits, limits.memory_for(size), should_stop)
                for number, (each, size) in enumerate(sizes.items())
            ]
            networks, reason, left = _networks(parts, changes)
            if networks is None and reason is not None and others:
                raise reason
            written = parts[0].written
            if networks is not None:
                write_weights(written, networks, source_sha256=digest_of(source))
            atomic.disk.replace(written, out)
            atomic.sync_folder(out.absolute().parent)
            return _imported(out, parts, networks, reason, left)
    except OSError as error:
        raise _bad_out(Message("import.not_written", path=out, error=error.strerror or error)) from error


def _checked_size(source: Path) -> int:
    if source.suffix.lower() not in SUFFIXES:
        raise refused(Message("import.other_kind", path=source))
    try:
        status = source.stat()
    except (OSError, ValueError) as error:
        raise refused(Message("import.missing", path=source, error=error)) from error
    if not source.is_file():
        raise refused(Message("import.missing", path=source, error=Message("picture.not_a_file")))
    if status.st_size > MOST_SOURCE_BYTES:
        raise refused(Message("import.too_large", path=source, most=bytes_text(MOST_SOURCE_BYTES)))
    return status.st_size


def _imported(
    out: Path,
    parts: Sequence[Part],
    networks: Networks | None,
    reason: EngineError | None,
    left: Mapping[str, Message],
) -> Imported:
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
        left=left,
    )


def _networks(
    parts: Sequence[Part], changes: Mapping[str, Any]
) -> tuple[Networks | None, EngineError | None, Mapping[str, Message]]:
    """Find the networks in the files that the child wrote, or why there are none."""
    try:
        networks = networks_of(_arrays(parts), changes)
    except NoGeneratorError as error:
        return None, error, error.left
    return networks, None, networks.left


def _bad_out(happened: Message) -> EngineError:
    return EngineError(happened, Message("kept.nothing_written"), Message("todo.other_out"))


def _arrays(parts: Sequence[Part]) -> Arrays:
    arrays: dict[str, NDArray[np.generic]] = {}
    for part in parts:
        prefix = f"{part.source.stem}." if len(parts) > 1 else ""
        arrays |= {f"{prefix}{name}": array for name, array in read_foreign_file(part.written).arrays.items()}
    return arrays
