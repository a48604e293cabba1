"""CurveLines: the lines of a plot: pale ones of every value, and strong ones in front."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QPalette, QPen

from gan_studio.ui.plots.curve_style import CurveStyle
from gan_studio.ui.plots.pyqtgraph_light import pg
from gan_studio.ui.widgets.theme import blend, curve_colours

Lines = tuple[NDArray[np.float64], NDArray[np.float32]]
"""x [vertices], and y [curves, vertices]."""

_BUSY_TRAVEL = 10
"""In plot heights: a line whose ups and downs add up to more counts as noise and is drawn thin and solid. Dashes cannot
be seen in noise and take 200 ms to draw (measured: 600 px of noise at width 2; thin and solid: 1 ms)."""


class CurveLines:
    """Two lines for each curve. They are created once, and then only get new data."""

    def __init__(self, styles: Sequence[CurveStyle], view: pg.ViewBox) -> None:
        self._styles = tuple(styles)
        self._raw = [_add_curve(view) for _ in styles]
        self._main = [_add_curve(view) for _ in styles]

    def draw(self, raw: Lines | None, main: Lines, values: tuple[float, float], palette: QPalette) -> None:
        """Replace all lines.

        Args:
            raw: the pale lines behind, or None.
            main: the strong lines in front.
            values: the ends of the value axis.
            palette: colours.
        """
        for number, (raw_curve, main_curve) in enumerate(zip(self._raw, self._main, strict=True)):
            raw_curve.setVisible(raw is not None)
            if raw is not None:
                _set_data(raw_curve, raw[0], raw[1][number])
            main_curve.setPen(self._main_pen(number, main[1][number], values, palette))
            _set_data(main_curve, main[0], main[1][number])

    def follow_palette(self, palette: QPalette) -> None:
        """Colour the pale lines; the strong ones are coloured when they are drawn."""
        base = palette.color(QPalette.ColorRole.Base)
        for style, curve in zip(self._styles, self._raw, strict=True):
            curve.setPen(QPen(blend(curve_colours(palette)[style.colour], base, 0.32), 0))

    def _main_pen(self, number: int, y: NDArray[np.float32], values: tuple[float, float], palette: QPalette) -> QPen:
        low, high = values
        travel = float(np.nansum(np.abs(np.diff(y)))) / max(high - low, 1e-12)
        if travel <= _BUSY_TRAVEL:
            return self._styles[number].pen(palette)
        return CurveStyle(0, self._styles[number].colour).pen(palette, 1.0)


def _add_curve(view: pg.ViewBox) -> pg.PlotCurveItem:
    curve = pg.PlotCurveItem(connect="finite")
    view.addItem(curve, ignoreBounds=True)
    return curve


def _set_data(curve: pg.PlotCurveItem, x: NDArray[np.float64], y: NDArray[np.float32]) -> None:
    has_gap = bool(np.isnan(y).any())
    curve.setData(x, y, connect="finite" if has_gap else "all", skipFiniteCheck=not has_gap)
