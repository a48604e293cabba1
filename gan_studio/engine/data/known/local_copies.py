"""Copies of known sets on this machine: the folders that are searched, and reading files within limits."""

import hashlib
import os
import stat
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_data_path

from gan_studio.engine.data.known.published_files import PublishedFile
from gan_studio.engine.text.message import Message

FOLDER_VARIABLE = "GAN_STUDIO_DATASETS"
CLASSES = 10
"""Classes of every published set here; labels are 0 to 9."""

Pictures = tuple[NDArray[np.uint8], NDArray[np.int64]]
"""Images uint8 [N, H, W] or [N, H, W, 3], and labels int64 [N]."""

Copy = Callable[[], Pictures]
"""A function that reads one copy; raises UnusableCopyError."""


class UnusableCopyError(Exception):
    """A file exists, but is unreadable or not the published one; `reason` says which."""

    def __init__(self, reason: Message) -> None:
        super().__init__(str(reason))
        self.reason = reason


def dataset_folders() -> tuple[Path, ...]:
    """Return the folders that are searched for copies; downloads go into the first.

    They are the folder in the environment variable GAN_STUDIO_DATASETS, the program's own folder, ./data (the usual
    choice with torchvision) and the folder of Debian's packages.
    """
    named = os.environ.get(FOLDER_VARIABLE, "")
    chosen = (Path(named).expanduser().absolute(),) if named else ()
    own = user_data_path("gan-studio") / "datasets"
    return (*chosen, own, Path("data").absolute(), Path("/usr/share/datasets"))


def read_copy(path: Path, most: int) -> bytes:
    """Read a regular file of at most `most` bytes.

    Raises:
        UnusableCopyError: the file is larger or not a regular file, or it cannot be read.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > most:
            raise UnusableCopyError(Message("known.copy_other_content", path=path))
        with path.open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise UnusableCopyError(Message("known.copy_unreadable", path=path, error=error)) from error


def read_published(path: Path, published: PublishedFile) -> bytes:
    """Read a file and check its published MD5.

    Raises:
        UnusableCopyError: the file cannot be read, or is not the published one.
    """
    content = read_copy(path, published.size)
    if not is_published(content, published):
        raise UnusableCopyError(Message("known.copy_other_content", path=path))
    return content


def is_published(content: bytes, published: PublishedFile) -> bool:
    """Tell whether the bytes have the MD5 of the published file."""
    return hashlib.md5(content, usedforsecurity=False).hexdigest() == published.md5


def checked_labels(labels: NDArray[np.uint8], path: Path) -> NDArray[np.int64]:
    """Return labels as int64 [N]; raises UnusableCopyError if one is above 9."""
    if labels.size and labels.max() >= CLASSES:
        raise UnusableCopyError(Message("known.copy_other_content", path=path))
    return labels.astype(np.int64)
