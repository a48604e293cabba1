"""The events of a run: frozen dataclasses, one for each fact, joined in `TrainingEvent`."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.machine.execution import Execution
from gan_studio.engine.moment import Moment
from gan_studio.engine.nature import Nature
from gan_studio.engine.sheet import Sheet
from gan_studio.engine.text.message import UNNAMED, Message

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
    """Pictures are being read, or bytes downloaded: `done` of `total`; total 0: unknown yet."""

    done: int
    total: int
    is_download: bool = False


@dataclass(frozen=True)
class DataReady:
    """The pictures have been read.

    Attributes:
        count: training pictures.
        left_out: (file name, reason) of each unusable file.
        digest: SHA-256 over the pictures as the networks see them, in hexadecimal.
        held_out: pictures that are never trained on.
        class_names, class_counts: the classes, and the training pictures of each; empty without labels.
        notes: how the source was understood and what decoding found, in sentences for a person.
    """

    count: int
    left_out: tuple[tuple[str, Message], ...]
    digest: str
    held_out: int = 0
    class_names: tuple[str, ...] = ()
    class_counts: tuple[int, ...] = ()
    notes: tuple[Message, ...] = ()


@dataclass(frozen=True)
class RunOpened:
    """The networks are built and the run folder is locked: training begins.

    Attributes:
        folder: the run folder.
        config: the set-up of the run.
        moment: where training begins.
        steps: step at which the run finishes.
        execution: how its arithmetic is done, and on which device.
        knobs: live settings by name.
        class_names: the classes of a class-conditional run, else empty.
        name: what the run is called.
    """

    folder: Path
    config: RunConfig
    moment: Moment
    steps: int
    execution: Execution
    knobs: Mapping[str, float]
    class_names: tuple[str, ...] = ()
    name: Message = UNNAMED


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
        images_per_second: real pictures per second of wall clock since the last such event, pauses left out.
        seconds: the time that it was measured over; 0: it was not measured.
    """

    steps: NDArray[np.int64]
    values: NDArray[np.float32]
    images_per_second: float
    seconds: float = 0.0


@dataclass(frozen=True)
class SamplesDrawn:
    """A sheet of samples was drawn.

    Attributes:
        sheet: the samples.
        recorded: whether the run keeps the sheet; False: it is only shown.
    """

    sheet: Sheet
    recorded: bool


@dataclass(frozen=True)
class WeightsPublished:
    """A copy of the EMA generator, which the receiver owns: tensor name to numpy array."""

    moment: Moment
    weights: Mapping[str, NDArray[np.generic]]


@dataclass(frozen=True)
class KnobChanged:
    """A live setting changed; it takes effect from step `step` + 1 on."""

    step: int
    name: str
    value: float


@dataclass(frozen=True)
class TargetMoved:
    """The run now finishes at step `steps`."""

    steps: int


@dataclass(frozen=True)
class CheckpointSaved:
    """A checkpoint was written and verified; `removed` are older ones that were deleted for it."""

    moment: Moment
    path: Path
    size_bytes: int
    removed: tuple[Moment, ...] = ()


@dataclass(frozen=True)
class SheetSaved:
    """A sample sheet is in the run folder; `removed` are older ones that were deleted for it."""

    moment: Moment
    removed: tuple[Moment, ...] = ()


@dataclass(frozen=True)
class SnapshotSaved:
    """A snapshot can be explored from now on; `removed` are older ones that were deleted for it."""

    moment: Moment
    removed: tuple[Moment, ...] = ()


@dataclass(frozen=True)
class SavingFailed:
    """A save failed; training goes on and the save is tried again.

    Attributes:
        message: what happened, with the space it needs and the free space.
        is_checkpoint: whether it was a checkpoint, without which the last steps would be lost.
    """

    message: Message
    is_checkpoint: bool


@dataclass(frozen=True)
class SavingRecovered:
    """Saving works again, after SavingFailed."""


@dataclass(frozen=True)
class BranchBegun:
    """The run went back: it goes on in a new branch, and the branch that it left stays complete.

    Attributes:
        moment: where the new branch begins.
        left: the same step of the branch that it left.
        knobs: live settings at that moment.
    """

    moment: Moment
    left: Moment
    knobs: Mapping[str, float]


@dataclass(frozen=True)
class BecameNotFinite:
    """A step met NaN or infinity. Its update was not made; the run waits at its last good checkpoint.

    Attributes:
        step: the step that met it.
        place: where it was first seen.
        back_to: the checkpoint that is in memory now.
        knobs: live settings at that moment.
    """

    step: int
    place: Message
    back_to: Moment
    knobs: Mapping[str, float]


@dataclass(frozen=True)
class PicturesFollowed:
    """The set-up of a new run took settings from its pictures or its first weights, before it reads all pictures.

    Attributes:
        taken: what it took, in one sentence.
        nature: what the pictures are like; None if nobody looked.
    """

    taken: Message
    nature: Nature | None


@dataclass(frozen=True)
class Noticed:
    """Something a person should know; training goes on."""

    message: Message


@dataclass(frozen=True)
class RunFailed:
    """The run cannot go on.

    Attributes:
        happened, kept, todo: the three parts of the error.
        traceback: the traceback of a bug; empty otherwise.
        question: what a person may accept in order to go on, or empty: "bad_pictures", "other_pictures",
            "out_of_memory" (with half the batch size), "device_lost" (on the CPU). "moved_pictures" is answered with
            their new place (RunRequest.data).
    """

    happened: Message
    kept: Message
    todo: Message
    traceback: str = ""
    question: str = ""


TrainingEvent = (
    LoadingProgress
    | PicturesFollowed
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
