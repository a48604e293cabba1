"""MetricsPanel: only visible plots are redrawn, and only when a curve would look different."""

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from gan_studio.engine.events import METRIC_COLUMNS
from gan_studio.ui.plots.curve_canvas import CurveCanvas
from gan_studio.ui.training.metrics_panel import MetricsPanel
from tests.ui.shown_panels import shown_metrics_panel


def rows(count: int, first: int = 1, loss_d: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    """Make steps with every column at 0.5, but for one loss."""
    values = np.full((count, len(METRIC_COLUMNS)), 0.5, np.float32)
    values[:, METRIC_COLUMNS.index("loss_d")] = loss_d
    return np.arange(first, first + count, dtype=np.int64), values


@pytest.fixture
def panel(qtbot: QtBot) -> MetricsPanel:
    return shown_metrics_panel(qtbot, is_smoothed=False)


def curves(panel: MetricsPanel) -> list[pg.PlotCurveItem]:
    """List the curves of losses that are not empty."""
    scene = panel.findChild(CurveCanvas, "lossPlotCanvas").scene()
    found = [item for item in scene.items() if isinstance(item, pg.PlotCurveItem)]
    return [curve for curve in found if curve.isVisible() and curve.xData is not None and len(curve.xData)]


def text(panel: MetricsPanel, name: str) -> str:
    return panel.findChild(QLabel, name).text().replace("\u202f", " ")


def test_that_rows_that_move_no_curve_are_read_at_once_and_drawn_a_little_later(panel: MetricsPanel, qtbot: QtBot):
    def last_drawn() -> float:
        return max(float(curve.xData[-1]) for curve in curves(panel))

    panel.append(*rows(20_000))
    qtbot.waitUntil(lambda: bool(curves(panel)) and last_drawn() == 20_000)
    panel.append(*rows(1, first=20_001, loss_d=3))
    qtbot.waitUntil(lambda: text(panel, "lossPlotStep") == "step 20 001")
    assert text(panel, "lossPlotValue0") == "3.000"
    assert last_drawn() == 20_000
    panel.append(*rows(400, first=20_002))
    qtbot.waitUntil(lambda: last_drawn() == 20_401)


def test_that_a_spike_narrower_than_a_pixel_is_drawn_in_the_end(panel: MetricsPanel, qtbot: QtBot):
    panel.append(*rows(20_000))
    qtbot.waitUntil(lambda: bool(curves(panel)))
    panel.append(*rows(1, first=20_001, loss_d=7))
    qtbot.waitUntil(lambda: any(np.nanmax(curve.yData) == 7 for curve in curves(panel)), timeout=30_000)


def test_that_nothing_is_drawn_while_minimised_and_all_of_it_afterwards(panel: MetricsPanel, qtbot: QtBot):
    other = shown_metrics_panel(qtbot, is_smoothed=False)
    panel.append(*rows(10))
    qtbot.waitUntil(lambda: text(panel, "lossPlotStep") == "step 10")
    panel.showMinimized()
    for each in (panel, other):
        each.append(*rows(10, first=11))
    qtbot.waitUntil(lambda: text(other, "lossPlotStep") == "step 20")
    other.append(*rows(10, first=21))
    qtbot.waitUntil(lambda: text(other, "lossPlotStep") == "step 30")
    assert text(panel, "lossPlotStep") == "step 10"
    panel.showNormal()
    qtbot.waitUntil(lambda: text(panel, "lossPlotStep") == "step 20")
