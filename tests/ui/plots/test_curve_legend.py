"""CurveLegend: new values, many times a minute, do not lay out the window again."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gan_studio.ui.plots.curve_legend import CurveLegend, CurveText
from gan_studio.ui.training.loss_plot import LOSS_STYLES


class Layouts(QObject):
    """Counts how often a widget is asked to lay itself out."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


def test_that_readings_as_long_as_those_before_lay_nothing_out_anew(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    legend = CurveLegend("plot", LOSS_STYLES, window)
    QVBoxLayout(window).addWidget(legend)
    legend.set_texts("Losses", [CurveText("D", "help"), CurveText("G", "help")])
    legend.set_reading("", ["1.000", "2.000"])
    with qtbot.waitExposed(window):
        window.show()
    QApplication.processEvents()
    layouts = Layouts(window)
    legend.set_reading("", ["1.234", "2.468"])
    QApplication.processEvents()
    assert [label.text() for label in legend.findChildren(QLabel) if "Value" in label.objectName()] == [
        "1.234",
        "2.468",
    ]
    assert layouts.count == 0


def test_that_a_longer_reading_is_shown_whole(qtbot: QtBot) -> None:
    legend = CurveLegend("plot", LOSS_STYLES)
    qtbot.addWidget(legend)
    legend.set_reading("", ["1.000", "2.000"])
    legend.set_reading("", ["-1.23e-10", "2.000"])
    label = legend.findChild(QLabel, "plotValue0")
    assert label.width() >= label.fontMetrics().horizontalAdvance("-1.23e-10")
