"""CurveStyle: colour and dash of one curve, in the plot and in its legend."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette, QPen

from gan_studio.ui.widgets.theme import curve_colours


@dataclass(frozen=True)
class CurveStyle:
    """How one curve looks.

    Attributes:
        column: index into METRIC_COLUMNS.
        colour: index into theme.curve_colours().
        dash: lengths of dash and gap in pen widths; empty for a solid line.
    """

    column: int
    colour: int
    dash: tuple[float, ...] = ()

    def pen(self, palette: QPalette, width: float = 2.0) -> QPen:
        """Return the pen of the curve in a palette."""
        pen = QPen(curve_colours(palette)[self.colour], width)
        pen.setCosmetic(True)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if self.dash:
            pen.setDashPattern(self.dash)
        return pen
