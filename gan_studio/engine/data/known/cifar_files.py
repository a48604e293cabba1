"""The files of CIFAR-10: binary records, or Python pickles read by an unpickler that allows only NumPy arrays."""

import io
import pickle
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.data.known.local_copies import (
    CLASSES,
    Copy,
    Pictures,
    UnusableCopyError,
    checked_labels,
    is_published,
    read_copy,
    read_published,
)
from gan_studio.engine.data.known.published_files import CifarSet, Part
from gan_studio.engine.text.message import Message

BINARY_FOLDER = "cifar-10-batches-bin"
PYTHON_FOLDER = "cifar-10-batches-py"
SIDE = 32
PIXELS = 3 * SIDE * SIDE
RECORD = 1 + PIXELS
"""Bytes of a record: the label, then the red, green and blue planes (https://www.cs.toronto.edu/~kriz/cifar.html)."""
MOST_MEMBERS = 32
"""Most members that are read from an archive; CIFAR-10's has eight files and a folder."""

_ALLOWED: Mapping[tuple[str, str], Any] = {
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
    ("numpy.core.multiarray", "_reconstruct"): np.empty(0).__reduce__()[0],
}
"""The only globals that the published pickles use (Python 2, protocol 2)."""


def cifar_copies(published: CifarSet, folder: Path, part: Part) -> Iterator[Copy]:
    """Yield a reader for each copy of a part below a folder of data sets; binary records come first."""
    names = [batch.name for batch in published.batches[part]]
    if all((folder / BINARY_FOLDER / f"{name}.bin").is_file() for name in names):
        yield partial(_read_records, published, folder / BINARY_FOLDER, part)
    if (folder / published.binary.name).is_file():
        yield partial(_read_packed_records, published, folder / published.binary.name, part)
    if all((folder / PYTHON_FOLDER / name).is_file() for name in names):
        yield partial(_read_pickles, published, folder / PYTHON_FOLDER, part)
    if (folder / published.python.name).is_file():
        yield partial(_read_packed_pickles, published, folder / published.python.name, part)


def batch_names(published: CifarSet) -> tuple[str, ...]:
    """Return the names of all batches, as pickles and as binary records."""
    names = [batch.name for part in published.batches.values() for batch in part]
    return (*names, *(f"{name}.bin" for name in names))


def read_batches(published: CifarSet, folder: Path, part: Part) -> Pictures:
    """Read a part from the folder that holds the batches: binary records, else pickles if they are the published ones.

    Raises:
        UnusableCopyError: a file is missing or damaged, or is not the published one.
    """
    if all((folder / f"{batch.name}.bin").is_file() for batch in published.batches[part]):
        return _read_records(published, folder, part)
    return _read_pickles(published, folder, part)


def unpack(packed: bytes, wanted: Mapping[str, int], path: Path) -> dict[str, bytes]:
    """Read files from a .tar.gz in memory.

    Args:
        packed: the bytes of the archive.
        wanted: name of each wanted file in the archive, and its size limit in bytes.
        path: path of the archive, for errors.

    Returns:
        The bytes of each wanted file, by name.

    Raises:
        UnusableCopyError: a file is missing or too large, or the archive is damaged.
    """
    found: dict[str, bytes] = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as archive:
            for _, member in zip(range(MOST_MEMBERS), archive, strict=False):
                is_wanted = member.isreg() and member.size <= wanted.get(member.name, -1)
                file = archive.extractfile(member) if is_wanted else None
                if file is not None:
                    found[member.name] = file.read()
                if len(found) == len(wanted):
                    return found
    except (tarfile.TarError, OSError, EOFError, zlib.error) as error:
        raise UnusableCopyError(Message("known.copy_unreadable", path=path, error=error)) from error
    raise UnusableCopyError(Message("known.copy_other_content", path=path))


def record_files(published: CifarSet) -> dict[str, int]:
    """Return the name in the archive and the size in bytes of every file of binary records."""
    batches = [batch for part in published.batches.values() for batch in part]
    return {f"{BINARY_FOLDER}/{batch.name}.bin": published.per_batch * RECORD for batch in batches}


def load_batch(content: bytes) -> Any:
    """Load a pickle that may use no globals except NumPy arrays.

    Raises:
        pickle.UnpicklingError: the pickle uses another global, which is neither imported nor called.
    """
    return _ArraysOnly(io.BytesIO(content), encoding="latin1").load()


class _ArraysOnly(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _ALLOWED:
            raise pickle.UnpicklingError(f"{module}.{name} has no place in a set of pictures")
        return _ALLOWED[module, name]


def _read_records(published: CifarSet, folder: Path, part: Part) -> Pictures:
    size = published.per_batch * RECORD
    paths = [folder / f"{batch.name}.bin" for batch in published.batches[part]]
    return _joined([_records(read_copy(path, size), size, path) for path in paths])


def _read_packed_records(published: CifarSet, path: Path, part: Part) -> Pictures:
    files = record_files(published)
    names = [f"{BINARY_FOLDER}/{batch.name}.bin" for batch in published.batches[part]]
    found = unpack(read_published(path, published.binary), {name: files[name] for name in names}, path)
    return _joined([_records(found[name], files[name], path) for name in names])


def _read_pickles(published: CifarSet, folder: Path, part: Part) -> Pictures:
    paths = [(folder / batch.name, batch) for batch in published.batches[part]]
    return _joined([_pickle(read_published(path, batch), published.per_batch, path) for path, batch in paths])


def _read_packed_pickles(published: CifarSet, path: Path, part: Part) -> Pictures:
    batches = {f"{PYTHON_FOLDER}/{batch.name}": batch for batch in published.batches[part]}
    sizes = {name: batch.size for name, batch in batches.items()}
    found = unpack(read_published(path, published.python), sizes, path)
    if not all(is_published(found[name], batch) for name, batch in batches.items()):
        raise UnusableCopyError(Message("known.copy_other_content", path=path))
    return _joined([_pickle(found[name], published.per_batch, path) for name in batches])


def _records(content: bytes, size: int, path: Path) -> Pictures:
    if len(content) != size:
        raise UnusableCopyError(Message("known.copy_other_content", path=path))
    records = np.frombuffer(content, dtype=np.uint8).reshape(-1, RECORD)
    return _channels_last(records[:, 1:]), checked_labels(records[:, 0], path)


def _pickle(content: bytes, count: int, path: Path) -> Pictures:
    """Read a pickled batch, whose MD5 the caller has checked."""
    try:
        batch = load_batch(content)
        pixels, labels = batch["data"], np.array(batch["labels"])
    except (pickle.UnpicklingError, ValueError, TypeError, LookupError, AttributeError, EOFError) as error:
        raise UnusableCopyError(Message("known.copy_unreadable", path=path, error=error)) from error
    is_whole = isinstance(pixels, np.ndarray) and pixels.dtype == np.uint8 and pixels.shape == (count, PIXELS)
    if not is_whole or labels.shape != (count,) or labels.dtype.kind != "i" or set(labels) - set(range(CLASSES)):
        raise UnusableCopyError(Message("known.copy_other_content", path=path))
    return _channels_last(pixels), labels.astype(np.int64)


def _channels_last(planes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """View colour planes, uint8 [N, 3072], as pictures [N, 32, 32, 3]."""
    return planes.reshape(-1, 3, SIDE, SIDE).transpose(0, 2, 3, 1)


def _joined(batches: list[Pictures]) -> Pictures:
    images = np.empty((sum(len(labels) for _, labels in batches), SIDE, SIDE, 3), np.uint8)
    np.concatenate([batch for batch, _ in batches], out=images)
    return images, np.concatenate([labels for _, labels in batches])
