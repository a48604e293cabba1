"""RunWriter: writes the files and the log of a run, and reports what was saved and what failed."""

import os
import platform
import sqlite3
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

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
from gan_studio.engine.sheet import Sheet
from gan_studio.engine.text.message import EngineError, Message
from gan_studio.engine.text.units import bytes_text

RETRY_SECONDS = 10.0
"""Seconds until a failed checkpoint is tried again."""
MOST_WAITING_ROWS = 100_000
"""Metric rows kept in memory while the log cannot be written; older ones are dropped."""

Rows = tuple[int, NDArray[np.int64], NDArray[np.float32], float]


class RunWriter:
    """Writes a run. Its methods belong to the training thread; the files are written by one background thread."""

    def __init__(self, folder: RunFolder, checkpoints_kept: int) -> None:
        """Lock the run and open its log.

        Raises:
            EngineError: another program trains the run, or its folder cannot be written.
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
        self._executor = ThreadPoolExecutor(1, "writer", initializer=_lower_priority)
        self._jobs: list[Future[TrainingEvent]] = []
        self._checkpoint_job: Future[TrainingEvent] | None = None
        self._waiting: list[Rows] = []
        self._log_fault = self._told_fault = ""

    def metrics(self, branch: int, steps: NDArray[np.int64], values: NDArray[np.float32], rate: float) -> None:
        """Write rows of metrics; while the log cannot be written, they wait in memory, within bounds."""
        self._waiting.append((branch, steps, values, rate))
        self._write_waiting()
        while sum(len(rows[1]) for rows in self._waiting) > MOST_WAITING_ROWS:
            self._waiting.pop(0)

    def knob(self, branch: int, step: int, name: str, value: float) -> None:
        """Commit a knob change before it takes effect; raises sqlite3.Error when it cannot be logged."""
        self._log.append_knob(branch, step, name, value)

    def knobs_from(self, branch: int, step: int) -> list[KnobRow]:
        """List the knob changes logged at `step` or later."""
        return self._log.knobs_from(branch, step)

    def begin_branch(self, parent: Moment, knobs: Mapping[str, float]) -> int:
        """Log a new branch that leaves `parent`; returns its number. Raises sqlite3.Error."""
        return self._log.begin_branch(parent.branch, parent.step, knobs)

    def drop_branch(self, branch: int) -> None:
        """Delete a branch that could not be begun; `poll` reports a failure."""
        try:
            self._log.drop_branch(branch)
        except sqlite3.Error as error:
            self._log_fault = str(error)
        self._refused_at = None

    def drop_knobs_after(self, branch: int, step: int) -> None:
        """Delete knob changes after `step`, which a new change replaces."""
        self._log.drop_knobs_after(branch, step)

    def note(self, branch: int, step: int, message: Message) -> None:
        """Log a note, in English, with its step; `poll` reports a failure."""
        try:
            self._log.append_note(branch, step, str(message))
        except sqlite3.Error as error:
            self._log_fault = str(error)

    def sheet(self, sheet: Sheet) -> None:
        """Write a sample sheet as PNG."""
        self._submit(lambda: self._write_sheet(sheet), sheet.pixels.nbytes)

    def snapshot(self, moment: Moment, arrays: Arrays) -> None:
        """Write a snapshot of the EMA generator."""
        self._submit(lambda: self._write_snapshot(moment, arrays), size_of(arrays))

    def checkpoint(self, checkpoint: Checkpoint) -> None:
        """Write and verify a checkpoint, then delete older ones beyond the limit."""
        self._refused_at = None
        size = size_of(checkpoint.arrays)
        self._checkpoint_job = self._submit(lambda: self._write_checkpoint(checkpoint), size, is_checkpoint=True)
        self.checkpoint_log()

    @property
    def is_checkpointing(self) -> bool:
        """Whether an earlier checkpoint is still being written."""
        return self._checkpoint_job is not None and not self._checkpoint_job.done()

    @property
    def is_refused(self) -> bool:
        """Whether the last checkpoint failed."""
        return self._refused_at is not None

    @property
    def is_retry_due(self) -> bool:
        """Whether the last checkpoint failed RETRY_SECONDS ago or earlier."""
        return self._refused_at is not None and time.monotonic() - self._refused_at >= RETRY_SECONDS

    def checkpoint_log(self) -> None:
        """Write the waiting rows and checkpoint the write-ahead log; `poll` reports a failure."""
        self._write_waiting()
        try:
            self._log.checkpoint_wal()
        except sqlite3.Error as error:
            self._log_fault = str(error)

    def poll(self) -> list[TrainingEvent]:
        """Return what was saved and what failed since the last call, without waiting."""
        done = [job for job in self._jobs if job.done()]
        self._jobs = [job for job in self._jobs if not job.done()]
        events, self._untold = self._untold, []
        for event in (job.result() for job in done):
            events += self._followed(event)
        if self._log_fault not in ("", self._told_fault):
            events.append(Noticed(Message("save.log_failed", error=self._log_fault)))
        self._told_fault = self._log_fault
        return events

    def wait(self) -> list[TrainingEvent]:
        """Wait until every file is saved or has failed; return those events."""
        for job in self._jobs:
            job.exception()
        return self.poll()

    def close(self) -> None:
        """Finish writing, close the log and release the lock."""
        self._executor.shutdown(wait=True)
        self._write_waiting()
        self._log.close()
        self._lock.release()

    def _write_waiting(self) -> None:
        """Write the waiting rows; a failure is reported once until writing works again."""
        try:
            while self._waiting:
                self._log.append_metrics(*self._waiting[0])
                self._waiting.pop(0)
            self._log_fault = ""
        except sqlite3.Error as error:
            self._log_fault = str(error)

    def _followed(self, event: TrainingEvent) -> list[TrainingEvent]:
        """Note failures; the first checkpoint that is saved after one adds SavingRecovered."""
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
        future = self._executor.submit(_saved, job, self.folder, size, is_checkpoint)
        self._jobs.append(future)
        return future

    def _write_sheet(self, sheet: Sheet) -> TrainingEvent:
        write_picture(self.folder.sheet(sheet.moment), sheet.pixels)
        removed = surplus(_of_branch(self.folder.sheets(), sheet.moment.branch))
        return SheetSaved(sheet.moment, _remove(removed, self.folder.sheet))

    def _write_snapshot(self, moment: Moment, arrays: Arrays) -> TrainingEvent:
        write_snapshot(arrays, moment, self.folder.snapshot(moment))
        removed = surplus(_of_branch(self.folder.snapshots(), moment.branch))
        return SnapshotSaved(moment, _remove(removed, self.folder.snapshot))

    def _write_checkpoint(self, checkpoint: Checkpoint) -> TrainingEvent:
        path = self.folder.checkpoint(checkpoint.moment)
        size = write_checkpoint(checkpoint, path)
        kept = _of_branch(self.folder.checkpoints(), checkpoint.moment.branch)
        removed = surplus_checkpoints(kept, self._checkpoints_kept)
        return CheckpointSaved(checkpoint.moment, path, size, _remove(removed, self.folder.checkpoint))


def size_of(arrays: Arrays) -> int:
    """Return the total size of arrays in bytes."""
    return sum(array.nbytes for array in arrays.values())


def _tidy(folder: RunFolder) -> None:
    """Create missing folders of a run, and delete half-written files of a killed program."""
    try:
        for part in PARTS:
            (folder.root / part).mkdir(exist_ok=True)
            atomic.remove_leftovers(folder.root / part)
        atomic.remove_leftovers(folder.root)
    except OSError:
        return  # the first save meets the same fault and reports it


def _remove(moments: tuple[Moment, ...], file_of: Callable[[Moment], Path]) -> tuple[Moment, ...]:
    """Delete the files of moments; returns the moments."""
    for moment in moments:
        atomic.remove(file_of(moment))
    return moments


def _of_branch(moments: tuple[Moment, ...], branch: int) -> tuple[Moment, ...]:
    return tuple(moment for moment in moments if moment.branch == branch)


def _saved(job: Callable[[], TrainingEvent], folder: RunFolder, size: int, is_checkpoint: bool) -> TrainingEvent:
    """Run a save; a failure becomes an event, so that training goes on and the save is tried again."""
    try:
        return job()
    except (OSError, EngineError) as error:
        return SavingFailed(_refusal(folder, error, size), is_checkpoint)


def _refusal(folder: RunFolder, error: OSError | EngineError, size: int) -> Message:
    """Say why a save failed, how much space it needs and how much is free."""
    reason = (error.strerror or error) if isinstance(error, OSError) else error.happened
    try:
        free = atomic.free_bytes(folder.root)
    except OSError:
        return Message("save.folder_gone", folder=folder.root)
    return Message("save.failed", folder=folder.root, error=reason, needed=bytes_text(size), free=bytes_text(free))


def _lower_priority() -> None:
    if platform.system() == "Linux":
        os.setpriority(os.PRIO_PROCESS, 0, 10)
