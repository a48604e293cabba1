"""Reading runs for a window: everything that takes longer than a frame, and no torch."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
from numpy.typing import NDArray
from PIL import Image

from gan_studio.engine.files import atomic
from gan_studio.engine.files.pictures import write_picture
from gan_studio.engine.library.branches import LookBack, LookedBack, ReadHistory, ReadWay, look_back
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.contents import RunContents, read_run
from gan_studio.engine.run.folder import RunFolder, is_run, open_run
from gan_studio.engine.run.lock import ReadWriter, WriterSeen, other_writer
from gan_studio.engine.run.space import FreeSpace, ReadSpare, SpaceFreed, SpareSpace, free_space, spare_space
from gan_studio.engine.text.message import EngineError, Message

THUMBNAIL_CELLS = 3
MOST_SHEET_PIXELS = 2**24
"""Twice those of the largest sheet: 16 rows and 8 columns of 256 x 256."""


@dataclass(frozen=True)
class ReadRun:
    """Read everything about a run that the window shows at once."""

    path: Path


@dataclass(frozen=True)
class ReadSheet:
    """Read one sample sheet of a run."""

    folder: RunFolder
    moment: Moment


@dataclass(frozen=True)
class ReadDisk:
    """Measure a run's size, the space left beside it, and this process's memory."""

    path: Path


@dataclass(frozen=True)
class ReadRecent:
    """Look at runs that were open before."""

    paths: tuple[str, ...]


@dataclass(frozen=True)
class SavePicture:
    """Write a picture, uint8 [H, W, C], as PNG."""

    path: Path
    pixels: NDArray[np.uint8]


@dataclass(frozen=True)
class PictureSaved:
    """The picture is on the disk."""

    path: Path


@dataclass(frozen=True)
class Sheet:
    """A sample sheet: uint8 [H, W, C], C 1, 3 or 4."""

    moment: Moment
    pixels: NDArray[np.uint8]


@dataclass(frozen=True)
class DiskUse:
    """Bytes of a run, bytes left on its disk, bytes of memory that this process holds."""

    run_bytes: int
    free_bytes: int
    memory_bytes: int


@dataclass(frozen=True)
class RecentRun:
    """One earlier run: its folder, its newest step, and a corner of its last sheet (uint8 [H, W, C]) or None."""

    path: str
    step: int
    preset: str
    thumbnail: NDArray[np.uint8] | None


@dataclass(frozen=True)
class NotRead:
    """A request that could not be met: what happened, what was kept, what to do."""

    happened: Message
    kept: Message
    todo: Message


ReadRequest = ReadRun | ReadWriter | LookBack | ReadSheet | ReadDisk | ReadRecent | SavePicture | ReadSpare | FreeSpace
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
    | NotRead
)


def read(request: ReadRequest) -> ReadReply:  # noqa: C901  (one match takes every request apart)
    """Meet a request; a fault of files comes back as NotRead, never as an exception."""
    try:
        match request:
            case ReadRun(path):
                return read_run(path)
            case ReadWriter(path):
                return WriterSeen(path, other_writer(RunFolder(path)))
            case ReadHistory() | ReadWay():
                return look_back(request)
            case ReadSheet(folder, moment):
                return Sheet(moment, read_sheet(folder, moment))
            case ReadDisk(path):
                return _disk(path)
            case ReadRecent(paths):
                return _recent_runs(paths)
            case SavePicture(path, pixels):
                return _save(path, pixels)
            case ReadSpare(folder):
                return spare_space(folder)
            case FreeSpace(folder, kinds):
                return free_space(folder, kinds)
    except EngineError as error:
        return NotRead(error.happened, error.kept, error.todo)
    except (OSError, Image.DecompressionBombError) as error:
        return not_read(error)
    except Exception as error:  # noqa: BLE001  (the thread that reads must live on; what it met is told)
        return not_read(f"{type(error).__name__}: {error}")


def not_read(error: object) -> NotRead:
    """Say that something could not be read or written, for a reason that only the error knows."""
    happened = Message("read.failed", error=error)
    return NotRead(happened, Message("kept.file_untouched"), Message("todo.check_disk"))


def read_sheet(folder: RunFolder, moment: Moment) -> NDArray[np.uint8]:
    """Read a sample sheet: uint8 [H, W, C]; raises OSError when it is gone, damaged or no sheet of a run."""
    path = folder.sheet(moment)
    if path.exists() and not path.is_file():
        raise OSError(f"{path} is not a regular file")
    with Image.open(path, formats=("PNG",)) as image:
        if image.width * image.height > MOST_SHEET_PIXELS:
            raise OSError(f"{path} has {image.width} x {image.height} pixels")
        pixels = np.asarray(image, dtype=np.uint8)
    return pixels[:, :, None] if pixels.ndim == 2 else pixels


def _disk(path: Path) -> DiskUse:
    existing = next(place for place in (path, *path.parents) if place.exists())
    run_bytes = atomic.folder_bytes(path) if is_run(path) else 0
    return DiskUse(run_bytes, shutil.disk_usage(existing).free, psutil.Process().memory_info().rss)


def _save(path: Path, pixels: NDArray[np.uint8]) -> PictureSaved | NotRead:
    try:
        write_picture(path, pixels)
    except OSError as error:
        happened = Message("sample.not_written", path=path, error=error.strerror or error)
        return NotRead(happened, Message("kept.file_untouched"), Message("todo.other_folder"))
    return PictureSaved(path)


def _recent_runs(paths: tuple[str, ...]) -> tuple[RecentRun, ...]:
    """Look at earlier runs; those that are gone or damaged are left out."""
    found = []
    for path in paths:
        try:
            found.append(_recent(open_run(Path(path))))
        except (EngineError, OSError):
            continue
    return tuple(found)


def _recent(folder: RunFolder) -> RecentRun:
    config = folder.read_config()
    sheets, checkpoints = folder.sheets(), folder.checkpoints()
    thumbnail = _thumbnail(folder, sheets[-1], THUMBNAIL_CELLS * config.data.image_size) if sheets else None
    return RecentRun(str(folder.root), checkpoints[-1].step if checkpoints else 0, config.preset, thumbnail)


def _thumbnail(folder: RunFolder, moment: Moment, side: int) -> NDArray[np.uint8] | None:
    try:
        return read_sheet(folder, moment)[:side, :side].copy()
    except (OSError, Image.DecompressionBombError):
        return None
