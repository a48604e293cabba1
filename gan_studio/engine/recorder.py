"""Recorder: what a run writes into its folder, in a thread of its own, and what became of it."""

import os
import platform
import sqlite3
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from gan_studio.engine import fsio
from gan_studio.engine.checkpoint import Checkpoint, write_checkpoint, write_snapshot
from gan_studio.engine.events import CheckpointSaved, Noticed, SheetSaved, SnapshotSaved, TrainingEvent
from gan_studio.engine.messages import EngineError, Message
from gan_studio.engine.picture_files import write_picture
from gan_studio.engine.run_folder import Moment, RunFolder, not_writable, surplus
from gan_studio.engine.run_log import KnobRow, RunLog
from gan_studio.engine.tensor_file import Arrays

CHECKPOINTS_KEPT = 3
MOST_WAITING_ROWS = 100_000
"""Metric rows kept in memory while the disk refuses them."""

Rows = tuple[int, NDArray[np.int64], NDArray[np.float32], float]


class Recorder:
    """Write a run down. Belongs to the training thread; files are written by its one writer thread."""

    def __init__(self, folder: RunFolder) -> None:
        self.folder = folder
        self._lock = folder.lock()
        self._log = _open_log(folder, self._lock)
        self._writer = ThreadPoolExecutor(1, "writer", initializer=_stay_behind)
        self._jobs: list[Future[TrainingEvent]] = []
        self._checkpoint_job: Future[TrainingEvent] | None = None
        self._waiting: list[Rows] = []
        self._log_fault = ""

    def metrics(self, branch: int, steps: NDArray[np.int64], values: NDArray[np.float32], rate: float) -> None:
        """Write rows of metrics; they wait in memory, within bounds, while the disk refuses them."""
        self._waiting.append((branch, steps, values, rate))
        try:
            for rows in self._waiting:
                self._log.append_metrics(*rows)
            self._waiting.clear()
            self._log_fault = ""
        except sqlite3.Error as error:
            self._log_fault = str(error)
            while sum(len(rows[1]) for rows in self._waiting) > MOST_WAITING_ROWS:
                self._waiting.pop(0)

    def knob(self, branch: int, step: int, name: str, value: float) -> None:
        """Commit a knob change before it takes effect; raises sqlite3.Error when it cannot be kept."""
        self._log.append_knob(branch, step, name, value)

    def knobs_from(self, branch: int, step: int) -> list[KnobRow]:
        """List the knob changes logged at `step` or later."""
        return self._log.knobs_from(branch, step)

    def drop_knobs_after(self, branch: int, step: int) -> None:
        """Forget knob changes of a future that a new change replaces."""
        self._log.drop_knobs_after(branch, step)

    def note(self, branch: int, step: int, message: Message) -> None:
        """Keep a line of text, in English, with its step."""
        self._log.append_note(branch, step, str(message))

    def sheet(self, moment: Moment, sheet: NDArray[np.uint8]) -> None:
        """Write a sample sheet, uint8 [H, W, C], as PNG."""
        self._submit(lambda: self._write_sheet(moment, sheet))

    def snapshot(self, moment: Moment, arrays: Arrays) -> None:
        """Write a copy of the EMA generator."""
        self._submit(lambda: self._write_snapshot(moment, arrays))

    def checkpoint(self, checkpoint: Checkpoint) -> None:
        """Write a checkpoint; older ones go once it has been verified."""
        self._checkpoint_job = self._submit(lambda: self._write_checkpoint(checkpoint))
        self.fold()

    @property
    def is_checkpointing(self) -> bool:
        """Whether an earlier checkpoint is still being written."""
        return self._checkpoint_job is not None and not self._checkpoint_job.done()

    def fold(self) -> None:
        """Make run.sqlite whole on its own; a disk that refuses is told of by `poll`."""
        try:
            self._log.fold()
        except sqlite3.Error as error:
            self._log_fault = str(error)

    def poll(self) -> list[TrainingEvent]:
        """Return what became of the files handed over, without waiting."""
        done = [job for job in self._jobs if job.done()]
        self._jobs = [job for job in self._jobs if not job.done()]
        events = [job.result() for job in done]
        if self._log_fault:
            events.append(Noticed(Message("save.log_failed", error=self._log_fault)))
            self._log_fault = ""
        return events

    def wait(self) -> list[TrainingEvent]:
        """Wait until every file handed over is written or refused; return what became of them."""
        for job in self._jobs:
            job.exception()
        return self.poll()

    def close(self) -> None:
        """Finish writing, close the log and let go of the run."""
        self._writer.shutdown(wait=True)
        self._log.close()
        self._lock.release()

    def _submit(self, job: Callable[[], TrainingEvent]) -> Future[TrainingEvent]:
        future = self._writer.submit(_telling, job, self.folder)
        self._jobs.append(future)
        return future

    def _write_sheet(self, moment: Moment, sheet: NDArray[np.uint8]) -> TrainingEvent:
        write_picture(self.folder.sheet(moment), sheet)
        for old in surplus(_of_branch(self.folder.sheets(), moment.branch)):
            fsio.remove(self.folder.sheet(old))
        return SheetSaved(moment.step, moment.branch)

    def _write_snapshot(self, moment: Moment, arrays: Arrays) -> TrainingEvent:
        write_snapshot(arrays, moment, self.folder.snapshot(moment))
        for old in surplus(_of_branch(self.folder.snapshots(), moment.branch)):
            fsio.remove(self.folder.snapshot(old))
        return SnapshotSaved(moment.step, moment.branch)

    def _write_checkpoint(self, checkpoint: Checkpoint) -> TrainingEvent:
        path = self.folder.checkpoint(checkpoint.moment)
        size = write_checkpoint(checkpoint, path)
        for old in _of_branch(self.folder.checkpoints(), checkpoint.moment.branch)[:-CHECKPOINTS_KEPT]:
            fsio.remove(self.folder.checkpoint(old))
        return CheckpointSaved(checkpoint.moment.step, path, size)


def _open_log(folder: RunFolder, lock: FileLock) -> RunLog:
    try:
        return RunLog(folder.log_file)
    except sqlite3.Error as error:
        lock.release()
        raise not_writable(folder.root, error) from error


def _of_branch(moments: tuple[Moment, ...], branch: int) -> tuple[Moment, ...]:
    return tuple(moment for moment in moments if moment.branch == branch)


def _telling(job: Callable[[], TrainingEvent], folder: RunFolder) -> TrainingEvent:
    """Turn a file that cannot be written into a notice: training goes on, and the next save tries again."""
    try:
        return job()
    except (OSError, EngineError) as error:
        return Noticed(Message("save.failed", folder=folder.root, error=error))


def _stay_behind() -> None:
    if platform.system() == "Linux":
        os.setpriority(os.PRIO_PROCESS, 0, 10)
