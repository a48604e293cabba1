"""Marks on the axis of steps, and marks at the edge for values beyond the range: painted over a plot."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPalette, QPen, QPolygonF
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


Group = tuple[float, list[AxisMark]]
"""Marks that are painted as one, and where: pixels of the scene."""


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
        room: QRectF = self._view.sceneBoundingRect()
        (first, last), _ = self._view.viewRange()
        scale = room.width() / max(last - first, 1e-9)
        groups = _grouped(self.marks, room, first, scale)
        self._paint_lines(painter, room, [x for x, _ in groups])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        triangles = QPainterPath()
        triangles.setFillRule(Qt.FillRule.WindingFill)
        for edge, points, towards in ((room.top(), self.above, -1), (room.bottom(), self.below, 1)):
            for x in _thinned(room.left() + (points - first) * scale, room):
                triangles.addPolygon(_triangle(x, edge, edge - towards * 7))
        painter.fillPath(triangles, self._palette.color(QPalette.ColorRole.Text))
        self._paint_shapes(painter, room, groups)
        self._paint_labels(painter, room, groups)

    def _paint_lines(self, painter: QPainter, room: QRectF, places: list[float]) -> None:
        """Paint faint lines across the plot: all in one call, because there may be many."""
        base = self._palette.color(QPalette.ColorRole.Base)
        painter.setPen(QPen(blend(muted_text(self._palette), base, 0.35), 0))
        painter.drawLines([QLineF(x, room.top() - STRIP + 2, x, room.bottom()) for x in map(round, places)])

    def _paint_shapes(self, painter: QPainter, room: QRectF, groups: list[Group]) -> None:
        """Paint a shape for each mark on the axis of steps; those of one colour in one call."""
        shapes, faults = QPainterPath(), QPainterPath()
        shapes.setFillRule(Qt.FillRule.WindingFill)  # where two overlap, both stay filled
        for x, marks in groups:
            kind = _kind_of(marks)
            _add_shape(faults if kind == "fault" else shapes, kind, x, room.bottom() - 2)
        painter.setPen(QPen(self._palette.color(QPalette.ColorRole.Base), 1))
        painter.setBrush(_colour("note", self._palette))
        painter.drawPath(shapes)
        painter.strokePath(faults, QPen(_colour("fault", self._palette), 2))

    def _paint_labels(self, painter: QPainter, room: QRectF, groups: list[Group]) -> None:
        """Write the label of each mark above the plot, where there is room before the next one."""
        font = QFont()
        font.setPixelSize(11)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        ends = [*(x for x, _ in groups[1:]), room.right()][: len(groups)]
        for (x, marks), end in zip(groups, ends, strict=True):
            space = end - x - 4
            if space >= _LEAST_LABEL:
                more = f" +{len(marks) - 1}" if len(marks) > 1 else ""
                text = metrics.elidedText(marks[-1].label + more, Qt.TextElideMode.ElideRight, space)
                painter.setPen(_colour(_kind_of(marks), self._palette))
                painter.drawText(
                    QRectF(x + 2, room.top() - STRIP, space, STRIP - 2), Qt.AlignmentFlag.AlignVCenter, text
                )


def _grouped(marks: Sequence[AxisMark], room: QRectF, first: float, scale: float) -> list[Group]:
    """Join marks that would be painted over each other; each group has the place of its first."""
    if not marks:
        return []
    x = room.left() + (np.array([mark.step for mark in marks]) - first) * scale
    begin, end = np.searchsorted(x, (room.left() - 1, room.right() + 1))
    _, starts = np.unique(x[begin:end] // NEAR, return_index=True)
    places = [*(starts + begin).tolist(), int(end)]
    groups: list[Group] = []
    for a, b in zip(places, places[1:], strict=False):
        if groups and x[a] - groups[-1][0] < NEAR:
            groups[-1][1].extend(marks[a:b])
        else:
            groups.append((float(x[a]), list(marks[a:b])))
    return groups


def _thinned(x: NDArray[np.float64], room: QRectF) -> list[float]:
    """Keep the places inside the plot, one in every few pixels."""
    inside = x[(x >= room.left()) & (x <= room.right())]
    _, first = np.unique(inside // NEAR, return_index=True)
    return [float(place) for place in inside[first]]


def _triangle(x: float, tip: float, foot: float) -> QPolygonF:
    """Return a triangle whose tip touches the edge that a value lies beyond."""
    return QPolygonF([QPointF(x, tip), QPointF(x - _HALF, foot), QPointF(x + _HALF, foot)])


def _add_shape(path: QPainterPath, kind: str, x: float, y: float) -> None:
    match kind:
        case "note":
            path.addEllipse(QPointF(x, y), _HALF, _HALF)
        case "branch":
            path.addPolygon(QPolygonF([QPointF(x - 5, y), QPointF(x + 4, y - 5), QPointF(x + 4, y + 5)]))
        case "fault":
            for slope in (_HALF, -_HALF):
                path.moveTo(x - _HALF, y - slope)
                path.lineTo(x + _HALF, y + slope)
        case _:
            path.addPolygon(QPolygonF([QPointF(x, y - 5), QPointF(x + 5, y), QPointF(x, y + 5), QPointF(x - 5, y)]))


def _kind_of(marks: list[AxisMark]) -> str:
    """Return which of several marks decides shape and colour: a fault, or else the last one."""
    return "fault" if any(mark.kind == "fault" for mark in marks) else marks[-1].kind


def _colour(kind: str, palette: QPalette) -> QColor:
    return palette.color(QPalette.ColorRole.BrightText) if kind == "fault" else muted_text(palette)
