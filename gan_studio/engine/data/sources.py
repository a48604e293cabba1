"""Any source of pictures to one uint8 array in memory: a starter set or a folder."""

import hashlib
import os
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gan_studio.engine.config import DataConfig
from gan_studio.engine.data.decode import SUFFIXES, UnusablePictureError, decode_picture
from gan_studio.engine.events import LoadingProgress
from gan_studio.engine.messages import EngineError, Message
from gan_studio.resources import resource

STARTER_SETS = ("fashion-mnist",)
CHUNK = 256
"""Pictures decoded between two reports of progress."""

LeftOut = tuple[tuple[str, Message], ...]


@dataclass(frozen=True)
class PictureSet:
    """Pictures as the networks see them.

    Attributes:
        images: uint8 [N, C, H, W].
        left_out: (file name, reason) of each file that could not be used.
    """

    images: NDArray[np.uint8]
    left_out: LeftOut = ()

    def digest(self) -> str:
        """SHA-256 over shape and pixels, in hexadecimal."""
        return _sha256(self.images)


def _sha256(images: NDArray[np.uint8]) -> str:
    digest = hashlib.sha256(repr(images.shape).encode())
    digest.update(images.data)
    return digest.hexdigest()


def load_pictures(config: DataConfig) -> Generator[LoadingProgress, None, PictureSet]:
    """Read all pictures of a source, reporting progress on the way.

    Raises:
        EngineError: the source does not exist or holds no usable picture.
    """
    if config.source.startswith("starter:"):
        images = starter_images(config.source.removeprefix("starter:"), "train")
        yield LoadingProgress(len(images), len(images))
        return PictureSet(fit_starter(images, config.image_size, config.channels))
    return (yield from _load_folder(Path(config.source).expanduser(), config))


def starter_images(name: str, part: str) -> NDArray[np.uint8]:
    """Read a starter set: part "train" or "held-out", uint8 [N, 28, 28].

    Raises:
        EngineError: there is no such set.
    """
    if name not in STARTER_SETS:
        raise EngineError(
            Message("data.no_such_starter", name=name),
            Message("kept.nothing_begun"),
            Message("todo.choose_starter", names=", ".join(f"starter:{known}" for known in STARTER_SETS)),
        )
    with np.load(resource("starter", name, f"{part}.npz"), allow_pickle=False) as archive:
        images: NDArray[np.uint8] = archive["images"]
    return images


def fit_starter(images: NDArray[np.uint8], size: int, channels: int) -> NDArray[np.uint8]:
    """Bring 28x28 grey pictures to `size` by whole-pixel enlarging and a black border: uint8 [N, C, size, size]."""
    enlarged = images.repeat(size // 28, axis=1).repeat(size // 28, axis=2)
    border = (size - enlarged.shape[1]) // 2
    padded = np.pad(enlarged, ((0, 0), (border, border), (border, border)))
    return np.broadcast_to(padded[:, None], (len(images), channels, size, size)).copy()


def picture_files(folder: Path) -> list[Path]:
    """List the picture files below a folder, by name; links to folders are not followed, hidden names are skipped.

    Raises:
        EngineError: there is no such folder, or no picture in it.
    """
    if not folder.is_dir():
        raise EngineError(
            Message("data.no_such_folder", folder=folder), Message("kept.nothing_begun"), Message("todo.choose_folder")
        )
    files = sorted(_walk(folder))
    if not files:
        raise EngineError(
            Message("data.no_pictures", folder=folder),
            Message("kept.nothing_begun"),
            Message("todo.put_pictures"),
        )
    return files


def _walk(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if not name.startswith(".") and os.path.splitext(name)[1].lower() in SUFFIXES:  # noqa: PTH122
                yield Path(place, name)


def _load_folder(folder: Path, config: DataConfig) -> Generator[LoadingProgress, None, PictureSet]:
    files = picture_files(folder)
    images = np.empty((len(files), config.channels, config.image_size, config.image_size), np.uint8)
    left_out: list[tuple[str, Message]] = []
    good = 0
    Image.preinit()
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for start in range(0, len(files), CHUNK):
            chunk = files[start : start + CHUNK]
            for path, result in zip(chunk, pool.map(lambda file: _decode(file, config), chunk), strict=True):
                if isinstance(result, Message):
                    left_out.append((str(path.relative_to(folder)), result))
                else:
                    images[good] = result
                    good += 1
            yield LoadingProgress(min(start + CHUNK, len(files)), len(files))
    if good < 2:
        raise EngineError(
            Message("data.none_usable", folder=folder, count=len(files), reason=left_out[0][1] if left_out else ""),
            Message("kept.nothing_begun"),
            Message("todo.put_pictures"),
        )
    return PictureSet(images[:good], tuple(left_out))


def _decode(path: Path, config: DataConfig) -> NDArray[np.uint8] | Message:
    try:
        return decode_picture(path, config.image_size, config.channels)
    except UnusablePictureError as error:
        return error.reason
