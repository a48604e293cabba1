"""Data sets known by name: starter sets, which come with the program, and sets that torchvision names too."""

import zipfile
import zlib
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.data.known.local_copies import Pictures, dataset_folders
from gan_studio.engine.data.known.published_files import PUBLISHED, Part, PublishedSet
from gan_studio.engine.data.known.torchvision_sets import read_torchvision
from gan_studio.engine.events import LoadingProgress
from gan_studio.engine.text.message import EngineError, Message
from gan_studio.resources import resource


@dataclass(frozen=True)
class ArraySet:
    """Labelled pictures of one size in memory.

    Attributes:
        images: uint8 [N, H, W] or [N, H, W, 3].
        labels: int64 [N], indices into class_names.
        class_names: the name of each label.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    class_names: tuple[str, ...]


STARTER = "starter:"

DIGITS = tuple("0123456789")
CLOTHES = ("T-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot")
CIFAR_CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
EMOJI_GROUPS = (
    "smileys & emotion",
    "people & body",
    "animals & nature",
    "food & drink",
    "travel & places",
    "activities",
    "objects",
    "symbols",
    "flags",
)


@dataclass(frozen=True)
class KnownSet:
    """The description of one known set.

    Attributes:
        name: its name as a source, such as "starter:fashion-mnist".
        title: its name in a list of choices.
        class_names: the name of each label.
        image_size: height and width of its pictures in pixels.
        channels: 1 for grey, 3 for colour.
    """

    name: str
    title: Message
    class_names: tuple[str, ...]
    image_size: int
    channels: int


KNOWN_SETS: Mapping[str, KnownSet] = {
    known.name: known
    for known in (
        KnownSet("starter:fashion-mnist", Message("known.starter.fashion-mnist"), CLOTHES, 28, 1),
        KnownSet("starter:mnist", Message("known.starter.mnist"), DIGITS, 28, 1),
        KnownSet("starter:emoji", Message("known.starter.emoji"), EMOJI_GROUPS, 64, 3),
        KnownSet("torchvision:mnist", Message("known.torchvision.mnist"), DIGITS, 28, 1),
        KnownSet("torchvision:fashion-mnist", Message("known.torchvision.fashion-mnist"), CLOTHES, 28, 1),
        KnownSet("torchvision:cifar10", Message("known.torchvision.cifar10"), CIFAR_CLASSES, 32, 3),
    )
}
"""Every known set by its name as a source, in the order of the list of choices."""


def read_known(
    source: str,
    part: Part,
    *,
    folders: Sequence[Path] | None = None,
    published: Mapping[str, PublishedSet] = PUBLISHED,
) -> Generator[LoadingProgress, None, ArraySet]:
    """Read one part of a known set, and download it first where no copy is on this machine.

    Progress counts bytes during a download, otherwise pictures. Closing the generator cancels, and leaves no incomplete
    file.

    Args:
        source: a name in KNOWN_SETS.
        part: "train" or "held-out".
        folders: folders that are searched for copies; downloads go into the first. None for dataset_folders().
        published: the published files of each set, by source.

    Raises:
        EngineError: there is no such set, its files are damaged, or they can be neither found nor downloaded.
    """
    if source not in KNOWN_SETS:
        raise EngineError(
            Message("known.no_such_set", source=source),
            Message("kept.nothing_begun"),
            Message("todo.choose_known", names=", ".join(KNOWN_SETS)),
        )
    if source.startswith(STARTER):
        images, labels = _read_starter(source, part)
    else:
        places = dataset_folders() if folders is None else folders
        images, labels = yield from read_torchvision(source, published[source], part, places)
    yield LoadingProgress(len(images), len(images))
    return ArraySet(images, labels, KNOWN_SETS[source].class_names)


def _read_starter(source: str, part: Part) -> Pictures:
    """Read a set that came with the program; raises EngineError where the installation is damaged."""
    try:
        path = resource("starter", source.removeprefix(STARTER), f"{part}.npz")
        with np.load(path, allow_pickle=False) as archive:
            return archive["images"], archive["labels"].astype(np.int64)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise EngineError(
            Message("known.starter_damaged", source=source, error=error),
            Message("kept.nothing_begun"),
            Message("todo.install_again"),
        ) from error
