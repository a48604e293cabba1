"""Arrays of pictures in .npy and .npz files, accepted only if their shape and value range are unambiguous."""

import zipfile
import zlib
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
import psutil
from numpy.lib import format as npy
from numpy.typing import NDArray

from gan_studio.engine.data.batches import release
from gan_studio.engine.data.decode import MOST_PIXELS
from gan_studio.engine.data.kinds.archives import file_identity
from gan_studio.engine.data.kinds.arrays import ArraySource, Scale
from gan_studio.engine.data.split import spread
from gan_studio.engine.events import LoadingProgress
from gan_studio.engine.text.message import EngineError, Message, reason_of
from gan_studio.engine.text.units import bytes_text

IMAGE_KEYS = ("images", "x", "data")
LABEL_KEYS = ("labels", "y")
CLASS_NAMES_KEY = "class_names"
CHUNK_BYTES: Final = 2**24
"""Bytes read between two reports of progress."""
SAMPLE_BYTES: Final = 2**26
"""Bytes of a large array that a preview reads to find its value range."""
MOST_CLASSES = 100_000
_CHANNELS = (1, 3, 4)
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
MOST_NAME_BYTES = 4096
"""Limit of one label or class name in an array of text (numpy: 4 bytes a character)."""
_FAULTS = (OSError, ValueError, TypeError, EOFError, KeyError, RuntimeError, zipfile.BadZipFile, zlib.error)
"""Exceptions from reading a damaged array file."""


def list_array_file(path: Path, *, by_sample: bool = False) -> Generator[LoadingProgress, None, ArraySource]:
    """Open a .npy file as a memory map, or read a .npz file into memory, and find the value range of its pictures.

    Args:
        path: the file.
        by_sample: whether to find the value range of floats from SAMPLE_BYTES of evenly spread values, not from all.

    Raises:
        EngineError: the file cannot be read, holds no pictures, or its values are in no known range.
    """
    yield LoadingProgress(0, 0)
    try:
        if path.suffix.lower() == ".npz":
            images, labels, class_names = yield from _read_npz(path)
        else:
            images, labels, class_names = npy.open_memmap(path, mode="r"), None, ()
        identity = file_identity(path)
    except _FAULTS as error:
        raise _refused(path, Message("array.unreadable", error=reason_of(error) or type(error).__name__)) from error
    pictures = _channels_last(images)
    if pictures is None or not pictures.size:
        raise _refused(path, Message("array.no_pictures"))
    if pictures.shape[1] * pictures.shape[2] > MOST_PIXELS:
        raise _refused(path, Message("picture.too_large", most=MOST_PIXELS // 1_000_000))
    scale = yield from _scale_of(path, pictures, SAMPLE_BYTES if by_sample else None)
    return ArraySource(pictures, labels, class_names, identity, scale)


def _read_npz(
    path: Path,
) -> Generator[LoadingProgress, None, tuple[NDArray[Any], NDArray[np.int64] | None, tuple[str, ...]]]:
    """Read pictures, labels and class names; labels are None where no member fits the pictures."""
    with zipfile.ZipFile(path) as archive:
        if any(member.compress_type not in _PACKINGS for member in archive.infolist()):
            raise _refused(path, Message("picture.other_packing"))
        members = {name.removesuffix(".npy"): name for name in archive.namelist()}
        shapes = {key: _header(archive, name) for key, name in members.items()}
        wanted = [key for key in (*IMAGE_KEYS, *shapes) if key in shapes and len(shapes[key][0]) in (3, 4)]
        if not wanted:
            raise _refused(path, Message("array.no_pictures"))
        key = wanted[0]
        _check_memory(path, *shapes[key])
        images = yield from _read_member(archive, members[key])
        label_key = next((name for name in _label_keys(key) if shapes.get(name, ((),))[0] == (len(images),)), None)
        if label_key is None or shapes[label_key][1].kind not in "iuU":
            return images, None, ()
        if shapes[label_key][1].itemsize > MOST_NAME_BYTES:
            return images, None, ()
        _check_memory(path, *shapes[label_key])
        names = None
        if _is_list_of_names(shapes.get(CLASS_NAMES_KEY)):
            names = yield from _read_member(archive, members[CLASS_NAMES_KEY])
        labels = yield from _read_member(archive, members[label_key])
        return images, *_classes(labels, names)


def _read_member(archive: zipfile.ZipFile, name: str) -> Generator[LoadingProgress, None, NDArray[Any]]:
    """Read one array in pieces. The caller has checked its header and the free memory."""
    with archive.open(name) as stream:
        shape, is_fortran, kind = _read_header(stream)
        array = np.empty(shape, kind, order="F" if is_fortran else "C")
        bytes_left = array.reshape(-1, order="A").view(np.uint8).data if array.nbytes else memoryview(b"")
        while bytes_left:
            read = stream.readinto(bytes_left[:CHUNK_BYTES])  # type: ignore[attr-defined]
            if not read:
                raise EOFError(f"{name} was cut short")
            bytes_left = bytes_left[read:]
            yield LoadingProgress(0, 0)
    return array


def _is_list_of_names(header: tuple[tuple[int, ...], np.dtype[Any]] | None) -> bool:
    if header is None:
        return False
    shape, kind = header
    return len(shape) == 1 and shape[0] <= MOST_CLASSES and kind.kind == "U" and kind.itemsize <= MOST_NAME_BYTES


def _label_keys(key: str) -> tuple[str, ...]:
    """Return the keys under which labels may be stored: "train_labels" for "train_images", "y_train" for "x_train"."""
    return (*LABEL_KEYS, key.replace("images", "labels"), key.replace("x", "y", 1), key.replace("data", "labels"))


def _header(archive: zipfile.ZipFile, name: str) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """Read shape and dtype of a member without its values; raises ValueError for Python objects."""
    with archive.open(name) as stream:
        shape, _, kind = _read_header(stream)
    if kind.hasobject:
        raise ValueError(f"{name} holds Python objects")
    return shape, kind


def _read_header(stream: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    version = npy.read_magic(stream)
    if version == (1, 0):
        return npy.read_array_header_1_0(stream)
    if version == (2, 0):
        return npy.read_array_header_2_0(stream)
    raise ValueError(f"npy format {version}")


def _check_memory(path: Path, shape: tuple[int, ...], kind: np.dtype[Any]) -> None:
    """Raise EngineError if an array would need more than half of the available memory."""
    needed = int(np.prod(shape, dtype=object)) * kind.itemsize
    available = psutil.virtual_memory().available
    if needed > available // 2:
        reason = Message("array.too_large", needed=bytes_text(needed), available=bytes_text(available))
        raise _refused(path, reason)


def _classes(labels: NDArray[Any], names: NDArray[Any] | None) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Return labels that count from 0 and their names: the class names in the file, else the labels as text."""
    found, numbers = np.unique(labels, return_inverse=True)
    has_names = names is not None and names.ndim == 1 and names.dtype.kind == "U" and labels.dtype.kind in "iu"
    if names is not None and has_names and len(found) and found[0] >= 0 and found[-1] < len(names):
        return labels.astype(np.int64), tuple(str(name) for name in names)
    return numbers.astype(np.int64), tuple(str(label) for label in found)


def _channels_last(images: NDArray[Any]) -> NDArray[Any] | None:
    """View pictures as [N, H, W, C]; [N, H, W] becomes C = 1, and any other shape None."""
    if images.ndim == 3:
        return images[..., None]
    if images.ndim != 4:
        return None
    if images.shape[3] in _CHANNELS:
        return images
    return images.transpose(0, 2, 3, 1) if images.shape[1] in _CHANNELS else None


def _scale_of(path: Path, images: NDArray[Any], most_bytes: int | None) -> Generator[LoadingProgress, None, Scale]:
    """Find the scale of pictures from their dtype and value range, in all or in about `most_bytes` of their values."""
    if images.dtype == np.uint8:
        return "bytes"
    if images.dtype.kind != "f":
        raise _refused(path, Message("array.other_numbers", kind=images.dtype))
    low, high = np.inf, -np.inf
    for chunk in _chunks(images, most_bytes):
        low, high = np.minimum(low, chunk.min()), np.maximum(high, chunk.max())
        release(images)
        yield LoadingProgress(0, len(images))
    if low >= 0 and high <= 1:
        return "from_zero"
    if low >= -1 and high <= 1:
        return "from_minus_one"
    raise _refused(path, Message("array.other_range", low=f"{low:g}", high=f"{high:g}"))


def _chunks(images: NDArray[Any], most_bytes: int | None) -> Iterator[NDArray[Any]]:
    """Yield about CHUNK_BYTES at a time: pictures [n, H, W, C], or rows [h, W, C] where one picture is larger."""
    rows = max(1, CHUNK_BYTES // max(1, images[:1, :1].nbytes))
    if rows < images.shape[1]:
        parts = -(-images.shape[1] // rows)
        for place in _spread_parts(len(images) * parts, CHUNK_BYTES, most_bytes).tolist():
            picture, part = divmod(place, parts)
            yield images[picture, part * rows : (part + 1) * rows]
        return
    chosen, at_once = _spread_parts(len(images), images[:1].nbytes, most_bytes), rows // images.shape[1]
    for start in range(0, len(chosen), at_once):
        yield images[chosen[start : start + at_once]]


def _spread_parts(count: int, each_bytes: int, most_bytes: int | None) -> NDArray[np.int64]:
    """Return the indices of all `count` parts, or of evenly spread ones that make up `most_bytes`."""
    return spread(count, count if most_bytes is None else max(1, most_bytes // each_bytes))


def _refused(path: Path, reason: Message) -> EngineError:
    return EngineError(
        Message("array.unusable", path=path, reason=reason),
        Message("kept.nothing_begun"),
        Message("todo.convert_array"),
    )
