"""Draw a chart as a PNG in the window's colours: 700 x 350 points, two pixels each."""

import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPalette, QPen
from PySide6.QtWidgets import QApplication

from benchmarks.growth_figures import Chart, Curve
from gan_studio.ui.plots.number_axis import NumberAxis
from gan_studio.ui.widgets.number_text import significant
from gan_studio.ui.widgets.theme import apply_theme, blend, curve_colours, muted_text

SIZE = QSize(700, 350)
SCALE = 2
HEADING_HEIGHT = 46
ROOM = 0.06
"""Share of an axis that stays empty beyond the curves, unless the chart sets where it begins."""
MOST_MARKED = 80
"""A curve with more points gets no markers."""
IN_A_DECADE = ((1.0,), (1.0, 2.0, 5.0), (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0))
"""Ticks of a logarithmic axis within a decade: the first choice that gives at least three."""


@cache
def application() -> QApplication:
    """Return this process's Qt application in the light theme; create one without a screen if there is none."""
    app = QApplication.instance() or QApplication(["growth", "-platform", "offscreen"])
    if not isinstance(app, QApplication):
        raise TypeError("a Qt program without windows is running already")
    apply_theme(app, "light")
    return app


def save_chart(chart: Chart, path: Path) -> None:
    """Draw a chart; needs no screen.

    Raises:
        OSError: the file cannot be written.
    """
    application()
    plot = pg.PlotItem(axisItems={side: NumberAxis(side) for side in ("left", "bottom")}, enableMenu=False)
    view = pg.GraphicsView()
    view.setCentralItem(plot)
    view.resize(SIZE)
    view.setBackground(view.palette().color(QPalette.ColorRole.Base))
    _dress(plot, chart, view.palette())
    for curve in chart.curves:
        _add(plot, curve, chart.is_log, view.palette())
    _set_ends(plot, chart)
    view.grab()  # lays everything out, without a window
    image = QImage(SIZE * SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(SCALE)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        view.render(painter, QRectF(view.rect()), view.rect())
    view.close()
    if not image.save(str(path)):
        raise OSError(f"cannot write {path}")


def _dress(plot: pg.PlotItem, chart: Chart, palette: QPalette) -> None:
    base, text = palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Text)
    plot.hideButtons()
    plot.layout.setContentsMargins(4, 2, 20, 4)
    plot.showGrid(x=True, y=True, alpha=0.12)
    plot.setTitle(_heading(chart, palette), size="10pt", color=text.name(), justify="left")
    plot.titleLabel.setMaximumHeight(HEADING_HEIGHT)
    plot.layout.setRowFixedHeight(0, HEADING_HEIGHT)
    for side, title in (("left", chart.y_title), ("bottom", chart.x_title)):
        axis = plot.getAxis(side)
        axis.enableAutoSIPrefix(False)
        axis.setLabel(title, color=muted_text(palette).name())
        axis.setPen(blend(text, base, 0.3))
        axis.setTextPen(muted_text(palette))


def _heading(chart: Chart, palette: QPalette) -> str:
    """Return the chart's title, and on a second line its curves, each with a mark in its colour."""
    colours = curve_colours(palette)
    names = [
        f"<span style='color:{colours[curve.colour].name()}'>{'- - -' if curve.is_guide else '&#9679;'} "
        f"{curve.name}</span>"
        for curve in chart.curves
    ]
    return f"<b>{chart.title}</b><br>{' &nbsp;&nbsp; '.join(names)}"


def _add(plot: pg.PlotItem, curve: Curve, is_log: tuple[bool, bool], palette: QPalette) -> None:
    colour = curve_colours(palette)[curve.colour]
    pen = QPen(colour, 3.0, Qt.PenStyle.DashLine if curve.is_guide else Qt.PenStyle.SolidLine)
    pen.setCosmetic(True)
    x, y = (np.array(_scaled(values, log)) for values, log in zip((curve.x, curve.y), is_log, strict=True))
    plot.addItem(pg.PlotCurveItem(x, y, pen=pen, antialias=True))
    if not curve.is_guide and len(x) <= MOST_MARKED:
        plot.addItem(pg.ScatterPlotItem(x, y, size=8, pen=None, brush=colour, useCache=False))


def _set_ends(plot: pg.PlotItem, chart: Chart) -> None:
    """Set the range of both axes, and the ticks of logarithmic ones."""
    for side, is_log, is_x in (("bottom", chart.is_log[0], True), ("left", chart.is_log[1], False)):
        values = [value for curve in chart.curves for value in (curve.x if is_x else curve.y)]
        scaled = _scaled(values, is_log)
        low, high = min(scaled), max(scaled)
        fits = is_x or is_log
        room = ROOM * (high - (low if fits else chart.y_from) or 1.0)
        (plot.setXRange if is_x else plot.setYRange)(low - room if fits else chart.y_from, high + room, padding=0)
        ticks = chart.x_ticks if is_x and chart.x_ticks else log_ticks(min(values), max(values)) if is_log else ()
        if ticks:
            names = [significant(value, 6) for value in ticks]
            plot.getAxis(side).setTicks([list(zip(_scaled(ticks, is_log), names, strict=True)), []])


def log_ticks(low: float, high: float) -> tuple[float, ...]:
    """Choose round numbers from `low` to `high`, both above 0, for a logarithmic axis."""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    found: tuple[float, ...] = ()
    for choice in IN_A_DECADE:
        found = tuple(
            round(place * 10.0**decade, 12)
            for decade in decades
            for place in choice
            if low <= place * 10.0**decade <= high
        )
        if len(found) >= 3:
            break
    return found


def _scaled(values: Sequence[float], is_log: bool) -> list[float]:
    return [math.log10(value) for value in values] if is_log else list(values)
