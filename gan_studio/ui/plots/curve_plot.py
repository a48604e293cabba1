"""CurvePlot: a legend, the curves of some metrics, and one sentence on what they mean."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from gan_studio.engine.events import METRIC_COLUMNS
from gan_studio.ui.plots.axis_marks import AxisMark
from gan_studio.ui.plots.axis_range import Range, exponent_range, usual, value_range
from gan_studio.ui.plots.curve_canvas import CurveCanvas
from gan_studio.ui.plots.curve_legend import CurveLegend
from gan_studio.ui.plots.curve_style import CurveStyle
from gan_studio.ui.plots.level_axis import Level
from gan_studio.ui.plots.metric_store import MetricStore, Trace
from gan_studio.ui.plots.plot_texts import PlotTexts
from gan_studio.ui.plots.rate_history import RateHistory
from gan_studio.ui.widgets.number_text import grouped, reading_text
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.rich_text import paragraphs

MOST_HEIGHT = 10_000
"""More pixels than any sentence takes."""


class CurvePlot(Retranslating, QWidget):
    """Base of the plots of the Train tab. Each plot sets its texts in retranslate() and overrides sentence().

    Signals:
        pointed_at, arrow_pressed, end_pressed, escape_pressed, view_moved: as in CurveCanvas.
        menu_wanted: QPoint on the screen where the context menu should open.
    """

    pointed_at = Signal(object)
    arrow_pressed = Signal(int, bool)
    end_pressed = Signal(bool)
    escape_pressed = Signal()
    view_moved = Signal(float, float)
    menu_wanted = Signal(QPoint)

    def __init__(
        self,
        name: str,
        history: MetricStore | RateHistory,
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
        self._levels: tuple[Level, ...] = ()
        self._shows_all = False
        self._is_lowest = False
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
        self.set_lowest(self._is_lowest)
        self.setToolTip(paragraphs(texts.help))
        for part in (self, self._canvas):
            part.setAccessibleName(texts.title)
        self.refresh_texts()

    @property
    def texts(self) -> PlotTexts | None:
        """The texts of the plot, once they are set."""
        return self._texts

    @property
    def columns(self) -> tuple[str, ...]:
        """The names under which its values are logged."""
        return tuple(METRIC_COLUMNS[column] for column in self._columns)

    @property
    def file_word(self) -> str:
        """A word for the names of its files, such as "loss"."""
        return self.objectName().removesuffix("Plot")

    def set_lowest(self, is_lowest: bool) -> None:
        """Set whether it is the lowest plot, which names the axis of steps."""
        self._is_lowest = is_lowest
        self._canvas.set_step_title(self.tr("step") if is_lowest else "")

    def set_levels(self, levels: Sequence[Level]) -> None:
        """Draw level lines."""
        self._levels = tuple(levels)
        if self._is_log:
            levels = [replace(level, value=float(np.log10(level.value))) for level in levels if level.value > 0]
        self._canvas.set_levels(levels)

    def values_at(self, row: int) -> tuple[str, ...]:
        """Return the value of each curve at a row of the history, as logged."""
        if row >= len(self._history):
            return ("\u2013",) * len(self._columns)
        return tuple(reading_text(float(value)) for value in self._history.values_of(row)[self._columns])

    def set_marks(self, marks: Sequence[AxisMark]) -> None:
        """Mark steps on the axis, by ascending step."""
        self._canvas.set_marks(marks)

    def set_whole_range(self, is_whole: bool) -> None:
        """Set whether the value axis spans every value from the next redraw on, or the usual ones (see `usual`)."""
        self._shows_all = is_whole

    def zoom(self, factor: float) -> None:
        """Show `factor` times as many steps."""
        self._canvas.zoom(factor)

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
        ends = self._fixed_values or self._fitted(raw)
        self._canvas.set_view((first, last), ends)
        self._tell_beyond(raw, ends)
        if main is None:
            self._canvas.draw(None, (raw.x, raw.y))
        else:
            self._canvas.draw((raw.x, raw.y), (main.x, main.y))
        self.refresh_texts()

    def sentence(self) -> str:
        """Return the sentence below the plot: what the curves show now."""
        return ""

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the context menu: by the right button, or by the menu key."""
        self.menu_wanted.emit(event.globalPos())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the sentence the lines that it needs at the new width, once the layout is done."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fitting.start()

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
        self._least_height = sentence_lines * self.fontMetrics().lineSpacing() + 2
        self._fitting = QTimer(self, singleShot=True, interval=0)
        self._fitting.timeout.connect(partial(self._fit_sentence, self._least_height))
        self._sentence.setFixedHeight(self._least_height)
        self._sentence.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._canvas.setMinimumSize(180, 110)
        self._canvas.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)  # leaves the menu to the plot
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
        y = trace.y if self._shows_all else usual(trace.y, self._is_log)
        levels = tuple(level.value for level in self._levels)
        return exponent_range(y, levels) if self._is_log else value_range(y, levels)

    def _tell_beyond(self, trace: Trace, ends: Range) -> None:
        """Mark the steps in view at which a value is beyond the value axis."""
        shown = (trace.x >= self._canvas.view_range[0][0]) & (trace.x <= self._canvas.view_range[0][1])
        high, low = ((trace.y > ends[1]) & shown), ((trace.y < ends[0]) & shown)
        highest, lowest = (self._edge_text(trace.y[beyond], extreme) for beyond, extreme in ((high, max), (low, min)))
        self._canvas.set_beyond(trace.x[high.any(axis=0)], highest, trace.x[low.any(axis=0)], lowest)

    def _edge_text(self, values: NDArray[np.float32], extreme: Callable[[NDArray[np.float32]], np.float32]) -> str:
        """Write the extreme of the values beyond an edge."""
        if len(values) == 0:
            return ""
        value = float(extreme(values))
        return f"{10**value if self._is_log else value:.3g}"

    def refresh_texts(self) -> None:
        """Show the values at the cursor, or the newest ones, and the sentence, without drawing the curves."""
        if self._texts is not None:
            self._canvas.set_hint("" if len(self._history) else self._texts.hint)
        sentence = self.sentence()
        if sentence != self._sentence.text():
            self._sentence.setText(sentence)
            self._sentence.setToolTip(paragraphs(sentence))
            self._fit_sentence(self._sentence.height())
        self._refresh_reading()

    def _fit_sentence(self, least: int) -> None:
        """Give the sentence the lines that it needs, and at least these pixels, so that the plot keeps still."""
        room = QRect(0, 0, self.width(), MOST_HEIGHT)
        needed = self._sentence.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, self._sentence.text())
        self._sentence.setFixedHeight(max(least, needed.height() + 2))  # heightForWidth counts the fixed height, too

    def _refresh_reading(self) -> None:
        row = self._row_read()
        self._tell_kind(has_values=row is not None)
        if row is None:
            self._legend.set_reading("", ["\u2013"] * len(self._columns))
            return
        shown = [reading_text(float(value)) for value in self._values_read(row)]
        step = grouped(self._history.step_of(row))
        self._legend.set_reading(self.tr("step {step}").format(step=step) if self._reads_step else "", shown)
        if self._cursor_step is not None and self._texts is not None:
            names = [curve.name for curve in self._texts.curves]
            read = ", ".join(f"{name} {value}" for name, value in zip(names, shown, strict=True))
            self._canvas.setAccessibleDescription(f"{step}: {read}")

    def _tell_kind(self, *, has_values: bool) -> None:
        steps = grouped(self._smoothing)
        help_text = self.tr(
            "The newest values of the strong lines, which average over about {steps} steps. Point at a step to read"
            " the values that were logged there."
        )
        is_told = has_values and self._is_smoothed
        self._legend.set_kind(self.tr("smoothed") if is_told else "", help_text.format(steps=steps) if is_told else "")

    def _values_read(self, row: int) -> NDArray[np.float32]:
        """Return what the legend tells: the newest place of the strong lines, or at the cursor what was logged."""
        if not self._is_smoothed:
            return self._history.values_of(row)[self._columns]
        step = float(self._history.step_of(row))
        values: NDArray[np.float32] = self._history.smoothed(self._columns, step, step, 1, self._smoothing).y[:, -1]
        return values

    @property
    def _is_smoothed(self) -> bool:
        return self._smoothing > 0 and self._cursor_step is None and isinstance(self._history, MetricStore)

    def _row_read(self) -> int | None:
        if self._cursor_step is not None:
            return self._history.row_near(self._cursor_step)
        return len(self._history) - 1 if len(self._history) else None
