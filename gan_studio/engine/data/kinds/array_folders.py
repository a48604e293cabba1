"""A folder without picture files that holds arrays: IDX files, CIFAR's batches or .npy files."""

import os
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.arrays.array_sets import list_arrays, refused
from gan_studio.engine.data.arrays.members import Member
from gan_studio.engine.data.kinds import array_files, idx_folder
from gan_studio.engine.data.kinds.arrays import ArraySource, PictureArray
from gan_studio.engine.data.kinds.idx_folder import IdxFolder, idx_member, is_idx_name
from gan_studio.engine.data.kinds.npy_folder import (
    NpyFolder,
    holds_one_class_each,
    holds_one_each,
    list_class_files,
    list_picture_files,
)
from gan_studio.engine.data.kinds.parquet import SUFFIX as PARQUET_SUFFIX
from gan_studio.engine.data.kinds.parquet import ParquetSource, list_parquet
from gan_studio.engine.data.known.cifar_files import batch_names, read_batches
from gan_studio.engine.data.known.known_sets import CIFAR_CLASSES
from gan_studio.engine.data.known.local_copies import UnusableCopyError
from gan_studio.engine.data.known.published_files import PUBLISHED, CifarSet
from gan_studio.engine.data.source import PictureSource
from gan_studio.engine.events import LoadingProgress
from gan_studio.engine.text.message import Message

CIFAR = "torchvision:cifar10"
FAULTS = (*array_files.FAULTS, *idx_folder.FAULTS)
OTHER_FILES = (".npz", ".mat", ".csv", ".tsv", ".zip")
"""Endings of files that hold many pictures, and that a person may choose one by one."""
MOST_NAMED = 5
REPORT_EVERY = 512
"""Files between two reports of progress."""


@dataclass
class _Found:
    """Files below a folder that hold arrays, by kind, as paths relative to it."""

    idx: list[str] = field(default_factory=list)
    npy: list[str] = field(default_factory=list)
    batches: list[str] = field(default_factory=list)
    parquet: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)


def list_array_folder(
    root: Path, config: DataConfig, *, by_sample: bool = False
) -> Generator[LoadingProgress, None, PictureSource | None]:
    """List the arrays of a folder as pictures; None where it holds no arrays.

    Args:
        root: a folder without picture files.
        config: `member` and `layout`, see `list_arrays`.
        by_sample: whether to find the value range from a part of the values.

    Raises:
        EngineError: the arrays cannot be read or hold no pictures, or the files must be chosen one by one.
    """
    found = yield from _search(root)
    try:
        if found.idx:
            return (yield from list_arrays(IdxFolder(root, found.idx), config, by_sample=by_sample))
        if found.batches:
            return _cifar(root / os.path.dirname(found.batches[0]))  # noqa: PTH120
        if found.npy:
            return (yield from _list_npy(root, found.npy, config, by_sample=by_sample))
    except FAULTS as error:
        raise refused(root, Message("array.unreadable", error=str(error) or type(error).__name__)) from error
    if found.parquet:
        return (yield from _list_shards(root, found.parquet, config))
    if found.other:
        names = ", ".join(found.other[:MOST_NAMED])
        raise refused(root, Message("array.choose_one", names=names), Message("todo.choose_one_file"))
    return None


def list_idx_file(
    path: Path, config: DataConfig, *, by_sample: bool = False
) -> Generator[LoadingProgress, None, ArraySource]:
    """Read the pictures of one IDX file, with the labels and the held-out part that lie beside it.

    Raises:
        EngineError: the files cannot be read or hold no pictures.
    """
    yield LoadingProgress(0, 0)
    try:
        beside = [each.name for each in path.parent.iterdir() if is_idx_name(each.name) and each.is_file()]
        stated = config.model_copy(update={"member": config.member or idx_member(path.name)})
        return (yield from list_arrays(IdxFolder(path.parent, beside), stated, by_sample=by_sample))
    except FAULTS as error:
        raise refused(path, Message("array.unreadable", error=str(error) or type(error).__name__)) from error


def _search(root: Path) -> Generator[LoadingProgress, None, _Found]:
    found, published = _Found(), PUBLISHED[CIFAR]
    batches = batch_names(published) if isinstance(published, CifarSet) else ()
    looked_at = 0
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        place = Path(folder).relative_to(root)
        for name in sorted(names):
            looked_at += 1
            if looked_at % REPORT_EVERY == 0:
                yield LoadingProgress(0, 0)
            _sort_in(found, (place / name).as_posix(), name, batches)
    return found


def _sort_in(found: _Found, path: str, name: str, batches: Sequence[str]) -> None:
    if name.startswith("."):
        return
    if is_idx_name(name):
        found.idx.append(path)
    elif name in batches:
        found.batches.append(path)
    elif name.lower().endswith(".npy"):
        found.npy.append(path)
    elif name.lower().endswith(PARQUET_SUFFIX):
        found.parquet.append(path)
    elif name.lower().endswith(OTHER_FILES):
        found.other.append(path)


def _list_npy(
    root: Path, names: list[str], config: DataConfig, *, by_sample: bool
) -> Generator[LoadingProgress, None, PictureSource]:
    if holds_one_each(root, names):
        return (yield from list_picture_files(root, names, config, by_sample=by_sample))
    folder = NpyFolder(root, names)
    if not config.member and config.layout == "auto" and holds_one_class_each(folder):
        return (yield from list_class_files(folder, by_sample=by_sample))
    return (yield from list_arrays(folder, config, by_sample=by_sample))


def _list_shards(root: Path, names: list[str], config: DataConfig) -> Generator[LoadingProgress, None, ParquetSource]:
    """Read the Parquet files of a folder as one set; those named as test or validation are held out."""
    parts = {name: Member(Path(name).stem, (), np.dtype(np.uint8)).part for name in names}
    held_out = [root / name for name, part in parts.items() if part == "held-out"]
    train = [root / name for name, part in parts.items() if part != "held-out"]
    return (yield from list_parquet(train or held_out, held_out if train else [], config))


def _cifar(folder: Path) -> ArraySource:
    """Read the batches of CIFAR-10. Pickles are read only if they are the published files."""
    published = PUBLISHED[CIFAR]
    assert isinstance(published, CifarSet)  # noqa: S101
    try:
        train, held_out = (read_batches(published, folder, part) for part in ("train", "held-out"))
    except UnusableCopyError as error:
        reason = Message("array.other_batches", reason=error.reason)
        raise refused(folder, reason, Message("todo.choose_cifar", name=CIFAR)) from error
    arrays = [PictureArray.of(images) for images, _ in (train, held_out)]
    labels = np.concatenate([train[1], held_out[1]])
    notes = (Message("array.cifar", count=len(train[1]), held_out=len(held_out[1])),)
    identity = f"{folder.resolve()}\0{CIFAR}\0{len(labels)}"
    return ArraySource(arrays, labels, CIFAR_CLASSES, identity, held_out_from=len(train[1]), notes=notes)
