"""The name of a source to the list of its pictures, before any is decoded."""

import os
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import numpy as np

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.kinds.archives import list_archive
from gan_studio.engine.data.kinds.array_files import list_array_file
from gan_studio.engine.data.kinds.arrays import ArraySource
from gan_studio.engine.data.kinds.folders import list_folder
from gan_studio.engine.data.kinds.video import SUFFIXES as VIDEO_SUFFIXES
from gan_studio.engine.data.kinds.video import list_video
from gan_studio.engine.data.known.known_sets import read_known
from gan_studio.engine.data.known.published_files import PUBLISHED
from gan_studio.engine.data.source import PictureSource
from gan_studio.engine.data.stopping import ShouldStop, never
from gan_studio.engine.events import LoadingProgress
from gan_studio.engine.text.message import EngineError, Message

KNOWN_PREFIXES = ("starter:", "torchvision:")


def open_source(
    config: DataConfig, *, looking: ShouldStop | None = None
) -> Generator[LoadingProgress, None, PictureSource]:
    """List the pictures of a source without decoding any.

    Args:
        config: `source` is the name of a known set, a folder, a .zip, .npz or .npy file, or a video.
        looking: given for a first look alone, and asked whether to give it up: then no known set is downloaded, and
            what the numbers of a large array mean is judged by a sample of them.

    Raises:
        EngineError: there is no such source, it holds no pictures, or it would have to be downloaded.
    """
    if is_known(config.source):
        return (yield from _open_known(config.source, offline=looking is not None))
    # os.path and not Path, which raises where a name is too long, a folder above is closed or there is no such user.
    path = Path(os.path.expanduser(config.source))  # noqa: PTH111
    suffix = path.suffix.lower()
    source: PictureSource
    if os.path.isdir(path):  # noqa: PTH112
        source = yield from list_folder(path)
    elif not os.path.isfile(path):  # noqa: PTH113
        raise _missing(path)
    elif suffix == ".zip":
        source = yield from list_archive(path)
    elif suffix in (".npy", ".npz"):
        source = yield from list_array_file(path, by_sample=looking is not None)
    elif suffix in VIDEO_SUFFIXES:
        source = yield from list_video(path, config.most, looking or never)
    else:
        raise EngineError(
            Message("data.unknown_kind", path=path), Message("kept.nothing_begun"), Message("todo.choose_source")
        )
    if not source.count:
        raise _empty(path, source)
    return source


def is_known(source: str) -> bool:
    """Tell whether a source is asked for by the name of a known set, not by a path."""
    return source.startswith(KNOWN_PREFIXES)


def _open_known(name: str, *, offline: bool) -> Generator[LoadingProgress, None, ArraySource]:
    """Read both parts of a known set, the held-out part last."""
    published = {known: replace(files, mirrors=()) for known, files in PUBLISHED.items()} if offline else PUBLISHED
    train = yield from read_known(name, "train", published=published)
    held_out = yield from read_known(name, "held-out", published=published)
    images = [part if part.ndim == 4 else part[..., None] for part in (train.images, held_out.images)]
    labels = None
    if train.labels is not None and held_out.labels is not None:
        labels = np.concatenate([train.labels, held_out.labels])
    together = np.concatenate(images)
    return ArraySource(together, labels, train.class_names, f"{name}\0{len(together)}", held_out_from=len(images[0]))


def _empty(path: Path, source: PictureSource) -> EngineError:
    happened = Message("data.no_picture_files", source=path)
    if source.left_out:
        happened = Message("data.none_read", source=path, count=0, reason=source.left_out[0][1])
    return EngineError(happened, Message("kept.nothing_begun"), Message("todo.put_pictures"))


def _missing(path: Path) -> EngineError:
    if path.suffix:
        return EngineError(
            Message("data.no_such_file", path=path), Message("kept.nothing_begun"), Message("todo.choose_file")
        )
    return EngineError(
        Message("data.no_such_folder", folder=path), Message("kept.nothing_begun"), Message("todo.choose_folder")
    )
