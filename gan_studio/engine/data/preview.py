"""A first look at a source of pictures, before anything is trained."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.config import DataConfig
from gan_studio.engine.data.decode import UnusablePictureError, decode_picture
from gan_studio.engine.data.sources import LeftOut, fit_starter, picture_files, starter_images
from gan_studio.engine.messages import Message


@dataclass(frozen=True)
class Preview:
    """Some pictures of a source as the networks will see them.

    Attributes:
        source: as in DataConfig.
        images: uint8 [n, H, W, C], n up to the number asked for.
        count: files or pictures in all (damaged ones are only found when the run reads them).
        left_out: files among those looked at that cannot be used.
    """

    source: str
    images: NDArray[np.uint8]
    count: int
    left_out: LeftOut


def preview_pictures(config: DataConfig, most: int = 24) -> Preview:
    """Look at up to `most` pictures, spread evenly over the source.

    Raises:
        EngineError: the source does not exist or holds no picture.
    """
    if config.source.startswith("starter:"):
        images = starter_images(config.source.removeprefix("starter:"), "train")
        chosen = images[_spread(len(images), most)]
        fitted = fit_starter(chosen, config.image_size, config.channels)
        return Preview(config.source, fitted.transpose(0, 2, 3, 1), len(images), ())
    folder = Path(config.source).expanduser()
    files = picture_files(folder)
    pictures, left_out = [], list[tuple[str, Message]]()
    for index in _spread(len(files), most):
        try:
            pictures.append(decode_picture(files[index], config.image_size, config.channels).transpose(1, 2, 0))
        except UnusablePictureError as error:
            left_out.append((str(files[index].relative_to(folder)), error.reason))
    shape = (0, config.image_size, config.image_size, config.channels)
    stacked = np.stack(pictures) if pictures else np.empty(shape, np.uint8)
    return Preview(config.source, stacked, len(files), tuple(left_out))


def _spread(count: int, most: int) -> list[int]:
    return [int(index) for index in np.linspace(0, count - 1, min(count, most)).astype(np.int64)]
