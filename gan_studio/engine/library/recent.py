"""Summarise an earlier run for its card: its name, its newest samples, how far it came, or why it cannot be opened."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.files.paths import path_of
from gan_studio.engine.library.sheets import corner_of_sheet
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.folder import RunFile, RunFolder, is_run, open_run
from gan_studio.engine.run.log import read_knobs
from gan_studio.engine.text.message import UNNAMED, EngineError, Message, readable, reason_of

CARD_CELLS, CARD_SIDE = 3, 192
"""Samples in a row and a column of the picture on a card, and its largest width and height in pixels."""


@dataclass(frozen=True)
class ReadRecent:
    """Ask for a summary of a run that was opened earlier."""

    path: str


@dataclass(frozen=True)
class RecentRun:
    """An earlier run.

    Attributes:
        path: its folder, as it was asked for.
        name: what it is called; of a run that cannot be read, the name of its folder.
        data: what its pictures are called, and how many it learns from.
        preset: name of the preset that it began with.
        created: when it was created, in seconds since 1970, or 0 if that is not known.
        step: step of its newest checkpoint.
        steps: step at which it finishes.
        picture: the first samples of its newest sheet, uint8 [H, W, C], or None.
        fault: why it cannot be opened, or None.
        is_there: whether its folder holds a run, though perhaps a damaged one.
    """

    path: str
    name: Message = UNNAMED
    data: Message = UNNAMED
    preset: str = ""
    created: float = 0.0
    step: int = 0
    steps: int = 0
    picture: NDArray[np.uint8] | None = None
    fault: Message | None = None
    is_there: bool = True


def read_recent(path: str) -> RecentRun:
    """Summarise a run; what is wrong with it is told in the summary."""
    try:
        return _summary(path, open_run(path_of(path)))
    except EngineError as error:
        fault = error.happened
    except OSError as error:
        fault = Message("read.failed", error=reason_of(error))
    name = Message("name.given", name=readable(path_of(path).name))
    return RecentRun(path, name=name, fault=fault, is_there=_is_there(path))


def _summary(path: str, folder: RunFolder) -> RecentRun:
    file, checkpoints = folder.read(), folder.checkpoints()
    newest = checkpoints[-1] if checkpoints else None
    sheets = folder.sheets()
    return RecentRun(
        path,
        name=file.name,
        data=file.data_name,
        preset=file.config.preset,
        created=_seconds(file.created),
        step=newest.step if newest else 0,
        steps=_target(folder, file, newest),
        picture=corner_of_sheet(folder, sheets[-1], CARD_CELLS, CARD_SIDE) if sheets else None,
        fault=None if newest else Message("run.no_checkpoint", path=folder.root, reason=""),
    )


def _target(folder: RunFolder, file: RunFile, newest: Moment | None) -> int:
    """Return the step at which a run finishes; of a run whose log cannot be read, the one in its set-up."""
    first = file.config.training.steps
    if newest is None or not folder.log_file.is_file():  # SQLite would create a missing file
        return first
    try:
        targets = [row.value for row in read_knobs(folder.log_file, *newest) if row.name == "steps"]
    except sqlite3.Error:
        targets = []
    return max(int((targets or [first])[-1]), newest.step)


def _seconds(created: str) -> float:
    try:
        return datetime.fromisoformat(created).timestamp()
    except (ValueError, OverflowError, OSError):
        return 0.0


def _is_there(path: str) -> bool:
    return is_run(Path(path_of(path)))
