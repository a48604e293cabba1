"""Make resources/starter/fashion-mnist from the four original files of Fashion-MNIST.

    python tools/make_starter_data.py FOLDER [--out resources/starter/fashion-mnist]

FOLDER holds train-images-idx3-ubyte.gz and its three companions (Debian: package dataset-fashion-mnist,
/usr/share/datasets/fashion-mnist). The same files give the same bytes wherever zlib is the same.
"""

import argparse
import gzip
import hashlib
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

CLASSES = 10
IDX_UINT8 = 0x08
"""Type code of unsigned bytes in the IDX header (LeCun, http://yann.lecun.com/exdb/mnist)."""


def read_idx(path: Path) -> NDArray[np.uint8]:
    """Read a gzipped IDX file of unsigned bytes.

    Raises:
        ValueError: the file holds something else.
    """
    content = gzip.decompress(path.read_bytes())
    rank = content[3] if len(content) >= 4 and content[:3] == bytes([0, 0, IDX_UINT8]) else 0
    header = 4 + 4 * rank
    shape = tuple(np.frombuffer(content[4:header], dtype=">u4").tolist())
    if not rank or len(content) != header + int(np.prod(shape)):
        raise ValueError(f"{path} is not an IDX file of unsigned bytes")
    return np.frombuffer(content, dtype=np.uint8, offset=header).reshape(shape)


def choose(labels: NDArray[np.uint8], per_class: int, seed: int) -> NDArray[np.int64]:
    """Choose pictures at random, equally many of each class.

    Args:
        labels: uint8 [N], 0 to 9.
        per_class: how many of each.
        seed: the same seed chooses the same pictures.

    Returns:
        int64 [10 * per_class], indices in rising order.

    Raises:
        ValueError: a class has fewer pictures.
    """
    shuffled = np.random.Generator(np.random.Philox(seed)).permutation(len(labels))
    chosen = [shuffled[labels[shuffled] == label][:per_class] for label in range(CLASSES)]
    if any(len(indices) < per_class for indices in chosen):
        raise ValueError(f"a class has fewer than {per_class} pictures")
    return np.sort(np.concatenate(chosen))


def npz_bytes(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Pack arrays as a compressed .npz whose bytes hold neither the time nor the platform."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, array in arrays.items():
            member = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            member.compress_type, member.create_system, member.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            content = io.BytesIO()
            np.lib.format.write_array(content, array, allow_pickle=False)
            archive.writestr(member, content.getvalue(), compresslevel=9)
    return packed.getvalue()


def make(source: Path, part: str, per_class: int, seed: int, target: Path) -> str:
    """Write one .npz with images uint8 [N, 28, 28] and labels uint8 [N].

    Args:
        source: folder with the IDX files.
        part: "train" or "t10k", as the files are named.
        per_class: pictures of each class.
        seed: which ones.
        target: the file to write.

    Returns:
        SHA-256 of the file, in hexadecimal.
    """
    images = read_idx(source / f"{part}-images-idx3-ubyte.gz")
    labels = read_idx(source / f"{part}-labels-idx1-ubyte.gz")
    chosen = choose(labels, per_class, seed)
    content = npz_bytes({"images": images[chosen], "labels": labels[chosen]})
    target.write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def main() -> None:
    """Write train.npz and held-out.npz."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, help="folder with the four .gz files")
    parser.add_argument("--out", type=Path, default=Path("resources/starter/fashion-mnist"))
    parser.add_argument("--per-class", type=int, default=1000, help="training pictures of each class")
    parser.add_argument("--held-out-per-class", type=int, default=100, help="test pictures of each class")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for part, per_class, name in (
        ("train", options.per_class, "train.npz"),
        ("t10k", options.held_out_per_class, "held-out.npz"),
    ):
        print(make(options.source, part, per_class, 0, options.out / name), name)


if __name__ == "__main__":
    main()
