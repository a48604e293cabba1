"""Made sets in the forms in which MNIST and CIFAR-10 are published, a few pictures each."""

import gzip
import hashlib
import io
import struct
import tarfile
from collections.abc import Mapping, Sequence

import numpy as np

from gan_studio.engine.data.known.published_files import CifarSet, IdxSet, PublishedFile

MNIST, FASHION, CIFAR = "torchvision:mnist", "torchvision:fashion-mnist", "torchvision:cifar10"


def published_file(name: str, content: bytes) -> PublishedFile:
    """Describe a file as its publisher would."""
    return PublishedFile(name, hashlib.md5(content).hexdigest(), len(content))


def idx_bytes(array: np.ndarray) -> bytes:
    """Return uint8 values in the IDX format."""
    return bytes([0, 0, 8, array.ndim]) + np.array(array.shape, dtype=">u4").tobytes() + array.tobytes()


def idx_set(mirrors: Sequence[str] = ()) -> tuple[IdxSet, dict[str, bytes]]:
    """Make 20 pictures to train on and 4 held out, whose first pixel is their number; return their files too."""
    contents, files = {}, {}
    counts = {"train": 20, "held-out": 4}
    for part, stem in (("train", "train"), ("held-out", "t10k")):
        images = np.zeros((counts[part], 28, 28), np.uint8)
        images[:, 0, 0] = np.arange(counts[part])
        labels = np.arange(counts[part], dtype=np.uint8) % 10
        pair = {f"{stem}-images-idx3-ubyte.gz": images, f"{stem}-labels-idx1-ubyte.gz": labels}
        packed = {name: gzip.compress(idx_bytes(array), mtime=0) for name, array in pair.items()}
        files[part] = tuple(published_file(name, content) for name, content in packed.items())
        contents |= packed
    return IdxSet(("MNIST/raw", "mnist"), tuple(mirrors), files, counts), contents


def planes(labels: np.ndarray) -> np.ndarray:
    """Make one picture a label: red 10 + label, green 110 + label, blue 210 + label: uint8 [N, 3072]."""
    return (np.repeat([10, 110, 210], 1024)[None] + labels[:, None]).astype(np.uint8)


def records(labels: np.ndarray) -> bytes:
    """Return pictures as CIFAR-10's plain records."""
    return np.concatenate([labels[:, None].astype(np.uint8), planes(labels)], axis=1).tobytes()


def pickled(labels: np.ndarray) -> bytes:
    """Return pictures as CIFAR-10's pickles: protocol 2 as Python 2 wrote it, opcode by opcode."""
    count, pixels = len(labels), planes(labels).tobytes()
    array = (
        b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n" + b"K\x00\x85" + _text(b"b") + b"\x87R"
        + b"(K\x01" + _integer(count) + _integer(3072) + b"\x86"
        + b"cnumpy\ndtype\n" + _text(b"u1") + b"K\x00K\x01\x87R"
        + b"(K\x03" + _text(b"|") + b"NNN" + _integer(-1) + _integer(-1) + b"K\x00tb"
        + b"\x89T" + struct.pack("<i", len(pixels)) + pixels + b"tb"
    )  # fmt: skip
    numbers = b"](" + b"".join(_integer(int(label)) for label in labels) + b"e"
    return b"\x80\x02}(" + _text(b"data") + array + _text(b"labels") + numbers + b"u."


def _text(value: bytes) -> bytes:
    return b"U" + bytes([len(value)]) + value


def _integer(value: int) -> bytes:
    return b"J" + struct.pack("<i", value)


def tarred(contents: Mapping[str, bytes]) -> bytes:
    """Pack files as a .tar.gz, the same bytes each time."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as archive:
        for name, content in contents.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return gzip.compress(plain.getvalue(), mtime=0)


def cifar_set(
    mirrors: Sequence[str] = (), binary_archive: bytes | None = None
) -> tuple[CifarSet, dict[str, bytes], dict[str, bytes]]:
    """Make three batches of two pictures; return the files of plain records and those of pickles too."""
    labels = {"data_batch_1": [0, 1], "data_batch_2": [2, 3], "test_batch": [4, 5]}
    binary = {f"cifar-10-batches-bin/{name}.bin": records(np.array(those)) for name, those in labels.items()}
    python = {f"cifar-10-batches-py/{name}": pickled(np.array(those)) for name, those in labels.items()}
    batch = {name: published_file(name, python[f"cifar-10-batches-py/{name}"]) for name in labels}
    published = CifarSet(
        tuple(mirrors),
        published_file("cifar-10-binary.tar.gz", binary_archive or tarred(binary)),
        published_file("cifar-10-python.tar.gz", tarred(python)),
        {"train": (batch["data_batch_1"], batch["data_batch_2"]), "held-out": (batch["test_batch"],)},
        2,
    )
    return published, binary, python
