"""Pictures as their source holds them, before they are fitted to the networks."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class ArraySet:
    """Pictures of one size in memory or in a memory map, with or without labels.

    Attributes:
        images: uint8 [N, H, W] or [N, H, W, C], C 1, 3 or 4.
        labels: int64 [N], indices into class_names, or None.
        class_names: what each label means; () without labels.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64] | None = None
    class_names: tuple[str, ...] = ()
