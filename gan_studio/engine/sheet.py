"""Sheet: one sheet of samples, the same value from the generator to the window."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.moment import Moment

SHEET_COLUMNS = 8
"""Cells across a sample sheet."""


@dataclass(frozen=True)
class Sheet:
    """A sheet of samples, drawn from fixed z by the EMA generator.

    Attributes:
        moment: when it was drawn.
        pixels: uint8 [H, W, C], C 1, 3 or 4, tiled row by row; cell k is sample seed k.
        columns, rows: cells of the sheet.
        classes: the class of each row in a class-conditional run; empty: unknown, or a run without classes.
    """

    moment: Moment
    pixels: NDArray[np.uint8]
    columns: int
    rows: int
    classes: tuple[int, ...] = ()

    def cell(self, seed: int) -> NDArray[np.uint8]:
        """Return the sample of a seed, uint8 [H, W, C]."""
        height, width = self.pixels.shape[0] // self.rows, self.pixels.shape[1] // self.columns
        row, column = divmod(seed, self.columns)
        return self.pixels[row * height : (row + 1) * height, column * width : (column + 1) * width]
