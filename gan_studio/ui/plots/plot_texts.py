"""PlotTexts: all texts of a plot."""

from dataclasses import dataclass

from gan_studio.ui.plots.curve_legend import CurveText


@dataclass(frozen=True)
class PlotTexts:
    """All texts of a plot, in the language of the window.

    Attributes:
        title, help: what is plotted, and what that means.
        unit: the unit of the values, as in "loss, no unit".
        curves: name and help of each curve.
        hint: shown in the plot while there is nothing to draw.
    """

    title: str
    help: str
    unit: str
    curves: tuple[CurveText, ...]
    hint: str
