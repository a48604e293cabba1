"""The values of the curves as a table: the newest, every so many steps, by key and by screen reader."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QTableView, QToolButton
from pytestqt.qtbot import QtBot

from gan_studio.engine.events import METRIC_COLUMNS
from gan_studio.engine.library.rates import LearningRates, RateSettings
from gan_studio.ui.training.metrics_panel import MetricsPanel
from gan_studio.ui.training.tables.value_table import MOST_ROWS
from tests.ui.shown_panels import shown_metrics_panel


def rows(first: int, last: int) -> tuple[np.ndarray, np.ndarray]:
    """Make steps first..last, whose loss of D is the step in thousands."""
    steps = np.arange(first, last + 1, dtype=np.int64)
    values = np.full((len(steps), len(METRIC_COLUMNS)), 0.5, np.float32)
    values[:, 0] = steps / 1000
    return steps, values


@pytest.fixture
def panel(qtbot: QtBot) -> MetricsPanel:
    panel = shown_metrics_panel(qtbot)
    panel.append(*rows(1, 1000))
    return panel


def open_table(panel: MetricsPanel) -> QTableView:
    panel.findChild(QToolButton, "valuesButton").click()
    return panel.findChild(QTableView, "valueTableRows")


def column(table: QTableView, number: int) -> list[str]:
    model = table.model()
    return [model.index(row, number).data() for row in range(model.rowCount())]


def test_that_the_newest_step_comes_first_and_then_every_so_many(panel: MetricsPanel):
    table = open_table(panel)
    assert column(table, 0)[:3] == ["1\u202f000", "975", "950"]
    assert column(table, 0)[-1] == "25"
    assert column(table, 1)[:3] == ["1.000", "0.975", "0.950"]
    distances = panel.findChild(QComboBox, "valueDistanceBox")
    distances.setCurrentIndex(distances.findData(100))
    assert column(table, 0) == ["1\u202f000", *(str(step) for step in range(900, 99, -100))]


def test_that_the_table_grows_and_keeps_its_place(panel: MetricsPanel, qtbot: QtBot):
    table = open_table(panel)
    distances = panel.findChild(QComboBox, "valueDistanceBox")
    distances.setCurrentIndex(distances.findData(100))
    table.setCurrentIndex(table.model().index(2, 1))
    assert table.currentIndex().data() == "0.800"
    panel.append(*rows(1001, 1250))
    qtbot.waitUntil(lambda: column(table, 0)[0] == "1\u202f250")
    assert column(table, 0)[1:4] == ["1\u202f200", "1\u202f100", "1\u202f000"]
    assert table.currentIndex().data() == "0.800"


def test_that_going_back_leaves_no_value_behind(panel: MetricsPanel, qtbot: QtBot):
    table = open_table(panel)
    panel.drop_after(500)
    qtbot.waitUntil(lambda: column(table, 0)[0] == "500")
    steps, values = rows(501, 600)
    values[:, 0] = 7
    panel.append(steps, values)
    qtbot.waitUntil(lambda: column(table, 0)[0] == "600")
    known = dict(zip(column(table, 0), column(table, 1), strict=True))
    assert known["585"] == "7.000"
    panel.clear()
    assert column(table, 0) == []


def test_that_a_long_run_has_a_table_of_bounded_length(qtbot: QtBot):
    panel = shown_metrics_panel(qtbot)
    panel.append(*rows(1, 30_000))
    table = open_table(panel)
    distances = panel.findChild(QComboBox, "valueDistanceBox")
    for place in range(distances.count()):
        distances.setCurrentIndex(place)
        assert 2 <= table.model().rowCount() <= MOST_ROWS + 2


def test_that_rows_are_copied_by_key_as_a_spreadsheet_takes_them(panel: MetricsPanel):
    table = open_table(panel)
    table.selectRow(1)
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    head, row = QApplication.clipboard().text().split("\n")
    assert head.split("\t")[:3] == ["Step", "Losses: D", "Losses: G"]
    assert row.split("\t")[:2] == ["975", "0.975"]
    table.clearSelection()
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert len(QApplication.clipboard().text().split("\n")) == 1 + table.model().rowCount()


def test_that_every_cell_names_its_column_to_a_screen_reader(panel: MetricsPanel):
    panel.set_rates(LearningRates.over([RateSettings(0, 2e-4, 1e-4, 0.0, 8.0)]))
    table = open_table(panel)
    model = table.model()
    said = [model.index(0, place).data(Qt.ItemDataRole.AccessibleTextRole) for place in range(model.columnCount())]
    assert said[0] == "Step: 1\u202f000"
    assert said[1] == "Losses: D: 1.000"
    assert said[-2:] == ["Learning rates: D: 0.0002", "Learning rates: G: 0.0001"]
    assert table.accessibleName()
    assert table.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_that_a_person_without_a_mouse_reaches_the_table(panel: MetricsPanel):
    button = panel.findChild(QToolButton, "valuesButton")
    assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert panel.findChild(QTableView, "valueTableRows").isVisible()
