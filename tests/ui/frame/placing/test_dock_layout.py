"""Docks are laid out as they were left, and nothing of Qt's is left lying over the window."""

import pytest
from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QApplication, QDockWidget, QLabel, QMainWindow, QTabBar
from pytestqt.qtbot import QtBot

from gan_studio.ui.frame.placing.dock_layout import restore_docks

LEFT = Qt.DockWidgetArea.LeftDockWidgetArea


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    """Return a window with two docks as tabs, of which the second is hidden."""
    window = QMainWindow()
    qtbot.addWidget(window)
    docks = [QDockWidget(name, window) for name in ("first", "second")]
    for dock in docks:
        dock.setObjectName(dock.windowTitle())
        dock.setWidget(QLabel(dock.windowTitle()))
        window.addDockWidget(LEFT, dock)
    window.tabifyDockWidget(*docks)
    docks[1].hide()
    window.setCentralWidget(QLabel("centre"))
    window.resize(800, 600)
    return window


def shown_bars(window: QMainWindow) -> list[QTabBar]:
    """Return the tab bars of docks that a person sees."""
    bars = window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return [bar for bar in bars if bar.isVisible() and bar.geometry().intersects(window.rect())]


def test_that_no_tab_bar_is_left_over_the_window(window: QMainWindow) -> None:
    restore_docks(window, window.saveState(2), 2)
    window.show()
    QApplication.processEvents()
    assert not shown_bars(window)


def test_that_the_tabs_are_there_when_both_docks_are(window: QMainWindow) -> None:
    first = window.saveState(2)
    for _ in range(2):
        restore_docks(window, first, 2)
        window.show()
        window.findChild(QDockWidget, "second").show()
        QApplication.processEvents()
        (bar,) = shown_bars(window)
        assert bar.count() == 2


def test_that_a_layout_that_is_none_changes_nothing(window: QMainWindow) -> None:
    before = window.saveState(2)
    restore_docks(window, QByteArray(b"nothing"), 2)
    assert window.saveState(2) == before
