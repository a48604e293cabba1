"""Small pictures and folders for tests, and a way to load them to the end."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.picture_set import PictureSet, load_pictures
from gan_studio.engine.events import LoadingProgress


def load(config: DataConfig) -> tuple[PictureSet, list[LoadingProgress]]:
    """Load a source to its end, and return what it reported."""
    loading, progress = load_pictures(config), []
    while True:
        try:
            progress.append(next(loading))
        except StopIteration as end:
            return end.value, progress


def make_picture(path: Path, size: tuple[int, int] = (40, 30), mode: str = "RGB", colour: object = "red") -> Path:
    """Write a picture of one colour; folders above it are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size, colour).save(path)  # type: ignore[arg-type]
    return path


def noise(count: int, *shape: int, seed: int = 0) -> NDArray[np.uint8]:
    """Draw uint8 [count, *shape], every picture another."""
    return np.random.default_rng(seed).integers(0, 256, (count, *shape), np.uint8)


def make_folder(folder: Path, images: NDArray[np.uint8], prefix: str = "") -> Path:
    """Write uint8 [N, H, W(, 3)] as PNG files, numbered in order; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, image in enumerate(images):
        Image.fromarray(image).save(folder / f"{prefix}{number:05d}.png")
    return folder
