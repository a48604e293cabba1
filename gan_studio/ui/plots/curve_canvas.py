"""CurveCanvas: draws axes, curves, level lines and a cursor, and reports what mouse and keyboard do."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QGraphicsView, QLabel, QWidget

from gan_studio.ui.plots.curve_style import CurveStyle
from gan_studio.ui.plots.number_axis import NumberAxis
from gan_studio.ui.plots.pyqtgraph_light import pg
from gan_studio.ui.widgets.theme import blend, curve_colours, muted_text

_AXIS_WIDTH = 46
_BUSY_TRAVEL = 10
"""In plot heights: a line whose ups and downs add up to more counts as noise and is drawn thin and solid. Dashes cannot
be seen in noise and take 200 ms to draw (measured: 600 px of noise at width 2; thin and solid: 1 ms)."""

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
        self._styles = tuple(styles)
        # A PlotItem would add a hidden menu, in English only, whose controls have no names.
        self._view = pg.ViewBox(enableMenu=False)
        self._values = NumberAxis("left")
        self._steps = NumberAxis("bottom")
        self._raw = [self._add_curve() for _ in styles]
        self._main = [self._add_curve() for _ in styles]
        self._levels: list[pg.InfiniteLine] = []
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
        """Name the axis of steps."""
        self._steps.setLabel(text)

    def set_levels(self, levels: Sequence[tuple[float, str]]) -> None:
        """Draw level lines, given as (value, label)."""
        for line in self._levels:
            self._view.removeItem(line)
        self._levels = []
        highest = max((value for value, _ in levels), default=0.0)
        for value, text in levels:
            corner = (1, 1) if value == highest else (1, 0)  # labels of close lines point away from each other
            place = {"position": 0.995, "anchors": [corner, corner], "movable": False}
            line = pg.InfiniteLine(value, angle=0, movable=False, label=text, labelOpts=place)
            line.setZValue(10)
            self._view.addItem(line, ignoreBounds=True)
            self._levels.append(line)
        self._apply_palette()

    def set_log(self, is_log: bool) -> None:
        """Set whether the values to draw are base-10 logarithms."""
        self._is_log = is_log
        self._values.setLogMode(y=is_log)

    def set_view(self, x_range: tuple[float, float], y_range: tuple[float, float]) -> None:
        """Show a range of steps and a range of values (logarithms in log mode)."""
        if (tuple(x_range), tuple(y_range)) != self.view_range:
            self._view.setRange(xRange=x_range, yRange=y_range, padding=0, disableAutoRange=True)

    def draw(
        self,
        raw: tuple[NDArray[np.float64], NDArray[np.float32]] | None,
        main: tuple[NDArray[np.float64], NDArray[np.float32]],
    ) -> None:
        """Replace all curves.

        Args:
            raw: x [vertices] and y [curves, vertices] of the pale lines behind, or None.
            main: the same for the strong lines in front.
        """
        for number, (raw_curve, main_curve) in enumerate(zip(self._raw, self._main, strict=True)):
            raw_curve.setVisible(raw is not None)
            if raw is not None:
                _set_data(raw_curve, raw[0], raw[1][number])
            main_curve.setPen(self._main_pen(number, main[1][number]))
            _set_data(main_curve, main[0], main[1][number])

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
        """Report the step under the mouse, unless it drags."""
        super().mouseMoveEvent(event)
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
            self._zoom(_ZOOM_KEYS[key])
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
            self._hint.setGeometry(QRect(_AXIS_WIDTH, 0, max(self.width() - _AXIS_WIDTH, 0), self.height() // 3))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_hint"):
            self._apply_palette()

    def _build(self) -> None:
        # Repaint one rectangle: clipping to many small ones took three times as long.
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.BoundingRectViewportUpdate)
        layout = pg.GraphicsLayout()
        layout.setContentsMargins(0, 6, 10, 0)
        layout.setSpacing(0)
        layout.addItem(self._values, 0, 0)
        layout.addItem(self._view, 0, 1)
        layout.addItem(self._steps, 1, 1)
        self.setCentralItem(layout)
        self._view.disableAutoRange()
        self._view.setMouseEnabled(x=True, y=False)
        self._view.setLimits(xMin=-1, minXRange=10)
        self._view.sigRangeChangedManually.connect(self._tell_view)
        self._values.setWidth(_AXIS_WIDTH)
        for axis in (self._values, self._steps):
            axis.linkToView(self._view)
            axis.enableAutoSIPrefix(False)
        self._view.addItem(self._cursor, ignoreBounds=True)
        self._cursor.setZValue(20)
        self._cursor.setVisible(False)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._hint.setWordWrap(True)
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def _add_curve(self) -> pg.PlotCurveItem:
        curve = pg.PlotCurveItem(connect="finite")
        self._view.addItem(curve, ignoreBounds=True)
        return curve

    def _main_pen(self, number: int, y: NDArray[np.float32]) -> QPen:
        low, high = self.view_range[1]
        travel = float(np.nansum(np.abs(np.diff(y)))) / max(high - low, 1e-12)
        if travel <= _BUSY_TRAVEL:
            return self._styles[number].pen(self.palette())
        return CurveStyle(0, self._styles[number].colour).pen(self.palette(), 1.0)

    def _zoom(self, factor: float) -> None:
        (first, last), _ = self.view_range
        centre = self._cursor.value() if self._cursor.isVisible() else (first + last) / 2
        first, last = centre - (centre - first) * factor, centre + (last - centre) * factor
        self._view.setXRange(first, last, padding=0)
        self._tell_view()

    def _tell_view(self) -> None:
        (first, last), _ = self.view_range
        self.view_moved.emit(float(first), float(last))

    def _apply_palette(self) -> None:
        palette = self.palette()
        base, text = palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Text)
        quiet, line = muted_text(palette), blend(text, base, 0.22)
        self.setBackground(base)
        for axis in (self._values, self._steps):
            axis.setPen(line)
            axis.setTextPen(quiet)
        for style, curve in zip(self._styles, self._raw, strict=True):
            curve.setPen(QPen(blend(curve_colours(palette)[style.colour], base, 0.32), 0))
        for level in self._levels:
            level.setPen(QPen(blend(text, base, 0.45), 0, Qt.PenStyle.DotLine))
            level.label.setColor(quiet)
            level.label.fill = QBrush(QColor(base.red(), base.green(), base.blue(), 200))
        self._cursor.setPen(QPen(blend(text, base, 0.6), 0))
        border = palette.color(QPalette.ColorRole.Accent) if self.hasFocus() else QColor(line)
        self._view.setBorder(QPen(border, 0))


def _set_data(curve: pg.PlotCurveItem, x: NDArray[np.float64], y: NDArray[np.float32]) -> None:
    has_gap = bool(np.isnan(y).any())
    curve.setData(x, y, connect="finite" if has_gap else "all", skipFiniteCheck=not has_gap)
