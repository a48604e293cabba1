"""ExploredPicture: one picture of the explorer, with the point and the generator that it was drawn from."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.moment import Moment
from gan_studio.ui.explorer.point_history import VisitedPoint


@dataclass(frozen=True)
class ExploredPicture:
    """A picture.

    Attributes:
        pixels: uint8 [H, W, 1, 3 or 4].
        place: its point, and how it was reached.
        moment: branch and step of the generator.
    """

    pixels: NDArray[np.uint8]
    place: VisitedPoint
    moment: Moment
