"""A log that cannot be read: put aside, so that the checkpoints beside it can be gone on with."""

import sqlite3

from gan_studio.engine.files import atomic
from gan_studio.engine.run.folder import RunFolder, not_writable
from gan_studio.engine.run.log import RunLog
from gan_studio.engine.text.message import EngineError, Message


def open_log(folder: RunFolder) -> tuple[RunLog, Message | None]:
    """Open the log of a run to write it; a damaged one is put aside and another begun.

    Returns:
        The log, and what to tell of a damaged one.

    Raises:
        EngineError: it cannot be written, or holds what no run writes.
    """
    notice: Message | None = None
    try:
        try:
            log = _whole_log(folder)
        except sqlite3.Error as error:
            if not is_damaged(error):
                raise
            aside = _put_aside(folder)
            notice = Message("log.put_aside", path=folder.log_file, error=error, aside=aside)
            log = RunLog(folder.log_file)
        log.adopt(branches_of_files(folder))
    except (OSError, sqlite3.Error) as error:
        raise not_writable(folder.root, error) from error
    return log, notice


def _whole_log(folder: RunFolder) -> RunLog:
    log = RunLog(folder.log_file)
    try:
        log.check()
    except BaseException:
        log.close()
        raise
    return log


def branches_of_files(folder: RunFolder) -> list[int]:
    """List the branches that have checkpoints."""
    return sorted({moment.branch for moment in folder.checkpoints()})


def is_damaged(error: BaseException | None) -> bool:
    """Tell a file that is no whole database from a disk that refuses and from a log in use."""
    return type(error) is sqlite3.DatabaseError


def unreadable_log(folder: RunFolder, error: OSError | sqlite3.Error) -> EngineError:
    """Say that the figures of a run cannot be read."""
    return EngineError(
        Message("file.unusable", path=folder.log_file, reason=Message("file.unreadable", error=error)),
        Message("kept.file_untouched"),
        Message("todo.check_disk"),
    )


def _put_aside(folder: RunFolder) -> str:
    """Rename the log and what belongs to it; returns the new name."""
    name, number = f"{folder.log_file.name}.damaged", 1
    while (folder.root / name).exists():
        name, number = f"{folder.log_file.name}.damaged-{number}", number + 1
    for suffix in ("", "-wal", "-shm"):
        path = folder.log_file.with_name(folder.log_file.name + suffix)
        if path.exists():
            atomic.disk.replace(path, folder.root / f"{name}{suffix}")
    atomic.sync_folder(folder.root)
    return name
