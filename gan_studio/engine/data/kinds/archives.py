"""A .zip of pictures as a source, read in place: nothing is extracted to disk, and every size is checked."""

import io
import stat
import struct
import threading
import zipfile
import zlib
from collections.abc import Generator, Sequence
from pathlib import Path

from gan_studio.engine.data.decode import UnusablePictureError
from gan_studio.engine.data.kinds.picture_files import TreeFiles
from gan_studio.engine.data.names.tree import RUN_FILES, Tree, arrange, within
from gan_studio.engine.data.names.zip_names import names_of
from gan_studio.engine.data.picture_file.endings import SIGNATURE_BYTES, is_hidden, starts_like_picture
from gan_studio.engine.events import LoadingProgress
from gan_studio.engine.text.message import EngineError, Message, reason_of
from gan_studio.engine.text.units import bytes_text

MOST_MEMBER_BYTES = 128 * 2**20
MOST_MEMBERS = 2_000_000
_ENCRYPTED = 0x1
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Other compression methods have no bound: a few hundred bytes of bzip2 can unpack to gigabytes."""
_PIECE = 2**20
_FAULTS = (OSError, EOFError, IndexError, RuntimeError, ValueError, struct.error, zipfile.BadZipFile, zlib.error)
"""Exceptions from reading a damaged member. An unknown compression method is a RuntimeError too."""


class ZipSource(TreeFiles):
    """The pictures in a .zip, sorted by name. Each thread reads through its own handle."""

    def __init__(self, path: Path, tree: Tree, members: Sequence[int], guessed: str) -> None:
        """Arrange the pictures of an archive.

        Args:
            path: the archive.
            tree: what lies in it.
            members: for each picture of the tree, its place in the archive.
            guessed: the character set that was guessed for the names, or "".
        """
        arranged = arrange(tree)
        super().__init__(tree, arranged)
        if guessed:
            self.notes = (Message("data.names_guessed", charset=guessed), *self.notes)
        self._path = path
        self._members = [members[index] for index in arranged.order]
        self._handles: list[zipfile.ZipFile] = []
        self._own = threading.local()
        self._lock = threading.Lock()

    def identity(self) -> Generator[LoadingProgress, None, str]:
        """Return path, size and modification time of the archive."""
        yield LoadingProgress(0, self.count)
        return file_identity(self._path)

    def close(self) -> None:
        """Close every handle."""
        with self._lock:
            for handle in self._handles:
                handle.close()
            self._handles.clear()

    def _file(self, index: int) -> io.BytesIO:
        """Read a whole member into memory, after its size, compression method and first bytes have been checked."""
        archive = self._handle()
        try:
            member = archive.infolist()[self._members[index]]
            if member.flag_bits & _ENCRYPTED:
                raise UnusablePictureError(Message("picture.encrypted"))
            if member.file_size > MOST_MEMBER_BYTES:
                raise UnusablePictureError(Message("picture.too_many_bytes", most=bytes_text(MOST_MEMBER_BYTES)))
            if member.compress_type not in _PACKINGS:
                raise UnusablePictureError(Message("picture.other_packing"))
            with archive.open(member) as stream:
                content = stream.read(SIGNATURE_BYTES)
                if not starts_like_picture(content):
                    raise UnusablePictureError(Message("picture.not_a_picture"))
                return io.BytesIO(content + b"".join(iter(lambda: stream.read(_PIECE), b"")))
        except _FAULTS as error:
            reason = reason_of(error) or type(error).__name__
            raise UnusablePictureError(Message("picture.damaged", error=reason)) from error

    def _handle(self) -> zipfile.ZipFile:
        handle: zipfile.ZipFile | None = getattr(self._own, "handle", None)
        if handle is None:
            try:
                handle = zipfile.ZipFile(self._path)
            except (OSError, zipfile.BadZipFile) as error:
                raise UnusablePictureError(Message("picture.damaged", error=reason_of(error))) from error
            self._own.handle = handle
            with self._lock:
                self._handles.append(handle)
        return handle


def list_archive(path: Path) -> Generator[LoadingProgress, None, ZipSource]:
    """List the pictures in a .zip by the endings of their names.

    Hidden files and __MACOSX folders are skipped, and so are the folders of runs.

    Raises:
        EngineError: the file is not a .zip or is damaged, or it has too many or overlapping members.
    """
    yield LoadingProgress(0, 0)
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
        size = path.stat().st_size
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _refused(path, reason_of(error)) from error
    if len(infos) > MOST_MEMBERS:
        raise _refused(path, Message("data.too_many_members", most=MOST_MEMBERS))
    if sum(info.compress_size for info in infos) > size:
        raise _refused(path, Message("data.overlapping"))
    names, guessed = names_of(infos)
    tree, members = _tree(infos, names)
    return ZipSource(path, tree, members, guessed)


def file_identity(path: Path) -> str:
    """Return path, size and modification time of a file: together they change when its content does."""
    status = path.stat()
    return f"{path.resolve()}\0{status.st_size}\0{status.st_mtime_ns}"


def _tree(infos: Sequence[zipfile.ZipInfo], names: Sequence[str]) -> tuple[Tree, list[int]]:
    """Sort the members into a tree: (tree, for each picture of the tree its place in the archive)."""
    tree, members = Tree(), list[int]()
    runs = _runs(names)
    tree.runs += [run or "." for run in runs]
    for index, (info, name) in enumerate(zip(infos, names, strict=True)):
        folder, _, base = name.rpartition("/")
        if any(is_hidden(part) and part.strip(".") for part in name.split("/")):
            continue
        if runs and any(within(folder, run) for run in runs):
            continue
        while folder and folder not in tree.folders:
            tree.folders.add(folder)
            folder = folder.rpartition("/")[0]
        if not base:
            continue
        if stat.S_ISLNK(info.external_attr >> 16):
            tree.archive_links.append(name)
            continue
        tree.add(name)
        members += [index] * (len(tree.names) - len(members))
    return tree, members


def _runs(names: Sequence[str]) -> list[str]:
    """Return the folders that hold a run."""
    files: dict[str, set[str]] = {}
    for name in names:
        folder, _, base = name.rpartition("/")
        if base in RUN_FILES:
            files.setdefault(folder, set()).add(base)
    return sorted(folder for folder, found in files.items() if found >= RUN_FILES)


def _refused(path: Path, error: str | Message) -> EngineError:
    return EngineError(
        Message("data.bad_archive", path=path, error=error),
        Message("kept.nothing_begun"),
        Message("todo.other_source"),
    )
