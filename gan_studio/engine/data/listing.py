"""Opening a source by its name and listing its pictures, before any is decoded."""

import os
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import numpy as np

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.kinds.archives import list_archive
from gan_studio.engine.data.kinds.array_files import list_array_file
from gan_studio.engine.data.kinds.array_folders import list_array_folder, list_idx_file
from gan_studio.engine.data.kinds.arrays import ArraySource, PictureArray
from gan_studio.engine.data.kinds.folders import FolderSource, list_folder
from gan_studio.engine.data.kinds.idx_folder import is_idx_name
from gan_studio.engine.data.kinds.mat_file import list_mat_file
from gan_studio.engine.data.kinds.parquet import list_parquet
from gan_studio.engine.data.kinds.suffixes import PICTURE_FILES, TABLES, VIDEOS
from gan_studio.engine.data.kinds.tables import list_table
from gan_studio.engine.data.kinds.video import list_video
from gan_studio.engine.data.known.known_sets import read_known
from gan_studio.engine.data.known.published_files import PUBLISHED
from gan_studio.engine.data.source import PictureSource, ShouldStop, never_stop, raise_if_stopped
from gan_studio.engine.events import LoadingProgress
from gan_studio.engine.files.paths import path_of
from gan_studio.engine.text.message import EngineError, Message

KNOWN_PREFIXES = ("starter:", "torchvision:")


def open_source(
    config: DataConfig, *, for_preview: bool = False, should_stop: ShouldStop = never_stop
) -> Generator[LoadingProgress, None, PictureSource]:
    """List the pictures of a source without decoding any.

    Args:
        config: `source` is the name of a known set, a folder, a .zip, a file of arrays, a table, or a video.
        for_preview: whether only a preview is wanted. Then no known set is downloaded, and the value range of a large
            array of floats is read from a part of it.
        should_stop: called while a video is decoded; True stops the work.

    Raises:
        EngineError: the source does not exist, holds no pictures, or (for a preview) would have to be downloaded.
    """
    if is_known(config.source):
        return (yield from _open_known(config.source, offline=for_preview))
    path = path_of(config.source)
    suffix = path.suffix.lower()
    source: PictureSource
    has_arrays = False
    if os.path.isdir(path):  # noqa: PTH112  (Path raises where a name is too long or a parent folder is closed)
        tree = yield from list_folder(path)
        has_arrays = not tree.names
        arrays = (yield from list_array_folder(path, tree, config, by_sample=for_preview)) if has_arrays else None
        source = arrays or FolderSource(path, tree)
    elif not os.path.isfile(path):  # noqa: PTH113
        raise _missing(path)
    elif suffix in VIDEOS:
        source = yield from list_video(path, config.most, should_stop)
    else:
        has_arrays = suffix != ".zip"
        source = yield from _open_file(path, config, by_sample=for_preview)
    if not has_arrays and (config.member or config.layout != "auto"):
        source.notes += (Message("array.not_used"),)
    if not source.count:
        raise _empty(path, source)
    return source


def open_for_look(
    config: DataConfig, should_stop: ShouldStop = never_stop
) -> Generator[LoadingProgress, None, PictureSource]:
    """List the pictures of a source for a look at some of them.

    Raises:
        EngineError: as in open_source.
        StoppedError: should_stop returned True.
    """
    listing = open_source(config, for_preview=True, should_stop=should_stop)
    while True:
        raise_if_stopped(should_stop)
        try:
            progress = next(listing)
        except StopIteration as end:
            source: PictureSource = end.value
            return source
        yield progress


def opened(config: DataConfig, should_stop: ShouldStop = never_stop) -> PictureSource:
    """List the pictures of a source for a look at some of them, without progress; raises as open_for_look does."""
    listing = open_for_look(config, should_stop)
    while True:
        try:
            next(listing)
        except StopIteration as end:
            source: PictureSource = end.value
            return source


def _open_file(path: Path, config: DataConfig, *, by_sample: bool) -> Generator[LoadingProgress, None, PictureSource]:
    """List the pictures of an archive, an array file or a table; raises EngineError for another kind of file."""
    suffix = path.suffix.lower()
    if suffix == ".zip":
        return (yield from list_archive(path))
    if suffix in (".npy", ".npz"):
        return (yield from list_array_file(path, config, by_sample=by_sample))
    if suffix in TABLES:
        return (yield from list_table(path, config, by_sample=by_sample))
    if suffix == ".mat":
        return (yield from list_mat_file(path, config, by_sample=by_sample))
    if suffix == ".parquet":
        return (yield from list_parquet([path], [], config))
    if is_idx_name(path.name):
        return (yield from list_idx_file(path, config, by_sample=by_sample))
    raise EngineError(
        Message("data.unknown_kind", path=path), Message("kept.nothing_begun"), Message("todo.choose_source")
    )


def is_known(source: str) -> bool:
    """Tell whether a source is the name of a known set, such as "starter:emoji", and not a path."""
    return source.startswith(KNOWN_PREFIXES)


def _open_known(name: str, *, offline: bool) -> Generator[LoadingProgress, None, ArraySource]:
    """Read both parts of a known set into one source, the held-out part last."""
    published = {known: replace(files, mirrors=()) for known, files in PUBLISHED.items()} if offline else PUBLISHED
    train = yield from read_known(name, "train", published=published)
    held_out = yield from read_known(name, "held-out", published=published)
    labels = np.concatenate([train.labels, held_out.labels])
    arrays = [PictureArray.of(part.images) for part in (train, held_out)]
    identity = f"{name}\0{len(labels)}"
    return ArraySource(arrays, labels, train.class_names, identity, held_out_from=len(train.images))


def _empty(path: Path, source: PictureSource) -> EngineError:
    """Say why there are no pictures: what was left out comes first, then what is not read."""
    reason = source.left_out[0][1] if source.left_out else None
    happened = Message("data.no_picture_files", source=path)
    if reason is not None:
        happened = Message("data.none_read", source=path, count=0, reason=reason)
    elif source.notes:
        happened = Message("data.no_picture_files_because", source=path, reason=source.notes[0])
    return EngineError(happened, Message("kept.nothing_begun"), Message("todo.put_pictures"))


def _missing(path: Path) -> EngineError:
    if path.suffix.lower() in PICTURE_FILES or is_idx_name(path.name):
        return EngineError(
            Message("data.no_such_file", path=path), Message("kept.nothing_begun"), Message("todo.choose_file")
        )
    return EngineError(
        Message("data.no_such_folder", folder=path), Message("kept.nothing_begun"), Message("todo.choose_folder")
    )
