"""A widget with the mixin follows the language and the theme; the same widget without it does not."""

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QDockWidget, QLabel, QMainWindow, QStatusBar, QToolBar, QTreeWidget, QWidget

from gan_studio.ui.widgets.retranslating import Retranslating


class Told:
    """Counts how often it was told of another language or theme."""

    translated = coloured = 0

    def retranslate(self) -> None:
        self.translated += 1

    def follow_palette(self) -> None:
        self.coloured += 1


class Following(Told, Retranslating, QLabel):
    """A label with the mixin."""


class Deaf(Told, QLabel):
    """The same label without it."""


class Colourless(Retranslating, QWidget):
    """A widget that has texts, and no colours of its own."""

    def retranslate(self) -> None:
        self.setAccessibleName("text")


def change_palette(widget: QWidget) -> None:
    palette = QPalette(widget.palette())
    palette.setColor(QPalette.ColorRole.WindowText, QColor("#123456"))
    widget.setPalette(palette)


def change_language(widget: QWidget) -> None:
    QApplication.sendEvent(widget, QEvent(QEvent.Type.LanguageChange))


def test_that_a_widget_with_the_mixin_sets_its_texts_in_the_new_language(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    label = Following(window)
    change_language(window)
    assert (label.translated, label.coloured) == (1, 0)


def test_that_a_widget_with_the_mixin_follows_the_palette(qtbot):
    label = Following()
    qtbot.addWidget(label)
    change_palette(label)
    assert (label.translated, label.coloured) == (0, 1)


def test_that_a_widget_without_the_mixin_hears_of_neither(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    label = Deaf(window)
    change_language(window)
    change_palette(label)
    assert (label.translated, label.coloured) == (0, 0)


def test_that_a_widget_without_colours_needs_no_second_hook(qtbot):
    widget = Colourless()
    qtbot.addWidget(widget)
    change_palette(widget)
    change_language(widget)
    assert widget.accessibleName() == "text"


@pytest.mark.parametrize("kind", [QDockWidget, QMainWindow, QStatusBar, QToolBar, QTreeWidget, QWidget])
def test_that_every_class_of_qt_may_follow_the_mixin(qtbot, kind):
    widget = type("Widget", (Retranslating, kind), {"retranslate": Colourless.retranslate})()
    qtbot.addWidget(widget)
    change_language(widget)
    assert widget.accessibleName() == "text"


def test_that_the_class_of_qt_still_gets_the_event(qtbot):
    label = Following()
    qtbot.addWidget(label)
    label.setText("wide enough")
    before = label.sizeHint().width()
    font = label.font()
    font.setPointSizeF(2 * font.pointSizeF())
    label.setFont(font)
    assert label.sizeHint().width() > before
