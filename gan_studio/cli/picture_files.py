"""Write many pictures batch by batch, so that their number does not matter to the memory: sheet, array file, folder."""

import itertools
import shutil
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, nullcontext
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from gan_studio.engine.data.pixels import tile_grid
from gan_studio.engine.explore.drawing import CHUNK
from gan_studio.engine.files import atomic
from gan_studio.engine.files.pictures import write_picture
from gan_studio.engine.text.message import EngineError, Message

MOST_PICTURES = 1_000_000
MOST_SHEET_BYTES = 2**28
"""Most bytes of a sheet, which is put together in memory."""
LINE_SECONDS = 5.0
"""Seconds between two lines of progress where stderr is no terminal."""

PictureBatch = dict[str, NDArray[Any]]
"""Arrays by name, each with one row for a picture; "images" is uint8 [N, H, W, C]."""
Draw = Callable[[int, int], PictureBatch]
"""Returns the pictures at the places `first` to `last - 1`."""


def write_pictures(out: Path, count: int, seed: int, draw: Draw, *, quiet: bool = False) -> None:
    """Draw pictures and write them, and show on stderr how far it is.

    Args:
        out: FILE.png (one sheet), FILE.npz (the arrays of a batch, one after the other), or a folder of PNG files.
        count: number of pictures.
        seed: number of the first file in a folder.
        draw: draws a batch.
        quiet: show nothing.

    Raises:
        EngineError: there are too many pictures, or `out` cannot be written.
    """
    kind = out.suffix.lower()
    if kind not in ("", ".png", ".npz"):
        raise _refused(Message("sample.other_kind", suffix=out.suffix))
    if count > MOST_PICTURES:
        raise _refused(Message("sample.too_many", count=f"{count:,}", most=f"{MOST_PICTURES:,}"))
    batches = _batches(count, draw, Console(stderr=True, highlight=False), quiet=quiet)
    try:
        match kind:
            case ".npz":
                _write_arrays(out, count, batches)
            case ".png":
                _write_sheet(out, count, batches)
            case _:
                out.mkdir(parents=True, exist_ok=True)
                images = (image for batch in batches for image in batch["images"])
                for number, image in enumerate(images, seed):
                    write_picture(out / f"seed-{number:06d}.png", image)
    except OSError as error:
        raise _refused(Message("sample.not_written", path=out, error=error.strerror or error)) from error


def _batches(count: int, draw: Draw, console: Console, *, quiet: bool) -> Iterator[PictureBatch]:
    """Draw batch after batch. A terminal shows a bar, anything else a line now and then."""
    columns = (TextColumn("drawing"), BarColumn(), TextColumn("{task.completed:,} / {task.total:,}"))
    bar = Progress(*columns, TimeRemainingColumn(), console=console, transient=True)
    shows_bar, told = console.is_terminal and not quiet and count > CHUNK, time.monotonic()
    shown: AbstractContextManager[object] = bar if shows_bar else nullcontext()
    with shown:
        task = bar.add_task("", total=count)
        for first in range(0, count, CHUNK):
            last = min(first + CHUNK, count)
            yield draw(first, last)
            bar.update(task, completed=last)
            if not quiet and not console.is_terminal and time.monotonic() - told > LINE_SECONDS:
                console.print(f"drawn: {last:,} of {count:,}")
                told = time.monotonic()


def _write_sheet(out: Path, count: int, batches: Iterator[PictureBatch]) -> None:
    images = []
    for batch in batches:
        images.append(batch["images"])
        size = images[0][0].nbytes
        if count * size > MOST_SHEET_BYTES:
            raise _refused(Message("sample.sheet_too_large", count=f"{count:,}", most=f"{MOST_SHEET_BYTES // size:,}"))
    write_picture(out, tile_grid(np.concatenate(images), int(np.ceil(np.sqrt(count)))))


def _write_arrays(out: Path, count: int, batches: Iterator[PictureBatch]) -> None:
    """Write an .npz file, as numpy.savez_compressed does, without holding its arrays in memory."""
    temporary = atomic.temporary_beside(out)
    try:
        with zipfile.ZipFile(temporary, "x", zipfile.ZIP_DEFLATED) as archive:
            _write_members(archive, count, batches, out.absolute().parent)
        atomic.take_place(temporary, out)
    except BaseException:
        atomic.remove(temporary)
        raise


def _write_members(archive: zipfile.ZipFile, count: int, batches: Iterator[PictureBatch], folder: Path) -> None:
    """Write the first array of each batch to the archive; the others wait on the disk until it is whole."""
    first = next(batches)
    name, *others = first
    with ExitStack() as spools:
        waiting = {other: (spools.enter_context(tempfile.TemporaryFile(dir=folder)), first[other]) for other in others}
        with archive.open(_member(name), "w", force_zip64=True) as file:
            _write_header(file, count, first[name])
            for batch in itertools.chain((first,), batches):
                _write_rows(file, batch[name])
                _spool(waiting, batch)
        for other, (spooled, rows) in waiting.items():
            spooled.seek(0)
            with archive.open(_member(other), "w", force_zip64=True) as file:
                _write_header(file, count, rows)
                shutil.copyfileobj(spooled, file)


def _spool(waiting: Mapping[str, tuple[IO[bytes], NDArray[Any]]], batch: PictureBatch) -> None:
    for other, (spooled, _) in waiting.items():
        _write_rows(spooled, batch[other])


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(f"{name}.npy")
    member.compress_type = zipfile.ZIP_DEFLATED
    return member


def _write_header(file: IO[bytes], count: int, rows: NDArray[Any]) -> None:
    descr, shape = np.lib.format.dtype_to_descr(rows.dtype), (count, *rows.shape[1:])
    facts = {"descr": descr, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(file, facts)


def _write_rows(file: IO[bytes], rows: NDArray[Any]) -> None:
    file.write(np.ascontiguousarray(rows).tobytes())


def _refused(happened: Message) -> EngineError:
    return EngineError(happened, Message("kept.file_untouched"), Message("todo.see_help"))
