"""A folder of .npy files: one picture a file, one class a file, or named arrays such as x_train.npy and y_train.npy."""

import hashlib
import os
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.arrays.array_sets import VERSION, refused
from gan_studio.engine.data.arrays.layouts import CHANNELS, is_one_flat_picture, one_picture, smoothest
from gan_studio.engine.data.arrays.members import Member, fitting, is_said, listed, may_be_pictures
from gan_studio.engine.data.arrays.values import Scale, Values, find_values, joined, scale_notes, scale_of, to_bytes
from gan_studio.engine.data.decode import MOST_PIXELS
from gan_studio.engine.data.kinds.archives import file_identity
from gan_studio.engine.data.kinds.array_files import FAULTS, read_npy_header
from gan_studio.engine.data.kinds.arrays import ArraySource, PictureArray, fit_arrays
from gan_studio.engine.data.names.tree import Tree, arrange
from gan_studio.engine.data.source import PictureSource
from gan_studio.engine.data.split import spread
from gan_studio.engine.events import LoadingProgress
from gan_studio.engine.text.message import Message, readable, reason_of

QUICK_DRAW = "full_numpy_bitmap_"
"""Prefix of the published files of Quick, Draw!, one for each class."""
SAMPLED = 16
"""Files that decide whether each file holds one picture, and of which a preview finds the value range."""


class NpyFolder:
    """The .npy files of a folder as named arrays, opened as memory maps."""

    has_names = True
    is_mapped = True

    def __init__(self, path: Path, names: Sequence[str]) -> None:
        """Read the headers; raises one of FAULTS."""
        self.path = path
        self._files = {name.removesuffix(".npy"): path / name for name in names}
        headers = {name: read_npy_header(file) for name, file in self._files.items()}
        self.members = tuple(Member(name, each.shape, each.kind, each.fault) for name, each in headers.items())

    def read(self, member: Member) -> Generator[LoadingProgress, None, NDArray[Any]]:
        """Open one array as a memory map."""
        yield LoadingProgress(0, 0)
        return npy.open_memmap(self._files[member.name], mode="r")

    def identity(self) -> str:
        """Return path, size and modification time of every file."""
        return "\0".join(file_identity(file) for file in self._files.values())


class NpyPictures(PictureSource):
    """Files that hold one picture each, sorted by name; folders may be classes or parts, as folders of pictures are."""

    def __init__(
        self, root: Path, names: list[str], kind: np.dtype[Any], scale: Scale, notes: tuple[Message, ...]
    ) -> None:
        arranged = arrange(Tree(names=names))
        self._names = [names[index] for index in arranged.order]
        self._root, self._kind, self._scale = root, kind, scale
        self.count = len(self._names)
        self.labels, self.class_names = arranged.labels, arranged.class_names
        self.held_out_from = arranged.held_out_from
        self.notes = (*notes, *arranged.notes)

    def name(self, index: int) -> str:
        """Return the path of a file relative to the folder."""
        return readable(self._names[index])

    def size(self, index: int) -> tuple[int, int] | None:
        """Return width and height in pixels from the header of a file."""
        try:
            shape = _channels_last(read_npy_header(self._root / self._names[index]).shape)
        except FAULTS:
            return None
        return (shape[1], shape[0]) if shape else None

    def pictures(self, indices: Sequence[int], config: DataConfig) -> Iterator[NDArray[np.uint8] | Message]:
        """Yield each picture at the size and channels of the run, or why it cannot be used."""
        for index in indices:
            picture = _read_picture(self._root / self._names[index], self._kind)
            if isinstance(picture, Message):
                yield picture
            else:
                yield fit_arrays(to_bytes(picture[None], self._scale), config)[0]

    def identity(self) -> Generator[LoadingProgress, None, str]:
        """Return a SHA-256 over the path, size and modification time of every file."""
        seen = hashlib.sha256(f"{VERSION} {self._scale}".encode())
        for name in self._names:
            seen.update(os.fsencode(file_identity(self._root / name)))
            yield LoadingProgress(0, self.count)
        return seen.hexdigest()


def holds_one_each(root: Path, names: Sequence[str]) -> bool:
    """Tell whether some evenly spread files hold one picture each; raises one of FAULTS."""
    return len(names) > 1 and all(_is_one(root / names[place]) for place in spread(len(names), SAMPLED).tolist())


def list_picture_files(
    root: Path, names: list[str], config: DataConfig, *, by_sample: bool
) -> Generator[LoadingProgress, None, NpyPictures]:
    """Find the value range of files that hold one picture each; `member` and `layout` have no effect on them.

    Raises:
        EngineError: the values are in no known range.
    """
    kind = read_npy_header(root / names[0]).kind
    values: Values | None = None
    sampled = set(spread(len(names), SAMPLED).tolist()) if by_sample else range(len(names))
    for place, name in enumerate(names):
        yield LoadingProgress(0, 0)
        picture = _read_picture(root / name, kind) if place in sampled else None
        if isinstance(picture, np.ndarray):
            found = yield from find_values([picture])
            values = found if values is None else joined(values, found)
    scale = scale_of(kind, values) if values else "bytes"
    if isinstance(scale, Message):
        raise refused(root, scale)
    notes = [Message("array.one_a_file", kind=kind), *(scale_notes(kind, scale, values) if values else ())]
    if config.member or config.layout != "auto":
        notes.append(Message("array.stated_in_vain"))
    return NpyPictures(root, names, kind, scale, tuple(notes))


def holds_one_class_each(folder: NpyFolder) -> bool:
    """Tell whether every file of a folder holds pictures and none is named as pictures, labels or a part."""
    members = folder.members
    return len(members) > 1 and all(may_be_pictures(each) and not is_said(each) for each in members)


def list_class_files(folder: NpyFolder, *, by_sample: bool) -> Generator[LoadingProgress, None, ArraySource]:
    """Read a folder that holds one file of pictures for each class, such as Quick, Draw!'s, as one source.

    Raises:
        EngineError: the files hold pictures of different sizes or types, or in no known range.
    """
    members = sorted(folder.members, key=lambda each: each.name)
    arrays = []
    for member in members:
        stored = yield from folder.read(member)
        found = smoothest(stored, fitting(member, "auto", None))
        arrays.append(PictureArray(found.by_picture(stored), found))
    first = arrays[0]
    if any(array.size != first.size or array.stored.dtype != first.stored.dtype for array in arrays):
        raise refused(folder.path, Message("array.several", names=listed(members)), Message("todo.state_member"))
    values = yield from find_values([array.stored for array in arrays], by_sample=by_sample)
    scale = scale_of(first.stored.dtype, values)
    if isinstance(scale, Message):
        raise refused(folder.path, scale)
    labels = np.repeat(np.arange(len(arrays)), [array.arrangement.count for array in arrays])
    width, height = first.size[:2]
    notes = Message("array.one_class_a_file", count=len(labels), width=width, height=height, classes=len(arrays))
    told = (notes, *scale_notes(first.stored.dtype, scale, values))
    identity = f"{folder.identity()}\0arrays {VERSION}"
    names = tuple(readable(each.name.removeprefix(QUICK_DRAW)) for each in members)
    return ArraySource(arrays, labels, names, identity, scale, None, told)


def _is_one(file: Path) -> bool:
    header = read_npy_header(file)
    if header.fault is not None or header.kind.kind not in "biuf":
        return False
    if len(header.shape) != 2:
        return one_picture(header.shape) and len(header.shape) == 3
    flat = fitting(header, "auto", None)
    return not flat or is_one_flat_picture(npy.open_memmap(file, mode="r"), flat[0])


def _read_picture(file: Path, kind: np.dtype[Any]) -> NDArray[Any] | Message:
    """Read one picture, [H, W, C], or return why it cannot be used."""
    try:
        header = read_npy_header(file)
        if header.fault is not None:
            return header.fault
        shape = _channels_last(header.shape)
        if shape is None or header.kind != kind:
            return Message("array.no_picture", kind=header.kind, shape=list(header.shape), wanted=kind)
        if shape[0] * shape[1] > MOST_PIXELS:
            return Message("picture.too_large", most=MOST_PIXELS // 1_000_000)
        picture = np.array(npy.open_memmap(file, mode="r"))
    except FAULTS as error:
        is_of_system = isinstance(error, OSError) and error.errno is not None
        key = "picture.not_read" if is_of_system else "picture.damaged"
        return Message(key, error=reason_of(error) or type(error).__name__)
    is_first = picture.ndim == 3 and picture.shape[2] not in CHANNELS
    return picture.transpose(1, 2, 0) if is_first else picture.reshape(shape)


def _channels_last(shape: tuple[int, ...]) -> tuple[int, int, int] | None:
    """Return height, width and channels of one picture, [H, W], [H, W, C] or [C, H, W]; None for another shape."""
    match shape:
        case (height, width) if min(shape) > 0:
            return height, width, 1
        case (height, width, channels) if channels in CHANNELS and min(shape) > 0:
            return height, width, channels
        case (channels, height, width) if channels in CHANNELS and min(shape) > 0:
            return height, width, channels
    return None
