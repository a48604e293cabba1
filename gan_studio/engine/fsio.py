"""Every file write of the project: atomic, durable, and never through a symbolic link."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

Buffer = bytes | bytearray | memoryview


def write_atomically(path: Path, chunks: Iterable[Buffer]) -> int:
    """Write a whole file or nothing, and return once it is on the disk.

    A temporary file beside the target is written, synced and renamed over it, then the folder is synced:
    after a crash at any point `path` holds either its old content or all of the new.

    Returns:
        Bytes written.

    Raises:
        OSError: the disk is full, the folder is gone or not writable; `path` is as it was.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    temporary.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(temporary, flags, 0o644), "wb") as file:
            size = sum(file.write(chunk) for chunk in chunks)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
    return size


def write_text(path: Path, text: str) -> None:
    """Write a UTF-8 text file atomically; raises OSError as write_atomically does."""
    write_atomically(path, [text.encode("utf-8")])


def sync_folder(folder: Path) -> None:
    """Make renames in a folder durable, where the system can (Windows cannot open folders)."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def remove(path: Path) -> None:
    """Delete a file; one that is already gone is no error."""
    path.unlink(missing_ok=True)


def free_bytes(folder: Path) -> int:
    """Return the space left on the disk that holds `folder`."""
    return shutil.disk_usage(folder).free


def folder_bytes(folder: Path) -> int:
    """Sum the sizes of all regular files below `folder`; files that vanish meanwhile count nothing."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(place, name)).st_size  # noqa: PTH118  (ten times faster in a large run)
            except FileNotFoundError:
                continue
    return total
