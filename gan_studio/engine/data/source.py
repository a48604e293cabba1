"""PictureSource, the interface of every kind of source, and a way to stop listing and decoding early."""

from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.decode import LeftOut
from gan_studio.engine.events import LoadingProgress
from gan_studio.engine.text.message import Message

ShouldStop = Callable[[], bool]
"""Called often by the thread that lists and decodes pictures; True stops the work."""

STRAY_NOTES = ("data.one_beside", "data.many_beside")
"""Keys of the notes about stray pictures: because these lie beside the folders, the folders are not classes."""


class StoppedError(Exception):
    """Listing or decoding was stopped, because its result is no longer wanted."""


def never_stop() -> bool:
    """Return False: a ShouldStop for work that always runs to its end."""
    return False


def raise_if_stopped(should_stop: ShouldStop) -> None:
    """Raise StoppedError if the work should stop."""
    if should_stop():
        raise StoppedError


class PictureSource(Protocol):
    """Pictures that have been listed but not decoded.

    Attributes:
        count: number of all pictures.
        labels: int64 [count], indices into class_names, or None.
        class_names: the name of each label; () without labels.
        left_out: (name, reason) of each file that could not be listed.
        held_out_from: index of the first picture of the source's own held-out part, or None where it has none.
        is_sequential: whether pictures must be read in order, by one thread.
        notes: how the source was understood, in sentences for a person; known when it is listed.
    """

    count: int
    labels: NDArray[np.int64] | None
    class_names: tuple[str, ...]
    left_out: LeftOut = ()
    held_out_from: int | None = None
    is_sequential: bool = False
    notes: tuple[Message, ...]

    def name(self, index: int) -> str:
        """Return the name of a picture for messages, such as its file name."""

    def size(self, index: int) -> tuple[int, int] | None:
        """Return width and height of the original picture in pixels, or None where they cannot be read."""

    def pictures(self, indices: Sequence[int], config: DataConfig) -> Iterator[NDArray[np.uint8] | Message]:
        """Yield each picture at the size and channels of the run, uint8 [C, S, S], or why it cannot be used."""

    def decoding_notes(self) -> tuple[Message, ...]:
        """Return what decoding found, in sentences for a person. Asked once, after the last picture, and cached."""
        return ()

    def identity(self) -> Generator[LoadingProgress, None, str]:
        """Return a text that changes when the pictures change, without decoding them: part of the cache key."""

    def close(self) -> None:
        """Close open files, where there are any."""
        return
