"""LevelAxis: the right margin of a plot, where level lines have their labels, outside the curves."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen

from gan_studio.ui.plots.pyqtgraph_light import pg

_LONGEST = "D: 2 ln 2"
"""The longest label. All plots leave room for it, so that their steps lie one above the other."""

_GAP = 5


def margin_width() -> int:
    """Return the width of the margin in the font of the application, in pixels."""
    return QFontMetrics(QFont()).horizontalAdvance(_LONGEST) + 2 * _GAP


@dataclass(frozen=True)
class Level:
    """A value worth a line across the plot.

    Attributes:
        value: where it is; its logarithm on a logarithmic axis.
        label: a few letters for the margin.
        help: what it means.
    """

    value: float
    label: str
    help: str


class LevelAxis(pg.AxisItem):  # type: ignore[misc]
    """An axis on the right without numbers: labels of level lines, and what lies beyond the top and the bottom."""

    def __init__(self) -> None:
        super().__init__("right")
        self._levels: tuple[Level, ...] = ()
        self._beyond = ("", "")
        self.setWidth(margin_width())

    def set_levels(self, levels: Sequence[Level]) -> None:
        """Label these level lines."""
        self._levels = tuple(levels)
        self._draw_again()

    def set_beyond(self, above: str, below: str) -> None:
        """Write what lies above the top and below the bottom; an empty text writes nothing."""
        if (above, below) != self._beyond:
            self._beyond = (above, below)
            self._draw_again()

    @property
    def labels(self) -> tuple[tuple[str, QRectF], ...]:
        """Each label that is shown, and where it is, in the coordinates of the scene."""
        return tuple((text, self.mapRectToScene(place)) for place, text in self._places())

    def level_at(self, place: QPointF) -> Level | None:
        """Return the level whose label is at a place of the scene."""
        found = [text for text, room in self.labels if room.contains(place)]
        return next((level for level in self._levels if level.label in found), None)

    def generateDrawSpecs(
        self, painter: QPainter
    ) -> tuple[
        tuple[QPen, QPointF, QPointF], list[tuple[QPen, QPointF, QPointF]], list[tuple[QRectF, Qt.AlignmentFlag, str]]
    ]:
        """Give pyqtgraph the line of the axis, no ticks, and the labels."""
        bounds = self.mapRectFromParent(self.geometry())
        align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        texts = [(place, align, text) for place, text in self._places()]
        return (self.pen(), bounds.topLeft(), bounds.bottomLeft()), [], texts

    def _places(self) -> list[tuple[QRectF, str]]:
        """Place each label at its line, and move apart those that would overlap."""
        bounds = self.mapRectFromParent(self.geometry())
        low, high = self.range
        height = float(QFontMetrics(QFont()).height())
        wanted = [
            (bounds.bottom() - (level.value - low) / max(high - low, 1e-300) * bounds.height(), level.label)
            for level in self._levels
            if low <= level.value <= high
        ]
        above, below = self._beyond
        wanted += [(bounds.top() + height / 2, above)] if above else []
        wanted += [(bounds.bottom() - height / 2, below)] if below else []
        places = _apart(sorted(wanted), height, bounds.bottom())
        left, width = bounds.left() + _GAP, bounds.width() - _GAP
        return [(QRectF(left, middle - height / 2, width, height), text) for middle, text in places]

    def _draw_again(self) -> None:
        self.picture = None
        self.update()


def _apart(wanted: list[tuple[float, str]], height: float, bottom: float) -> list[tuple[float, str]]:
    """Move labels down until none overlaps the one above, then up from the bottom of the plot."""
    middles: list[float] = []
    for middle, _ in wanted:
        middles.append(max(middle, middles[-1] + height) if middles else middle)
    lowest = bottom + height / 2
    for place in reversed(range(len(middles))):
        middles[place] = min(middles[place], lowest)
        lowest = middles[place] - height
    return [(middle, text) for middle, (_, text) in zip(middles, wanted, strict=True)]
