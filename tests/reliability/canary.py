"""Files whose loading would make another file, the canary, if anything in them were ever run."""

import io
import os
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch


class Canary:
    """What, once unpickled, has made a folder."""

    def __init__(self, place: Path) -> None:
        self._place = place

    def __reduce__(self) -> tuple[object, tuple[str, ...]]:
        return os.mkdir, (str(self._place),)


def as_pickle(canary: Path) -> bytes:
    """Make the plain pickle."""
    return pickle.dumps(Canary(canary), protocol=2)


def as_torch_zip(canary: Path) -> bytes:
    """Make what torch.save makes of it."""
    buffer = io.BytesIO()
    torch.save({"generator": Canary(canary)}, buffer)
    return buffer.getvalue()


def as_torch_legacy(canary: Path) -> bytes:
    """Make what torch.save made of it before 1.6."""
    buffer = io.BytesIO()
    torch.save({"generator": Canary(canary)}, buffer, _use_new_zipfile_serialization=False)
    return buffer.getvalue()


def as_npy(canary: Path) -> bytes:
    """Make an array of Python objects."""
    buffer = io.BytesIO()
    array = np.empty((2, 8, 8), dtype=object)
    array[0, 0, 0] = Canary(canary)
    np.save(buffer, array, allow_pickle=True)
    return buffer.getvalue()


def as_npz(canary: Path) -> bytes:
    """Make an archive with such an array as its pictures and as its labels."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("images.npy", as_npy(canary))
        archive.writestr("labels.npy", as_npy(canary))
    return buffer.getvalue()


FORMS: dict[str, Callable[[Path], bytes]] = {
    "pickle": as_pickle,
    "torch-zip": as_torch_zip,
    "torch-legacy": as_torch_legacy,
    "npy": as_npy,
    "npz": as_npz,
}
"""Ways to write it down."""
SUFFIXES = (".pt", ".pth", ".bin", ".safetensors", ".npy", ".npz", ".toml", ".zip", ".png", ".pkl", ".sqlite")
"""Names it may go under."""


def hatch(content: bytes) -> None:
    """Load it as a careless program would; the canary is there afterwards."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = next(archive.read(name) for name in archive.namelist() if name.endswith((".npy", "data.pkl")))
    if content.startswith(b"\x93NUMPY"):
        np.load(io.BytesIO(content), allow_pickle=True)
        return
    stream = io.BytesIO(content)
    while True:  # torch's legacy form is several pickles, one after the other
        try:
            pickle.load(stream)
        except EOFError:
            return
