"""PictureSource: what every source of pictures can do, whatever it is."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.decode import LeftOut
from gan_studio.engine.events import LoadingProgress
from gan_studio.engine.text.message import Message

BESIDE = ("data.one_beside", "data.many_beside")
"""Keys of the notes that pictures beside folders keep these from being classes."""


class PictureSource(Protocol):
    """Pictures that have been listed but not read.

    Attributes:
        count: pictures in all.
        labels: int64 [count], indices into class_names, or None.
        class_names: what each label means; () without labels.
        left_out: what the listing could not use.
        held_out_from: first picture of the source's own held-out part, or None where it has none.
        is_sequential: whether pictures must be read in order, by one thread.
        note: how the pictures were understood, where that could be mistaken, else None.
    """

    count: int
    labels: NDArray[np.int64] | None
    class_names: tuple[str, ...]
    left_out: LeftOut
    held_out_from: int | None
    is_sequential: bool
    note: Message | None

    def name(self, index: int) -> str:
        """Return the name that a person knows a picture by."""

    def size(self, index: int) -> tuple[int, int] | None:
        """Return width and height of a picture before it is fitted, or None where that cannot be told."""

    def pictures(self, indices: Sequence[int], config: DataConfig) -> Iterator[NDArray[np.uint8] | Message]:
        """Yield each picture as the networks will see it, uint8 [C, S, S], or why it cannot be used."""

    def identity(self) -> Generator[LoadingProgress, None, str]:
        """Return what tells these pictures from others or from earlier ones, without reading them."""

    def close(self) -> None:
        """Let go of open files."""


def class_folders(names: Iterable[str]) -> tuple[NDArray[np.int64] | None, tuple[str, ...]]:
    """Take classes from the first folder in each name.

    Only where at least two folders hold pictures and none lies beside the folders; else the result is None and ().

    Args:
        names: paths with slashes, relative to the source.
    """
    folders = []
    for name in names:
        folder, slash, _ = name.partition("/")
        if not slash:
            return None, ()
        folders.append(folder)
    classes = sorted(set(folders))
    if len(classes) < 2:
        return None, ()
    number = {folder: index for index, folder in enumerate(classes)}
    return np.fromiter((number[folder] for folder in folders), np.int64, len(folders)), tuple(
        readable(name) for name in classes
    )


def beside_folders(names: Sequence[str]) -> Message | None:
    """Name the pictures that keep folders from being classes, or None where there are no such.

    Args:
        names: as in class_folders.
    """
    beside = [name for name in names if "/" not in name]
    if not beside or len({name.partition("/")[0] for name in names if "/" in name}) < 2:
        return None
    first = readable(beside[0])
    if len(beside) == 1:
        return Message("data.one_beside", name=first)
    return Message("data.many_beside", name=first, count=len(beside))


def readable(name: str) -> str:
    """Return a file name that can be printed: bytes that are not UTF-8 become a question mark in a diamond."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
