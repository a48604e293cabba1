"""MetricsPanel: the plots go back with the run, and show steps that are logged a second time once."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel
from pytestqt.qtbot import QtBot

from gan_studio.engine.events import METRIC_COLUMNS
from gan_studio.ui.plots.curve_canvas import CurveCanvas
from gan_studio.ui.training.metrics_panel import ROWS_AT_ONCE, MetricsPanel
from gan_studio.ui.widgets.number_text import grouped
from tests.ui.shown_panels import shown_metrics_panel


def rows(first: int, last: int, level: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    """Make steps first to last with every column at one level."""
    steps = np.arange(first, last + 1, dtype=np.int64)
    return steps, np.full((len(steps), len(METRIC_COLUMNS)), level, np.float32)


@pytest.fixture
def panel(qtbot: QtBot) -> MetricsPanel:
    return shown_metrics_panel(qtbot, is_smoothed=False)


def canvas(panel: MetricsPanel) -> CurveCanvas:
    return panel.findChild(CurveCanvas, "lossPlotCanvas")


def text(panel: MetricsPanel, name: str) -> str:
    return panel.findChild(QLabel, name).text()


def read(panel: MetricsPanel) -> tuple[str, str]:
    return text(panel, "lossPlotStep"), text(panel, "lossPlotValue0")


def read_at(panel: MetricsPanel, row: int) -> tuple[str, str]:
    """Read a row with the arrow keys, then the newest again."""
    QTest.keyClick(canvas(panel), Qt.Key.Key_Home)
    for _ in range(row):
        QTest.keyClick(canvas(panel), Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    found = read(panel)
    QTest.keyClick(canvas(panel), Qt.Key.Key_Escape)
    return found


def shown(panel: MetricsPanel) -> tuple[float, float]:
    return canvas(panel).view_range[0]


def test_that_going_back_takes_the_plots_back(panel: MetricsPanel, qtbot: QtBot) -> None:
    panel.append(*rows(1, 1000))
    qtbot.waitUntil(lambda: shown(panel)[1] >= 1000)
    panel.drop_after(400)
    qtbot.waitUntil(lambda: read(panel) == ("step 400", "0.500"))
    qtbot.waitUntil(lambda: 400 <= shown(panel)[1] < 500)
    panel.append(*rows(401, 402, level=2.0))
    qtbot.waitUntil(lambda: read(panel) == ("step 402", "2.000"))


def test_that_a_cursor_beyond_goes_too_and_one_on_what_stays_is_kept(panel: MetricsPanel, qtbot: QtBot) -> None:
    panel.append(*rows(1, 1000))
    qtbot.waitUntil(lambda: shown(panel)[1] >= 1000)
    QTest.keyClick(canvas(panel), Qt.Key.Key_End)
    panel.drop_after(400)
    panel.append(*rows(401, 1010))
    qtbot.waitUntil(lambda: text(panel, "lossPlotStep") == f"step {grouped(1010)}")
    QTest.keyClick(canvas(panel), Qt.Key.Key_Home)
    panel.drop_after(400)
    qtbot.waitUntil(lambda: shown(panel)[1] < 500)
    assert text(panel, "lossPlotStep") == "step 1"


def test_that_a_zoom_beyond_goes_too(panel: MetricsPanel, qtbot: QtBot) -> None:
    panel.append(*rows(1, 1000))
    qtbot.waitUntil(lambda: shown(panel)[1] >= 1000)
    QTest.keyClick(canvas(panel), Qt.Key.Key_End)
    for _ in range(20):
        QTest.keyClick(canvas(panel), Qt.Key.Key_Plus)
    qtbot.waitUntil(lambda: shown(panel)[0] > 450)
    follow = panel.findChild(QCheckBox, "followBox")
    assert not follow.isChecked()
    panel.drop_after(400)
    assert follow.isChecked()
    panel.append(*rows(401, 410))
    qtbot.waitUntil(lambda: text(panel, "lossPlotStep") == "step 410")


def test_that_a_zoom_on_what_stays_is_kept(panel: MetricsPanel, qtbot: QtBot) -> None:
    panel.append(*rows(1, 1000))
    qtbot.waitUntil(lambda: shown(panel)[1] >= 1000)
    QTest.keyClick(canvas(panel), Qt.Key.Key_Plus)
    qtbot.waitUntil(lambda: not panel.findChild(QCheckBox, "followBox").isChecked())
    qtbot.waitUntil(lambda: shown(panel)[1] - shown(panel)[0] < 900)
    zoomed = shown(panel)
    panel.drop_after(round(zoomed[1]) - 1)
    qtbot.waitUntil(lambda: text(panel, "lossPlotStep") == f"step {round(zoomed[1]) - 1}")
    assert shown(panel) == zoomed


def test_that_rows_that_still_wait_to_be_taken_in_are_dropped_as_well(panel: MetricsPanel, qtbot: QtBot) -> None:
    panel.append(*rows(1, 4 * ROWS_AT_ONCE))
    panel.drop_after(ROWS_AT_ONCE + 7)
    qtbot.waitUntil(lambda: read(panel) == (f"step {grouped(ROWS_AT_ONCE + 7)}", "0.500"))
    panel.append(*rows(ROWS_AT_ONCE + 8, ROWS_AT_ONCE + 9, level=3.0))
    qtbot.waitUntil(lambda: read(panel) == (f"step {grouped(ROWS_AT_ONCE + 9)}", "3.000"))
    qtbot.waitUntil(lambda: shown(panel)[1] < 2 * ROWS_AT_ONCE)


def test_that_the_rows_of_another_way_take_the_place_of_those_before_a_step(panel: MetricsPanel, qtbot: QtBot) -> None:
    panel.append(*rows(1, 30, level=1.0))
    panel.append(*rows(51, 60, level=3.0))
    panel.replace_up_to(50, *rows(1, 50, level=2.0))
    qtbot.waitUntil(lambda: read(panel) == ("step 60", "3.000"))
    assert [read_at(panel, row) for row in (0, 29, 49, 50)] == [
        ("step 1", "2.000"),
        ("step 30", "2.000"),
        ("step 50", "2.000"),
        ("step 51", "3.000"),
    ]


def test_that_a_long_way_is_taken_in_before_what_came_after_it(panel: MetricsPanel, qtbot: QtBot) -> None:
    count = 2 * ROWS_AT_ONCE + 5
    panel.append(*rows(1, 10, level=1.0))
    panel.append(*rows(count + 1, count + 3, level=3.0))
    panel.replace_up_to(count, *rows(1, count, level=2.0))
    panel.append(*rows(count + 4, count + 5, level=4.0))
    qtbot.waitUntil(lambda: read(panel) == (f"step {grouped(count + 5)}", "4.000"))
    assert read_at(panel, 3) == ("step 4", "2.000")


def test_that_steps_written_again_replace_those_from_there_on(panel: MetricsPanel, qtbot: QtBot) -> None:
    """After a step met NaN, Start goes on from the checkpoint before it, in the same branch."""
    panel.append(*rows(1, 100))
    steps, values = rows(101, 103)
    values[-1] = np.nan
    panel.append(steps, values)
    qtbot.waitUntil(lambda: read(panel) == ("step 103", "nan"))
    panel.append(*rows(91, 95, level=2.0))
    qtbot.waitUntil(lambda: read(panel) == ("step 95", "2.000"))
    assert read_at(panel, 89) == ("step 90", "0.500")
    assert read_at(panel, 90) == ("step 91", "2.000")
    panel.append(*rows(96, 120, level=2.0))
    qtbot.waitUntil(lambda: read(panel) == ("step 120", "2.000"))
