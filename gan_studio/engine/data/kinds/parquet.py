"""Parquet files with a column of encoded pictures, as Hugging Face publishes data sets (the extra `tables`)."""

import hashlib
import io
import json
import os
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.arrays.array_sets import check_memory, refused, unreadable
from gan_studio.engine.data.arrays.labels import classes_of_labels, one_each
from gan_studio.engine.data.arrays.members import LABEL_WORDS, PICTURE_WORDS, UNKNOWN, Member, rank, surest
from gan_studio.engine.data.kinds.archives import file_identity
from gan_studio.engine.data.kinds.picture_files import PictureFiles
from gan_studio.engine.events import LoadingProgress
from gan_studio.engine.text.message import Message

SUFFIX = ".parquet"
UNLABELLED = -1


@dataclass(frozen=True)
class _Columns:
    """The columns of pictures and labels, the class names in the metadata, and the names of the others."""

    pictures: str
    labels: str | None
    class_names: tuple[str, ...]
    others: tuple[str, ...]


class ParquetSource(PictureFiles):
    """The pictures of some Parquet files, encoded and in memory: the part to train on, then the held-out part."""

    def __init__(
        self,
        paths: Sequence[Path],
        encoded: Any,
        labels: NDArray[np.int64] | None,
        class_names: tuple[str, ...],
        held_out_from: int | None,
        notes: tuple[Message, ...],
    ) -> None:
        super().__init__(len(encoded), labels, class_names, held_out_from, notes)
        self._paths, self._encoded = paths, encoded

    def name(self, index: int) -> str:
        """Return the row of a picture as text."""
        return str(index)

    def identity(self) -> Generator[LoadingProgress, None, str]:
        """Return a SHA-256 over the path, size and modification time of every file."""
        yield LoadingProgress(0, self.count)
        facts = "\0".join(["parquet", *map(file_identity, self._paths), *map(str, self.notes)])
        return hashlib.sha256(os.fsencode(facts)).hexdigest()

    def _file(self, index: int) -> io.BytesIO:
        return io.BytesIO(self._encoded[index].as_py() or b"")


def list_parquet(
    train: Sequence[Path], held_out: Sequence[Path], config: DataConfig
) -> Generator[LoadingProgress, None, ParquetSource]:
    """Read the columns of pictures and labels into memory; the pictures stay encoded.

    Args:
        train: the files to train on, at least one.
        held_out: files of parts that are held out.
        config: `member` names the column of pictures.

    Raises:
        EngineError: PyArrow is missing, or a file is damaged or has no column of encoded pictures.
    """
    paths, path = [*train, *held_out], train[0]
    parquet = _pyarrow(path)
    try:
        columns = _columns(path, parquet.read_schema(path), config.member)
        check_memory(path, [Member(columns.pictures, (_unpacked_bytes(parquet, paths),), np.dtype(np.uint8))])
        names = [columns.pictures, *([columns.labels] if columns.labels else [])]
        tables = []
        for each in paths:
            yield LoadingProgress(0, 0)
            tables.append(parquet.ParquetFile(each).read(columns=names))
        bare = {place for place in range(len(train), len(paths)) if _is_unlabelled(tables[place], columns.labels)}
        kept = [place for place in range(len(paths)) if place not in bare]
        notes = [_bare_note(paths[place]) for place in sorted(bare)]
        notes += [Message("parquet.layout_in_vain")] if config.layout != "auto" else []
        return _source([paths[place] for place in kept], [tables[place] for place in kept], columns, len(train), notes)
    except (OSError, ValueError, KeyError, TypeError, NotImplementedError, RuntimeError) as error:
        raise unreadable(path, error) from error


def _is_unlabelled(table: Any, labels: str | None) -> bool:
    """Tell whether all labels of a file are -1, as Hugging Face publishes the test part of a contest."""
    return labels is not None and set(table.column(labels).unique().to_pylist()) == {UNLABELLED}


def _bare_note(path: Path) -> Message:
    return Message("array.passed_over", name=path.name, reason=Message("array.without_labels"))


def _source(
    paths: Sequence[Path], tables: Sequence[Any], columns: _Columns, trained: int, notes: list[Message]
) -> ParquetSource:
    import pyarrow as pa

    counts = [len(table) for table in tables]
    encoded = pa.chunked_array([chunk for table in tables for chunk in _encoded(table.column(columns.pictures))])
    border = sum(counts[:trained]) if trained < len(paths) else None
    notes.insert(0, Message("parquet.pictures", column=columns.pictures, count=sum(counts[:trained]), files=trained))
    if border is not None:
        notes.append(Message("parquet.held_out", count=sum(counts[trained:])))
    labels, names = _labels(tables, columns, notes)
    notes += [Message("array.passed_over", name=name, reason=Message("parquet.other")) for name in columns.others]
    return ParquetSource(paths, encoded, labels, names, border, tuple(notes))


def _labels(
    tables: Sequence[Any], columns: _Columns, notes: list[Message]
) -> tuple[NDArray[np.int64] | None, tuple[str, ...]]:
    if columns.labels is None:
        return None, ()
    values = [value for table in tables for value in table.column(columns.labels).to_pylist()]
    kinds = {type(value) for value in values}
    labels = one_each(np.array(values)) if len(kinds) == 1 and kinds <= {int, str, bool, float} else None
    if labels is None or isinstance(labels, Message):
        reason = labels or Message("labels.several_kinds")
        notes.append(Message("array.passed_over", name=columns.labels, reason=reason))
        return None, ()
    found = classes_of_labels([labels], np.array(columns.class_names) if columns.class_names else None)
    notes.append(Message("array.classes", names=columns.labels, count=len(found[1])))
    return found


def _columns(path: Path, schema: Any, stated: str) -> _Columns:
    """Choose the columns of pictures and labels by their types and names."""
    import pyarrow as pa

    pictures = [field.name for field in schema if _holds_bytes(field.type)]
    labels = [field.name for field in schema if pa.types.is_integer(field.type) or pa.types.is_string(field.type)]
    labels = [name for name in labels if rank(name, LABEL_WORDS) < UNKNOWN]
    if stated:
        pictures = [_stated(path, schema, stated)]
    best = surest(pictures, PICTURE_WORDS)
    found = ", ".join(f"{field.name} ({field.type})" for field in schema)
    if not best:
        raise refused(path, Message("parquet.no_pictures", found=found), Message("todo.encoded_pictures"))
    if len(best) > 1:
        raise refused(path, Message("array.several", names=", ".join(best)))
    named = surest(labels, LABEL_WORDS)
    label = named[0] if len(named) == 1 else None
    names = _class_names(schema.metadata or {}, label) if label else ()
    return _Columns(best[0], label, names, tuple(name for name in schema.names if name not in (best[0], label)))


def _stated(path: Path, schema: Any, stated: str) -> str:
    """Return the column of pictures that a person has stated, in any letter case; raises EngineError for another."""
    wanted = stated.strip()
    found = [field for field in schema if field.name.casefold() == wanted.casefold()]
    field = next((each for each in found if each.name == wanted), found[0] if found else None)
    if field is None:
        names = ", ".join(f"{each.name} ({each.type})" for each in schema)
        raise refused(path, Message("array.no_such_member", name=stated, names=names))
    if not _holds_bytes(field.type):
        reason = Message("parquet.not_pictures", name=field.name, kind=field.type)
        raise refused(path, reason, Message("todo.state_member"))
    return str(field.name)


def _class_names(metadata: Mapping[bytes, bytes], label: str) -> tuple[str, ...]:
    """Read the class names that Hugging Face keeps in the metadata of a file; () where there are none."""
    try:
        features = json.loads(metadata[b"huggingface"])["info"]["features"]
        return tuple(str(name) for name in features[label]["names"])
    except (KeyError, TypeError, ValueError):
        return ()


def _holds_bytes(kind: Any) -> bool:
    import pyarrow as pa

    if pa.types.is_struct(kind):
        return any(kind.field(place).name == "bytes" for place in range(kind.num_fields))
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind))


def _encoded(column: Any) -> Iterator[Any]:
    """Yield the chunks of a column as bytes: large_binary arrays."""
    import pyarrow as pa

    for chunk in column.chunks:
        yield (chunk.field("bytes") if pa.types.is_struct(chunk.type) else chunk).cast(pa.large_binary())


def _unpacked_bytes(parquet: Any, paths: Sequence[Path]) -> int:
    total = 0
    for path in paths:
        facts = parquet.ParquetFile(path).metadata
        total += sum(facts.row_group(place).total_byte_size for place in range(facts.num_row_groups))
    return total


def _pyarrow(path: Path) -> Any:
    try:
        from pyarrow import parquet  # a large library that few need
    except ImportError as error:
        raise refused(path, Message("table.no_reader", library="PyArrow"), Message("todo.install_tables")) from error
    return parquet
