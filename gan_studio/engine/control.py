"""TrainingControl: a thread-safe mailbox of commands, read by the trainer between two steps."""

import signal
import threading
from collections import deque
from dataclasses import dataclass

LEAVING_SIGNALS = tuple(int(getattr(signal, name)) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
"""Signals that end a training program: Ctrl+C, a request to terminate, a closed terminal."""


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
    """Draw a sample sheet with the current generator, and keep it."""


@dataclass(frozen=True)
class CheckpointNow:
    """Write a checkpoint of the current step."""


@dataclass(frozen=True)
class PublishWeights:
    """Publish a copy of the EMA generator for the explorer."""


@dataclass(frozen=True)
class ExtendTo:
    """Move the step at which the run finishes."""

    steps: int


@dataclass(frozen=True)
class RollBack:
    """Go back to a checkpoint, in a new branch, with a share of the present learning rates, or those it had (1)."""

    step: int
    branch: int | None
    rate_share: float


Command = SetKnob | StepOnce | SampleNow | CheckpointNow | PublishWeights | ExtendTo | RollBack


class TrainingControl:
    """Steers a run while it trains. Every method may be called from any thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._commands: deque[Command] = deque()
        self._paused = False
        self._stopping = False
        self._abandoned = False
        self._patient = False

    def pause(self) -> None:
        """Pause the run before its next step; the trainer stays in memory."""
        self._set(paused=True)

    def resume(self) -> None:
        """Resume a paused run."""
        self._set(paused=False)

    def stop(self) -> None:
        """End the run after the current step, with a checkpoint."""
        self._set(stopping=True)

    def abandon(self) -> None:
        """End the run after the current step, without a checkpoint: steps since the last one are lost."""
        self._abandoned = True
        self.stop()

    def be_patient(self) -> None:
        """At the end of the run, keep trying to save its last step: a person is there to free disk space."""
        self._patient = True

    def hurry(self) -> None:
        """At the end of the run, try to save its last step only once."""
        self._patient = False

    def step_once(self) -> None:
        """Do one step while paused; ignored while running."""
        self._post(StepOnce())

    def set_knob(self, name: str, value: float) -> None:
        """Change a live setting (a name in config.LIVE_KNOBS) from the next step on."""
        self._post(SetKnob(name, value))

    def sample_now(self) -> None:
        """Draw and keep a sample sheet between two steps."""
        self._post(SampleNow())

    def checkpoint_now(self) -> None:
        """Write a checkpoint between two steps."""
        self._post(CheckpointNow())

    def publish_weights(self) -> None:
        """Ask for a copy of the EMA generator; repeated requests are merged."""
        self._post(PublishWeights())

    def extend_to(self, steps: int) -> None:
        """Move the step at which the run finishes."""
        self._post(ExtendTo(steps))

    def roll_back(self, step: int, branch: int | None = None, rate_share: float = 1.0) -> None:
        """Go back to the checkpoint of a step, in a new branch; the old branch stays complete.

        Args:
            step: step of the checkpoint.
            branch: branch of the checkpoint; None: the current one.
            rate_share: share of the present learning rates, such as 0.5 after NaN; 1: those of the checkpoint.
        """
        self._post(RollBack(step, branch, rate_share))

    @property
    def is_paused(self) -> bool:
        """Whether the run should pause."""
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
        """Whether the run should keep trying to save its last step."""
        return self._patient and not self._abandoned

    def take(self) -> tuple[Command, ...]:
        """Return the commands since the last call, oldest first."""
        with self._changed:
            commands = tuple(self._commands)
            self._commands.clear()
        return commands

    def wait(self, seconds: float) -> None:
        """Sleep until a command comes, or `seconds` have passed."""
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
