"""From the arrays of a file to a source: which hold the pictures, their layout, their labels and their value range."""

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import psutil
from numpy.typing import NDArray

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.arrays.labels import Labels, classes_of_labels, one_each
from gan_studio.engine.data.arrays.layouts import Arrangement, is_one_flat_picture, layout_text, smoothest
from gan_studio.engine.data.arrays.members import Choice, Member, choose, fitting
from gan_studio.engine.data.arrays.values import find_values, scale_notes, scale_of
from gan_studio.engine.data.decode import MOST_PIXELS
from gan_studio.engine.data.kinds.arrays import ArraySource, PictureArray
from gan_studio.engine.events import LoadingProgress
from gan_studio.engine.text.message import EngineError, Message, reason_of
from gan_studio.engine.text.units import bytes_text

MOST_TOLD = 12
"""Arrays that were passed over are named up to this number."""
LEAST_REPEATS = 2
"""An array whose name does not say that it holds labels is taken for labels if its values repeat this often."""
VERSION = 2
"""Raised whenever arrays are read in another way, so that the cache decodes them again."""


class ArrayFile(Protocol):
    """A file or a folder of named arrays, whose headers have been read.

    Attributes:
        path: where it lies.
        members: its arrays.
        has_names: whether a person may choose one by its name.
        is_mapped: whether pictures are read as memory maps, and need no memory.
    """

    path: Path
    members: tuple[Member, ...]
    has_names: bool
    is_mapped: bool

    def read(self, member: Member) -> Generator[LoadingProgress, None, NDArray[Any]]:
        """Read one array, or open it as a memory map."""

    def identity(self) -> str:
        """Return a text that changes when the file changes."""


@dataclass
class _Part:
    """Pictures of one part while they are being understood."""

    member: Member
    array: NDArray[Any]
    arrangement: Arrangement
    labels: NDArray[Any] | None = None


def list_arrays(
    file: ArrayFile, config: DataConfig, *, by_sample: bool = False
) -> Generator[LoadingProgress, None, ArraySource]:
    """Choose the pictures and labels of a file, read them, and find their layout and value range.

    Args:
        file: the arrays.
        config: `member` and `layout` state what is otherwise decided by names, shapes and values.
        by_sample: whether to find the value range from SAMPLE_BYTES of evenly spread values, not from all.

    Raises:
        EngineError: the file holds no pictures, several kinds of them, or values in no known range.
    """
    choice = choose(file.members, config.member, config.layout)
    if isinstance(choice, Message):
        raise refused(file.path, choice)
    check_memory(file.path, [] if file.is_mapped else [choice.train, *choice.held_out])
    notes: list[Message] = []
    labels_of_train = choice.labels.get(choice.train.name, (None, False))[0]
    choices = fitting(choice.train, config.layout, labels_of_train)
    is_sure = labels_of_train is not None or config.layout != "auto"
    train = yield from _read_part(file, choice.train, choices, notes, is_sure=is_sure)
    parts = [train]
    for member in choice.held_out:
        parts += yield from _held_out_part(file, choice, member, config, train, notes)
    labels, names = yield from _read_classes(file, choice, parts, notes)
    values = yield from find_values([part.array for part in parts], by_sample=by_sample)
    scale = scale_of(train.array.dtype, values)
    if isinstance(scale, Message):
        raise refused(file.path, scale)
    notes += scale_notes(train.array.dtype, scale, values)
    notes += _passed_over(choice)
    arrays = [PictureArray(part.arrangement.by_picture(part.array), part.arrangement) for part in parts]
    identity = f"{file.identity()}\0arrays {VERSION}\0{config.member}\0{config.layout}"
    border = train.arrangement.count if len(parts) > 1 else None
    return ArraySource(arrays, labels, names, identity, scale, border, tuple(notes))


def refused(path: Path, reason: Message, todo: Message | None = None) -> EngineError:
    """Build the error that an array file cannot be used."""
    happened = Message("array.unusable", path=path, reason=reason)
    return EngineError(happened, Message("kept.nothing_begun"), todo or _todo(reason))


def unreadable(path: Path, error: Exception) -> EngineError:
    """Build the error that a file of arrays is damaged, or that the system does not let it be read.

    Args:
        path: the source; where the error names another file, that one is told.
        error: what reading raised.
    """
    is_of_system = isinstance(error, OSError) and error.errno is not None
    if isinstance(error, OSError) and isinstance(error.filename, str):
        path = Path(error.filename)
    reason = Message("array.unreadable", error=reason_of(error) or type(error).__name__)
    return refused(path, reason, Message("todo.readable_file") if is_of_system else None)


def check_memory(path: Path, members: list[Member]) -> None:
    """Raise EngineError if arrays that are read as a whole would need more than half of the available memory."""
    needed = sum(int(np.prod(each.shape, dtype=object)) * each.kind.itemsize for each in members)
    available = psutil.virtual_memory().available
    if needed > available // 2:
        reason = Message("array.too_large", needed=bytes_text(needed), available=bytes_text(available))
        raise refused(path, reason)


def _todo(reason: Message) -> Message:
    match reason.key:
        case "array.several" | "array.no_such_member":
            return Message("todo.state_member")
        case "array.one_picture" | "array.other_layout":
            return Message("todo.state_layout")
    return Message("todo.convert_array")


def _read_part(
    file: ArrayFile, member: Member, choices: tuple[Arrangement, ...], notes: list[Message], *, is_sure: bool
) -> Generator[LoadingProgress, None, _Part]:
    """Read the pictures to train on, and decide their layout; `is_sure`: that they are several."""
    if max(each.height * each.width for each in choices) > MOST_PIXELS:
        raise refused(file.path, Message("picture.too_large", most=MOST_PIXELS // 1_000_000))
    array = yield from file.read(member)
    if array.ndim == 2 and not is_sure and is_one_flat_picture(array, choices[0]):
        raise refused(file.path, Message("array.one_picture", shape=list(member.shape)))
    found = smoothest(array, choices)
    notes.append(
        Message(
            "array.pictures",
            name=_shown_name(file, member),
            kind=member.kind_text,
            shape=list(member.shape),
            layout=layout_text(member.shape, found.layout),
            count=found.count,
            width=found.width,
            height=found.height,
        )
    )
    if len(choices) > 1:
        notes.append(Message("array.guessed"))
    return _Part(member, array, found)


def _shown_name(file: ArrayFile, member: Member) -> str:
    return member.name if file.has_names else file.path.name


def _held_out_part(
    file: ArrayFile, choice: Choice, member: Member, config: DataConfig, train: _Part, notes: list[Message]
) -> Generator[LoadingProgress, None, list[_Part]]:
    """Read a held-out part; [] and a note if its pictures are of another kind, or only one of the parts has labels."""
    fault = None
    same = [each for each in fitting(member, config.layout, None) if _is_same(each, train.arrangement)]
    if member.kind != train.member.kind or not same:
        fault = Message("array.other_pictures")
    elif (train.member.name in choice.labels) != (member.name in choice.labels):
        fault = Message("array.without_labels")
    if fault is not None:
        notes.append(Message("array.passed_over", name=member.name, reason=fault))
        labels, used = (choice.labels.get(each.name, (None, False))[0] for each in (member, train.member))
        if labels is not None and labels is not used:
            notes.append(Message("array.passed_over", name=labels.name, reason=Message("array.pictures_unused")))
        return []
    array = yield from file.read(member)
    notes.append(Message("array.held_out", name=member.name, count=same[0].count))
    return [_Part(member, array, same[0])]


def _is_same(one: Arrangement, other: Arrangement) -> bool:
    return replace(one, count=0) == replace(other, count=0)


def _read_classes(
    file: ArrayFile, choice: Choice, parts: list[_Part], notes: list[Message]
) -> Generator[LoadingProgress, None, tuple[NDArray[np.int64] | None, tuple[str, ...]]]:
    """Read the labels of all parts; None and () where there are none, or where one part has no usable ones."""
    found: dict[str, NDArray[Any] | Message] = {}
    of_parts = [choice.labels[part.member.name] for part in parts if part.member.name in choice.labels]
    for member, is_named in of_parts:
        if member.name not in found:
            found[member.name] = yield from _read_labels(file, member, is_named=is_named)
    read = [labels for member, _ in of_parts if not isinstance(labels := found[member.name], Message)]
    if not of_parts or len(read) < len(of_parts):
        notes += _labels_passed_over(choice, found)
        return None, ()
    names = None
    if choice.class_names is not None:
        names = yield from file.read(choice.class_names)
    labels_and_names: Labels = classes_of_labels(read, names)
    used = ", ".join(member.name for member, _ in of_parts)
    notes.append(Message("array.classes", names=used, count=len(labels_and_names[1])))
    return labels_and_names


def _read_labels(
    file: ArrayFile, member: Member, *, is_named: bool
) -> Generator[LoadingProgress, None, NDArray[Any] | Message]:
    """Read the labels of one part, or return why they cannot be used; `is_named`: their name says that they are."""
    check_memory(file.path, [member])
    labels = one_each((yield from file.read(member)))
    if not isinstance(labels, Message) and not is_named and not _repeats(labels):
        return Message("labels.all_differ")
    return labels


def _labels_passed_over(choice: Choice, found: Mapping[str, NDArray[Any] | Message]) -> Iterator[Message]:
    """Name the labels of every part, each with its own fault or that of the others, and the names of the classes."""
    for name, labels in found.items():
        reason = labels if isinstance(labels, Message) else Message("labels.other_part")
        yield Message("array.passed_over", name=name, reason=reason)
    if choice.class_names is not None:
        yield Message("array.passed_over", name=choice.class_names.name, reason=Message("labels.none"))


def _repeats(labels: NDArray[Any]) -> bool:
    return len(np.unique(labels)) * LEAST_REPEATS <= len(labels)


def _passed_over(choice: Choice) -> list[Message]:
    told = [Message("array.passed_over", name=name, reason=reason) for name, reason in choice.passed_over[:MOST_TOLD]]
    if len(choice.passed_over) > MOST_TOLD:
        told.append(Message("array.more_passed_over", count=len(choice.passed_over) - MOST_TOLD))
    return told
