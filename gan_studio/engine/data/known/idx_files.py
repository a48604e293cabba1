"""Files in the IDX format of MNIST, gzipped or not (LeCun, http://yann.lecun.com/exdb/mnist)."""

import gzip
import io
import zlib
from collections.abc import Iterator
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.data.known.local_copies import Copy, Pictures, UnusableCopyError, checked_labels, read_copy
from gan_studio.engine.data.known.published_files import IdxSet, Part
from gan_studio.engine.text.message import Message

UINT8 = 0x08
"""Type code of unsigned bytes in the header."""
GZIP_SLACK = 65_536
"""Bytes by which gzip may enlarge content that cannot be compressed."""


def idx_copies(published: IdxSet, folder: Path, part: Part) -> Iterator[Copy]:
    """Yield a reader for each copy of a part below a folder of data sets.

    Pictures and labels may each be gzipped or not. Unpacked files come first, because torchvision reads only
    those.
    """
    for place in published.folders:
        gzipped = [folder / place / file.name for file in published.files[part]]
        unpacked = [path.with_suffix("") for path in gzipped]
        pairs = product(*(files for files in zip(unpacked, gzipped, strict=True)))
        yield from (partial(_read_pair, published, part, *pair) for pair in pairs if all(map(Path.is_file, pair)))


def read_idx(path: Path, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """Read an IDX file of unsigned bytes with exactly this shape; it is gzipped where its name ends in .gz.

    Header and length are checked, and the CRC of a gzipped file. The published MD5 is not checked, because some
    distributions, such as Debian, compress the same content again.

    Raises:
        UnusableCopyError: the file has other content or cannot be read.
    """
    header = bytes([0, 0, UINT8, len(shape)]) + np.array(shape, dtype=">u4").tobytes()
    size = len(header) + int(np.prod(shape))
    content = _unzipped(path, size) if path.suffix == ".gz" else read_copy(path, size)
    if len(content) != size or not content.startswith(header):
        raise UnusableCopyError(Message("known.copy_other_content", path=path))
    return np.frombuffer(content, dtype=np.uint8, offset=len(header)).reshape(shape)


def _read_pair(published: IdxSet, part: Part, images: Path, labels: Path) -> Pictures:
    count = published.counts[part]
    pictures = read_idx(images, (count, published.side, published.side))
    return pictures, checked_labels(read_idx(labels, (count,)), labels)


def _unzipped(path: Path, size: int) -> bytes:
    """Decompress at most one byte more than expected, so that a gzip bomb stays small."""
    packed = read_copy(path, size + GZIP_SLACK)
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
            return file.read(size + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise UnusableCopyError(Message("known.copy_unreadable", path=path, error=error)) from error
