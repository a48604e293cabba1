"""Read runs for the window, without torch: everything that takes longer than a frame."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
from numpy.typing import NDArray

from gan_studio.engine.answering import NotDone, answer
from gan_studio.engine.files import atomic
from gan_studio.engine.files.picture_origin import Origin
from gan_studio.engine.files.saved_picture import AS_IT_IS, PictureForm, save_picture
from gan_studio.engine.library.branches import LookBack, LookedBack, ReadHistory, ReadWay, look_back
from gan_studio.engine.library.kept import KeptRead, ReadKept, ReadStarts, Starts, read_kept, read_starts
from gan_studio.engine.library.recent import ReadRecent, RecentRun, read_recent
from gan_studio.engine.library.sheets import read_sheet
from gan_studio.engine.library.step_marks import MarksRead, ReadMarks, read_marks
from gan_studio.engine.library.tables import TableWritten, WriteTable, write_table
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.contents import RunContents, read_run
from gan_studio.engine.run.creation import rename_run
from gan_studio.engine.run.folder import RunFolder, is_run, open_run
from gan_studio.engine.run.lock import ReadWriter, WriterSeen, other_writer
from gan_studio.engine.run.space import FreeSpace, ReadSpare, SpaceFreed, SpareSpace, free_space, spare_space
from gan_studio.engine.sheet import Sheet
from gan_studio.engine.text.message import EngineError, Message


@dataclass(frozen=True)
class ReadRun:
    """Ask for everything that the window shows of a run when it opens it."""

    path: Path


@dataclass(frozen=True)
class ReadSheet:
    """Ask for one sample sheet of a run."""

    folder: RunFolder
    moment: Moment


@dataclass(frozen=True)
class ReadDisk:
    """Ask for the size of a run, the free space on its disk, and the memory of this process."""

    path: Path


@dataclass(frozen=True)
class RenameRun:
    """Ask to give a run another name; an empty one calls it by its pictures again."""

    path: Path
    name: str


@dataclass(frozen=True)
class RunRenamed:
    """The run at `path` is called by another name now."""

    path: Path
    name: Message


@dataclass(frozen=True)
class SavePicture:
    """Ask to save a picture, uint8 [H, W, C]; the other attributes as in save_picture."""

    path: Path
    pixels: NDArray[np.uint8]
    form: PictureForm = AS_IT_IS
    origin: Origin | None = None
    cells: tuple[int, int] = (1, 1)


@dataclass(frozen=True)
class PictureSaved:
    """The picture was written."""

    path: Path


@dataclass(frozen=True)
class DiskUse:
    """Sizes, in bytes.

    Attributes:
        path: what was asked about.
        run_bytes: size of the run there; None: there is no run.
        free_bytes: free space on its disk.
        memory_bytes: memory of this process.
    """

    path: Path
    run_bytes: int | None
    free_bytes: int
    memory_bytes: int


ReadRequest = (
    ReadRun
    | RenameRun
    | ReadWriter
    | LookBack
    | ReadKept
    | ReadStarts
    | ReadSheet
    | ReadDisk
    | ReadRecent
    | SavePicture
    | ReadSpare
    | FreeSpace
    | ReadMarks
    | WriteTable
)
ReadReply = (
    RunContents
    | RunRenamed
    | WriterSeen
    | LookedBack
    | KeptRead
    | Starts
    | Sheet
    | DiskUse
    | RecentRun
    | PictureSaved
    | SpareSpace
    | SpaceFreed
    | MarksRead
    | TableWritten
)


def read(request: ReadRequest) -> ReadReply | NotDone:
    """Answer a request; a fault comes back as NotDone, never as an exception."""
    return answer(_meet, request)


def _meet(request: ReadRequest) -> ReadReply:  # noqa: C901  (one match takes every request apart)
    match request:
        case ReadRun(path):
            return read_run(path)
        case RenameRun(path, name):
            return _rename(path, name)
        case ReadWriter(path):
            return WriterSeen(path, other_writer(RunFolder(path)))
        case ReadHistory() | ReadWay():
            return look_back(request)
        case ReadKept():
            return read_kept(request)
        case ReadStarts():
            return read_starts(request)
        case ReadSheet(folder, moment):
            return read_sheet(folder, moment)
        case ReadDisk(path):
            return _disk(path)
        case ReadRecent(path):
            return read_recent(path)
        case SavePicture():
            return _save(request)
        case ReadSpare(folder):
            return spare_space(folder)
        case FreeSpace(folder, kinds):
            return free_space(folder, kinds)
        case ReadMarks():
            return read_marks(request)
        case WriteTable():
            return write_table(request)


def _rename(path: Path, name: str) -> RunRenamed:
    folder = open_run(path)
    rename_run(folder, name)
    return RunRenamed(path, folder.read().name)


def _disk(path: Path) -> DiskUse:
    existing = next(place for place in (path, *path.parents) if place.exists())
    run_bytes = atomic.folder_bytes(path) if is_run(path) else None
    return DiskUse(path, run_bytes, shutil.disk_usage(existing).free, psutil.Process().memory_info().rss)


def _save(asked: SavePicture) -> PictureSaved:
    try:
        save_picture(asked.path, asked.pixels, asked.form, asked.origin, asked.cells)
    except OSError as error:
        happened = Message("sample.not_written", path=asked.path, error=error)
        raise EngineError(happened, Message("kept.file_untouched"), Message("todo.other_folder")) from error
    return PictureSaved(asked.path)
