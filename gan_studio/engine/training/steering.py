"""Steering: live settings, target and going back; each is logged before it takes effect."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import suppress

from gan_studio.engine.config.schema import RunConfig, is_allowed, live_values
from gan_studio.engine.events import BranchBegun, KnobChanged, Noticed, TargetMoved, TrainingEvent
from gan_studio.engine.machine.execution import Execution
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.checkpoint import Checkpoint, newest_checkpoint, read_checkpoint, restore, take_checkpoint
from gan_studio.engine.run.log import KnobRow
from gan_studio.engine.step.soundness import NotFiniteError
from gan_studio.engine.step.state import TrainingState
from gan_studio.engine.text.message import EngineError, Message
from gan_studio.engine.training.keeper import Keeper

RATES = ("learning_rate_g", "learning_rate_d")
NO_CHANGE: Mapping[str, float] = {}


def share_of_rates(knobs: Mapping[str, float], share: float) -> Mapping[str, float]:
    """Return a share of the learning rates among live settings; a share of 1 asks for no change."""
    return NO_CHANGE if share == 1 else {name: knobs[name] * share for name in RATES}


class Steering:
    """Applies what a person changes while the run trains.

    Attributes:
        steps: step at which the run finishes; no bit of the training depends on it.
    """

    def __init__(
        self, config: RunConfig, state: TrainingState, keeper: Keeper, execution: Execution, replay: tuple[KnobRow, ...]
    ) -> None:
        self.steps = config.training.steps
        self._config, self._state, self._execution = config, state, execution
        self._keeper, self._writer = keeper, keeper.writer
        self._replay = list(replay)

    def set_knob(self, name: str, value: float) -> Iterator[TrainingEvent]:
        """Log a knob change, then apply it."""
        if not is_allowed(name, value):
            yield Noticed(Message("knob.refused", name=name, value=value))
            return
        yield from self.replay()  # a change logged at this very step before a crash still applies
        step, branch = self._state.step, self._state.branch
        try:
            if self._replay:
                self._writer.drop_knobs_after(branch, step)
                self._replay.clear()
            self._writer.knob(branch, step, name, value)
        except sqlite3.Error as error:
            yield Noticed(Message("knob.not_logged", name=name, error=error))
            return
        self._state.set_knob(name, value)
        yield KnobChanged(step, name, value)

    def extend_to(self, steps: int) -> Iterator[TrainingEvent]:
        """Log another step at which the run finishes, then move it; where the log fails, it stays."""
        target = max(steps, 1)
        try:
            self._writer.knob(self._state.branch, self._state.step, "steps", target)
        except sqlite3.Error as error:
            yield Noticed(Message("knob.not_logged", name="steps", error=error))
        else:
            self.steps = target
        yield TargetMoved(self.steps)

    def replay(self) -> Iterator[TrainingEvent]:
        """Reapply, at their steps, the knob changes that were logged after the checkpoint."""
        while self._replay and self._replay[0].step <= self._state.step:
            row = self._replay.pop(0)
            self._state.set_knob(row.name, row.value)
            yield KnobChanged(row.step, row.name, row.value)

    def roll_back(self, moment: Moment, rate_share: float) -> Iterator[TrainingEvent]:
        """Go back to a checkpoint, in a new branch.

        Args:
            moment: moment of the checkpoint.
            rate_share: the share of the present learning rates that the run goes on with; 1: it takes up those of the
                checkpoint.
        """
        rates = share_of_rates(self._state.knobs, rate_share)
        self._keeper.drain()
        yield from self._writer.wait()
        now: Checkpoint | None = None
        with suppress(NotFiniteError):  # a state with NaN is left behind
            now = take_checkpoint(self._state, self._config, self._execution)
        try:
            self._set_to(read_checkpoint(self._writer.folder.checkpoint(moment), self._state, self._config))
            yield from self.begin_branch(moment, rates)
        except EngineError as error:
            if now is None:
                raise
            self._set_to(now)
            yield Noticed(Message("branch.not_begun", step=moment.step, reason=error.happened))

    def begin_from(self, moment: Moment, rate_share: float) -> Iterator[TrainingEvent]:
        """Begin a branch from the checkpoint that a run at rest goes back to; its newest one tells the present rates.

        Args:
            moment: moment of the checkpoint in memory.
            rate_share: as for `roll_back`.
        """
        newest = self._writer.folder.checkpoints()[-1]
        rows = self._writer.knobs_from(newest.branch, 0)
        present = live_values(self._config) | {row.name: row.value for row in rows if row.step <= newest.step}
        yield from self.begin_branch(moment, share_of_rates(present, rate_share))

    def begin_branch(self, moment: Moment, rates: Mapping[str, float] = NO_CHANGE) -> Iterator[TrainingEvent]:
        """Begin a branch from the state in memory, which is that of a checkpoint; the parent branch stays complete.

        Args:
            moment: moment of that checkpoint.
            rates: learning rates, by the name of their live setting, that it goes on with instead of its own.

        Raises:
            EngineError: the branch or its first checkpoint cannot be written.
        """
        state = self._state
        first = live_values(self._config)
        changed = {name: value for name, value in state.knobs.items() if value != first[name]}
        try:
            state.branch = self._writer.begin_branch(moment, changed | {"steps": float(self.steps)})
        except sqlite3.Error as error:
            raise self._not_begun(error) from error
        self._replay.clear()
        self._keeper.checkpoint()
        yield from self._writer.wait()
        if self._writer.is_refused:
            self._writer.drop_branch(state.branch)
            raise self._not_begun(Message("branch.refused"))
        yield BranchBegun(state.moment, moment, dict(state.knobs))
        yield self._keeper.sheet(recorded=False)
        for name, rate in rates.items():
            yield from self.set_knob(name, rate)

    def go_back_to_last_good(self) -> Iterator[TrainingEvent]:
        """Return to the newest checkpoint, as after a crash: knob changes logged since then are replayed.

        Raises:
            EngineError: no checkpoint is usable.
        """
        branch = self._state.branch
        checkpoint, _ = newest_checkpoint(self._writer.folder, self._state, self._config)
        self._set_to(checkpoint)
        if checkpoint.moment.branch != branch:
            yield from self.begin_branch(checkpoint.moment)
            return
        rows = self._writer.knobs_from(branch, checkpoint.moment.step)
        self._replay = [row for row in rows if row.name != "steps"]

    def _not_begun(self, reason: object) -> EngineError:
        kept = Message("kept.run_folder", folder=self._writer.folder.root)
        return EngineError(Message("branch.not_logged", reason=reason), kept, Message("todo.check_disk"))

    def _set_to(self, checkpoint: Checkpoint) -> None:
        restore(self._state, checkpoint)
        self._state.soundness.forgive()
