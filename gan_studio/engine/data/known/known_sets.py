"""Sets of pictures known by name: those that come with the program and those that torchvision knows."""

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
    """Pictures of one size in memory or in a memory map, with or without labels.

    Attributes:
        images: uint8 [N, H, W] or [N, H, W, C], C 1, 3 or 4.
        labels: int64 [N], indices into class_names, or None.
        class_names: what each label means; () without labels.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64] | None = None
    class_names: tuple[str, ...] = ()


STARTER = "starter:"

DIGITS = tuple("0123456789")
CLOTHES = ("T-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot")
THINGS = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
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
    """One set of pictures that can be asked for by name.

    Attributes:
        name: as a source is written, such as "starter:fashion-mnist".
        title: what a list of choices shows.
        class_names: what each label means.
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
        KnownSet("torchvision:cifar10", Message("known.torchvision.cifar10"), THINGS, 32, 3),
    )
}
"""Every known set by the name of its source, in the order a list shows them."""


def read_known(
    source: str,
    part: Part,
    *,
    folders: Sequence[Path] | None = None,
    published: Mapping[str, PublishedSet] = PUBLISHED,
) -> Generator[LoadingProgress, None, ArraySet]:
    """Read one part of a known set, downloading it where no copy is on this machine.

    Progress counts bytes while something is downloaded, else pictures. Closing the generator cancels and leaves no
    half file.

    Args:
        source: a name in KNOWN_SETS.
        part: "train", or "held-out": pictures that no network trains on.
        folders: where copies are looked for, downloads going into the first; None means dataset_folders().
        published: what there is to download, by source.

    Raises:
        EngineError: there is no such set, it cannot be had, or its files are damaged.
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
    """Read a set that came with the program; only a damaged installation makes it fail."""
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
