"""The branches of a run, the checkpoints of each, and the path of branches that leads to a moment."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gan_studio.engine.moment import Moment
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.run.log import BranchRow, read_branches, way_to
from gan_studio.engine.run.log_repair import branches_of_files, unreadable_log
from gan_studio.engine.text.message import EngineError, Message


@dataclass(frozen=True)
class Branch:
    """One branch of a run.

    Attributes:
        number: 0 for the first, then in order of time.
        parent: the branch it left, or None for the first.
        from_step: the step at which it left.
        began: when, in seconds since 1970.
        checkpoints: steps of its checkpoints, oldest first.
    """

    number: int
    parent: int | None
    from_step: int
    began: float
    checkpoints: tuple[int, ...]


@dataclass(frozen=True)
class History:
    """Every branch of a run, oldest first; training continues the last one."""

    branches: tuple[Branch, ...] = ()

    def way(self, moment: Moment) -> tuple[tuple[int, int, int], ...]:
        """Return the path of branches that leads to a moment: (branch, after step, up to step), oldest first."""
        rows = (BranchRow(branch.number, branch.parent, branch.from_step, branch.began) for branch in self.branches)
        return way_to(rows, moment.branch, moment.step)

    def on_way(self, moments: Iterable[Moment], moment: Moment) -> tuple[Moment, ...]:
        """Choose the moments on the path to `moment`, by ascending step."""
        way = {branch: (after, up_to) for branch, after, up_to in self.way(moment)}
        found = [at for at in moments if at.branch in way and way[at.branch][0] < at.step <= way[at.branch][1]]
        return tuple(sorted(found, key=lambda at: at.step))


def read_history(folder: RunFolder) -> History:
    """Read the branches of a run; it may be training.

    Raises:
        EngineError: run.sqlite cannot be read.
    """
    try:
        folder.log_file.stat()  # SQLite would create a missing file
        rows = read_branches(folder.log_file)
    except (OSError, sqlite3.Error) as error:
        raise unreadable_log(folder, error) from error
    return _with_files(folder, rows)


def known_history(folder: RunFolder) -> History:
    """Read the branches of a run; if the log cannot be read, infer them from the checkpoint files."""
    try:
        return read_history(folder)
    except EngineError:
        return history_of_files(folder)


def history_of_files(folder: RunFolder) -> History:
    """Infer the branches from the checkpoint files; their parents are unknown."""
    return _with_files(folder, (BranchRow(branch, None, 0, 0.0) for branch in branches_of_files(folder)))


def _with_files(folder: RunFolder, rows: Iterable[BranchRow]) -> History:
    kept = folder.checkpoints()
    return History(
        tuple(
            Branch(
                row.branch,
                row.parent,
                row.from_step,
                row.wall_time,
                tuple(moment.step for moment in kept if moment.branch == row.branch),
            )
            for row in rows
        )
    )


def kept_moment(folder: RunFolder, step: int, branch: int | None = None) -> Moment:
    """Find the checkpoint or snapshot of a step.

    Args:
        folder: the run.
        step: the step.
        branch: its branch; None: the path to the newest checkpoint, else any branch.

    Raises:
        EngineError: nothing was kept at that step.
    """
    kept = sorted({*folder.snapshots(), *folder.checkpoints()})
    if branch is None:
        return _kept_at(folder, step, kept)
    if Moment(branch, step) not in kept:
        steps = ", ".join(str(at.step) for at in kept if at.branch == branch) or Message("branch.no_steps")
        raise EngineError(
            Message("branch.nothing_kept", step=step, branch=branch),
            Message("kept.file_untouched"),
            Message("todo.choose_branch_step", steps=steps),
        )
    return Moment(branch, step)


def kept_checkpoint(folder: RunFolder, step: int) -> Moment:
    """Find the checkpoint of a step: on the path to the newest checkpoint, else on any branch.

    Raises:
        EngineError: no checkpoint was kept at that step.
    """
    return _kept_at(folder, step, folder.checkpoints())


def _kept_at(folder: RunFolder, step: int, kept: Sequence[Moment]) -> Moment:
    newest = folder.checkpoints()[-1:]
    on_way = known_history(folder).on_way(kept, newest[0]) if newest else ()
    found = [moment for moment in (*kept, *on_way) if moment.step == step]
    if not found:
        steps = ", ".join(str(at) for at in sorted({moment.step for moment in kept}))
        raise EngineError(
            Message("sample.no_such_step", checkpoint=step),
            Message("kept.file_untouched"),
            Message("todo.choose_step", steps=steps),
        )
    return found[-1]
