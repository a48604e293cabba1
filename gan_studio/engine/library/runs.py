"""Read runs for the window, without torch: everything that takes longer than a frame."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
from numpy.typing import NDArray
from PIL import Image

from gan_studio.engine.answering import NotDone, answer
from gan_studio.engine.files import atomic
from gan_studio.engine.files.paths import path_of, text_of
from gan_studio.engine.files.picture_origin import Origin
from gan_studio.engine.files.saved_picture import AS_IT_IS, PictureForm, save_picture
from gan_studio.engine.library.branches import LookBack, LookedBack, ReadHistory, ReadWay, look_back
from gan_studio.engine.library.step_marks import MarksRead, ReadMarks, read_marks
from gan_studio.engine.library.tables import TableWritten, WriteTable, write_table
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.contents import RunContents, read_run
from gan_studio.engine.run.folder import RunFolder, is_run, open_run
from gan_studio.engine.run.lock import ReadWriter, WriterSeen, other_writer
from gan_studio.engine.run.space import FreeSpace, ReadSpare, SpaceFreed, SpareSpace, free_space, spare_space
from gan_studio.engine.sheet import SHEET_COLUMNS, Sheet
from gan_studio.engine.text.message import EngineError, Message

THUMBNAIL_CELLS = 3
MOST_SHEET_PIXELS = 2**24
"""Twice the pixels of the largest sheet, which has 16 rows and 8 columns of 256 x 256 pixels."""


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
class ReadRecent:
    """Ask for a summary of runs that were opened earlier."""

    paths: tuple[str, ...]


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


@dataclass(frozen=True)
class RecentRun:
    """One earlier run: folder, newest step, preset, and a corner of its last sheet (uint8 [H, W, C]) or None."""

    path: str
    step: int
    preset: str
    thumbnail: NDArray[np.uint8] | None


ReadRequest = (
    ReadRun
    | ReadWriter
    | LookBack
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
    | WriterSeen
    | LookedBack
    | Sheet
    | DiskUse
    | tuple[RecentRun, ...]
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
        case ReadWriter(path):
            return WriterSeen(path, other_writer(RunFolder(path)))
        case ReadHistory() | ReadWay():
            return look_back(request)
        case ReadSheet(folder, moment):
            return read_sheet(folder, moment)
        case ReadDisk(path):
            return _disk(path)
        case ReadRecent(paths):
            return _recent_runs(paths)
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


def read_sheet(folder: RunFolder, moment: Moment) -> Sheet:
    """Read a sample sheet of a run; its file does not record the classes of its rows.

    Raises:
        OSError: the sheet is missing, damaged, or larger than any sheet that a run draws.
    """
    pixels = _read_pixels(folder.sheet(moment))
    height, width, _ = pixels.shape
    return Sheet(moment, pixels, SHEET_COLUMNS, SHEET_COLUMNS * height // width)


def _read_pixels(path: Path) -> NDArray[np.uint8]:
    if path.exists() and not path.is_file():
        raise OSError(f"{path} is not a regular file")
    try:
        with Image.open(path, formats=("PNG",)) as image:
            if image.width * image.height > MOST_SHEET_PIXELS:
                raise OSError(f"{path} has {image.width} x {image.height} pixels")
            pixels = np.asarray(image, dtype=np.uint8)
    except Image.DecompressionBombError as error:
        raise OSError(str(error)) from error
    return pixels[:, :, None] if pixels.ndim == 2 else pixels


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


def _recent_runs(paths: tuple[str, ...]) -> tuple[RecentRun, ...]:
    """Summarise earlier runs; missing or damaged ones are left out."""
    found = []
    for path in paths:
        try:
            found.append(_recent(open_run(path_of(path))))
        except (EngineError, OSError):
            continue
    return tuple(found)


def _recent(folder: RunFolder) -> RecentRun:
    config = folder.read().config
    sheets, checkpoints = folder.sheets(), folder.checkpoints()
    thumbnail = _thumbnail(folder, sheets[-1], THUMBNAIL_CELLS * config.data.image_size) if sheets else None
    return RecentRun(text_of(folder.root), checkpoints[-1].step if checkpoints else 0, config.preset, thumbnail)


def _thumbnail(folder: RunFolder, moment: Moment, side: int) -> NDArray[np.uint8] | None:
    try:
        return read_sheet(folder, moment).pixels[:side, :side].copy()
    except OSError:
        return None
