"""Free disk space: find the files of a run that can go without losing its newest state, and delete them."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gan_studio.engine.files import atomic
from gan_studio.engine.files.tensors import read_tensor_file
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.folder import PARTS, RunFolder, surplus
from gan_studio.engine.run.lock import sole_writer
from gan_studio.engine.text.message import EngineError, Message

FEW_KEPT = 20
"""Sample sheets, and snapshots, of a branch that stay when space is freed."""
KINDS = ("checkpoints", "snapshots", "sheets", "leftovers")
"""Kinds of deletable files, in the order in which they are shown."""


@dataclass(frozen=True)
class Spare:
    """Files of one kind that can be deleted.

    Attributes:
        kind: one of KINDS.
        files: oldest first.
        size_bytes: their total size.
    """

    kind: str
    files: tuple[Path, ...]
    size_bytes: int

    @property
    def what_goes(self) -> Message:
        """Describe these files, and say what stays of their kind."""
        match self.kind:
            case "checkpoints":
                return Message("space.checkpoints")
            case "snapshots":
                return Message("space.snapshots", kept=FEW_KEPT)
            case "sheets":
                return Message("space.sheets", kept=FEW_KEPT)
            case _:
                return Message("space.leftovers")


@dataclass(frozen=True)
class SpareSpace:
    """The files of a run that can be deleted.

    Attributes:
        folder: the run's folder.
        run_bytes: size of the whole run.
        free_bytes: free space on its disk.
        spares: one for each of KINDS, in that order.
    """

    folder: Path
    run_bytes: int
    free_bytes: int
    spares: tuple[Spare, ...]


@dataclass(frozen=True)
class SpaceFreed:
    """What was deleted, and what is left.

    Attributes:
        freed_bytes: size of what was deleted.
        sheets, snapshots: those that remain.
        left: what can still be deleted.
    """

    freed_bytes: int
    sheets: tuple[Moment, ...]
    snapshots: tuple[Moment, ...]
    left: SpareSpace


@dataclass(frozen=True)
class ReadSpare:
    """Ask which files of a run can be deleted."""

    folder: RunFolder


@dataclass(frozen=True)
class FreeSpace:
    """Ask to delete the deletable files of some kinds."""

    folder: RunFolder
    kinds: tuple[str, ...]


def spare_space(folder: RunFolder) -> SpareSpace:
    """List what can be deleted. Reads one checkpoint of each branch, to be sure that a usable one stays.

    Raises:
        EngineError: the run is gone or cannot be read.
    """
    files = {
        "checkpoints": [folder.checkpoint(moment) for moment in _spare_checkpoints(folder)],
        "snapshots": [folder.snapshot(moment) for moment in _thinned(folder.snapshots())],
        "sheets": [folder.sheet(moment) for moment in _thinned(folder.sheets())],
        "leftovers": [path for place in (folder.root, *_parts(folder)) for path in atomic.leftovers(place)],
    }
    try:
        spares = tuple(Spare(kind, tuple(files[kind]), sum(map(_size, files[kind]))) for kind in KINDS)
        return SpareSpace(folder.root, atomic.folder_bytes(folder.root), atomic.free_bytes(folder.root), spares)
    except OSError as error:
        raise _refused(folder, error) from error


def free_space(folder: RunFolder, kinds: Collection[str]) -> SpaceFreed:
    """Delete the deletable files of some of KINDS.

    In each branch, the newest usable checkpoint stays, and so does every newer one.

    Raises:
        EngineError: another program trains the run, or a file cannot be deleted; earlier deletions remain.
    """
    before = spare_space(folder)
    chosen = [spare for spare in before.spares if spare.kind in kinds]
    try:
        with sole_writer(folder):  # of a run that this program trains, the writer deletes only older files
            for path in (path for spare in chosen for path in spare.files):
                atomic.remove(path)
    except OSError as error:
        raise _refused(folder, error) from error
    freed = sum(spare.size_bytes for spare in chosen)
    return SpaceFreed(freed, folder.sheets(), folder.snapshots(), spare_space(folder))


def _spare_checkpoints(folder: RunFolder) -> Iterator[Moment]:
    for moments in _by_branch(folder.checkpoints()):
        sound = next((at for at in reversed(moments) if _is_sound(folder.checkpoint(at))), None)
        yield from (moment for moment in moments if sound is not None and moment < sound)


def _is_sound(path: Path) -> bool:
    try:
        return read_tensor_file(path).metadata.get("kind") == "checkpoint"
    except EngineError:
        return False


def _thinned(moments: tuple[Moment, ...]) -> tuple[Moment, ...]:
    return tuple(sorted(moment for branch in _by_branch(moments) for moment in surplus(branch, FEW_KEPT)))


def _by_branch(moments: Iterable[Moment]) -> list[tuple[Moment, ...]]:
    branches: dict[int, list[Moment]] = {}
    for moment in moments:
        branches.setdefault(moment.branch, []).append(moment)
    return [tuple(found) for found in branches.values()]


def _parts(folder: RunFolder) -> list[Path]:
    return [folder.root / part for part in PARTS]


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except FileNotFoundError:
        return 0


def _refused(folder: RunFolder, error: OSError) -> EngineError:
    return EngineError(
        Message("space.refused", folder=folder.root, error=error.strerror or error),
        Message("kept.newest_checkpoints"),
        Message("todo.check_disk"),
    )
