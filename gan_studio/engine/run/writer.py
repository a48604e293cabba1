"""Recorder: what a run writes into its folder, in a thread of its own, and what became of it."""

import os
import platform
import sqlite3
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.events import (
    CheckpointSaved,
    Noticed,
    SavingFailed,
    SavingRecovered,
    SheetSaved,
    SnapshotSaved,
    TrainingEvent,
)
from gan_studio.engine.files import atomic
from gan_studio.engine.files.pictures import write_picture
from gan_studio.engine.files.tensors import Arrays
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.checkpoint import Checkpoint, write_checkpoint, write_snapshot
from gan_studio.engine.run.folder import PARTS, RunFolder, surplus, surplus_checkpoints
from gan_studio.engine.run.lock import RunLock
from gan_studio.engine.run.log import KnobRow
from gan_studio.engine.run.log_repair import open_log
from gan_studio.engine.text.message import EngineError, Message

RETRY_SECONDS = 10.0
"""After a checkpoint that the disk refused, the next is tried."""
MOST_WAITING_ROWS = 100_000
"""Metric rows kept in memory while the disk refuses them."""

Rows = tuple[int, NDArray[np.int64], NDArray[np.float32], float]


class Recorder:
    """Write a run down. Belongs to the training thread; files are written by its one writer thread."""

    def __init__(self, folder: RunFolder, checkpoints_kept: int) -> None:
        """Become the run's one writer.

        Raises:
            EngineError: another program trains it, or it cannot be written.
        """
        self.folder = folder
        self._checkpoints_kept = checkpoints_kept
        self._lock = RunLock(folder)
        _tidy(folder)
        self._refused_at: float | None = None
        self._has_refused = False
        try:
            self._log, notice = open_log(folder)
        except EngineError:
            self._lock.release()
            raise
        self._untold: list[TrainingEvent] = [Noticed(notice)] if notice is not None else []
        self._writer = ThreadPoolExecutor(1, "writer", initializer=_stay_behind)
        self._jobs: list[Future[TrainingEvent]] = []
        self._checkpoint_job: Future[TrainingEvent] | None = None
        self._waiting: list[Rows] = []
        self._log_fault = self._told_fault = ""

    def metrics(self, branch: int, steps: NDArray[np.int64], values: NDArray[np.float32], rate: float) -> None:
        """Write rows of metrics; they wait in memory, within bounds, while the disk refuses them."""
        self._waiting.append((branch, steps, values, rate))
        self._write_waiting()
        while sum(len(rows[1]) for rows in self._waiting) > MOST_WAITING_ROWS:
            self._waiting.pop(0)

    def knob(self, branch: int, step: int, name: str, value: float) -> None:
        """Commit a knob change before it takes effect; raises sqlite3.Error when it cannot be kept."""
        self._log.append_knob(branch, step, name, value)

    def knobs_from(self, branch: int, step: int) -> list[KnobRow]:
        """List the knob changes logged at `step` or later."""
        return self._log.knobs_from(branch, step)

    def begin_branch(self, parent: Moment, knobs: Mapping[str, float]) -> int:
        """Log that the run goes on from a moment in a new branch; returns its number. Raises sqlite3.Error."""
        return self._log.begin_branch(parent.branch, parent.step, knobs)

    def drop_branch(self, branch: int) -> None:
        """Forget a branch that came to nothing; a disk that refuses even that is told of by `poll`."""
        try:
            self._log.drop_branch(branch)
        except sqlite3.Error as error:
            self._log_fault = str(error)
        self._refused_at = None

    def drop_knobs_after(self, branch: int, step: int) -> None:
        """Forget knob changes of a future that a new change replaces."""
        self._log.drop_knobs_after(branch, step)

    def note(self, branch: int, step: int, message: Message) -> None:
        """Keep a line of text, in English, with its step; a disk that refuses is told of by `poll`."""
        try:
            self._log.append_note(branch, step, str(message))
        except sqlite3.Error as error:
            self._log_fault = str(error)

    def sheet(self, moment: Moment, sheet: NDArray[np.uint8]) -> None:
        """Write a sample sheet, uint8 [H, W, C], as PNG."""
        self._submit(lambda: self._write_sheet(moment, sheet), sheet.nbytes)

    def snapshot(self, moment: Moment, arrays: Arrays) -> None:
        """Write a copy of the EMA generator."""
        self._submit(lambda: self._write_snapshot(moment, arrays), size_of(arrays))

    def checkpoint(self, checkpoint: Checkpoint) -> None:
        """Write a checkpoint; older ones go once it has been verified."""
        self._refused_at = None
        size = size_of(checkpoint.arrays)
        self._checkpoint_job = self._submit(lambda: self._write_checkpoint(checkpoint), size, is_checkpoint=True)
        self.fold()

    @property
    def is_checkpointing(self) -> bool:
        """Whether an earlier checkpoint is still being written."""
        return self._checkpoint_job is not None and not self._checkpoint_job.done()

    @property
    def is_refused(self) -> bool:
        """Whether the last checkpoint was refused."""
        return self._refused_at is not None

    @property
    def is_retry_due(self) -> bool:
        """Whether the last checkpoint was refused, and long enough ago to try again."""
        return self._refused_at is not None and time.monotonic() - self._refused_at >= RETRY_SECONDS

    def fold(self) -> None:
        """Make run.sqlite whole on its own, with the rows that wait; a disk that refuses is told of by `poll`."""
        self._write_waiting()
        try:
            self._log.fold()
        except sqlite3.Error as error:
            self._log_fault = str(error)

    def poll(self) -> list[TrainingEvent]:
        """Return what became of the files handed over, without waiting."""
        done = [job for job in self._jobs if job.done()]
        self._jobs = [job for job in self._jobs if not job.done()]
        events, self._untold = self._untold, []
        for event in (job.result() for job in done):
            events += self._judged(event)
        if self._log_fault not in ("", self._told_fault):
            events.append(Noticed(Message("save.log_failed", error=self._log_fault)))
        self._told_fault = self._log_fault
        return events

    def wait(self) -> list[TrainingEvent]:
        """Wait until every file handed over is written or refused; return what became of them."""
        for job in self._jobs:
            job.exception()
        return self.poll()

    def close(self) -> None:
        """Finish writing, close the log and let go of the run."""
        self._writer.shutdown(wait=True)
        self._write_waiting()
        self._log.close()
        self._lock.release()

    def _write_waiting(self) -> None:
        """Write the rows that wait; the same fault is told of once, until it is over."""
        try:
            while self._waiting:
                self._log.append_metrics(*self._waiting[0])
                self._waiting.pop(0)
            self._log_fault = ""
        except sqlite3.Error as error:
            self._log_fault = str(error)

    def _judged(self, event: TrainingEvent) -> list[TrainingEvent]:
        """Follow whether the disk takes the run: the first checkpoint after a refusal ends it."""
        if isinstance(event, SavingFailed):
            self._has_refused = True
            if event.is_checkpoint:
                self._refused_at = time.monotonic()
        elif isinstance(event, CheckpointSaved) and self._has_refused:
            self._has_refused = False
            return [event, SavingRecovered()]
        return [event]

    def _submit(
        self, job: Callable[[], TrainingEvent], size: int, *, is_checkpoint: bool = False
    ) -> Future[TrainingEvent]:
        future = self._writer.submit(_telling, job, self.folder, size, is_checkpoint)
        self._jobs.append(future)
        return future

    def _write_sheet(self, moment: Moment, sheet: NDArray[np.uint8]) -> TrainingEvent:
        write_picture(self.folder.sheet(moment), sheet)
        for old in surplus(_of_branch(self.folder.sheets(), moment.branch)):
            atomic.remove(self.folder.sheet(old))
        return SheetSaved(moment.step, moment.branch)

    def _write_snapshot(self, moment: Moment, arrays: Arrays) -> TrainingEvent:
        write_snapshot(arrays, moment, self.folder.snapshot(moment))
        for old in surplus(_of_branch(self.folder.snapshots(), moment.branch)):
            atomic.remove(self.folder.snapshot(old))
        return SnapshotSaved(moment.step, moment.branch)

    def _write_checkpoint(self, checkpoint: Checkpoint) -> TrainingEvent:
        path = self.folder.checkpoint(checkpoint.moment)
        size = write_checkpoint(checkpoint, path)
        kept = _of_branch(self.folder.checkpoints(), checkpoint.moment.branch)
        for old in surplus_checkpoints(kept, self._checkpoints_kept):
            atomic.remove(self.folder.checkpoint(old))
        return CheckpointSaved(checkpoint.moment.step, path, size)


def size_of(arrays: Arrays) -> int:
    """Sum the bytes of arrays."""
    return sum(array.nbytes for array in arrays.values())


def _tidy(folder: RunFolder) -> None:
    """Make the parts of a run again that are missing, and remove what a killed program left half written."""
    try:
        for part in PARTS:
            (folder.root / part).mkdir(exist_ok=True)
            atomic.remove_leftovers(folder.root / part)
        atomic.remove_leftovers(folder.root)
    except OSError:
        return  # the first save meets the same disk, and says so


def _of_branch(moments: tuple[Moment, ...], branch: int) -> tuple[Moment, ...]:
    return tuple(moment for moment in moments if moment.branch == branch)


def _telling(job: Callable[[], TrainingEvent], folder: RunFolder, size: int, is_checkpoint: bool) -> TrainingEvent:
    """Turn a file that cannot be written into an event: training goes on, and the save is tried again."""
    try:
        return job()
    except (OSError, EngineError) as error:
        return SavingFailed(_refusal(folder, error, size), is_checkpoint)


def _refusal(folder: RunFolder, error: OSError | EngineError, size: int) -> Message:
    """Say why something cannot be saved, and how much room it needs."""
    reason = (error.strerror or error) if isinstance(error, OSError) else error.happened
    try:
        free = atomic.free_bytes(folder.root)
    except OSError:
        return Message("save.folder_gone", folder=folder.root)
    needed, left = (f"{count / 2**20:.1f}" for count in (size, free))
    return Message("save.failed", folder=folder.root, error=reason, needed=needed, free=left)


def _stay_behind() -> None:
    if platform.system() == "Linux":
        os.setpriority(os.PRIO_PROCESS, 0, 10)
