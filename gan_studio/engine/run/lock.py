"""The lock of a run: one program writes the run and identifies itself; any number of programs read it."""

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import tomli_w
from filelock import FileLock, Timeout

from gan_studio.engine.files import atomic
from gan_studio.engine.files.toml import read_toml
from gan_studio.engine.run.folder import RunFolder, not_writable
from gan_studio.engine.text.message import EngineError, Message

PATIENCE_SECONDS = 0.5
"""How long to wait for the lock: another program may hold it for an instant, only to test it."""


@dataclass(frozen=True)
class Writer:
    """The program that trains a run.

    Attributes:
        process: its process number.
        host: name of its machine.
        since: when it locked the run, in local time to the second, or "".
    """

    process: int
    host: str
    since: str

    @property
    def message(self) -> Message:
        """Describe the program for a person."""
        return Message("run.writer", process=self.process, host=self.host, since=self.since)

    @property
    def is_this_program(self) -> bool:
        """Whether it is this process itself."""
        return (self.process, self.host) == (os.getpid(), platform.node()[:80])


@dataclass(frozen=True)
class ReadWriter:
    """Ask which other program trains the run in a folder."""

    path: Path


@dataclass(frozen=True)
class WriterSeen:
    """The other program that trains a run right now, or None."""

    path: Path
    writer: Writer | None


class RunLock:
    """Holds the lock of a run until `release`."""

    def __init__(self, folder: RunFolder) -> None:
        """Take the lock.

        Raises:
            EngineError: another program trains this run, or the folder cannot be written.
        """
        folder.refuse_links()
        self._folder = folder
        self._lock = FileLock(folder.lock_file)
        try:
            self._lock.acquire(timeout=PATIENCE_SECONDS)
        except Timeout as error:
            raise EngineError(
                Message("run.locked", path=folder.root, writer=_known_writer(folder).message),
                Message("kept.file_untouched"),
                Message("todo.end_other"),
            ) from error
        except OSError as error:
            raise not_writable(folder.root, error) from error
        self._introduce()

    def release(self) -> None:
        """Release the lock."""
        with suppress(OSError):  # the file is only read while the lock is held
            atomic.remove(self._folder.writer_file)
        self._lock.release()

    def _introduce(self) -> None:
        """Record which program holds the lock. If that fails, the first save fails too, and reports it."""
        since = datetime.now(UTC).isoformat(timespec="seconds")
        facts = {"process": os.getpid(), "host": platform.node(), "since": since}
        try:
            atomic.write_text(self._folder.writer_file, tomli_w.dumps(facts))
        except OSError:
            return


def writer_of(folder: RunFolder) -> Writer | None:
    """Return the program that trains a run right now; None: nobody does, or it cannot be found out."""
    if not folder.lock_file.exists() or folder.lock_file.is_symlink():
        return None
    lock = FileLock(folder.lock_file)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return _known_writer(folder)
    except OSError:
        return None
    lock.release()
    return None


@contextmanager
def sole_writer(folder: RunFolder) -> Iterator[None]:
    """Hold the lock of a run while it is changed; a run that this program trains has it already.

    Raises:
        EngineError: another program trains this run, or the folder cannot be written.
    """
    writer = writer_of(folder)
    if writer is not None and writer.is_this_program:
        folder.refuse_links()
        yield
        return
    lock = RunLock(folder)
    try:
        yield
    finally:
        lock.release()


def other_writer(folder: RunFolder) -> Writer | None:
    """Return the program that trains a run right now, unless it is this one."""
    writer = writer_of(folder)
    return None if writer is not None and writer.is_this_program else writer


def _known_writer(folder: RunFolder) -> Writer:
    try:
        facts = read_toml(folder.writer_file)
        since = datetime.fromisoformat(str(facts["since"])).astimezone()
        return Writer(int(facts["process"]), str(facts["host"])[:80], f"{since:%Y-%m-%d %H:%M:%S}")
    except (EngineError, OSError, OverflowError, ValueError, KeyError, TypeError):
        return Writer(0, "?", "?")
