"""Panels on the screen of a test."""

from pytestqt.qtbot import QtBot

from gan_studio.ui.training.metrics_panel import MetricsPanel


def shown_metrics_panel(qtbot: QtBot) -> MetricsPanel:
    """Show the plots of a run, redrawn as soon as anything changes."""
    panel = MetricsPanel()
    qtbot.addWidget(panel)
    panel.resize(600, 640)
    panel.set_redraw_hz(100)
    panel.show()
    qtbot.waitExposed(panel)
    return panel
