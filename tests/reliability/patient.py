"""A run folder to injure: small checkpoints of a real state, saved by the program's own writer."""

import os
import shutil
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from gan_studio.engine.events import TrainingEvent
from gan_studio.engine.machine.decision import decide_execution
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.checkpoint import Checkpoint, newest_checkpoint, take_checkpoint
from gan_studio.engine.run.creation import create_run
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.run.writer import RunWriter
from gan_studio.engine.sheet import Sheet
from gan_studio.engine.step.state import build_state
from gan_studio.engine.text.message import Message
from tests.engine.runs import TINY

DEAD_PROCESS = 2**22 + 1
"""A process number that no Linux gives."""
KEPT = 4
CONFIG = TINY.model_copy(update={"device": "cpu"})


class Patient:
    """A run that is saved at steps of one's choice, without training.

    Attributes:
        folder: of the run.
        config: its set-up.
        state: what is saved.
    """

    def __init__(self, place: Path, steps: tuple[int, ...] = (), kept: int = KEPT) -> None:
        self.config, self.execution = CONFIG, decide_execution(CONFIG)
        self.state = build_state(CONFIG, torch.device("cpu"), 0)
        self.folder = create_run(place, CONFIG, {}, {}, asdict(self.execution))
        if steps:
            writer = RunWriter(self.folder, kept)
            for step in steps:
                writer.checkpoint(self.checkpoint(step))
                writer.snapshot(Moment(0, step), self.state.copy_ema())
                writer.sheet(self.sheet(Moment(0, step)))
                writer.wait()
            writer.close()

    def checkpoint(self, step: int, branch: int = 0) -> Checkpoint:
        """Take a checkpoint that says it is of a step; no two steps have the same weights."""
        self.state.step = self.state.pictures_seen = step
        self.state.branch = branch
        with torch.no_grad():
            for parameter in self.state.generator_ema.parameters():
                parameter.fill_(step / 1000)
        return take_checkpoint(self.state, self.config, self.execution)

    def sheet(self, moment: Moment) -> Sheet:
        """Make a sheet of one colour: pixels uint8 [16, 16, 1]."""
        return Sheet(moment, np.full((16, 16, 1), moment.step % 256, np.uint8), 1, 1)

    def newest(self, folder: RunFolder) -> tuple[int, tuple[Message, ...]]:
        """Find the newest checkpoint of a folder as resuming does: its step, and which newer ones cannot be used."""
        checkpoint, faults = newest_checkpoint(folder, build_state(self.config, torch.device("cpu"), 0), self.config)
        return checkpoint.moment.step, faults


def contents(folder: RunFolder) -> dict[str, bytes]:
    """Read every checkpoint, snapshot and sheet of a run: name within the run to bytes; half-written ones left out.

    What the run thins out meanwhile is left out, too.
    """
    found: dict[str, bytes] = {}
    for part in ("checkpoints", "snapshots", "samples"):
        for path in (folder.root / part).iterdir():
            if path.suffix != ".tmp":
                with suppress(FileNotFoundError):
                    found[f"{part}/{path.name}"] = path.read_bytes()
    return found


def litter(folder: RunFolder) -> list[Path]:
    """List the half-written files of a run."""
    return list(folder.root.rglob("*.tmp"))


def as_if_dead(folder: RunFolder, place: Path) -> RunFolder:
    """Copy a run as a program leaves it that was killed: its half-written files bear the number of a dead process."""
    shutil.copytree(folder.root, place)
    copy = RunFolder(place)
    for path in litter(copy):
        path.rename(path.with_name(path.name.replace(f".{os.getpid()}-", f".{DEAD_PROCESS}-")))
    return copy


def next_start(folder: RunFolder) -> list[TrainingEvent]:
    """Take up a run and let go of it, as the next start does."""
    writer = RunWriter(folder, KEPT)
    events = writer.poll()
    writer.close()
    return events
