"""Near-duplicates among the pictures of a source: the same picture saved twice, scaled or compressed again."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.listing import opened
from gan_studio.engine.data.looking import decode_some
from gan_studio.engine.data.source import ShouldStop, never_stop
from gan_studio.engine.data.split import select_pictures

MOST_COMPARED = 1000
"""Pictures that are compared with each other; of a larger source, this many spread evenly over it."""

LEAST_DIFFERENCE = 4.0
"""Root mean square difference in grey levels, 0 to 255, below which two small versions are near-duplicates."""

SIDE = 16
"""Pixels a side of the small version of a picture."""


@dataclass(frozen=True)
class Copies:
    """Near-duplicates that were found.

    Attributes:
        source: the source as in DataConfig.
        compared: pictures that were compared.
        groups: names of pictures that are nearly the same, each group in the order of the source.
    """

    source: str
    compared: int
    groups: tuple[tuple[str, ...], ...]

    def besides(self, gone: Collection[str]) -> tuple[str, ...]:
        """Return the names that can go so that one of each group stays, once the pictures `gone` are left out."""
        used = ([name for name in group if name not in gone] for group in self.groups)
        return tuple(name for group in used for name in group[1:])


def find_copies(config: DataConfig, should_stop: ShouldStop = never_stop) -> Copies:
    """Compare small versions of up to MOST_COMPARED pictures with each other.

    Raises:
        EngineError: the source does not exist, holds no picture, or has no such class.
        StoppedError: should_stop returned True.
    """
    source = opened(config, should_stop)
    try:
        selection = select_pictures(source, config)
        small = decode_some(source, selection, config, MOST_COMPARED, SIDE, should_stop)
        names = [source.name(index) for index in small.indices]
    finally:
        source.close()
    groups = tuple(tuple(names[place] for place in group) for group in _groups_among(small.pixels))
    return Copies(config.source, len(names), groups)


def _groups_among(pictures: NDArray[np.uint8]) -> list[list[int]]:
    """Return the places of those pictures of uint8 [N, SIDE, SIDE, 4] that nearly equal each other, in groups.

    Opacity is compared too, and a colour only as far as it shows: it is multiplied by the opacity.
    """
    opacity = pictures[..., 3:] / 255
    values = np.concatenate([pictures[..., :3] * opacity, pictures[..., 3:]], axis=-1).reshape(len(pictures), -1)
    most = LEAST_DIFFERENCE**2 * 3 * SIDE**2  # for opaque pictures, only the three colours can differ
    squares = (values**2).sum(axis=1)
    groups = [[place] for place in range(len(values))]
    for place in range(1, len(values)):
        distances = squares[:place] + squares[place] - 2 * values[:place] @ values[place]
        if distances.min() < most:
            groups[place] = groups[int(distances.argmin())]
            groups[place].append(place)
    return [group for place, group in enumerate(groups) if group[0] == place and len(group) > 1]
