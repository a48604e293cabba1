"""Replace a damaged run.sqlite: the old file is renamed, and the run resumes from its checkpoints."""

import sqlite3

from gan_studio.engine.files import atomic
from gan_studio.engine.run.folder import RunFolder, not_writable
from gan_studio.engine.run.log import RunLog
from gan_studio.engine.text.message import EngineError, Message


def open_log(folder: RunFolder) -> tuple[RunLog, Message | None]:
    """Open the log of a run for writing; rename a damaged one and begin a new one.

    Returns:
        The log, and a message about a damaged one, or None.

    Raises:
        EngineError: the log cannot be written, or holds something that no run writes.
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
    """Tell a damaged database from a disk error and from a locked log."""
    return type(error) is sqlite3.DatabaseError


def unreadable_log(folder: RunFolder, error: OSError | sqlite3.Error) -> EngineError:
    """Say that the log of a run cannot be read."""
    return EngineError(
        Message("file.unusable", path=folder.log_file, reason=Message("file.unreadable", error=error)),
        Message("kept.file_untouched"),
        Message("todo.check_disk"),
    )


def _put_aside(folder: RunFolder) -> str:
    """Rename the log with its -wal and -shm files; returns the new name."""
    name, number = f"{folder.log_file.name}.damaged", 1
    while (folder.root / name).exists():
        name, number = f"{folder.log_file.name}.damaged-{number}", number + 1
    for suffix in ("", "-wal", "-shm"):
        path = folder.log_file.with_name(folder.log_file.name + suffix)
        if path.exists():
            atomic.disk.replace(path, folder.root / f"{name}{suffix}")
    atomic.sync_folder(folder.root)
    return name
