"""The context menu of a plot: zoom, the whole run again, and what is saved of it."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QMenu
from pytestqt.qtbot import QtBot

from gan_studio.engine.events import METRIC_COLUMNS
from gan_studio.ui.plots.curve_canvas import CurveCanvas
from gan_studio.ui.training.metrics_panel import MetricsPanel
from tests.ui.shown_panels import shown_metrics_panel


@pytest.fixture
def panel(qtbot: QtBot) -> MetricsPanel:
    panel = shown_metrics_panel(qtbot)
    panel.append(np.arange(1, 5001, dtype=np.int64), np.full((5000, len(METRIC_COLUMNS)), 0.5, np.float32))
    qtbot.waitUntil(lambda: canvas(panel).view_range[0][1] >= 5000)
    return panel


def canvas(panel: MetricsPanel, plot: str = "lossPlot") -> CurveCanvas:
    return panel.findChild(CurveCanvas, f"{plot}Canvas")


def choose(panel: MetricsPanel, plot: str, action: str) -> None:
    """Open the context menu by the menu key, and choose an action."""
    middle = QPoint(100, 60)
    view = canvas(panel, plot)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, middle, view.mapToGlobal(middle))
    QApplication.sendEvent(view.viewport(), event)
    menu = panel.findChild(QMenu, "plotMenu")
    assert menu.isVisible()
    menu.findChild(QAction, action).trigger()
    menu.close()


def test_that_a_plot_is_zoomed_and_shown_whole_again(panel: MetricsPanel, qtbot: QtBot):
    choose(panel, "lossPlot", "plotZoomInAction")
    assert not panel.findChild(QCheckBox, "followBox").isChecked()
    first, last = canvas(panel).view_range[0]
    assert last - first < 4000
    choose(panel, "lossPlot", "plotZoomOutAction")
    assert np.diff(canvas(panel).view_range[0])[0] > last - first
    choose(panel, "probabilityPlot", "plotResetAction")
    assert panel.findChild(QCheckBox, "followBox").isChecked()
    qtbot.waitUntil(lambda: canvas(panel).view_range[0][1] >= 5000)


def test_that_the_menu_and_the_box_are_one_choice(panel: MetricsPanel):
    choose(panel, "lossPlot", "plotRangeAction")
    assert panel.findChild(QCheckBox, "wholeRangeBox").isChecked()


@pytest.mark.parametrize(
    ("plot", "columns", "word"),
    [
        ("lossPlot", ("loss_d", "loss_g"), "loss"),
        ("probabilityPlot", ("d_real", "d_fake_before", "d_fake_after"), "probability"),
        ("gradientPlot", ("grad_norm_d", "grad_norm_g"), "gradient"),
        ("ratePlot", ("learning_rate_d", "learning_rate_g"), "rate"),
    ],
)
def test_that_a_table_has_the_columns_of_its_plot(
    panel: MetricsPanel, qtbot: QtBot, plot: str, columns: tuple[str, ...], word: str
):
    if plot in ("gradientPlot", "ratePlot"):
        panel.set_choice(plot, True)
    with qtbot.waitSignal(panel.table_wanted) as wanted:
        choose(panel, plot, "plotTableAction")
    assert wanted.args == [columns, word]


def test_that_a_picture_is_the_plot_with_a_heading(panel: MetricsPanel, qtbot: QtBot):
    with qtbot.waitSignal(panel.picture_wanted) as wanted:
        choose(panel, "lossPlot", "plotPictureAction")
    pixels, word = wanted.args
    assert word == "loss"
    assert pixels.dtype == np.uint8
    height, width, channels = pixels.shape
    assert channels == 3
    assert height > 2 * canvas(panel).height()
    assert width > 2 * canvas(panel).width()
    assert len(np.unique(pixels[:60])) > 2


def test_that_an_empty_plot_offers_nothing_to_save(panel: MetricsPanel):
    panel.clear()
    choose(panel, "lossPlot", "plotMarksAction")
    menu = panel.findChild(QMenu, "plotMenu")
    states = {action.objectName(): action.isEnabled() for action in menu.actions() if action.objectName()}
    assert not states["plotTableAction"]
    assert not states["plotPictureAction"]
    assert states["plotValuesAction"]
