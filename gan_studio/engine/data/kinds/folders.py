"""A folder of pictures as a source: flat, nested, in parts, or with one folder for each class."""

import hashlib
import os
from collections.abc import Generator, Iterator
from pathlib import Path

from gan_studio.engine.data.kinds.picture_files import TreeFiles
from gan_studio.engine.data.names.tree import RUN_FILES, Tree, arrange
from gan_studio.engine.data.picture_file.endings import ending_of, is_hidden, is_picture_ending
from gan_studio.engine.events import LoadingProgress
from gan_studio.engine.text.message import Message

REPORT_EVERY = 512
"""Files between two reports of progress: few enough that a stop takes effect soon even on a slow disk."""


class FolderSource(TreeFiles):
    """The picture files below a folder, sorted by name. A linked folder is read where it is not read already."""

    def __init__(self, root: Path, tree: Tree) -> None:
        super().__init__(tree, arrange(tree))
        self._root = root

    def identity(self) -> Generator[LoadingProgress, None, str]:
        """Return a SHA-256 over the folder's path and the name, size and modification time of every file."""
        seen = hashlib.sha256(os.fsencode(self._root.resolve()))
        for index, name in enumerate(self._names):
            seen.update(_fingerprint(self._root / name, name))
            if index % REPORT_EVERY == 0:
                yield LoadingProgress(0, self.count)
        return seen.hexdigest()

    def _file(self, index: int) -> Path:
        return self._root / self._names[index]


def list_folder(root: Path) -> Generator[LoadingProgress, None, Tree]:
    """List the files below a folder: pictures by the endings of their names, and the others.

    Hidden files are skipped, and so are the folders of runs.
    """
    walk = _Walk(root)
    for looked_at, _ in enumerate(walk.entries()):
        if looked_at % REPORT_EVERY == 0:
            yield LoadingProgress(0, 0)
    return walk.tree


class _Walk:
    """Looks at every folder below a root once: its own folders first, then the linked ones."""

    def __init__(self, root: Path) -> None:
        self.tree = Tree()
        self._root = root
        self._links: list[str] = []
        self._read: set[tuple[int, int]] = set()

    def entries(self) -> Iterator[None]:
        """Take in the tree, and yield once for every entry."""
        yield from self._below("")
        while self._links:
            links, self._links = sorted(self._links), []
            for link in links:
                if self._may_follow(link):
                    yield from self._below(link)

    def _below(self, top: str) -> Iterator[None]:
        waiting = [top]
        while waiting:
            place = waiting.pop()
            try:
                if self._is_read(place):
                    self.tree.known_links.append(place)
                    continue
                files: list[str] = []
                with os.scandir(self._root / place) as entries:
                    for entry in entries:
                        self._take(entry, f"{place}/{entry.name}" if place else entry.name, files, waiting)
                        yield
                self._take_files(place, files, waiting)
            except OSError as error:
                reason = Message("picture.folder_unreadable", error=error.strerror or str(error))
                self.tree.left_out.append((place or ".", reason))

    def _take(self, entry: os.DirEntry[str], name: str, files: list[str], waiting: list[str]) -> None:
        """Take in one entry of a folder: note a file, or a folder that is to be looked at later."""
        if is_hidden(entry.name):
            return
        if entry.is_dir(follow_symlinks=False):
            waiting.append(name)
        elif not entry.is_symlink():
            files.append(name)
        elif _leads_to_folder(entry):
            self._links.append(name)
        elif not is_picture_ending(ending_of(name)) and not (self._root / name).exists():
            self.tree.dead_links.append(name)
        else:
            files.append(name)

    def _take_files(self, place: str, files: list[str], waiting: list[str]) -> None:
        """Take in the files of a folder, unless it is the folder of a run: then nothing below it is looked at."""
        if {name.rpartition("/")[2] for name in files if name.endswith(tuple(RUN_FILES))} >= RUN_FILES:
            self.tree.runs.append(place or ".")
            waiting[:] = [name for name in waiting if name.rpartition("/")[0] != place]
            self._links = [name for name in self._links if name.rpartition("/")[0] != place]
            return
        if place:
            self.tree.folders.add(place)
        for name in files:
            self.tree.add(name)

    def _is_read(self, place: str) -> bool:
        """Tell whether a folder was read already, by another name; from now on it is."""
        status = (self._root / place).stat()
        if not status.st_ino:  # a file system that does not number its files
            return False
        known = (status.st_dev, status.st_ino) in self._read
        self._read.add((status.st_dev, status.st_ino))
        return known

    def _may_follow(self, link: str) -> bool:
        """Tell whether a linked folder is read. One that holds the link itself would be read without end."""
        path = self._root / link
        try:
            holds_itself = path.parent.resolve().is_relative_to(path.resolve())
        except (OSError, RuntimeError):  # a ring of links, by either name
            holds_itself = True
        if holds_itself:
            self.tree.ring_links.append(link)
        return not holds_itself


def _leads_to_folder(link: os.DirEntry[str]) -> bool:
    try:
        return link.is_dir()
    except OSError:  # a ring of links, or a folder that may not be looked into
        return False


def _fingerprint(path: Path, name: str) -> bytes:
    try:
        status = path.stat()
    except OSError as error:
        return os.fsencode(f"{name}\0{error.errno}\n")
    return os.fsencode(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\n")
