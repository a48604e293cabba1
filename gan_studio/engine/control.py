"""TrainingControl: a thread-safe mailbox of commands, read by the trainer between two steps."""

import signal
import threading
from collections import deque
from dataclasses import dataclass

LEAVING_SIGNALS = tuple(int(getattr(signal, name)) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
"""What ends a program that trains: Ctrl-C, the system's request, and a terminal that was closed."""


@dataclass(frozen=True)
class SetKnob:
    """Change a live setting from the next step on."""

    name: str
    value: float


@dataclass(frozen=True)
class StepOnce:
    """Do one step while paused."""


@dataclass(frozen=True)
class SampleNow:
    """Draw and record a sample sheet of the present generator."""


@dataclass(frozen=True)
class CheckpointNow:
    """Write a checkpoint of the present step."""


@dataclass(frozen=True)
class PublishWeights:
    """Hand out a copy of the EMA generator for exploring."""


@dataclass(frozen=True)
class ExtendTo:
    """Move the step at which the run finishes."""

    steps: int


@dataclass(frozen=True)
class RollBack:
    """Go back to a kept checkpoint, in a new branch, with a share of the learning rates it had."""

    step: int
    branch: int | None
    rate_share: float


Command = SetKnob | StepOnce | SampleNow | CheckpointNow | PublishWeights | ExtendTo | RollBack


class TrainingControl:
    """What a person may ask of a run while it goes on. Every method may be called from any thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._commands: deque[Command] = deque()
        self._paused = False
        self._stopping = False
        self._abandoned = False
        self._patient = False

    def pause(self) -> None:
        """Hold the run before its next step; the trainer stays alive."""
        self._set(paused=True)

    def resume(self) -> None:
        """Let a paused run go on."""
        self._set(paused=False)

    def stop(self) -> None:
        """End the run after the step in hand, with a checkpoint."""
        self._set(stopping=True)

    def abandon(self) -> None:
        """End the run after the step in hand, without a checkpoint: what came after the last one is lost."""
        self._abandoned = True
        self.stop()

    def be_patient(self) -> None:
        """Wait, at the end of the run, until the disk takes its last checkpoint: somebody is there to make room."""
        self._patient = True

    def hurry(self) -> None:
        """Do not wait for the disk (any more)."""
        self._patient = False

    def step_once(self) -> None:
        """Do a single step while paused; ignored while running."""
        self._post(StepOnce())

    def set_knob(self, name: str, value: float) -> None:
        """Change a live setting (a name in config.LIVE_KNOBS) from the next step on."""
        self._post(SetKnob(name, value))

    def sample_now(self) -> None:
        """Draw and record a sample sheet between two steps."""
        self._post(SampleNow())

    def checkpoint_now(self) -> None:
        """Write a checkpoint between two steps."""
        self._post(CheckpointNow())

    def publish_weights(self) -> None:
        """Ask for a copy of the EMA generator; asking again before it comes costs nothing."""
        self._post(PublishWeights())

    def extend_to(self, steps: int) -> None:
        """Move the step at which the run finishes."""
        self._post(ExtendTo(steps))

    def roll_back(self, step: int, branch: int | None = None, rate_share: float = 1.0) -> None:
        """Go back to the kept checkpoint of a step, in a new branch; the old one stays whole beside it.

        Args:
            step: of the checkpoint.
            branch: of the checkpoint; None: the one the run is in.
            rate_share: what both learning rates are multiplied with, such as 0.5 after a run has broken down.
        """
        self._post(RollBack(step, branch, rate_share))

    @property
    def is_paused(self) -> bool:
        """Whether the run should hold."""
        return self._paused

    @property
    def is_stopping(self) -> bool:
        """Whether the run should end."""
        return self._stopping

    @property
    def is_abandoned(self) -> bool:
        """Whether the run should end without a checkpoint."""
        return self._abandoned

    @property
    def is_patient(self) -> bool:
        """Whether the run should not end before its last checkpoint is on the disk."""
        return self._patient and not self._abandoned

    def take(self) -> tuple[Command, ...]:
        """Return the commands that came since the last call, oldest first, each request for weights once."""
        with self._changed:
            commands = tuple(self._commands)
            self._commands.clear()
        return commands

    def wait(self, seconds: float) -> None:
        """Sleep until something is asked for, or `seconds` have passed."""
        with self._changed:
            if not self._commands and not self._stopping and self._paused:
                self._changed.wait(seconds)

    def _set(self, *, paused: bool | None = None, stopping: bool | None = None) -> None:
        with self._changed:
            self._paused = self._paused if paused is None else paused
            self._stopping = self._stopping if stopping is None else stopping
            self._changed.notify_all()

    def _post(self, command: Command) -> None:
        with self._changed:
            if not (isinstance(command, PublishWeights) and command in self._commands):
                self._commands.append(command)
            self._changed.notify_all()
