"""Marks on the axis of steps, and marks at the edge for values beyond the range: painted over a plot."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from gan_studio.ui.plots.pyqtgraph_light import pg
from gan_studio.ui.widgets.theme import blend, muted_text

STRIP = 16
"""Pixels above the plot in which marks have their labels."""

NEAR = 6
"""Pixels within which a hand means a mark, and marks are drawn as one."""

_LEAST_LABEL = 26
_HALF = 4


@dataclass(frozen=True)
class AxisMark:
    """Something that happened at a step.

    Attributes:
        step: where.
        kind: "knob", "note", "branch" or "fault"; decides the shape.
        label: a word or two, for the plot.
        text: the whole of it.
    """

    step: int
    kind: str
    label: str
    text: str


class AxisMarks(QGraphicsObject):
    """The marks of a plot, and where values lie beyond its range, painted over everything else.

    Attributes:
        marks: what happened, by ascending step.
        above, below: steps of values above the top, and below the bottom: float64.
    """

    def __init__(self, view: pg.ViewBox) -> None:
        super().__init__()
        self.marks: tuple[AxisMark, ...] = ()
        self.above: NDArray[np.float64] = np.empty(0)
        self.below: NDArray[np.float64] = np.empty(0)
        self._view = view
        self._canvas = QRectF()
        self._palette = QPalette()
        self.setZValue(50)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def set_canvas(self, room: QRectF) -> None:
        """Set the size of the whole canvas, axes and margins included."""
        self.prepareGeometryChange()
        self._canvas = room

    def set_palette(self, palette: QPalette) -> None:
        """Set the colours."""
        self._palette = palette
        self.update()

    def near(self, step: float, reach: float) -> list[AxisMark]:
        """Return the marks that are at most `reach` steps away."""
        return [mark for mark in self.marks if abs(mark.step - step) <= reach]

    def boundingRect(self) -> QRectF:
        """Return the whole canvas: labels are above the plot, shapes on its lower edge."""
        return self._canvas

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint triangles at the edges, and lines, shapes and labels of the marks."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room: QRectF = self._view.sceneBoundingRect()
        (first, last), _ = self._view.viewRange()
        scale = room.width() / max(last - first, 1e-9)
        for edge, points, towards in ((room.top(), self.above, -1), (room.bottom(), self.below, 1)):
            for x in _thinned(room.left() + (points - first) * scale, room):
                _paint_triangle(painter, QPointF(x, edge), towards, self._palette)
        self._paint_marks(painter, room, first, scale, self._palette)

    def _paint_marks(self, painter: QPainter, room: QRectF, first: float, scale: float, palette: QPalette) -> None:
        groups = _grouped(self.marks, room, first, scale)
        font = QFont()
        font.setPixelSize(11)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        ends = [*(x for x, _ in groups[1:]), room.right()][: len(groups)]
        for (x, group), end in zip(groups, ends, strict=True):
            kind = "fault" if any(mark.kind == "fault" for mark in group) else group[-1].kind
            _paint_mark(painter, x, room, kind, palette)
            space = end - x - 4
            if space >= _LEAST_LABEL:
                more = f" +{len(group) - 1}" if len(group) > 1 else ""
                text = metrics.elidedText(group[-1].label + more, Qt.TextElideMode.ElideRight, space)
                painter.setPen(_colour(kind, palette))
                painter.drawText(QRectF(x, room.top() - STRIP, space, STRIP - 2), Qt.AlignmentFlag.AlignVCenter, text)


def _grouped(marks: Sequence[AxisMark], room: QRectF, first: float, scale: float) -> list[tuple[float, list[AxisMark]]]:
    """Join marks that would be painted over each other; each group has the place of its first."""
    groups: list[tuple[float, list[AxisMark]]] = []
    for mark in marks:
        x = room.left() + (mark.step - first) * scale
        if not room.left() - 1 <= x <= room.right() + 1:
            continue
        if groups and x - groups[-1][0] < NEAR:
            groups[-1][1].append(mark)
        else:
            groups.append((x, [mark]))
    return groups


def _thinned(x: NDArray[np.float64], room: QRectF) -> list[float]:
    """Keep the places inside the plot, one in every few pixels."""
    inside = x[(x >= room.left()) & (x <= room.right())]
    _, first = np.unique(inside // NEAR, return_index=True)
    return [float(place) for place in inside[first]]


def _paint_triangle(painter: QPainter, tip: QPointF, towards: int, palette: QPalette) -> None:
    """Paint a triangle whose tip touches the edge that a value lies beyond."""
    foot = tip.y() - towards * 7
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(palette.color(QPalette.ColorRole.Text))
    painter.drawPolygon(QPolygonF([tip, QPointF(tip.x() - _HALF, foot), QPointF(tip.x() + _HALF, foot)]))


def _paint_mark(painter: QPainter, x: float, room: QRectF, kind: str, palette: QPalette) -> None:
    """Paint a faint line across the plot, and a shape on the axis of steps."""
    colour, base = _colour(kind, palette), palette.color(QPalette.ColorRole.Base)
    painter.setPen(QPen(blend(colour, base, 0.45), 0, Qt.PenStyle.DashLine))
    painter.drawLine(QPointF(x, room.top() - STRIP + 2), QPointF(x, room.bottom()))
    painter.setPen(QPen(base, 1))
    painter.setBrush(colour)
    y = room.bottom() - 2
    match kind:
        case "note":
            painter.drawEllipse(QPointF(x, y), _HALF, _HALF)
        case "branch":
            painter.drawPolygon(QPolygonF([QPointF(x - 5, y), QPointF(x + 4, y - 5), QPointF(x + 4, y + 5)]))
        case "fault":
            painter.setPen(QPen(colour, 2))
            painter.drawLine(QPointF(x - _HALF, y - _HALF), QPointF(x + _HALF, y + _HALF))
            painter.drawLine(QPointF(x - _HALF, y + _HALF), QPointF(x + _HALF, y - _HALF))
        case _:
            painter.drawPolygon(QPolygonF([QPointF(x, y - 5), QPointF(x + 5, y), QPointF(x, y + 5), QPointF(x - 5, y)]))


def _colour(kind: str, palette: QPalette) -> QColor:
    return palette.color(QPalette.ColorRole.BrightText) if kind == "fault" else muted_text(palette)
