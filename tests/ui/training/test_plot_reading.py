"""What a plot shows can be read: labels beside the curves, spikes that hide nothing, one value in line and legend."""

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from gan_studio.engine.events import METRIC_COLUMNS
from gan_studio.ui.plots.curve_canvas import CurveCanvas
from gan_studio.ui.training.metrics_panel import MetricsPanel
from tests.ui.shown_panels import shown_metrics_panel

COLUMN = {name: place for place, name in enumerate(METRIC_COLUMNS)}
PLOTS = ("lossPlot", "probabilityPlot")


@pytest.fixture
def panel(qtbot: QtBot) -> MetricsPanel:
    return shown_metrics_panel(qtbot)


def rows(count: int, **spikes: float) -> tuple[np.ndarray, np.ndarray]:
    """Make noisy steps around 0.7, with a spike of some columns at step 100."""
    values = 0.7 + 0.05 * np.random.default_rng(0).normal(size=(count, len(METRIC_COLUMNS)))
    for name, value in spikes.items():
        values[99, COLUMN[name]] = value
    return np.arange(1, count + 1, dtype=np.int64), values.astype(np.float32)


def canvas(panel: MetricsPanel, plot: str = "lossPlot") -> CurveCanvas:
    return panel.findChild(CurveCanvas, f"{plot}Canvas")


def text(panel: MetricsPanel, name: str) -> str:
    return panel.findChild(QLabel, name).text()


def lines(panel: MetricsPanel, plot: str = "lossPlot") -> list[pg.PlotCurveItem]:
    """List the lines of a plot that are drawn, the strong ones last."""
    found = [item for item in canvas(panel, plot).scene().items() if isinstance(item, pg.PlotCurveItem)]
    return [line for line in reversed(found) if line.isVisible() and line.yData is not None and len(line.yData)]


@pytest.mark.parametrize("loss", ["non_saturating", "minimax"])
@pytest.mark.parametrize("width", [260, 600, 1400])
def test_that_no_label_lies_over_a_curve(panel: MetricsPanel, qtbot: QtBot, loss: str, width: int):
    panel.set_loss(loss)
    panel.resize(width, 640)
    panel.append(*rows(300, loss_g=-3))
    qtbot.waitUntil(lambda: bool(lines(panel)))
    for plot, count in zip(PLOTS, (2, 1), strict=True):
        labels = [each for each in canvas(panel, plot).labels if each[0][0] not in "\u25b2\u25bc"]
        assert len(labels) == count
        assert all(place.left() >= canvas(panel, plot).curve_area.right() for _, place in labels)
        assert all(place.width() >= canvas(panel).fontMetrics().horizontalAdvance(label) for label, place in labels)


def test_that_labels_of_close_lines_do_not_cover_each_other(panel: MetricsPanel, qtbot: QtBot):
    panel.findChild(QCheckBox, "wholeRangeBox").click()
    panel.append(*rows(300, loss_g=80))
    qtbot.waitUntil(lambda: canvas(panel).view_range[1][1] >= 80)
    (_, one), (_, other) = canvas(panel).labels
    assert not one.intersects(other)


def test_that_a_label_says_what_its_line_means(panel: MetricsPanel, qtbot: QtBot):
    panel.append(*rows(300))
    qtbot.waitUntil(lambda: bool(lines(panel)))
    (_, place), *_ = canvas(panel).labels
    assert "undecided" in canvas(panel).tip_at(place.center().toPoint())
    assert canvas(panel).tip_at(QPoint(60, 60)) == ""


def test_that_a_spike_is_told_at_the_edge_and_flattens_nothing(panel: MetricsPanel, qtbot: QtBot):
    panel.append(*rows(300, loss_g=85, loss_d=-30))
    qtbot.waitUntil(lambda: bool(lines(panel)))
    low, high = canvas(panel).view_range[1]
    assert -2 < low < 0.5 < high < 4
    above, below = canvas(panel).beyond
    assert set(above) == set(below) == {100.0}
    assert {"\u25b2 85", "\u25bc -30"} <= {label for label, _ in canvas(panel).labels}


def test_that_a_click_shows_the_whole_range_and_is_reported(panel: MetricsPanel, qtbot: QtBot):
    panel.append(*rows(300, loss_g=85))
    qtbot.waitUntil(lambda: bool(lines(panel)))
    with qtbot.waitSignal(panel.choice_made) as made:
        panel.findChild(QCheckBox, "wholeRangeBox").click()
    assert made.args == ["wholeRange", True]
    qtbot.waitUntil(lambda: canvas(panel).view_range[1][1] >= 85)
    assert [len(steps) for steps in canvas(panel).beyond] == [0, 0]
    assert not any("\u25b2" in label for label, _ in canvas(panel).labels)


def test_that_only_what_is_in_view_decides_the_range(panel: MetricsPanel, qtbot: QtBot):
    steps, values = rows(400)
    values[:40, COLUMN["loss_g"]] = 20
    panel.append(steps, values)
    qtbot.waitUntil(lambda: canvas(panel).view_range[1][1] >= 20)
    QTest.keyClick(canvas(panel), Qt.Key.Key_End)
    for _ in range(3):
        QTest.keyClick(canvas(panel), Qt.Key.Key_Plus)
    qtbot.waitUntil(lambda: canvas(panel).view_range[1][1] < 4)


def test_that_the_legend_tells_where_the_strong_line_is_and_that_it_is_smoothed(panel: MetricsPanel, qtbot: QtBot):
    steps, values = rows(500)
    values[-1, COLUMN["loss_d"]] = 3
    panel.append(steps, values)
    qtbot.waitUntil(lambda: text(panel, "lossPlotStep") == "step 500" and len(lines(panel)) == 4)
    strong = lines(panel)[1::2]
    for number, line in enumerate(strong):
        assert float(text(panel, f"lossPlotValue{number}")) == pytest.approx(float(line.yData[-1]), abs=0.02)
    assert float(text(panel, "lossPlotValue0")) < 1
    assert [text(panel, f"{plot}Kind") for plot in PLOTS] == ["smoothed", "smoothed"]


def test_that_the_legend_tells_the_logged_value_under_the_cursor(panel: MetricsPanel, qtbot: QtBot):
    steps, values = rows(500)
    values[-1, COLUMN["loss_d"]] = 3
    panel.append(steps, values)
    qtbot.waitUntil(lambda: text(panel, "lossPlotStep") == "step 500")
    QTest.keyClick(canvas(panel), Qt.Key.Key_End)
    assert text(panel, "lossPlotValue0") == "3.000"
    assert [text(panel, f"{plot}Kind") for plot in PLOTS] == ["", ""]


def test_that_a_small_value_is_not_read_as_nothing(qtbot: QtBot):
    panel = shown_metrics_panel(qtbot, is_smoothed=False)
    steps, values = rows(50)
    values[:, COLUMN["loss_d"]] = 0.000123
    panel.append(steps, values)
    qtbot.waitUntil(lambda: text(panel, "lossPlotValue0") == "0.000123")


def test_that_every_long_tooltip_wraps(panel: MetricsPanel, qtbot: QtBot):
    panel.append(*rows(300))
    qtbot.waitUntil(lambda: text(panel, "lossPlotStep") == "step 300")
    tips = [widget.toolTip() for widget in panel.findChildren(QWidget)]
    assert sum(len(tip) > 60 for tip in tips) > 8
    assert [tip for tip in tips if len(tip) > 60 and not tip.startswith("<p")] == []
