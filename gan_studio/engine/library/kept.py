"""Read what is known of the moments that a run kept: when each was saved, its losses, and its samples."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.library.sheets import corner_of_sheet
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.branches import History, known_history
from gan_studio.engine.run.contents import saved_at
from gan_studio.engine.run.folder import RunFolder, open_run
from gan_studio.engine.run.log import read_logging_time, read_losses
from gan_studio.engine.text.message import Message

KEPT_CELLS, KEPT_SIDE = 4, 256
"""Samples in a row and a column of the picture of a moment, and its largest width and height in pixels."""


@dataclass(frozen=True)
class ReadKept:
    """Ask what is known of some checkpoints and snapshots of a run."""

    path: Path
    moments: tuple[Moment, ...]


@dataclass(frozen=True)
class ReadStarts:
    """Ask which moments of a run another run can start from."""

    path: Path


@dataclass(frozen=True)
class Kept:
    """A checkpoint or a snapshot of a run.

    Attributes:
        moment: its branch and step.
        saved_at: when it was saved, in seconds since 1970, or 0 if it is gone.
        losses: those of D and G at its step, or None if they were not logged.
        pictured: the step of the samples in `picture`: its own, or the last one before it with a sheet; None: none.
        picture: the first samples of that sheet, uint8 [H, W, C], or None.
    """

    moment: Moment
    saved_at: float = 0.0
    losses: tuple[float, float] | None = None
    pictured: int | None = None
    picture: NDArray[np.uint8] | None = None


@dataclass(frozen=True)
class KeptRead:
    """What is known of some moments of the run at `path`."""

    path: Path
    kept: tuple[Kept, ...]


@dataclass(frozen=True)
class Starts:
    """The moments of a run that another run can start from.

    Attributes:
        path: the run's folder.
        name: what the run is called.
        config: its set-up.
        checkpoints: those with G and D, newest first.
        snapshots: those with the averaged generator alone, newest first.
    """

    path: Path
    name: Message
    config: RunConfig
    checkpoints: tuple[Moment, ...]
    snapshots: tuple[Moment, ...]

    @property
    def moments(self) -> tuple[Moment, ...]:
        """Every moment once, newest first: by branch, then by step."""
        return tuple(sorted({*self.checkpoints, *self.snapshots}, reverse=True))


def read_kept(request: ReadKept) -> KeptRead:
    """Answer a request; what a run has lost is left out.

    Raises:
        EngineError: the folder holds no run.
    """
    folder = open_run(request.path)
    history = known_history(folder)
    return KeptRead(request.path, tuple(_look_at(folder, history, moment) for moment in request.moments))


def read_starts(request: ReadStarts) -> Starts:
    """Answer a request.

    Raises:
        EngineError: the folder holds no run, or its run.toml is damaged.
    """
    folder = open_run(request.path)
    file = folder.read()
    checkpoints, snapshots = folder.checkpoints(), folder.snapshots()
    return Starts(folder.root, file.name, file.config, checkpoints[::-1], snapshots[::-1])


def _look_at(folder: RunFolder, history: History, moment: Moment) -> Kept:
    sheets = history.on_way(folder.sheets(), moment)
    picture = corner_of_sheet(folder, sheets[-1], KEPT_CELLS, KEPT_SIDE) if sheets else None
    pictured = sheets[-1].step if picture is not None else None
    return Kept(moment, _saved_at(folder, moment), _losses(folder, moment), pictured, picture)


def _saved_at(folder: RunFolder, moment: Moment) -> float:
    for path in (folder.checkpoint(moment), folder.snapshot(moment)):
        if path.exists():
            return saved_at(path, _logged_at(folder, moment))
    return 0.0


def _logged_at(folder: RunFolder, moment: Moment) -> float | None:
    try:
        return read_logging_time(folder.log_file, moment) if folder.log_file.is_file() else None
    except sqlite3.Error:
        return None


def _losses(folder: RunFolder, moment: Moment) -> tuple[float, float] | None:
    try:
        return read_losses(folder.log_file, moment) if folder.log_file.is_file() else None
    except sqlite3.Error:
        return None
