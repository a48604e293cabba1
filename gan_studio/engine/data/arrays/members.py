"""Which arrays of a file hold pictures and which their labels: decided by names, shapes and parts, never by order."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from gan_studio.engine.data.arrays.labels import fits_labels, is_name_list, label_fault
from gan_studio.engine.data.arrays.layouts import Arrangement, Layout, arrangements, one_picture
from gan_studio.engine.data.known.published_files import Part
from gan_studio.engine.data.split import part_of
from gan_studio.engine.text.message import Message

PICTURE_WORDS: Mapping[str, int] = {
    **dict.fromkeys(("image", "images", "img", "imgs", "picture", "pictures", "photo", "photos"), 0),
    **dict.fromkeys(("x", "data", "pixels", "samples", "input", "inputs", "faces", "frames"), 1),
}
"""Words in the names of arrays of pictures; the lower their number, the surer."""
LABEL_WORDS: Mapping[str, int] = {
    **dict.fromkeys(("label", "labels"), 0),
    **dict.fromkeys(("y", "target", "targets", "class", "classes", "category", "categories", "digit", "emotion"), 1),
}
"""Words in the names of arrays of labels; the lower their number, the surer."""
NAME_LISTS = (("class", "names"), ("label", "names"), ("classnames",), ("labelnames",), ("names",))
"""Names of an array that lists the names of the classes."""
UNKNOWN, FLAT = 2, 3
"""Rank of a name that no list has, and what is added to the rank of flat pictures, which may also be features."""

_WORD = re.compile(r"[tT]10[kK]|[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^\W\d_a-zA-Z]+")


@dataclass(frozen=True)
class Member:
    """One array of a file, known by its header.

    Attributes:
        name: its name in the file.
        shape, kind: its shape and dtype.
        fault: why it is never loaded, for instance because it holds Python objects; otherwise None.
    """

    name: str
    shape: tuple[int, ...]
    kind: np.dtype[Any]
    fault: Message | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """The words of its name in lower case: ("x", "train") of X_train, xtrain and trainX."""
        return tuple(_words(self.name))

    @property
    def kind_text(self) -> str:
        """Its dtype for a person: uint8, float32, S3."""
        return str(self.kind).lstrip("<>|=")

    @property
    def part(self) -> Part | None:
        """The part of the data set that its name stands for."""
        return next((part for word in self.words if (part := part_of(word))), None)

    @property
    def part_words(self) -> frozenset[str]:
        """The words of its name that stand for a part: {"val"} of val_images."""
        return frozenset(word for word in self.words if part_of(word))

    @property
    def stem(self) -> tuple[str, ...]:
        """The words of its name that stand for no part, sorted."""
        return tuple(sorted(word for word in self.words if part_of(word) is None))


@dataclass(frozen=True)
class Choice:
    """What was chosen from the arrays of a file.

    Attributes:
        train: the pictures to train on.
        held_out: pictures in parts that are held out.
        labels: (labels, whether their name says so) by name of the array of pictures.
        class_names: the array that lists the names of the classes, or None.
        passed_over: (name, reason) of every other array.
    """

    train: Member
    held_out: tuple[Member, ...] = ()
    labels: Mapping[str, tuple[Member, bool]] = field(default_factory=dict)
    class_names: Member | None = None
    passed_over: tuple[tuple[str, Message], ...] = ()


def choose(members: Sequence[Member], stated: str, layout: Layout | Literal["auto"]) -> Choice | Message:
    """Choose pictures, held-out parts, labels and class names, or return why nothing can be chosen.

    Args:
        members: the arrays of a file; their order has no meaning.
        stated: name of the array of pictures if a person has stated it, otherwise "".
        layout: the layout that a person has stated, or "auto".
    """
    pictures = _stated(members, stated, layout) if stated else _pictures(members, layout)
    if isinstance(pictures, Message):
        return pictures
    train, held_out = _by_part(pictures)
    used = {member.name for member in (train, *held_out)}
    labels = {member.name: found for member in (train, *held_out) if (found := _labels_of(member, members, layout))}
    used |= {member.name for member, _ in labels.values()}
    names = next((each for each in members if each.name not in used and _lists_names(each)), None)
    rest = [each for each in members if each.name not in used and each is not names]
    return Choice(train, held_out, labels, names, tuple((each.name, _why_not(each, train)) for each in rest))


def may_be_pictures(member: Member, layout: Layout | Literal["auto"] = "auto") -> bool:
    """Tell whether an array has the dtype and the shape of pictures, and is not called labels."""
    is_flat_label = len(member.shape) == 2 and rank(member.name, LABEL_WORDS) < UNKNOWN
    is_number = member.fault is None and member.kind.kind in "biuf"
    return is_number and not is_flat_label and bool(arrangements(member.shape, layout))


def rank(name: str, words: Mapping[str, int]) -> int:
    """Rank a name by its words: the lower, the surer that it names what the words name; UNKNOWN at most."""
    return min((words.get(word, UNKNOWN) for word in _words(name)), default=UNKNOWN)


def surest(names: Sequence[str], words: Mapping[str, int]) -> list[str]:
    """Return the names with the lowest rank."""
    ranks = [rank(name, words) for name in names]
    return [name for name, found in zip(names, ranks, strict=True) if found == min(ranks)]


def is_said(member: Member) -> bool:
    """Tell whether the name of an array says that it holds pictures, labels or a part of them."""
    is_known = min(rank(member.name, PICTURE_WORDS), rank(member.name, LABEL_WORDS)) < UNKNOWN
    return is_known or member.part is not None


def fitting(member: Member, layout: Layout | Literal["auto"], labels: Member | None) -> tuple[Arrangement, ...]:
    """Return the layouts that fit an array of pictures and the number of its labels."""
    found = arrangements(member.shape, layout)
    if labels is None:  # a picture a row is usual, a picture a column is not
        rows = tuple(each for each in found if len(member.shape) != 2 or each.layout != "hwcn")
        return rows or found
    return tuple(each for each in found if fits_labels(labels.shape, each.count)) or found


def listed(members: Iterable[Member]) -> str:
    """Return the names, types and shapes of arrays for a message."""
    return ", ".join(f"{each.name} {each.kind_text} {list(each.shape)}" for each in members)


def _words(name: str) -> Iterator[str]:
    for found in _WORD.findall(name):
        word = found.lower()
        if word[0] in "xy" and part_of(word[1:]):
            yield from (word[0], word[1:])
        else:
            yield word


def _stated(members: Sequence[Member], stated: str, layout: Layout | Literal["auto"]) -> list[Member] | Message:
    """Return the array with the stated name and, if that is the training part, the held-out parts of the same name."""
    wanted = stated.strip().casefold()
    found = [each for each in members if wanted in (each.name.casefold(), f"{each.name}.npy".casefold())]
    if not found:
        return Message("array.no_such_member", name=stated, names=listed(members))
    if found[0].fault is not None:
        return Message("array.member_fault", name=found[0].name, reason=found[0].fault)
    if not may_be_pictures(found[0], layout):
        return Message("array.no_pictures", found=listed(found))
    if found[0].part == "held-out":
        return [found[0]]
    parts = [each for each in members if each.stem == found[0].stem and each.part == "held-out"]
    return [found[0], *(each for each in parts if may_be_pictures(each, layout))]


def _pictures(members: Sequence[Member], layout: Layout | Literal["auto"]) -> list[Member] | Message:
    """Return the arrays of pictures with one name in its parts: the surest name."""
    by_stem: dict[tuple[str, ...], list[Member]] = {}
    for member in members:
        if may_be_pictures(member, layout):
            by_stem.setdefault(member.stem, []).append(member)
    if not by_stem:
        return _no_pictures(members, layout)
    ranks = {stem: min(map(_picture_rank, found)) for stem, found in by_stem.items()}
    best = [stem for stem, rank in ranks.items() if rank == min(ranks.values())]
    if len(best) == 1 and not _is_doubled(by_stem[best[0]]):
        return by_stem[best[0]]
    return Message("array.several", names=listed(each for stem in best for each in by_stem[stem]))


def _picture_rank(member: Member) -> int:
    return rank(member.name, PICTURE_WORDS) + (FLAT if len(member.shape) == 2 else 0)


def _is_doubled(members: Sequence[Member]) -> bool:
    """Tell whether two arrays claim to be the training part."""
    return sum(each.part == "train" for each in members) > 1 or sum(each.part is None for each in members) > 1


def _by_part(pictures: Sequence[Member]) -> tuple[Member, tuple[Member, ...]]:
    """Return the training part, and the held-out parts in alphabetical order.

    Without a training part, the array whose name has no part is trained on; else the largest held-out part.
    """
    ordered = sorted(pictures, key=lambda each: each.name)
    train = next((each for each in ordered if each.part == "train"), None)
    train = train or next((each for each in ordered if each.part is None), None)
    train = train or max(ordered, key=lambda each: int(np.prod(each.shape, dtype=object)))
    return train, tuple(each for each in ordered if each is not train and each.part == "held-out")


def _no_pictures(members: Sequence[Member], layout: Layout | Literal["auto"]) -> Message:
    if layout != "auto" and any(may_be_pictures(each) for each in members):
        return Message("array.other_layout", layout=Message(f"config.data.layout.{layout}"), found=listed(members))
    lone = [each for each in members if each.fault is None and each.kind.kind in "biuf" and one_picture(each.shape)]
    if lone:
        return Message("array.one_picture", shape=list(lone[0].shape))
    faults = [each for each in members if each.fault is not None]
    if faults and len(faults) == len(members):
        return Message("array.member_fault", name=faults[0].name, reason=faults[0].fault)
    return Message("array.no_pictures", found=listed(members) or Message("array.nothing"))


def _labels_of(
    pictures: Member, members: Sequence[Member], layout: Layout | Literal["auto"]
) -> tuple[Member, bool] | None:
    """Find the labels of an array of pictures, and whether their name says so; None where none or several fit."""
    numbers = {each.count for each in arrangements(pictures.shape, layout)}
    fits = [each for each in members if each is not pictures and _may_be_labels(each, numbers)]
    of_part = [each for each in fits if each.part in (pictures.part, None)]
    named = [each for each in of_part if rank(each.name, LABEL_WORDS) < UNKNOWN]
    if named:
        ranks = {each.name: _label_rank(each, pictures) for each in named}
        best = [each for each in named if ranks[each.name] == min(ranks.values())]
        return (best[0], True) if len(best) == 1 else None
    unnamed = [each for each in of_part if rank(each.name, PICTURE_WORDS) == UNKNOWN]
    return (unnamed[0], False) if len(unnamed) == 1 and _is_one_a_picture(unnamed[0]) else None


def _label_rank(member: Member, pictures: Member) -> tuple[bool, bool, int, int]:
    """Rank an array by how surely its name says that it holds the labels of some pictures; the lowest is the surest."""
    is_other = member.part_words != pictures.part_words
    return is_other, member.part != pictures.part, rank(member.name, LABEL_WORDS), len(member.stem)


def _may_be_labels(member: Member, numbers: set[int]) -> bool:
    is_readable = member.fault is None and label_fault(member.shape, member.kind) is None and not _lists_names(member)
    return is_readable and any(fits_labels(member.shape, count) for count in numbers)


def _is_one_a_picture(member: Member) -> bool:
    return len(member.shape) == 1 or 1 in member.shape


def _lists_names(member: Member) -> bool:
    return member.fault is None and member.stem in NAME_LISTS and is_name_list(member.shape, member.kind)


def _why_not(member: Member, train: Member) -> Message:
    if member.fault is not None:
        return member.fault
    if rank(member.name, LABEL_WORDS) < UNKNOWN:
        fault = label_fault(member.shape, member.kind)
        return fault or Message("array.other_labels", shape=list(member.shape))
    return Message("array.not_chosen", name=train.name)
