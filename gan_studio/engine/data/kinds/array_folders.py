"""A folder without picture files that holds arrays: IDX files, CIFAR's batches or .npy files."""

from collections import Counter
from collections.abc import Generator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.arrays.array_sets import list_arrays, refused, unreadable
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
from gan_studio.engine.data.names.not_read import unread_notes
from gan_studio.engine.data.names.tree import Tree, left_out_of
from gan_studio.engine.data.picture_file.endings import ARCHIVE_ENDINGS, ending_of
from gan_studio.engine.data.source import PictureSource
from gan_studio.engine.events import LoadingProgress
from gan_studio.engine.text.message import EngineError, Message, readable

CIFAR = "torchvision:cifar10"
FAULTS = (*array_files.FAULTS, *idx_folder.FAULTS)
OTHER_FILES = (".npz", ".mat", ".csv", ".tsv", ".zip")
"""Endings of files that hold many pictures, and that a person may choose one by one."""
MOST_NAMED = 5


@dataclass
class _Found:
    """Files below a folder that hold arrays, by kind, as paths relative to it."""

    idx: list[str] = field(default_factory=list)
    npy: list[str] = field(default_factory=list)
    batches: list[str] = field(default_factory=list)
    parquet: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)


def list_array_folder(
    root: Path, tree: Tree, config: DataConfig, *, by_sample: bool = False
) -> Generator[LoadingProgress, None, PictureSource | None]:
    """List the arrays of a folder as pictures; None where it holds no arrays.

    Args:
        root: a folder without picture files.
        tree: what lies below it.
        config: `member` and `layout`, see `list_arrays`.
        by_sample: whether to find the value range from a part of the values.

    Raises:
        EngineError: the arrays cannot be read or hold no pictures, or the files must be chosen one by one.
    """
    try:
        read = yield from _read(root, _sorted_by_kind(tree.others), config, by_sample=by_sample)
    except FAULTS as error:
        raise unreadable(root, error) from error
    if read is None:
        return None
    source, taken = read
    source.notes += _not_taken(tree, set(taken))
    source.left_out += left_out_of(tree)
    return source


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
        raise unreadable(path, error) from error


def _read(
    root: Path, found: _Found, config: DataConfig, *, by_sample: bool
) -> Generator[LoadingProgress, None, tuple[PictureSource, Sequence[str]] | None]:
    """List the first kind of arrays that a folder holds; also return the files that are read. None where it has none.

    Raises:
        EngineError: as in list_array_folder.
    """
    if found.idx:
        return (yield from list_arrays(IdxFolder(root, found.idx), config, by_sample=by_sample)), found.idx
    if found.batches:
        folder = found.batches[0].rpartition("/")[0]
        return _cifar(root / folder), [name for name in found.batches if name.rpartition("/")[0] == folder]
    if found.npy:
        return (yield from _list_npy(root, found.npy, config, by_sample=by_sample)), found.npy
    if found.parquet:
        return (yield from _list_shards(root, found.parquet, config)), found.parquet
    if found.other:
        reason = Message("array.choose_one", names=_some(found.other))
        raise refused(root, reason, Message("todo.choose_one_file"))
    return None


def _sorted_by_kind(names: Sequence[str]) -> _Found:
    """Sort the files of a folder by kind, those of a folder before those of the folders inside it."""
    found, published = _Found(), PUBLISHED[CIFAR]
    batches = batch_names(published) if isinstance(published, CifarSet) else ()
    for path in sorted(names, key=lambda name: (name.count("/"), name)):
        _sort_in(found, path, path.rpartition("/")[2], batches)
    return found


def _sort_in(found: _Found, path: str, name: str, batches: Sequence[str]) -> None:
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


def _not_taken(tree: Tree, taken: AbstractSet[str]) -> tuple[Message, ...]:
    """Say which files of a folder are not read: other arrays by name, the others as beside pictures."""
    rest = [name for name in tree.others if name not in taken]
    found = _sorted_by_kind(rest)
    arrays = sorted(name for kind in (found.batches, found.npy, found.parquet, found.other) for name in kind)
    arrays = [name for name in arrays if ending_of(name) not in ARCHIVE_ENDINGS]
    unread = replace(tree, names=[*taken, *arrays], others=[], unread=Counter(), archives=[])
    for name in set(rest) - set(arrays):
        unread.add(name)
    beside = (Message("array.others_beside", names=_some(arrays)),) if arrays else ()
    return (*beside, *unread_notes(unread))


def _some(names: Sequence[str]) -> str:
    return ", ".join([*map(readable, names[:MOST_NAMED]), *(["…"] if len(names) > MOST_NAMED else [])])


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
        raise EngineError(
            Message("array.other_batches", path=folder, reason=error.reason),
            Message("kept.nothing_begun"),
            Message("todo.choose_cifar", name=CIFAR),
        ) from error
    arrays = [PictureArray.of(images) for images, _ in (train, held_out)]
    labels = np.concatenate([train[1], held_out[1]])
    notes = (Message("array.cifar", count=len(train[1]), held_out=len(held_out[1])),)
    identity = f"{folder.resolve()}\0{CIFAR}\0{len(labels)}"
    return ArraySource(arrays, labels, CIFAR_CLASSES, identity, held_out_from=len(train[1]), notes=notes)
