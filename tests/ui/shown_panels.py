"""Panels on the screen of a test."""

from PySide6.QtWidgets import QSlider
from pytestqt.qtbot import QtBot

from gan_studio.ui.training.metrics_panel import MetricsPanel


def shown_metrics_panel(qtbot: QtBot, *, is_smoothed: bool = True) -> MetricsPanel:
    """Show the plots of a run, redrawn as soon as anything changes; smoothed as at first, or not at all."""
    panel = MetricsPanel()
    if not is_smoothed:
        panel.findChild(QSlider, "smoothingSlider").setValue(0)
    qtbot.addWidget(panel)
    panel.resize(600, 640)
    panel.set_redraw_hz(100)
    panel.show()
    qtbot.waitExposed(panel)
    return panel
