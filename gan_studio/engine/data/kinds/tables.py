"""Tables of pixels in .csv and .tsv files: one picture a row, with or without a header, labels first or last."""

import csv
import re
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.arrays.array_sets import check_memory, list_arrays, refused, unreadable
from gan_studio.engine.data.arrays.labels import MOST_EXACT
from gan_studio.engine.data.arrays.layouts import arrangements
from gan_studio.engine.data.arrays.members import Member
from gan_studio.engine.data.kinds.archives import file_identity
from gan_studio.engine.data.kinds.arrays import ArraySource
from gan_studio.engine.data.split import part_of
from gan_studio.engine.events import LoadingProgress
from gan_studio.engine.text.message import Message

DELIMITERS = ",;\t"
PIXELS = "pixels"
"""Name of the array that the columns of pixels make; also of a column that holds all pixels of a row as text."""
MOST_LINE = 2**24
"""A line with more characters is no row of pixels."""
VALUES_AT_ONCE = 2**21
"""Numbers that are parsed between two reports of progress."""
FAULTS = (OSError, ValueError, IndexError, csv.Error)
"""Exceptions from reading a damaged table."""

_PIXEL = re.compile(r"(pixel|pix|px|p|x|v|f|feature|attr|col)?[ _.-]?\d+([x_.-]\d+)*[x_.-]?[rgb]?", re.IGNORECASE)


@dataclass
class _Columns:
    """What the columns of a table hold.

    Attributes:
        pixels: their places, in the order of the file.
        others: names of the other columns by place.
        packed: place of a column that holds all pixels of a row as text, or None.
        note: how the columns were guessed, or None.
        width: number of columns.
    """

    width: int
    pixels: list[int]
    others: dict[int, str] = field(default_factory=dict)
    packed: int | None = None
    note: Message | None = None

    @property
    def per_row(self) -> int:
        """About how many numbers a row holds."""
        return max(len(self.pixels), 1 if self.packed is None else 4096)


class TableFile:
    """The columns of a table as arrays in memory: one of pixels, [N, D], and one for every other column, [N]."""

    has_names = True
    is_mapped = True

    def __init__(self, path: Path, arrays: dict[str, NDArray[Any]]) -> None:
        self.path = path
        self._arrays = arrays
        self.members = tuple(Member(name, array.shape, array.dtype) for name, array in arrays.items())

    def read(self, member: Member) -> Generator[LoadingProgress, None, NDArray[Any]]:
        """Return one array."""
        yield LoadingProgress(0, 0)
        return self._arrays[member.name]

    def identity(self) -> str:
        """Return path, size and modification time."""
        return file_identity(self.path)


def list_table(
    path: Path, config: DataConfig, *, by_sample: bool = False
) -> Generator[LoadingProgress, None, ArraySource]:
    """Read a table of pixels into memory, and its labels.

    Args:
        path: a .csv or .tsv file.
        config: `member` and `layout`, see `list_arrays`.
        by_sample: see `list_arrays`.

    Raises:
        EngineError: the file is no table of pixels, is damaged, or needs too much memory.
    """
    check_memory(path, [Member(path.name, (2 * path.stat().st_size,), np.dtype(np.uint8))])
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            arrays, note = yield from _read(path, file)
    except FAULTS as error:
        raise unreadable(path, error) from error
    arrays, parts_note = _in_parts(arrays)
    source = yield from list_arrays(TableFile(path, arrays), config, by_sample=by_sample)
    source.notes += tuple(told for told in (note, parts_note) if told is not None)
    return source


def _in_parts(arrays: dict[str, NDArray[Any]]) -> tuple[dict[str, NDArray[Any]], Message | None]:
    """Split the rows where a column of text names the part of each, such as FER2013's Usage; also return a note."""
    for name, column in arrays.items():
        if column.dtype.kind != "U":
            continue
        found = {value: part_of(value.strip()) for value in np.unique(column).tolist()}
        if set(found.values()) != {"train", "held-out"}:
            continue
        is_train = np.array([found[value] == "train" for value in column.tolist()])
        others = {key: array for key, array in arrays.items() if key != name}
        train = {f"train_{key}": array[is_train] for key, array in others.items()}
        return train | {f"test_{key}": array[~is_train] for key, array in others.items()}, Message(
            "table.parts", name=name
        )
    return arrays, None


def _read(
    path: Path, file: IO[str]
) -> Generator[LoadingProgress, None, tuple[dict[str, NDArray[Any]], Message | None]]:
    lines = _lines(file)
    head = list(islice(lines, 2))
    delimiter = max(DELIMITERS, key=head[0].count) if head else ","
    rows = list(csv.reader(head, delimiter=delimiter))
    has_header = len(rows) > 1 and _is_header(*rows)
    waiting = head[1:] if has_header else head
    columns = _named(rows[0], rows[1]) if has_header else None
    if columns is None and rows:
        some = list(islice(lines, 256))
        waiting += some
        columns = _unnamed(list(csv.reader(waiting, delimiter=delimiter)))
    if columns is None:
        raise refused(path, Message("table.no_pixels"), Message("todo.table_of_pixels"))
    arrays = yield from _parsed(_chained(waiting, lines), columns, delimiter)
    return arrays, columns.note


def _is_header(row: Sequence[str], following: Sequence[str]) -> bool:
    """Tell whether a row is no picture: it holds words, or counts the columns as pandas does: 0,1,2 or 0,0.1,0.2."""
    if all(map(_is_number, [*row, *following])) and _has_fractions(row) and not _has_fractions(following):
        return True
    counts = ([str(place + first) for place in range(len(row))] for first in (0, 1))
    return not all(map(_is_number, row)) or any([cell.strip() for cell in row] == names for names in counts)


def _has_fractions(row: Sequence[str]) -> bool:
    return any(float(cell) % 1 for cell in row)


def _lines(file: IO[str]) -> Iterator[str]:
    """Yield the lines that are not blank; raises ValueError for one without an end."""
    while line := file.readline(MOST_LINE):
        if len(line) == MOST_LINE:
            raise ValueError(f"a line of more than {MOST_LINE} characters")
        if line.strip():
            yield line


def _chained(first: Sequence[str], rest: Iterator[str]) -> Iterator[str]:
    yield from first
    yield from rest


def _named(names: Sequence[str], row: Sequence[str]) -> _Columns | None:
    """Tell by their names which columns hold pixels; None if none does."""
    names = [name.strip() for name in names]
    packed = next((place for place, cell in enumerate(row) if len(cell.split()) >= 64), None)
    if packed is not None:
        others = {place: name for place, name in enumerate(names) if place != packed}
        return _Columns(len(names), [], others, packed)
    pixels = [place for place, name in enumerate(names) if _PIXEL.fullmatch(name)]
    others = {place: name or f"column {place + 1}" for place, name in enumerate(names) if place not in set(pixels)}
    return _Columns(len(names), pixels, others) if arrangements((2, len(pixels))) else None


def _unnamed(rows: Sequence[Sequence[str]]) -> _Columns | None:
    """Tell by its width which columns of a table without a header hold pixels; None if no width fits."""
    width = len(rows[0])
    if arrangements((2, width)):
        return _Columns(width, list(range(width)))
    if not arrangements((2, width - 1)):
        return None
    is_last = _is_label_last(rows)
    label = width - 1 if is_last else 0
    note = Message("table.label_last") if is_last else Message("table.label_first")
    return _Columns(width, [place for place in range(width) if place != label], {label: "label"}, note=note)


def _is_label_last(rows: Sequence[Sequence[str]]) -> bool:
    """Guess whether the label is the last column rather than the first: a label is not like the pixel beside it."""
    if not all(_is_number(row[0]) and _is_number(row[-1]) for row in rows):
        return not _is_number(rows[0][-1])
    first, second, before, last = (np.array([float(row[place]) for row in rows]) for place in (0, 1, -2, -1))
    return _likeness(before, last) < _likeness(first, second)


def _likeness(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Return the correlation of two columns; 1 where one is constant, as pixels of a border are, and labels are not."""
    if one.std() == 0 and other.std() == 0:
        return 1.0
    return 0.0 if one.std() == 0 or other.std() == 0 else float(abs(np.corrcoef(one, other)[0, 1]))


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _parsed(
    lines: Iterator[str], columns: _Columns, delimiter: str
) -> Generator[LoadingProgress, None, dict[str, NDArray[Any]]]:
    """Parse all rows, some at a time, into one array of pixels and one for every other column."""
    parts: list[NDArray[Any]] = []
    cells: dict[int, list[NDArray[Any]]] = {place: [] for place in columns.others}
    at_once = max(1, VALUES_AT_ONCE // columns.per_row)
    while some := list(islice(lines, at_once)):
        table = _whole_numbers(some, columns.width, delimiter) if columns.packed is None else None
        if table is None:
            table = np.array(list(csv.reader(some, delimiter=delimiter)), np.str_)
        parts.append(_compact(_pixels_of(table, columns)))
        for place, column in cells.items():
            column.append(table[:, place].astype(np.str_ if table.dtype.kind == "U" else np.float64))
        yield LoadingProgress(0, 0)
    return {PIXELS: np.concatenate(parts), **{columns.others[place]: _typed(column) for place, column in cells.items()}}


def _whole_numbers(lines: Sequence[str], width: int, delimiter: str) -> NDArray[np.int64] | None:
    """Parse rows of whole numbers of one to four digits, many times as fast as any other; None for other rows.

    Returns:
        int64 [rows, width].
    """
    text = "".join(lines).replace("\r\n", "\n").removesuffix("\n") + "\n"
    raw = np.frombuffer(text.encode(), np.uint8)
    is_end = (raw == ord(delimiter)) | (raw == ord("\n"))
    ends = np.flatnonzero(is_end)
    lengths = np.diff(ends, prepend=-1) - 1
    if not (is_end | ((raw >= ord("0")) & (raw <= ord("9")))).all() or len(ends) != len(lines) * width:
        return None
    if lengths.min() < 1 or lengths.max() > 4 or (raw[ends[width - 1 :: width]] != ord("\n")).any():
        return None
    values = np.zeros(len(ends), np.int64)
    for place in range(int(lengths.max())):
        digits = raw[ends - 1 - place].astype(np.int64) - ord("0")
        values += np.where(lengths > place, digits * 10**place, 0)
    return values.reshape(-1, width)


def _pixels_of(table: NDArray[Any], columns: _Columns) -> NDArray[Any]:
    """Return the pixels of some rows as numbers; raises ValueError for a cell that is none."""
    if columns.packed is not None:
        return np.array([cell.split() for cell in table[:, columns.packed].tolist()], np.float64)
    pixels = table[:, columns.pixels]
    return pixels.astype(np.float64) if pixels.dtype.kind == "U" else pixels


def _compact(values: NDArray[Any]) -> NDArray[Any]:
    """Store whole numbers of a byte as uint8, and others as float32."""
    is_bytes = values.min() >= 0 and values.max() <= 255 and (values.dtype.kind == "i" or (values % 1 == 0).all())
    return values.astype(np.uint8 if is_bytes else np.float32)


def _typed(parts: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """Join a column: as whole numbers or floats if all of it are numbers, else as text."""
    try:
        numbers = np.concatenate([part.astype(np.float64) for part in parts])
    except ValueError:
        return np.concatenate([part.astype(np.str_) for part in parts])
    return numbers.astype(np.int64) if (numbers % 1 == 0).all() and (abs(numbers) < MOST_EXACT).all() else numbers
