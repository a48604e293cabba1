"""Near-duplicates among the pictures of a source: the same picture saved twice, scaled or compressed again."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.listing import opened
from gan_studio.engine.data.source import ShouldStop, never_stop, raise_if_stopped
from gan_studio.engine.data.split import select_pictures, spread
from gan_studio.engine.text.message import Message

MOST_COMPARED = 1000
"""Pictures that are compared with each other; of a larger source, this many spread evenly over it."""

LEAST_DIFFERENCE = 4.0
"""Root mean square difference in grey levels, 0 to 255, below which two small versions are near-duplicates."""

SIDE = 16
_SMALL = {"image_size": SIDE, "channels": 3, "fit": "stretch", "background": "#ffffff"}


@dataclass(frozen=True)
class Copies:
    """Near-duplicates that were found.

    Attributes:
        source: the source as in DataConfig.
        compared: pictures that were compared.
        names: the names of those that are nearly the same as an earlier one.
    """

    source: str
    compared: int
    names: tuple[str, ...]


def find_copies(config: DataConfig, should_stop: ShouldStop = never_stop) -> Copies:
    """Compare small versions of up to MOST_COMPARED pictures with each other.

    Raises:
        EngineError: the source does not exist, holds no picture, or has no such class.
        StoppedError: should_stop returned True.
    """
    source = opened(config, should_stop)
    try:
        selection = select_pictures(source, config)
        most = min(MOST_COMPARED, selection.count)
        places = np.arange(most) if source.is_sequential else spread(selection.count, most)
        tried = selection.indices[places].tolist() if most else []
        small, names = [], []
        for index, picture in zip(tried, source.pictures(tried, config.model_copy(update=_SMALL)), strict=True):
            raise_if_stopped(should_stop)
            if not isinstance(picture, Message):
                small.append(picture.reshape(-1))
                names.append(source.name(index))
    finally:
        source.close()
    copies = _copies_among(np.stack(small)) if small else ()
    return Copies(config.source, len(small), tuple(names[place] for place in copies))


def _copies_among(pictures: NDArray[np.uint8]) -> tuple[int, ...]:
    """Return the places of those pictures of uint8 [N, values] that nearly equal an earlier one."""
    values = pictures.astype(np.float64)
    squares = (values**2).sum(axis=1)
    found = []
    for place in range(1, len(values)):
        distances = squares[:place] + squares[place] - 2 * values[:place] @ values[place]
        if distances.min() < LEAST_DIFFERENCE**2 * values.shape[1]:
            found.append(place)
    return tuple(found)
