"""Read the branches of a run for the window, and the path that leads to a moment."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.moment import Moment
from gan_studio.engine.run.branches import History, read_history
from gan_studio.engine.run.folder import open_run
from gan_studio.engine.run.log import read_metrics

EVER = 2**62
"""Beyond the last step of any run."""


@dataclass(frozen=True)
class ReadHistory:
    """Ask for the branches of a run."""

    path: Path


@dataclass(frozen=True)
class ReadWay:
    """Ask for the path that leads to a moment of a run."""

    path: Path
    moment: Moment


@dataclass(frozen=True)
class HistoryRead:
    """The branches of the run at `path`."""

    path: Path
    history: History


@dataclass(frozen=True)
class Way:
    """The path that leads to a moment of the run at `path`.

    Attributes:
        path, moment: as in the request.
        steps: int64 [rows]; values: float32 [rows, columns]: metrics on the path.
        sheets, snapshots: those on the path.
    """

    path: Path
    moment: Moment
    steps: NDArray[np.int64]
    values: NDArray[np.float32]
    sheets: tuple[Moment, ...]
    snapshots: tuple[Moment, ...]


LookBack = ReadHistory | ReadWay
LookedBack = HistoryRead | Way


def look_back(request: LookBack) -> LookedBack:
    """Answer a request; the run may be training.

    Raises:
        EngineError: the folder holds no run, or its run.sqlite cannot be read.
        sqlite3.Error: the metrics in it cannot be read.
    """
    folder = open_run(request.path)
    history = read_history(folder)
    if isinstance(request, ReadHistory):
        return HistoryRead(request.path, history)
    moment = request.moment
    steps, values = read_metrics(folder.log_file, moment.branch, moment.step)
    sheets, snapshots = (history.on_way(kept, moment) for kept in (folder.sheets(), folder.snapshots()))
    return Way(request.path, moment, steps, values, sheets, snapshots)
