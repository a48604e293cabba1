"""MetricsPanel: the plots show the logged steps, follow the run or stay, and read all curves at one step."""

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QSlider
from pytestqt.qtbot import QtBot

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.events import METRIC_COLUMNS
from gan_studio.ui.plots.curve_canvas import CurveCanvas
from gan_studio.ui.training.loss_plot import LossPlot
from gan_studio.ui.training.metrics_panel import ROWS_AT_ONCE, MetricsPanel
from gan_studio.ui.training.probability_plot import ProbabilityPlot
from tests.ui.shown_panels import shown_metrics_panel

LOSSES = RunConfig.model_fields["training"].annotation.model_fields["loss"].annotation.__args__
COLUMN = {name: place for place, name in enumerate(METRIC_COLUMNS)}


def rows(count: int, first: int = 1, **levels: float) -> tuple[np.ndarray, np.ndarray]:
    """Make steps with every column at one level (0.5 by default)."""
    values = np.full((count, len(METRIC_COLUMNS)), 0.5, np.float32)
    for name, level in levels.items():
        values[:, COLUMN[name]] = level
    return np.arange(first, first + count, dtype=np.int64), values


@pytest.fixture
def panel(qtbot: QtBot) -> MetricsPanel:
    return shown_metrics_panel(qtbot)


def canvas(panel: MetricsPanel, plot: str = "lossPlot") -> CurveCanvas:
    return panel.findChild(CurveCanvas, f"{plot}Canvas")


def items(panel: MetricsPanel, plot: str, kind: type) -> list:
    return [item for item in canvas(panel, plot).scene().items() if isinstance(item, kind)]


def drawn(panel: MetricsPanel, plot: str = "lossPlot") -> list[np.ndarray]:
    """List y of each visible curve that is not empty."""
    curves = items(panel, plot, pg.PlotCurveItem)
    return [curve.yData for curve in curves if curve.isVisible() and curve.yData is not None and len(curve.yData)]


def x_range(panel: MetricsPanel, plot: str = "lossPlot") -> tuple[float, float]:
    return canvas(panel, plot).view_range[0]


def text(panel: MetricsPanel, name: str) -> str:
    return panel.findChild(QLabel, name).text()


def test_that_new_rows_are_drawn_and_read(panel: MetricsPanel, qtbot: QtBot):
    panel.append(*rows(40, loss_d=1.25, loss_g=2.5, d_real=0.9))
    qtbot.waitUntil(lambda: text(panel, "lossPlotValue0") == "1.250")
    assert text(panel, "lossPlotValue1") == "2.500"
    assert text(panel, "lossPlotStep") == "step 40"
    assert text(panel, "probabilityPlotValue0") == "0.900"
    assert any((y == 2.5).all() for y in drawn(panel))


def test_that_following_shows_the_whole_run_and_both_plots_alike(panel: MetricsPanel, qtbot: QtBot):
    panel.append(*rows(5000))
    qtbot.waitUntil(lambda: x_range(panel)[1] >= 5000)
    assert x_range(panel)[0] <= 1
    assert x_range(panel) == x_range(panel, "probabilityPlot")


def test_that_zooming_stops_following_in_both_plots_until_asked_again(panel: MetricsPanel, qtbot: QtBot):
    panel.append(*rows(5000))
    qtbot.waitUntil(lambda: x_range(panel)[1] >= 5000)
    follow = panel.findChild(QCheckBox, "followBox")
    QTest.keyClick(canvas(panel), Qt.Key.Key_Plus)
    assert not follow.isChecked()
    qtbot.waitUntil(lambda: x_range(panel) == x_range(panel, "probabilityPlot"))
    zoomed = x_range(panel)
    assert zoomed[1] - zoomed[0] < 4000
    panel.append(*rows(5000, first=5001, loss_d=3))
    qtbot.waitUntil(lambda: text(panel, "lossPlotValue0") == "3.000")
    assert x_range(panel) == zoomed
    follow.click()
    qtbot.waitUntil(lambda: x_range(panel)[1] >= 10_000)


def test_that_arrow_keys_read_every_curve_of_both_plots(panel: MetricsPanel, qtbot: QtBot):
    steps, values = rows(60)
    values[:, COLUMN["loss_d"]] = values[:, COLUMN["d_fake_after"]] = steps / 100
    panel.append(steps, values)
    qtbot.waitUntil(lambda: text(panel, "lossPlotStep") == "step 60")
    QTest.keyClick(canvas(panel), Qt.Key.Key_Home)
    QTest.keyClick(canvas(panel), Qt.Key.Key_Right)
    QTest.keyClick(canvas(panel), Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert text(panel, "lossPlotStep") == "step 3"
    assert text(panel, "lossPlotValue0") == "0.030"
    assert text(panel, "probabilityPlotValue2") == "0.030"
    QTest.keyClick(canvas(panel, "probabilityPlot"), Qt.Key.Key_Left)
    assert text(panel, "lossPlotStep") == "step 2"
    QTest.keyClick(canvas(panel), Qt.Key.Key_Escape)
    assert text(panel, "lossPlotStep") == "step 60"


def test_that_the_mouse_reads_the_step_under_it(panel: MetricsPanel, qtbot: QtBot):
    steps, values = rows(100)
    values[:, COLUMN["loss_g"]] = steps
    panel.append(steps, values)
    qtbot.waitUntil(lambda: text(panel, "lossPlotStep") == "step 100")
    plot = canvas(panel)
    at_step_30 = plot.mapFromScene(items(panel, "lossPlot", pg.ViewBox)[0].mapViewToScene(QPointF(30, 1)))
    QTest.mouseMove(plot.viewport(), QPoint(at_step_30))
    qtbot.waitUntil(lambda: text(panel, "lossPlotStep") in ("step 29", "step 30", "step 31"))
    assert float(text(panel, "lossPlotValue1")) == float(text(panel, "lossPlotStep").split()[1])


def test_that_the_log_scale_leaves_out_what_has_no_logarithm(panel: MetricsPanel, qtbot: QtBot):
    steps, values = rows(30, loss_d=0.1)
    values[10, COLUMN["loss_d"]] = 0
    panel.append(steps, values)
    panel.findChild(QSlider, "smoothingSlider").setValue(0)
    panel.findChild(QCheckBox, "logScaleBox").click()

    def logarithms_of_d() -> list[np.ndarray]:
        return [y for y in drawn(panel) if np.nanmax(y) == pytest.approx(-1)]

    qtbot.waitUntil(lambda: len(logarithms_of_d()) == 1)
    assert np.isnan(logarithms_of_d()[0]).sum() == 1
    assert all(np.nanmax(y) == pytest.approx(0.5) for y in drawn(panel, "probabilityPlot"))


def test_that_smoothing_adds_a_calmer_line_over_the_values(panel: MetricsPanel, qtbot: QtBot):
    steps, values = rows(300)
    values[::2, COLUMN["loss_d"]] = 1.5
    panel.append(steps, values)
    slider = panel.findChild(QSlider, "smoothingSlider")
    slider.setValue(slider.maximum())
    qtbot.waitUntil(lambda: len(drawn(panel)) == 4)
    spreads = sorted(float(np.ptp(y[20:])) for y in drawn(panel) if np.ptp(y) > 0)
    assert len(spreads) == 2
    assert spreads[0] < 0.2 < 0.9 < spreads[1]
    slider.setValue(0)
    qtbot.waitUntil(lambda: len(drawn(panel)) == 2)


def test_that_a_gap_in_the_values_stays_a_gap_on_screen(panel: MetricsPanel, qtbot: QtBot):
    steps, values = rows(3000)
    values[1000:1100] = np.nan
    panel.append(steps, values)
    qtbot.waitUntil(lambda: bool(drawn(panel)))
    assert all(np.isnan(y).any() for y in drawn(panel))


def test_that_a_long_run_is_opened_whole(panel: MetricsPanel, qtbot: QtBot):
    panel.findChild(QSlider, "smoothingSlider").setValue(0)
    panel.append(*rows(10))
    panel.replace(*rows(3 * ROWS_AT_ONCE, loss_d=0.75))
    panel.append(*rows(5, first=3 * ROWS_AT_ONCE + 1, loss_d=0.25))
    qtbot.waitUntil(lambda: text(panel, "lossPlotValue0") == "0.250")
    assert x_range(panel)[1] >= 3 * ROWS_AT_ONCE + 5


def test_that_nothing_is_drawn_while_hidden_and_all_of_it_when_shown(panel: MetricsPanel, qtbot: QtBot):
    panel.append(*rows(10, loss_d=0.75))
    qtbot.waitUntil(lambda: text(panel, "lossPlotStep") == "step 10")
    panel.hide()
    panel.append(*rows(10, first=11))
    QApplication.processEvents()
    assert text(panel, "lossPlotStep") == "step 10"
    panel.show()
    qtbot.waitUntil(lambda: text(panel, "lossPlotStep") == "step 20")


def test_that_clearing_goes_back_to_the_empty_plot(panel: MetricsPanel, qtbot: QtBot):
    hint = "Losses appear here once training starts"
    labels = canvas(panel).findChildren(QLabel)
    assert [label.text() for label in labels if label.isVisible()] == [hint]
    panel.append(*rows(10))
    qtbot.waitUntil(lambda: not any(label.isVisible() for label in labels))
    panel.clear()
    qtbot.waitUntil(lambda: [label.text() for label in labels if label.isVisible()] == [hint])
    assert not drawn(panel)


def test_that_a_redraw_rate_of_nothing_is_refused(panel: MetricsPanel):
    with pytest.raises(ValueError, match="0"):
        panel.set_redraw_hz(0)


@pytest.mark.parametrize(
    ("real", "fake", "verdict"),
    [(0.98, 0.02, "D is nearly sure"), (0.7, 0.3, "D tells them apart"), (0.53, 0.49, "D hardly tells them apart")],
)
def test_that_the_sentence_speaks_of_the_newest_steps(
    panel: MetricsPanel, qtbot: QtBot, real: float, fake: float, verdict: str
):
    panel.append(*rows(500))
    panel.append(*rows(100, first=501, d_real=real, d_fake_before=fake))
    qtbot.waitUntil(lambda: text(panel, "probabilityPlotSentence").startswith(verdict))
    assert f"{real:.2f}" in text(panel, "probabilityPlotSentence")
    assert f"{fake:.2f}" in text(panel, "probabilityPlotSentence")


@pytest.mark.parametrize("loss", LOSSES)
def test_that_nothing_is_said_of_the_first_steps_and_no_run_is_called_healthy(
    panel: MetricsPanel, qtbot: QtBot, loss: str
):
    panel.set_loss(loss)
    said = []
    for count in (2, 99):
        panel.replace(*rows(count, d_real=0.9, d_fake_before=0.1))
        qtbot.waitUntil(lambda count=count: text(panel, "lossPlotStep") == f"step {count}")
        said += [text(panel, "lossPlotSentence"), text(panel, "probabilityPlotSentence")]
    assert said[:2] == said[2:]
    assert not any(word in sentence for sentence in said for word in ("healthy", "fair", "wins", "last"))


def test_that_level_lines_stand_where_d_is_undecided(panel: MetricsPanel, qtbot: QtBot):
    def levels() -> list[float]:
        return sorted(line.value() for line in items(panel, "lossPlot", pg.InfiniteLine) if line.angle == 0)

    assert levels() == pytest.approx([np.log(2), 2 * np.log(2)])
    panel.set_loss("minimax")
    assert levels() == pytest.approx([-np.log(2), 2 * np.log(2)])
    panel.findChild(QCheckBox, "logScaleBox").click()
    assert levels() == pytest.approx([np.log10(2 * np.log(2))])


@pytest.mark.parametrize("loss", ["least_squares", "hinge", "wasserstein"])
def test_that_raw_scores_have_no_lines_and_an_axis_that_fits_them(panel: MetricsPanel, qtbot: QtBot, loss: str):
    panel.set_loss(loss)
    panel.append(*rows(200, loss_d=-6, d_real=7.5, d_fake_before=-3.25))
    qtbot.waitUntil(lambda: text(panel, "probabilityPlotValue0") == "7.500")
    for plot in ("lossPlot", "probabilityPlot"):
        assert [line for line in items(panel, plot, pg.InfiniteLine) if line.angle == 0] == []
    low, high = canvas(panel, "probabilityPlot").view_range[1]
    assert low <= -3.25 < 7.5 <= high < 12
    assert text(panel, "probabilityPlotTitle") == "D's scores"
    sentence = text(panel, "probabilityPlotSentence")
    assert sentence.startswith("Raw scores, on average over the last 100 steps")
    assert "7.50" in sentence
    assert "-3.25" in sentence


def test_that_going_back_to_probabilities_brings_their_line_and_their_axis_back(panel: MetricsPanel, qtbot: QtBot):
    panel.set_loss("hinge")
    panel.append(*rows(50, d_real=3))
    qtbot.waitUntil(lambda: text(panel, "probabilityPlotValue0") == "3.000")
    panel.set_loss("non_saturating")
    panel.replace(*rows(60))
    qtbot.waitUntil(lambda: canvas(panel, "probabilityPlot").view_range[1] == (0.0, 1.0))
    assert text(panel, "probabilityPlotTitle") == "D's output"
    lines = [line.value() for line in items(panel, "probabilityPlot", pg.InfiniteLine) if line.angle == 0]
    assert lines == [0.5]


def test_that_each_loss_says_what_its_curves_mean(panel: MetricsPanel, qtbot: QtBot):
    said = set()
    for loss in LOSSES:
        panel.set_loss(loss)
        panel.replace(*rows(10))
        qtbot.waitUntil(lambda: text(panel, "lossPlotStep") == "step 10")
        QApplication.processEvents()
        panel.grab()
        said.add(text(panel, "lossPlotSentence"))
    assert len(said) == 5
    assert all(said)


def test_that_the_wheel_does_not_turn_a_slider_without_focus(panel: MetricsPanel):
    slider = panel.findChild(QSlider, "smoothingSlider")
    before = slider.value()
    middle = QPointF(slider.rect().center())
    turn = QWheelEvent(
        middle,
        slider.mapToGlobal(middle),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(slider, turn)
    assert slider.value() == before


def test_that_the_plots_have_their_names(panel: MetricsPanel):
    assert isinstance(panel.findChild(LossPlot, "lossPlot"), LossPlot)
    assert isinstance(panel.findChild(ProbabilityPlot, "probabilityPlot"), ProbabilityPlot)
    for name in ("lossPlot", "probabilityPlot"):
        assert canvas(panel, name).accessibleName()


def test_that_a_new_theme_repaints_the_plot(panel: MetricsPanel, qtbot: QtBot):
    before = canvas(panel).grab().toImage().pixelColor(80, 30).lightness()
    palette = panel.palette()
    role = palette.ColorRole.Base
    palette.setColor(role, palette.color(role).darker(900) if before > 128 else palette.color(role).lighter(900))
    panel.setPalette(palette)
    assert abs(canvas(panel).grab().toImage().pixelColor(80, 30).lightness() - before) > 60


def test_that_every_text_survives_a_change_of_language(panel: MetricsPanel):
    before = [label.text() for label in panel.findChildren(QLabel)]
    QApplication.sendEvent(panel, QEvent(QEvent.Type.LanguageChange))
    for child in panel.findChildren(LossPlot) + panel.findChildren(ProbabilityPlot):
        QApplication.sendEvent(child, QEvent(QEvent.Type.LanguageChange))
    assert [label.text() for label in panel.findChildren(QLabel)] == before
