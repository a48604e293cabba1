"""CurvePlot: a legend, the curves of some metrics, and one sentence on what they mean."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from gan_studio.ui.plots.axis_range import Range, exponent_range, value_range
from gan_studio.ui.plots.curve_canvas import CurveCanvas
from gan_studio.ui.plots.curve_legend import CurveLegend, CurveText
from gan_studio.ui.plots.curve_style import CurveStyle
from gan_studio.ui.plots.metric_store import MetricStore, Trace
from gan_studio.ui.widgets.number_text import grouped
from gan_studio.ui.widgets.retranslating import Retranslating


@dataclass(frozen=True)
class PlotTexts:
    """All texts of a plot, in the language of the window.

    Attributes:
        title, help: what is plotted, and what that means.
        curves: name and help of each curve.
        hint: shown in the plot while there is nothing to draw.
        steps: title of the axis of steps; empty where the plot below shows it.
    """

    title: str
    help: str
    curves: tuple[CurveText, ...]
    hint: str
    steps: str = ""


class CurvePlot(Retranslating, QWidget):
    """Base of the plots of the Train tab. Each plot sets its texts in retranslate() and overrides sentence().

    Signals:
        pointed_at, arrow_pressed, end_pressed, escape_pressed, view_moved: as in CurveCanvas.
    """

    pointed_at = Signal(object)
    arrow_pressed = Signal(int, bool)
    end_pressed = Signal(bool)
    escape_pressed = Signal()
    view_moved = Signal(float, float)

    def __init__(
        self,
        name: str,
        history: MetricStore,
        styles: Sequence[CurveStyle],
        fixed_values: Range | None = None,
        reads_step: bool = True,
        sentence_lines: int = 2,
        parent: QWidget | None = None,
    ) -> None:
        """Build an empty plot.

        Args:
            name: object name; the parts are named after it.
            history: the rows, read at each redraw.
            styles: one for each curve.
            fixed_values: ends of the value axis, or None to fit the curves.
            reads_step: whether the legend shows the step of its values.
            sentence_lines: lines of text that the sentence has room for.
            parent: the widget around it.
        """
        super().__init__(parent)
        self._history = history
        self._columns = [style.column for style in styles]
        self._fixed_values = fixed_values
        self._reads_step = reads_step
        self._levels: tuple[float, ...] = ()
        self._smoothing = 0
        self._is_log = False
        self._cursor_step: int | None = None
        self._texts: PlotTexts | None = None
        self._legend = CurveLegend(name, styles, self)
        self._canvas = CurveCanvas(styles, self)
        self._sentence = QLabel(self)
        self.setObjectName(name)
        self._canvas.setObjectName(f"{name}Canvas")
        self._sentence.setObjectName(f"{name}Sentence")
        self._build(sentence_lines)
        self._connect()

    def set_texts(self, texts: PlotTexts) -> None:
        """Set every text except the sentence."""
        self._texts = texts
        self._legend.set_texts(texts.title, texts.curves)
        if texts.steps:
            self._canvas.set_step_title(texts.steps)
        self.setToolTip(texts.help)
        for part in (self, self._canvas):
            part.setAccessibleName(texts.title)
        self.refresh_texts()

    def set_levels(self, levels: Sequence[tuple[float, str]]) -> None:
        """Draw level lines, given as (value, label)."""
        self._levels = tuple(value for value, _ in levels)
        shown = [(float(np.log10(value)), text) for value, text in levels if value > 0] if self._is_log else levels
        self._canvas.set_levels(shown)

    def set_fixed_values(self, ends: Range | None) -> None:
        """Set the ends of the value axis from the next redraw on; None fits the curves."""
        self._fixed_values = ends

    def set_smoothing(self, time_constant: int) -> None:
        """Average over about `time_constant` steps from the next redraw on; 0 draws every value."""
        self._smoothing = time_constant

    def set_log(self, is_log: bool) -> None:
        """Make the value axis logarithmic from the next redraw on; values of 0 or less leave a gap."""
        self._is_log = is_log
        self._canvas.set_log(is_log)

    def set_cursor(self, step: int | None) -> None:
        """Show the values of all curves at a step; None shows the newest."""
        self._cursor_step = step
        self._canvas.set_cursor_step(step)
        self._refresh_reading()

    def redraw(self, first: float, last: float) -> None:
        """Draw the steps first..last that the history holds now."""
        bins = self._canvas.plot_width()
        raw, main = self._scaled(self._history.envelope(self._columns, first, last, bins)), None
        if self._smoothing:
            main = self._scaled(self._history.smoothed(self._columns, first, last, bins // 2 + 1, self._smoothing))
        self._canvas.set_view((first, last), self._fixed_values or self._fitted(raw))
        if main is None:
            self._canvas.draw(None, (raw.x, raw.y))
        else:
            self._canvas.draw((raw.x, raw.y), (main.x, main.y))
        self.refresh_texts()

    def sentence(self) -> str:
        """Return the sentence below the plot: what the curves show now."""
        return ""

    def _build(self, sentence_lines: int) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._legend)
        column.addWidget(self._canvas, 1)
        column.addWidget(self._sentence)
        self._sentence.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._sentence.setWordWrap(True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._sentence.setFixedHeight(sentence_lines * self.fontMetrics().lineSpacing() + 2)
        self._sentence.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._canvas.setMinimumSize(180, 90)
        self.setFocusProxy(self._canvas)

    def _connect(self) -> None:
        self._canvas.pointed_at.connect(self.pointed_at)
        self._canvas.arrow_pressed.connect(self.arrow_pressed)
        self._canvas.end_pressed.connect(self.end_pressed)
        self._canvas.escape_pressed.connect(self.escape_pressed)
        self._canvas.view_moved.connect(self.view_moved)

    def _scaled(self, trace: Trace) -> Trace:
        if not self._is_log:
            return trace
        y = np.full_like(trace.y, np.nan)
        return Trace(trace.x, np.log10(trace.y, out=y, where=trace.y > 0))

    def _fitted(self, trace: Trace) -> Range:
        return exponent_range(trace.y, self._levels) if self._is_log else value_range(trace.y, self._levels)

    def refresh_texts(self) -> None:
        """Show the values at the cursor, or the newest ones, and the sentence, without drawing the curves."""
        if self._texts is not None:
            self._canvas.set_hint("" if len(self._history) else self._texts.hint)
        sentence = self.sentence()
        if sentence != self._sentence.text():
            self._sentence.setText(sentence)
            self._sentence.setToolTip(sentence)
        self._refresh_reading()

    def _refresh_reading(self) -> None:
        row = self._row_read()
        if row is None:
            self._legend.set_reading("", ["\u2013"] * len(self._columns))
            return
        values = self._history.values_of(row)
        shown = [_value_text(float(values[column])) for column in self._columns]
        step = grouped(self._history.step_of(row))
        self._legend.set_reading(self.tr("step {step}").format(step=step) if self._reads_step else "", shown)
        if self._cursor_step is not None and self._texts is not None:
            names = [curve.name for curve in self._texts.curves]
            read = ", ".join(f"{name} {value}" for name, value in zip(names, shown, strict=True))
            self._canvas.setAccessibleDescription(f"{step}: {read}")

    def _row_read(self) -> int | None:
        if self._cursor_step is not None:
            return self._history.row_near(self._cursor_step)
        return len(self._history) - 1 if len(self._history) else None


def _value_text(value: float) -> str:
    if not np.isfinite(value):
        return str(value)
    return f"{value:.3f}" if abs(value) < 100 else f"{value:.3g}"
