"""RunState: what the window knows of the open run."""

from dataclasses import dataclass, field
from pathlib import Path

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.events import RunPhase
from gan_studio.engine.machine.execution import Execution
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.lock import Writer
from gan_studio.engine.text.message import UNNAMED, Message

BUSY = frozenset({RunPhase.LOADING, RunPhase.RUNNING, RunPhase.PAUSED, RunPhase.SAVING})
"""Phases in which a training thread runs."""


@dataclass
class RunState:
    """The open run, or the set-up of the next one.

    Attributes:
        phase: what the run is doing.
        config: set-up of the open run, or of the next one.
        place: folder of the open run, or None.
        moment: branch and step that it has reached.
        steps: step at which it finishes.
        images_per_second: speed over the last seconds, or None while the run does not train.
        execution: how its arithmetic is done, and on which device; None until training begins.
        knobs: live settings by name that may differ from the set-up.
        writer: another program that trains the open run; the run is then read-only here. None: no other program.
        name: what the open run is called.
    """

    phase: RunPhase = RunPhase.IDLE
    config: RunConfig = field(default_factory=RunConfig)
    place: Path | None = None
    moment: Moment = field(default=Moment(0, 0))
    steps: int = 0
    images_per_second: float | None = None
    execution: Execution | None = None
    knobs: dict[str, float] = field(default_factory=dict)
    writer: Writer | None = None
    name: Message = UNNAMED

    @property
    def step(self) -> int:
        """Steps done."""
        return self.moment.step

    @property
    def pictures_per_step(self) -> int:
        """Real pictures in a step, by the present live settings: a batch for each step of D."""
        training = self.config.training
        batch_size = self.knobs.get("batch_size", training.batch_size)
        return int(batch_size * self.knobs.get("d_steps", training.d_steps))

    @property
    def branch(self) -> int:
        """The branch of the run's history that training writes."""
        return self.moment.branch

    @property
    def is_at_its_end(self) -> bool:
        """Whether the open run rests after the last step that it was to do."""
        return self.has_run and not self.is_busy and self.step >= self.steps

    @property
    def is_busy(self) -> bool:
        """Whether a training thread runs."""
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
        """Whether the run can go back to an earlier checkpoint."""
        return self.has_run and self.writer is None and self.phase not in (RunPhase.LOADING, RunPhase.SAVING)

    @property
    def can_sample(self) -> bool:
        """Whether a trainer is in memory, to draw a sheet or save a checkpoint."""
        return self.phase in (RunPhase.RUNNING, RunPhase.PAUSED)

    @property
    def can_stop(self) -> bool:
        """Whether Stop would do something."""
        return self.phase in (RunPhase.LOADING, RunPhase.RUNNING, RunPhase.PAUSED)
