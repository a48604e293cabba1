"""RunContents: everything that the window shows of a run, read from the disk at once."""

import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.events import METRIC_COLUMNS
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.branches import History, history_of_files, read_history
from gan_studio.engine.run.folder import RunFolder, open_run
from gan_studio.engine.run.lock import Writer, other_writer
from gan_studio.engine.run.log import KnobRow, read_knobs, read_logging_time, read_metrics
from gan_studio.engine.run.log_repair import is_damaged, unreadable_log
from gan_studio.engine.run.places import with_found_path
from gan_studio.engine.text.message import UNNAMED, EngineError, Message


@dataclass(frozen=True)
class RunContents:
    """A run on the disk.

    Attributes:
        folder, config: the run and its set-up.
        moment: its newest checkpoint.
        target: step at which it finishes.
        knobs: live settings at `moment`.
        steps: int64 [rows]; values: float32 [rows, columns]: metrics up to `moment`.
        sheets, snapshots: those on the path to `moment`.
        class_names: the classes of a class-conditional run, else empty.
        history: its branches with their checkpoints.
        writer: another program that trains it right now, or None.
        fault: why its metrics are missing, or None.
        saved_at: when the checkpoint was saved, in seconds since 1970.
        name: what the run is called.
        name_fault: why the name in run.toml is not shown as it stands there, or None.
    """

    folder: RunFolder
    config: RunConfig
    moment: Moment
    target: int
    knobs: dict[str, float]
    steps: NDArray[np.int64]
    values: NDArray[np.float32]
    sheets: tuple[Moment, ...]
    snapshots: tuple[Moment, ...]
    class_names: tuple[str, ...] = ()
    history: History = field(default_factory=History)
    writer: Writer | None = None
    fault: Message | None = None
    saved_at: float = 0.0
    name: Message = UNNAMED
    name_fault: Message | None = None


@dataclass(frozen=True)
class _Log:
    """What the log tells about the path to a moment."""

    steps: NDArray[np.int64]
    values: NDArray[np.float32]
    knobs: list[KnobRow]
    history: History
    fault: Message | None = None
    logged_at: float | None = None


def read_run(path: Path) -> RunContents:
    """Read a run folder. If its log is damaged or gone, it is read without metrics.

    Raises:
        EngineError: it holds no run or no checkpoint, or its log has another format.
    """
    folder = open_run(path)
    file = folder.read()
    if not folder.checkpoints():
        raise EngineError(
            Message("run.no_checkpoint", path=folder.root, reason=""),
            Message("kept.file_untouched"),
            Message("todo.new_run"),
        )
    moment = folder.checkpoints()[-1]
    log = _read_log(folder, moment)
    knobs = {row.name: row.value for row in log.knobs}
    return RunContents(
        folder,
        with_found_path(file.config, folder),
        moment,
        target=max(int(knobs.pop("steps", file.config.training.steps)), moment.step),
        knobs=knobs,
        steps=log.steps,
        values=log.values,
        sheets=log.history.on_way(folder.sheets(), moment),
        snapshots=log.history.on_way(folder.snapshots(), moment),
        class_names=file.class_names,
        history=log.history,
        writer=other_writer(folder),
        fault=log.fault,
        saved_at=saved_at(folder.checkpoint(moment), log.logged_at),
        name=file.name,
        name_fault=file.name_fault,
    )


def saved_at(checkpoint: Path, logged_at: float | None) -> float:
    """Return when a file of a run was saved, the earlier of both times: a copy of a run has new files, and an old log.

    Raises:
        OSError: the file is gone.
    """
    written_at = max(checkpoint.stat().st_mtime, 0.0)
    return logged_at if logged_at is not None and 0 <= logged_at < written_at else written_at


def _read_log(folder: RunFolder, moment: Moment) -> _Log:
    path = folder.log_file
    try:
        path.stat()  # SQLite would create a missing file
        steps, values = read_metrics(path, moment.branch, moment.step)
        knobs, history = read_knobs(path, moment.branch, moment.step), read_history(folder)
        return _Log(steps, values, knobs, history, logged_at=read_logging_time(path, moment))
    except (OSError, sqlite3.Error) as error:
        if not (is_damaged(error) or isinstance(error, FileNotFoundError)):
            raise unreadable_log(folder, error) from error
        fault = Message("log.not_shown", path=path, error=error)
        none = np.empty((0, len(METRIC_COLUMNS)), np.float32)
        return _Log(np.empty(0, np.int64), none, [], history_of_files(folder), fault)
