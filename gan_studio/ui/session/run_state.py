"""RunState: what the window knows of the run in hand."""

from dataclasses import dataclass, field
from pathlib import Path

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.events import RunPhase
from gan_studio.engine.run.lock import Writer

BUSY = frozenset({RunPhase.LOADING, RunPhase.RUNNING, RunPhase.PAUSED, RunPhase.SAVING})
"""Phases in which a training thread is at work."""


@dataclass
class RunState:
    """The run in hand, or the set-up of the next one.

    Attributes:
        phase: where the run is.
        config: set-up of the open run, or of the next one.
        place: folder of the open run, or None.
        step, steps: done, and where it finishes.
        branch: of the run's history.
        images_per_second: last measured rate, or None.
        device: words for the device that trains, or "".
        knobs: live settings by name, as far as they are known to differ from the set-up.
        writer: another program that trains the open run, or None; it can only be looked at then.
    """

    phase: RunPhase = RunPhase.IDLE
    config: RunConfig = field(default_factory=RunConfig)
    place: Path | None = None
    step: int = 0
    steps: int = 0
    branch: int = 0
    images_per_second: float | None = None
    device: str = ""
    knobs: dict[str, float] = field(default_factory=dict)
    writer: Writer | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a training thread is at work."""
        return self.phase in BUSY

    @property
    def has_run(self) -> bool:
        """Whether a run is open."""
        return self.place is not None

    @property
    def can_start(self) -> bool:
        """Whether Start would do something."""
        return self.writer is None and self.phase in (
            RunPhase.IDLE,
            RunPhase.PAUSED,
            RunPhase.FINISHED,
            RunPhase.FAILED,
        )

    @property
    def can_pause(self) -> bool:
        """Whether Pause would do something."""
        return self.phase is RunPhase.RUNNING

    @property
    def can_step(self) -> bool:
        """Whether Step would do something."""
        return self.phase is RunPhase.PAUSED

    @property
    def can_roll_back(self) -> bool:
        """Whether going back to an earlier checkpoint would do something."""
        return self.has_run and self.writer is None and self.phase not in (RunPhase.LOADING, RunPhase.SAVING)

    @property
    def can_sample(self) -> bool:
        """Whether there is a generator in training to draw with, or to save."""
        return self.phase in (RunPhase.RUNNING, RunPhase.PAUSED)

    @property
    def can_stop(self) -> bool:
        """Whether Stop would do something."""
        return self.phase in (RunPhase.LOADING, RunPhase.RUNNING, RunPhase.PAUSED)
