"""A folder of pictures as a source: flat, nested, or with one folder for each class."""

import hashlib
import os
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.decode import SUFFIXES, UnusablePictureError, decode_picture, picture_size
from gan_studio.engine.data.source import class_folders, stray_note
from gan_studio.engine.events import LoadingProgress
from gan_studio.engine.text.message import Message, readable

REPORT_EVERY = 512
"""Files between two reports of progress: few enough that a stop takes effect soon even on a slow disk."""


class FolderSource:
    """The picture files below a folder, sorted by name. Links to folders are not followed."""

    held_out_from: int | None = None
    is_sequential = False

    def __init__(self, root: Path, names: list[str], left_out: list[tuple[str, Message]]) -> None:
        self._root = root
        self._names = names
        self.count = len(names)
        self.labels, self.class_names = class_folders(names)
        self.note = stray_note(names)
        self.left_out = tuple(left_out)

    def name(self, index: int) -> str:
        """Return the path of a file relative to the folder."""
        return readable(self._names[index])

    def size(self, index: int) -> tuple[int, int] | None:
        """Return width and height in pixels from the header of a file."""
        try:
            return picture_size(self._root / self._names[index])
        except UnusablePictureError:
            return None

    def pictures(self, indices: Sequence[int], config: DataConfig) -> Iterator[NDArray[np.uint8] | Message]:
        """Yield each picture at the size and channels of the run, or why it cannot be used."""
        for index in indices:
            try:
                yield decode_picture(self._root / self._names[index], config)
            except UnusablePictureError as error:
                yield error.reason

    def identity(self) -> Generator[LoadingProgress, None, str]:
        """Return a SHA-256 over the folder's path and the name, size and modification time of every file."""
        seen = hashlib.sha256(os.fsencode(self._root.resolve()))
        for index, name in enumerate(self._names):
            seen.update(_fingerprint(self._root / name, name))
            if index % REPORT_EVERY == 0:
                yield LoadingProgress(0, self.count)
        return seen.hexdigest()

    def close(self) -> None:
        """Do nothing: no file is open."""


def list_folder(root: Path) -> Generator[LoadingProgress, None, FolderSource]:
    """List the picture files below a folder by their suffix; names that begin with a dot are skipped."""
    names: list[str] = []
    left_out: list[tuple[str, Message]] = []
    for looked_at, (name, fault) in enumerate(_walk(root)):
        if fault is not None:
            left_out.append((readable(name), fault))
        elif name:
            names.append(name)
        if looked_at % REPORT_EVERY == 0:
            yield LoadingProgress(0, 0)
    return FolderSource(root, sorted(names), sorted(left_out, key=lambda entry: entry[0]))


def is_picture_name(name: str) -> bool:
    """Tell whether a file has the suffix of a picture and is not hidden."""
    base = name.rpartition("/")[2]
    return not base.startswith(".") and f".{base.rpartition('.')[2].lower()}" in SUFFIXES


def _walk(root: Path) -> Iterator[tuple[str, Message | None]]:
    """Yield (path relative to the root, None) for each picture file, and (folder, reason) for each unreadable folder.

    For every other entry it yields ("", None), so that a folder with a million other files still reports progress.
    """
    waiting = [""]
    while waiting:
        place = waiting.pop()
        try:
            with os.scandir(root / place) as entries:
                for entry in entries:
                    name = f"{place}/{entry.name}" if place else entry.name
                    is_wanted = False
                    if not entry.name.startswith("."):
                        if entry.is_dir(follow_symlinks=False):
                            waiting.append(name)
                        else:
                            is_wanted = is_picture_name(entry.name)
                    yield name if is_wanted else "", None
        except OSError as error:
            yield place or ".", Message("picture.folder_unreadable", error=error.strerror or str(error))


def _fingerprint(path: Path, name: str) -> bytes:
    try:
        status = path.stat()
    except OSError as error:
        return os.fsencode(f"{name}\0{error.errno}\n")
    return os.fsencode(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\n")
