"""Open a file of weights for the window, without torch: convert it first where that is needed."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gan_studio.engine.answering import NotDone, answer
from gan_studio.engine.exchange.import_weights import SUFFIXES, default_out, digest_of, import_weights
from gan_studio.engine.exchange.weights import FOREIGN, SUFFIX, Weights, read_weights
from gan_studio.engine.files import atomic
from gan_studio.engine.files.tensors import read_metadata
from gan_studio.engine.run.folder import runs_root
from gan_studio.engine.text.message import EngineError, Message

OWN_FOLDER = "weights"
"""Folder beside the runs for converted files whose own folder cannot be written to."""


@dataclass(frozen=True)
class ReadWeights:
    """Ask to open a file of weights."""

    path: Path


@dataclass(frozen=True)
class WeightsRead:
    """A file of weights that was opened.

    Attributes:
        source: the file that was asked for.
        weights: what it holds; `weights.path` is another file if it was converted.
        is_new: whether it was converted just now.
    """

    source: Path
    weights: Weights
    is_new: bool = False


def is_weights(path: Path) -> bool:
    """Tell whether a path is that of a file that may hold weights."""
    return path.suffix.lower() in SUFFIXES and path.is_file()


def open_weights(request: ReadWeights, should_stop: Callable[[], bool]) -> WeightsRead | NotDone | None:
    """Answer a request; a fault comes back as NotDone, and None says that it was given up for a newer one."""
    reply = answer(lambda asked: _open(asked.path, should_stop), request)
    is_given_up = isinstance(reply, NotDone) and reply.happened.key == "import.stopped"
    return None if is_given_up else reply


def _open(path: Path, should_stop: Callable[[], bool]) -> WeightsRead:
    if path.suffix.lower() not in FOREIGN:
        try:
            return WeightsRead(path, read_weights(path))
        except EngineError as error:
            if not _needs_conversion(error):
                raise
    converted = _converted_before(path)
    if converted is not None:
        return WeightsRead(path, read_weights(converted))
    imported = import_weights(path, default_out(_place_beside(path)), should_stop=should_stop)
    if imported.reason is not None:
        atomic.remove(imported.path)  # it holds no network, so the window has no use for it
        raise imported.reason
    return WeightsRead(path, read_weights(imported.path), is_new=True)


def _needs_conversion(error: EngineError) -> bool:
    """Tell whether a file of safetensors holds numbers that only an import reads, such as float16."""
    reason = dict(error.happened.values).get("reason")
    return isinstance(reason, Message) and reason.key == "file.other_numbers"


def _place_beside(path: Path) -> Path:
    """Return the path itself, or one of its name in a folder beside the runs if its own folder is read-only."""
    if os.access(path.absolute().parent, os.W_OK):
        return path
    folder = runs_root() / OWN_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    return folder / path.name


def _converted_before(path: Path) -> Path | None:
    """Find the file that an earlier import of the same bytes wrote beside this one, or beside the runs."""
    folders = (path.absolute().parent, runs_root() / OWN_FOLDER)
    candidates = [found for folder in folders for found in sorted(folder.glob(f"*{SUFFIX}")) if found.is_file()]
    candidates = [found for found in candidates if found.name.startswith(path.stem)]
    digest = digest_of(path) if candidates else ""
    for found in candidates:
        try:
            if read_metadata(found).get("source_sha256") == digest:
                return found
        except EngineError:
            continue  # a file of another program, which is none of ours
    return None
