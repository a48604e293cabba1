"""What happened along a run is marked on every plot, and listed; from the list one jumps to its step."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt, QTranslator
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QTableView, QToolButton
from pytestqt.qtbot import QtBot

from gan_studio.engine.events import METRIC_COLUMNS
from gan_studio.engine.library.rates import LearningRates, RateSettings
from gan_studio.engine.library.step_marks import MarkKind, StepMark, note_mark
from gan_studio.engine.text.message import Message
from gan_studio.ui.plots.curve_canvas import CurveCanvas
from gan_studio.ui.training.metrics_panel import MetricsPanel
from tests.ui.shown_panels import shown_metrics_panel

PLOTS = ("lossPlot", "probabilityPlot", "gradientPlot", "ratePlot")
MARKS = (
    note_mark(100, "Sharper from here"),
    StepMark(2500, MarkKind.FAULT, Message("mark.fault_label"), Message("fault.met", step=2500, place="G")),
)


class Asked(QTranslator):
    """Counts the texts that are looked up."""

    count = 0

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:
        self.count += 1
        return ""


@pytest.fixture
def panel(qtbot: QtBot) -> MetricsPanel:
    panel = shown_metrics_panel(qtbot)
    panel.append(np.arange(1, 5001, dtype=np.int64), np.full((5000, len(METRIC_COLUMNS)), 0.5, np.float32))
    qtbot.waitUntil(lambda: canvas(panel).view_range[0][1] >= 5000)
    return panel


def canvas(panel: MetricsPanel, plot: str = "lossPlot") -> CurveCanvas:
    return panel.findChild(CurveCanvas, f"{plot}Canvas")


def at_step(panel: MetricsPanel, plot: str, step: float) -> QPoint:
    area, (first, last) = canvas(panel, plot).curve_area, canvas(panel, plot).view_range[0]
    return QPoint(round(area.left() + (step - first) / (last - first) * area.width()), round(area.center().y()))


def open_list(panel: MetricsPanel) -> QTableView:
    panel.findChild(QToolButton, "marksButton").click()
    return panel.findChild(QTableView, "marksListRows")


def cells(table: QTableView) -> list[list[str]]:
    model = table.model()
    return [
        [model.index(row, column).data() for column in range(model.columnCount())] for row in range(model.rowCount())
    ]


def test_that_marks_are_on_every_plot_and_told_under_the_mouse(panel: MetricsPanel, qtbot: QtBot):
    for name in PLOTS[2:]:
        panel.set_choice(name, True)
    plain = canvas(panel).grab().toImage()
    panel.set_marks(MARKS)
    qtbot.waitUntil(lambda: canvas(panel, "gradientPlot").view_range[0][1] >= 5000)
    QApplication.processEvents()
    for plot in PLOTS[:3]:
        assert "Sharper from here" in canvas(panel, plot).tip_at(at_step(panel, plot, 100))
        assert canvas(panel, plot).tip_at(at_step(panel, plot, 1500)) == ""
    assert canvas(panel).grab().toImage() != plain


def test_that_marks_are_listed_by_step_with_kind_and_text(panel: MetricsPanel):
    panel.set_marks(MARKS)
    assert cells(open_list(panel)) == [
        ["100", "note", "Sharper from here"],
        ["2\u202f500", "fault", "NaN or infinity appeared at step 2500, first in G."],
    ]


def test_that_a_copied_note_is_text_and_stays_in_its_cell(panel: MetricsPanel):
    notes = ("=1+1", '"=1+1"', "+x", "-x", "@x", "two\tcells\nand rows", "-0.5", "plain")
    panel.set_marks([note_mark(step, note) for step, note in enumerate(notes)])
    table = open_list(panel)
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    _, *lines = QApplication.clipboard().text().split("\n")
    copied = ("'=1+1", '\'"=1+1"', "'+x", "'-x", "'@x", "two cells and rows", "-0.5", "plain")
    assert lines == [f"{step}\tnote\t{text}" for step, text in enumerate(copied)]


def test_that_the_tooltip_of_a_note_shows_its_signs(panel: MetricsPanel):
    panel.set_marks([note_mark(100, "<b>sharper</b>")])
    tip = open_list(panel).model().index(0, 2).data(Qt.ItemDataRole.ToolTipRole)
    shown = QTextDocument()
    shown.setHtml(tip)
    assert shown.toPlainText() == "<b>sharper</b>"


def test_that_marks_are_written_once_however_often_the_state_of_the_run_changes(panel: MetricsPanel):
    panel.set_marks(MARKS)
    panel.set_loss("hinge")
    asked = Asked()
    QApplication.installTranslator(asked)
    try:
        asked.count = 0
        panel.set_loss("hinge")
        assert asked.count == 0
    finally:
        QApplication.removeTranslator(asked)


def test_that_a_mark_chosen_by_key_is_read_in_all_plots(panel: MetricsPanel, qtbot: QtBot):
    panel.set_marks(MARKS)
    table = open_list(panel)
    table.setCurrentIndex(table.model().index(1, 0))
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert panel.findChild(QLabel, "lossPlotStep").text() == "step 2\u202f500"


def test_that_a_mark_out_of_view_is_brought_into_view(panel: MetricsPanel, qtbot: QtBot):
    panel.set_marks(MARKS)
    QTest.keyClick(canvas(panel), Qt.Key.Key_End)
    for _ in range(6):
        QTest.keyClick(canvas(panel), Qt.Key.Key_Plus)
    qtbot.waitUntil(lambda: canvas(panel, "probabilityPlot").view_range[0][0] > 4000)
    table = open_list(panel)
    table.setCurrentIndex(table.model().index(0, 0))
    QTest.keyClick(table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: canvas(panel).view_range[0][0] <= 100 <= canvas(panel).view_range[0][1])
    assert panel.findChild(QLabel, "lossPlotStep").text() == "step 100"


def test_that_another_run_begins_without_marks_and_rates(panel: MetricsPanel, qtbot: QtBot):
    panel.set_marks(MARKS)
    panel.set_rates(LearningRates.over([RateSettings(0, 2e-4, 1e-4, 0.0, 8.0)]))
    panel.clear()
    assert cells(open_list(panel)) == []
    assert panel.findChild(QLabel, "ratePlotValue0").text() == "\u2013"


def test_that_gradients_and_rates_are_shown_once_they_are_switched_on(panel: MetricsPanel, qtbot: QtBot):
    assert not any(canvas(panel, plot).isVisible() for plot in PLOTS[2:])
    panel.set_rates(LearningRates.over([RateSettings(0, 2e-4, 1e-4, 0.0, 8.0), RateSettings(3000, 5e-5, 1e-4, 0, 8)]))
    for name in PLOTS[2:]:
        with qtbot.waitSignal(panel.choice_made) as made:
            panel.set_choice(name, True)
        assert made.args == [name, True]
    qtbot.waitUntil(lambda: panel.findChild(QLabel, "ratePlotValue0").text() == "5e-05")
    assert panel.findChild(QLabel, "ratePlotValue1").text() == "0.0001"
    assert panel.findChild(QLabel, "gradientPlotValue0").text() == "0.500"
    QTest.keyClick(canvas(panel, "ratePlot"), Qt.Key.Key_Home)
    assert panel.findChild(QLabel, "ratePlotValue0").text() == "0.0002"


def test_that_a_closed_list_can_be_opened_again(panel: MetricsPanel):
    open_list(panel)
    panel.findChild(QDialog, "marksList").close()
    open_list(panel)
    assert panel.findChild(QDialog, "marksList").isVisible()
