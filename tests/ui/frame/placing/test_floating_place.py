"""FloatingPlace: a notice is above the content, and neither moves it nor takes the click that was on its way."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QTabWidget, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gan_studio.ui.frame.notice_bar import NoticeBar
from gan_studio.ui.frame.placing.floating_place import FloatingPlace


@pytest.fixture
def tabs(qtbot: QtBot) -> QTabWidget:
    tabs = QTabWidget()
    page = QWidget()
    column = QVBoxLayout(page)
    column.addWidget(QPushButton("Below"))
    column.addStretch(1)
    tabs.addTab(page, "Page")
    tabs.resize(900, 400)
    qtbot.addWidget(tabs)
    with qtbot.waitExposed(tabs):
        tabs.show()
    return tabs


def test_that_a_notice_floats_below_the_tabs_and_moves_nothing(tabs: QTabWidget) -> None:
    bar, button = NoticeBar(seconds_shown=3600.0), tabs.findChild(QPushButton)
    FloatingPlace(bar, tabs)
    before = button.mapTo(tabs, button.rect().topLeft()), button.size()
    bar.show_error("The disk is full.", "Step 100 is safe.", "Free some space.")
    assert bar.isVisible()
    assert (button.mapTo(tabs, button.rect().topLeft()), button.size()) == before
    assert bar.geometry().top() > tabs.tabBar().geometry().bottom()
    assert tabs.rect().contains(bar.geometry())


def test_that_it_is_as_high_as_its_text_needs_at_every_width(tabs: QTabWidget) -> None:
    bar = NoticeBar(seconds_shown=3600.0)
    FloatingPlace(bar, tabs)
    bar.show_error("The disk is full.", "", "")
    low = bar.height()
    bar.show_error("The disk is full. " * 20, "", "Free some space. " * 20)
    QApplication.processEvents()
    high = bar.height()
    tabs.resize(500, 400)
    assert low < high < bar.height()
    assert bar.width() < 500


def test_that_the_click_that_was_on_its_way_reaches_what_is_below(qtbot: QtBot, tabs: QTabWidget) -> None:
    bar, button, pressed = NoticeBar(seconds_shown=3600.0), tabs.findChild(QPushButton), []
    button.clicked.connect(lambda: pressed.append(True))
    FloatingPlace(bar, tabs, grace_ms=20)
    bar.show_notice("Saved.", "Step 100.")
    place = button.mapTo(tabs, button.rect().center())
    assert tabs.childAt(place) is button
    qtbot.mouseClick(tabs.childAt(place), Qt.MouseButton.LeftButton)
    assert pressed == [True]
    qtbot.waitUntil(lambda: bar.isAncestorOf(tabs.childAt(place)))
