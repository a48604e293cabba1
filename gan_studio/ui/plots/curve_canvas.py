"""CurveCanvas: draws axes, curves, level lines and a cursor, and reports what mouse and keyboard do."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QGraphicsView, QLabel, QWidget

from gan_studio.ui.plots.axis_marks import NEAR, STRIP, AxisMark, AxisMarks
from gan_studio.ui.plots.curve_lines import CurveLines, Lines
from gan_studio.ui.plots.curve_style import CurveStyle
from gan_studio.ui.plots.level_axis import Level, LevelAxis, margin_width
from gan_studio.ui.plots.number_axis import NumberAxis
from gan_studio.ui.plots.pyqtgraph_light import pg
from gan_studio.ui.widgets.number_text import grouped
from gan_studio.ui.widgets.rich_text import paragraphs
from gan_studio.ui.widgets.theme import blend, muted_text

_AXIS_WIDTH = 46
_TOP = 6
"""Pixels above a plot without marks: half of the highest number."""

_ZOOM_STEP = 0.7
_ZOOM_KEYS = {Qt.Key.Key_Plus: _ZOOM_STEP, Qt.Key.Key_Equal: _ZOOM_STEP, Qt.Key.Key_Minus: 1 / _ZOOM_STEP}


class CurveCanvas(pg.GraphicsView):  # type: ignore[misc]
    """The drawing part of a plot over steps.

    Signals:
        pointed_at: step under the mouse as a float; None when the mouse left.
        arrow_pressed: -1 or 1, and whether Shift was held (move the cursor by a single row).
        end_pressed: False for Home, True for End.
        escape_pressed: the cursor should be removed.
        view_moved: first and last step after a person panned or zoomed.
    """

    pointed_at = Signal(object)
    arrow_pressed = Signal(int, bool)
    end_pressed = Signal(bool)
    escape_pressed = Signal()
    view_moved = Signal(float, float)

    def __init__(self, styles: Sequence[CurveStyle], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # A PlotItem would add a hidden menu, in English only, whose controls have no names.
        self._view = pg.ViewBox(enableMenu=False)
        self._values = NumberAxis("left")
        self._steps = NumberAxis("bottom")
        self._curves = CurveLines(styles, self._view)
        self._margin = LevelAxis()
        self._lines: list[pg.InfiniteLine] = []
        self._marks = AxisMarks(self._view)
        self._is_log = False
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._hint = QLabel(self)
        self._build()
        self._apply_palette()

    def set_hint(self, text: str) -> None:
        """Show a faint text across the plot; an empty text removes it."""
        self._hint.setText(text)
        self._hint.setVisible(bool(text))

    def set_step_title(self, text: str) -> None:
        """Name the axis of steps; an empty text leaves its name out."""
        self._steps.setLabel(text)
        self._steps.showLabel(bool(text))

    def set_levels(self, levels: Sequence[Level]) -> None:
        """Draw level lines, with their labels in the right margin."""
        for line in self._lines:
            self._view.removeItem(line)
        self._lines = [pg.InfiniteLine(level.value, angle=0, movable=False) for level in levels]
        for line in self._lines:
            self._view.addItem(line, ignoreBounds=True)
        self._margin.set_levels(levels)
        self._apply_palette()

    @property
    def labels(self) -> tuple[tuple[str, QRectF], ...]:
        """The labels in the right margin, and where they are."""
        return self._margin.labels

    @property
    def curve_area(self) -> QRectF:
        """The area inside the axes, where curves are drawn, in the coordinates of `labels`."""
        area: QRectF = self._view.sceneBoundingRect()
        return area

    def set_marks(self, marks: Sequence[AxisMark]) -> None:
        """Mark steps on the axis, by ascending step."""
        self._marks.marks = tuple(marks)
        self._layout.setContentsMargins(0, STRIP if marks else _TOP, 0, 0)
        self._marks.update()

    def set_beyond(self, above: NDArray[np.float64], highest: str, below: NDArray[np.float64], lowest: str) -> None:
        """Tell at which steps values lie above the top and below the bottom, and the extreme of each side."""
        self._marks.above, self._marks.below = above, below
        self._marks.update()
        self._margin.set_beyond(f"\u25b2 {highest}" if len(above) else "", f"\u25bc {lowest}" if len(below) else "")

    @property
    def beyond(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Steps of the values above the top, and of those below the bottom."""
        return self._marks.above, self._marks.below

    def tip_at(self, place: QPoint) -> str:
        """Return what is said of a mark or a level label at a place of the widget; empty where there is none."""
        level = self._margin.level_at(self.mapToScene(place))
        if level is not None:
            return paragraphs(level.help)
        (first, last), _ = self.view_range
        step = float(self._view.mapSceneToView(self.mapToScene(place)).x())
        near = self._marks.near(step, NEAR * (last - first) / self.plot_width())
        return paragraphs(*(f"{grouped(mark.step)}: {mark.text}" for mark in near))

    def zoom(self, factor: float) -> None:
        """Show `factor` times as many steps, around the cursor, or else around the middle."""
        (first, last), _ = self.view_range
        centre = self._cursor.value() if self._cursor.isVisible() else (first + last) / 2
        first, last = centre - (centre - first) * factor, centre + (last - centre) * factor
        self._view.setXRange(first, last, padding=0)
        self._tell_view()

    def set_log(self, is_log: bool) -> None:
        """Set whether the values to draw are base-10 logarithms."""
        self._is_log = is_log
        self._values.setLogMode(y=is_log)

    def set_view(self, x_range: tuple[float, float], y_range: tuple[float, float]) -> None:
        """Show a range of steps and a range of values (logarithms in log mode)."""
        if (tuple(x_range), tuple(y_range)) != self.view_range:
            self._view.setRange(xRange=x_range, yRange=y_range, padding=0, disableAutoRange=True)

    def draw(self, raw: Lines | None, main: Lines) -> None:
        """Replace all curves: the pale lines behind, or None, and the strong lines in front."""
        self._curves.draw(raw, main, self.view_range[1], self.palette())

    def set_cursor_step(self, step: float | None) -> None:
        """Put the vertical line at a step; None hides it."""
        self._cursor.setVisible(step is not None)
        if step is not None:
            self._cursor.setValue(step)

    @property
    def view_range(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """First and last step, lowest and highest value shown."""
        (first, last), (low, high) = self._view.viewRange()
        return (first, last), (low, high)

    def plot_width(self) -> int:
        """Width of the area inside the axes, in pixels, at least 1."""
        return max(int(self._view.width()), 1)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Report the step under the mouse, unless it drags, and explain the mark or the label there."""
        super().mouseMoveEvent(event)
        self.setToolTip(self.tip_at(event.position().toPoint()))
        if not event.buttons():
            place = self._view.mapSceneToView(self.mapToScene(event.position().toPoint()))
            self.pointed_at.emit(float(place.x()))

    def leaveEvent(self, event: QEvent) -> None:
        """Report that the mouse left."""
        super().leaveEvent(event)
        self.pointed_at.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Report the keys that move the cursor; plus and minus zoom around it."""
        key, is_shift = Qt.Key(event.key()), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.arrow_pressed.emit(1 if key == Qt.Key.Key_Right else -1, is_shift)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.end_pressed.emit(key == Qt.Key.Key_End)
        elif key == Qt.Key.Key_Escape:
            self.escape_pressed.emit()
        elif key in _ZOOM_KEYS:
            self.zoom(_ZOOM_KEYS[key])
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus as a coloured frame."""
        super().focusInEvent(event)
        self._apply_palette()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Remove the coloured frame."""
        super().focusOutEvent(event)
        self._apply_palette()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the hint in the upper third, away from the level lines."""
        super().resizeEvent(event)
        if hasattr(self, "_hint"):  # pyqtgraph's constructor resizes the widget before the hint exists
            self._marks.set_canvas(QRectF(self.viewport().rect()))
            width = max(self.width() - _AXIS_WIDTH - margin_width(), 0)
            self._hint.setGeometry(QRect(_AXIS_WIDTH, 0, width, self.height() // 3))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_hint"):
            self._apply_palette()

    def _build(self) -> None:
        # Repaint one rectangle: clipping to many small ones took three times as long.
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.BoundingRectViewportUpdate)
        self._layout = layout = pg.GraphicsLayout()
        layout.setContentsMargins(0, _TOP, 0, 0)
        layout.setSpacing(0)
        layout.addItem(self._values, 0, 0)
        layout.addItem(self._view, 0, 1)
        layout.addItem(self._margin, 0, 2)
        layout.addItem(self._steps, 1, 1)
        self.setCentralItem(layout)
        self.scene().addItem(self._marks)
        self._view.disableAutoRange()
        self._view.setMouseEnabled(x=True, y=False)
        self._view.setLimits(xMin=-1, minXRange=10)
        self._view.sigRangeChangedManually.connect(self._tell_view)
        self._values.setWidth(_AXIS_WIDTH)
        for axis in (self._values, self._margin, self._steps):
            axis.linkToView(self._view)
            axis.enableAutoSIPrefix(False)
        self._view.addItem(self._cursor, ignoreBounds=True)
        self._cursor.setZValue(20)
        self._cursor.setVisible(False)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._hint.setWordWrap(True)
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def _tell_view(self) -> None:
        (first, last), _ = self.view_range
        self.view_moved.emit(float(first), float(last))

    def _apply_palette(self) -> None:
        palette = self.palette()
        base, text = palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Text)
        quiet, line = muted_text(palette), blend(text, base, 0.22)
        self.setBackground(base)
        for axis in (self._values, self._margin, self._steps):
            axis.setPen(line)
            axis.setTextPen(quiet)
        self._curves.follow_palette(palette)
        self._marks.set_palette(palette)
        for level in self._lines:
            level.setPen(QPen(blend(text, base, 0.45), 0, Qt.PenStyle.DotLine))
        self._cursor.setPen(QPen(blend(text, base, 0.6), 0))
        border = palette.color(QPalette.ColorRole.Accent) if self.hasFocus() else QColor(line)
        self._view.setBorder(QPen(border, 0))
