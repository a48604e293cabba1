"""The history of a run: its branches, what was kept of each, and the way that leads to a moment."""

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
        number: from 0 on, in the order in which they began.
        parent: the branch it left, or None for the first.
        from_step: the step at which it left.
        began: seconds since 1970.
        checkpoints: steps that a run can go back to, oldest first.
    """

    number: int
    parent: int | None
    from_step: int
    began: float
    checkpoints: tuple[int, ...]


@dataclass(frozen=True)
class History:
    """Every branch of a run, oldest first; the last one is where it goes on."""

    branches: tuple[Branch, ...] = ()

    def way(self, moment: Moment) -> tuple[tuple[int, int, int], ...]:
        """Tell which stretches of which branches lead to a moment: (branch, after step, up to step), oldest first."""
        rows = (BranchRow(branch.number, branch.parent, branch.from_step, branch.began) for branch in self.branches)
        return way_to(rows, moment.branch, moment.step)

    def on_way(self, moments: Iterable[Moment], moment: Moment) -> tuple[Moment, ...]:
        """Choose the moments that lie on the way to one, in the order of their steps."""
        way = {branch: (after, up_to) for branch, after, up_to in self.way(moment)}
        found = [at for at in moments if at.branch in way and way[at.branch][0] < at.step <= way[at.branch][1]]
        return tuple(sorted(found, key=lambda at: at.step))


def read_history(folder: RunFolder) -> History:
    """Read the branches of a run, also while it trains.

    Raises:
        EngineError: run.sqlite cannot be read.
    """
    try:
        folder.log_file.stat()  # SQLite would make a file that is not there
        rows = read_branches(folder.log_file)
    except (OSError, sqlite3.Error) as error:
        raise unreadable_log(folder, error) from error
    return _with_files(folder, rows)


def known_history(folder: RunFolder) -> History:
    """Read the branches of a run, or tell them by its files where its log cannot be read."""
    try:
        return read_history(folder)
    except EngineError:
        return history_of_files(folder)


def history_of_files(folder: RunFolder) -> History:
    """Tell the branches of a run whose log is lost: what each left is not known any more."""
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


def kept_moment(folder: RunFolder, step: int) -> Moment:
    """Find the checkpoint or snapshot of a step on the way to the newest checkpoint, else of any branch.

    Raises:
        EngineError: nothing was kept at that step.
    """
    return _kept_at(folder, step, sorted({*folder.snapshots(), *folder.checkpoints()}))


def kept_checkpoint(folder: RunFolder, step: int) -> Moment:
    """Find the checkpoint of a step that a run can go back to, in the same order.

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
