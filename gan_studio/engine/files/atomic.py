"""Atomic, durable file writes that never follow a symbolic link: for every file but SQLite's and the log."""

import errno
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import psutil

Buffer = bytes | bytearray | memoryview

HELD_SECONDS = 2.5
"""How long a rename is retried while a virus scanner or an indexer holds the file (Windows)."""
_HELD = (5, 32, 33)
"""Windows error codes: access denied, sharing violation, lock violation."""
_PROGRAM = secrets.token_hex(4)
"""Distinguishes this process from an earlier one with the same process number, as happens in containers."""


class Disk:
    """The system calls that change files, one method each, so that a test can make any of them fail."""

    def create(self, path: Path) -> int:
        """Create a file that must not exist, never through a link; returns its descriptor."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        return os.open(path, flags, 0o644)

    def write(self, descriptor: int, data: memoryview) -> int:
        """Write some or all of the bytes; returns how many."""
        return os.write(descriptor, data)

    def sync(self, descriptor: int) -> None:
        """Wait until a file or folder is on the disk."""
        os.fsync(descriptor)

    def close(self, descriptor: int) -> None:
        """Close a descriptor."""
        os.close(descriptor)

    def replace(self, source: Path, target: Path) -> None:
        """Rename a file over another."""
        source.replace(target)

    def remove(self, path: Path) -> None:
        """Delete a file, if it exists."""
        path.unlink(missing_ok=True)


disk = Disk()
"""Every change of a file goes through this, except SQLite's own."""


def write_atomically(path: Path, chunks: Iterable[Buffer], check: Callable[[Path], None] | None = None) -> int:
    """Write a whole file or nothing, and return once it is on the disk.

    A temporary file beside the target is written, synced, checked and renamed over the target. Then the folder is
    synced. After a crash at any point `path` holds either all of its old content or all of the new.

    Args:
        path: the target.
        chunks: its bytes.
        check: reads the temporary file back before the rename, and raises if it is wrong.

    Returns:
        Bytes written.

    Raises:
        OSError: the disk is full, or the folder is gone or not writable; `path` is unchanged.
    """
    temporary = temporary_beside(path)
    try:
        descriptor = disk.create(temporary)
        try:
            size = sum(_write_all(descriptor, chunk) for chunk in chunks)
            disk.sync(descriptor)
        finally:
            disk.close(descriptor)
        if check is not None:
            check(temporary)
        _replace(temporary, path)
    except BaseException:
        disk.remove(temporary)
        raise
    sync_folder(path.parent)
    return size


def temporary_beside(path: Path) -> Path:
    """Return a new temporary name beside `path`; `leftovers` finds the file if this process is killed.

    Raises:
        OSError: `path` can only be a folder.
    """
    if path.name in ("", ".."):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    return path.with_name(f".{path.name[:200]}.{os.getpid()}-{_PROGRAM}-{secrets.token_hex(4)}.tmp")


def take_place(temporary: Path, path: Path) -> None:
    """Sync a complete file that another library wrote, and rename it over `path`; raises OSError."""
    descriptor = os.open(temporary, os.O_RDWR)
    try:
        disk.sync(descriptor)
    finally:
        disk.close(descriptor)
    _replace(temporary, path)
    sync_folder(path.parent)


def write_text(path: Path, text: str) -> None:
    """Write a UTF-8 text file atomically; raises OSError as write_atomically does."""
    write_atomically(path, [text.encode("utf-8")])


def sync_folder(folder: Path) -> None:
    """Make renames in a folder durable; does nothing on Windows, which cannot open folders."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            disk.sync(descriptor)
        finally:
            disk.close(descriptor)


def remove(path: Path) -> None:
    """Delete a file, if it exists."""
    disk.remove(path)


def leftovers(folder: Path) -> list[Path]:
    """List the temporary files in a folder that killed processes left behind."""
    return sorted(path for path in folder.glob(".*.tmp") if _is_left(path))


def remove_leftovers(folder: Path) -> None:
    """Delete the temporary files in a folder that killed processes left behind."""
    for path in leftovers(folder):
        disk.remove(path)


def _is_left(path: Path) -> bool:
    owner, _, rest = path.name.split(".")[-2].partition("-")
    if not (owner.isascii() and owner.isdecimal() and len(owner) < 10):
        return False
    if int(owner) == os.getpid():
        return not rest.startswith(_PROGRAM)
    return not psutil.pid_exists(int(owner))


def _write_all(descriptor: int, chunk: Buffer) -> int:
    rest = memoryview(chunk).cast("B")
    size = len(rest)
    while rest:
        rest = rest[disk.write(descriptor, rest) :]
    return size


def _replace(source: Path, target: Path) -> None:
    """Rename over the target; retry for a while when Windows refuses because another program holds it."""
    until = time.monotonic() + HELD_SECONDS
    while True:
        try:
            disk.replace(source, target)
        except PermissionError as error:
            if getattr(error, "winerror", None) not in _HELD or time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


def free_bytes(folder: Path) -> int:
    """Return the free bytes on the disk that holds `folder`."""
    return shutil.disk_usage(folder).free


def folder_bytes(folder: Path) -> int:
    """Return the bytes of all files below `folder`; files that vanish meanwhile are not counted."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(place, name)).st_size  # noqa: PTH118  (ten times faster in a large run)
            except FileNotFoundError:
                continue
    return total
