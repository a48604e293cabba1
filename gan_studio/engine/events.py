"""What a run tells the world: frozen dataclasses, one a fact, joined in `TrainingEvent`."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.text.message import Message

METRIC_COLUMNS = ("loss_d", "loss_g", "d_real", "d_fake_before", "d_fake_after", "grad_norm_d", "grad_norm_g")
"""Logged each step. d_real is the mean of D(x); d_fake_before is D(G(z)) in D's step (D_G_z1 in the stock loop),
d_fake_after the same fakes in G's step, after D learned (D_G_z2)."""


class RunPhase(StrEnum):
    """Where a run is."""

    IDLE = "idle"
    LOADING = "loading"
    RUNNING = "running"
    PAUSED = "paused"
    SAVING = "saving"
    FINISHED = "finished"
    FAILED = "failed"


@dataclass(frozen=True)
class LoadingProgress:
    """Pictures are being read: `done` of `total` (total 0: not known yet), or their bytes are being downloaded."""

    done: int
    total: int
    is_download: bool = False


@dataclass(frozen=True)
class DataReady:
    """The pictures are in memory.

    Attributes:
        count: pictures that the run trains on.
        left_out: (file name, reason) of each file that could not be used.
        digest: SHA-256 over the pictures as the networks see them, in hexadecimal.
        held_out: pictures set aside, which it never trains on.
        class_names, class_counts: the classes, and how many pictures of each it trains on; empty without labels.
    """

    count: int
    left_out: tuple[tuple[str, Message], ...]
    digest: str
    held_out: int = 0
    class_names: tuple[str, ...] = ()
    class_counts: tuple[int, ...] = ()


@dataclass(frozen=True)
class RunOpened:
    """The networks stand and the run folder is ours: training begins at `step`.

    `class_names` are those of a class-conditional run, else empty.
    """

    folder: Path
    config: RunConfig
    step: int
    branch: int
    steps: int
    device: str
    knobs: Mapping[str, float]
    class_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class PhaseChanged:
    """The run entered another phase."""

    phase: RunPhase


@dataclass(frozen=True)
class MetricsLogged:
    """New rows of metrics, in order of step.

    Attributes:
        steps: int64 [rows].
        values: float32 [rows, len(METRIC_COLUMNS)].
        images_per_second: pictures per second of wall clock since the last such event.
    """

    steps: NDArray[np.int64]
    values: NDArray[np.float32]
    images_per_second: float


@dataclass(frozen=True)
class SamplesDrawn:
    """A sheet of samples from fixed z by the EMA generator.

    Attributes:
        step, branch: when it was drawn.
        sheet: uint8 [H, W, 3 or 1], tiled row by row, cell k is sample seed k.
        columns, rows: cells of the sheet.
        recorded: whether it belongs to the run's history (else only to be shown).
        classes: the class of each row in a class-conditional run, else empty.
    """

    step: int
    branch: int
    sheet: NDArray[np.uint8]
    columns: int
    rows: int
    recorded: bool
    classes: tuple[int, ...] = ()


@dataclass(frozen=True)
class WeightsPublished:
    """A copy of the EMA generator that nothing else holds: tensor name to numpy array."""

    step: int
    branch: int
    weights: Mapping[str, NDArray[np.generic]]


@dataclass(frozen=True)
class KnobChanged:
    """A live setting has another value from step `step` + 1 on."""

    step: int
    name: str
    value: float


@dataclass(frozen=True)
class TargetMoved:
    """The run now finishes at step `steps`."""

    steps: int


@dataclass(frozen=True)
class CheckpointSaved:
    """A checkpoint was written and verified."""

    step: int
    path: Path
    size_bytes: int


@dataclass(frozen=True)
class SheetSaved:
    """A sample sheet is in the run folder and can be looked at again."""

    step: int
    branch: int


@dataclass(frozen=True)
class SnapshotSaved:
    """An earlier generator can be explored: step `step` of branch `branch`."""

    step: int
    branch: int


@dataclass(frozen=True)
class SavingFailed:
    """Something of the run could not be written; training goes on and the save is tried again.

    Attributes:
        message: what happened, with the room that is needed and the room there is.
        is_checkpoint: whether it was a checkpoint, without which the last steps would be lost.
    """

    message: Message
    is_checkpoint: bool


@dataclass(frozen=True)
class SavingRecovered:
    """The disk takes the run again, after SavingFailed."""


@dataclass(frozen=True)
class BranchBegun:
    """The run went back: what follows belongs to branch `branch`, which left `parent` at `step`.

    The old branch stays whole beside it.
    """

    branch: int
    parent: int
    step: int
    knobs: Mapping[str, float]


@dataclass(frozen=True)
class BecameNotFinite:
    """A step met NaN or infinity; its update was not made, and the run waits at its last good checkpoint.

    Attributes:
        step: the step that met it.
        place: where it was first seen.
        branch, back_at: the moment of the checkpoint that is in memory now.
        knobs: live settings at that moment.
    """

    step: int
    place: Message
    branch: int
    back_at: int
    knobs: Mapping[str, float]


@dataclass(frozen=True)
class Noticed:
    """Something a person should know; training goes on."""

    message: Message


@dataclass(frozen=True)
class RunFailed:
    """The run cannot go on.

    Attributes:
        happened, kept, todo: the three parts of the error.
        traceback: empty for a user's fault, else where it was raised.
        question: what a person may accept to go on all the same, else empty: "bad_pictures", "other_pictures",
            "out_of_memory" (with half the batch), "device_lost" (on the CPU).
    """

    happened: Message
    kept: Message
    todo: Message
    traceback: str = ""
    question: str = ""


TrainingEvent = (
    LoadingProgress
    | DataReady
    | RunOpened
    | PhaseChanged
    | MetricsLogged
    | SamplesDrawn
    | WeightsPublished
    | KnobChanged
    | TargetMoved
    | CheckpointSaved
    | SheetSaved
    | SnapshotSaved
    | SavingFailed
    | SavingRecovered
    | BranchBegun
    | BecameNotFinite
    | Noticed
    | RunFailed
)
