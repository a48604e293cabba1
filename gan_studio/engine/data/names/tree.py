"""From the names below a folder or in an archive to the parts and the classes of its pictures."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.data.decode import LeftOut
from gan_studio.engine.data.known.published_files import Part
from gan_studio.engine.data.picture_file.endings import ARCHIVE_ENDINGS, ending_of, is_picture_ending
from gan_studio.engine.data.split import part_of
from gan_studio.engine.text.message import Message, readable

MOST_ENDING_LETTERS = 12
"""A longer ending is counted as none: it is part of a name."""
RUN_FILES = frozenset({"run.toml", "run.sqlite"})
"""A folder with both is the folder of a run; its samples are never training data."""


_NUMBER, _WORD = 1, 2
_Entry = tuple[int, str]
"""A picture: its place among the names of the tree, and its name below the folder that is looked at."""


@dataclass
class Tree:
    """What lies below a folder or in an archive. Names are paths with slashes.

    Attributes:
        names: the pictures.
        others: the other files.
        unread: number of other files, by folder and ending.
        folders: every folder, "" for the top.
        archives: archives among the other files.
        runs: folders of runs, which are passed over.
        dead_links, ring_links, known_links: links that are not followed: to nothing, to a folder that holds the link
            itself, and to a folder that is read already.
        archive_links: links in an archive, which are never followed.
        left_out: (name, reason) of what could not be listed.
    """

    names: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    unread: Counter[tuple[str, str]] = field(default_factory=Counter)
    folders: set[str] = field(default_factory=set)
    archives: list[str] = field(default_factory=list)
    runs: list[str] = field(default_factory=list)
    dead_links: list[str] = field(default_factory=list)
    ring_links: list[str] = field(default_factory=list)
    known_links: list[str] = field(default_factory=list)
    archive_links: list[str] = field(default_factory=list)
    left_out: list[tuple[str, Message]] = field(default_factory=list)

    def add(self, name: str) -> None:
        """Add a file that is not hidden."""
        ending = ending_of(name)
        if is_picture_ending(ending):
            self.names.append(name)
            return
        self.others.append(name)
        if ending in ARCHIVE_ENDINGS:
            self.archives.append(name)
        self.unread[name.rpartition("/")[0], ending if len(ending) <= MOST_ENDING_LETTERS else ""] += 1


@dataclass(frozen=True)
class Arranged:
    """The pictures of a tree in the order of a source.

    Attributes:
        order: indices into the names of the tree; the held-out part comes last.
        labels: int64 [len(order)], indices into class_names, or None.
        class_names: in the order in which people count: 2 before 10.
        held_out_from: where the held-out part begins in `order`, or None where the tree has no such part.
        notes: how the tree was understood, in sentences.
        left_out: (name, reason) of what could not be listed.
    """

    order: list[int]
    labels: NDArray[np.int64] | None
    class_names: tuple[str, ...]
    held_out_from: int | None
    notes: tuple[Message, ...]
    left_out: LeftOut


def arrange(tree: Tree) -> Arranged:
    """Find the parts and the classes of a tree, and put its pictures in order.

    Folders that hold everything else are passed through. Folders named for a part to train on and a part to judge by
    are these parts. Folders are classes if at least two hold pictures to train on and no such picture lies beside them.
    """
    order = sorted(range(len(tree.names)), key=tree.names.__getitem__)
    names = [tree.names[index] for index in order]
    short = _unwrapped(names)
    tops = sorted({name.partition("/")[0] for name in short if "/" in name})
    parts = {top: part_of(top) for top in tops}
    if {"train", "held-out"} <= set(parts.values()):
        arranged = _in_parts(order, short, parts)
    else:
        labels, classes = class_folders(short)
        arranged = Arranged(order, labels, classes, None, stray_notes(short), ())
    return Arranged(
        arranged.order,
        arranged.labels,
        arranged.class_names,
        arranged.held_out_from,
        arranged.notes,
        left_out_of(tree),
    )


def left_out_of(tree: Tree) -> LeftOut:
    """Return what of a tree could not be listed, sorted by name: (name, reason)."""
    return tuple(sorted(((readable(name), reason) for name, reason in tree.left_out), key=lambda entry: entry[0]))


def within(folder: str, place: str) -> bool:
    """Tell whether a folder is a place or lies inside it; "" is the top."""
    return not place or folder == place or folder.startswith(f"{place}/")


def _in_parts(order: Sequence[int], names: Sequence[str], parts: Mapping[str, Part | None]) -> Arranged:
    """Arrange pictures that lie in folders for parts. Classes are those of the part to train on."""
    train, held_out, beside = list[_Entry](), list[_Entry](), list[_Entry]()
    for index, name in zip(order, names, strict=True):
        top, _, rest = name.partition("/")
        into = {"train": train, "held-out": held_out}.get(parts.get(top) or "", beside)
        into.append((index, rest if into is not beside else name))
    shorter = iter(_unwrapped([rest for _, rest in (*train, *held_out)]))
    train, held_out = ([(index, next(shorter)) for index, _ in part] for part in (train, held_out))
    labels, classes = class_folders([name for _, name in train])
    places = {part: ", ".join(readable(top) for top in parts if parts[top] == part) for part in ("train", "held-out")}
    notes = []
    if labels is not None:
        number = {folder: label for (_, folder), label in zip(_folders(train), labels.tolist(), strict=True)}
        known = [entry for entry in held_out if entry[1].partition("/")[0] in number and "/" in entry[1]]
        if len(known) < len(held_out):
            notes.append(
                Message("data.held_out_without_class", count=len(held_out) - len(known), parts=places["held-out"])
            )
        held_out = known
        labels = np.concatenate([labels, np.array([number[folder] for _, folder in _folders(known)], np.int64)])
    if beside:
        first = readable(beside[0][1])
        notes.append(Message("data.beside_parts", count=len(beside), name=first, parts=", ".join(map(readable, parts))))
    told = Message("data.parts", train=places["train"], held_out=places["held-out"], count=len(held_out))
    stray = stray_notes([name for _, name in train])
    indices = [index for index, _ in (*train, *held_out)]
    return Arranged(indices, labels, classes, len(train) if held_out else None, (told, *stray, *notes), ())


def _folders(entries: Iterable[_Entry]) -> Iterator[_Entry]:
    return ((index, name.partition("/")[0]) for index, name in entries)


def class_folders(names: Sequence[str]) -> tuple[NDArray[np.int64] | None, tuple[str, ...]]:
    """Derive labels and class names from the first folder in each name.

    Folders are classes only if at least two of them hold pictures and no picture lies beside them.

    Args:
        names: paths with slashes, relative to the source.

    Returns:
        Labels, int64 [N], and the class names in the order in which people count; None and () if there are no classes.
    """
    folders = []
    for name in names:
        folder, slash, _ = name.partition("/")
        if not slash:
            return None, ()
        folders.append(folder)
    classes = sorted(set(folders), key=as_people_count)
    if len(classes) < 2:
        return None, ()
    number = {folder: index for index, folder in enumerate(classes)}
    labels = np.fromiter((number[folder] for folder in folders), np.int64, len(folders))
    return labels, tuple(_told_apart(readable(name) for name in classes))


def as_people_count(name: str) -> tuple[list[tuple[int, int, str]], str]:
    """Return a key that sorts names as people count: "class 2" before "class 10"."""
    pieces = re.split("([0-9]+)", name)
    counted = [
        (1, len(one.lstrip("0")), one.lstrip("0")) if place % 2 else (2, 0, one) for place, one in enumerate(pieces)
    ]
    return [piece for piece in counted if piece != (2, 0, "")], name


def _told_apart(names: Iterable[str]) -> Iterator[str]:
    """Put a number behind names that look alike, because their bytes are no text."""
    seen: Counter[str] = Counter()
    for name in names:
        seen[name] += 1
        yield name if seen[name] == 1 else f"{name} ({seen[name]})"


def stray_notes(names: Sequence[str]) -> tuple[Message, ...]:
    """Explain that stray pictures keep the folders beside them from being classes; () if there are no such pictures.

    Args:
        names: paths with slashes, relative to the source.
    """
    stray = [name for name in names if "/" not in name]
    if not stray or len({name.partition("/")[0] for name in names if "/" in name}) < 2:
        return ()
    first = readable(stray[0])
    if len(stray) == 1:
        return (Message("data.one_beside", name=first),)
    return (Message("data.many_beside", name=first, count=len(stray)),)


def _unwrapped(names: list[str]) -> list[str]:
    """Remove leading folders that all names share: zipping a folder adds one."""
    while names and "/" in names[0]:
        first = names[0].partition("/")[0] + "/"
        if not all(name.startswith(first) for name in names):
            break
        names = [name.removeprefix(first) for name in names]
    return names
