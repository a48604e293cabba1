"""Every control can be named, found, understood and read in another language."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QTranslator
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDockWidget,
    QLabel,
    QLineEdit,
    QMainWindow,
    QMenu,
    QScrollBar,
    QTabBar,
    QTabWidget,
    QWidget,
)

from gan_studio.ui.preferences import Preferences
from tests.end2end.conftest import Studio
from tests.engine.runs import TINY, tiny, train

OpenStudio = Callable[..., Studio]
CONTROLS = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit)

WIDGETS_BY_NAME = (
    """
    mainWindow tabs trainTab exploreTab startButton pauseButton stepButton stopButton deviceBox presetBox datasetBox
    lossPlot sampleGrid sampleHistorySlider explorerImage neighbourGrid randomizeButton resetButton statusMessage
""".split()
    + [f"latentSlider{index}" for index in range(TINY.model.latent_dim)]
)
"""Names that never change, each once in the window."""


class Marking(QTranslator):
    """Puts every text in angle marks."""

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:
        return f"«{text}»"


@pytest.fixture
def opened(open_studio: OpenStudio, tmp_path: Path) -> Studio:
    """Open a run, and look at both of its tabs."""
    train(tmp_path / "run")
    Preferences().add_recent_run(str(tmp_path / "run"))
    studio = open_studio(tmp_path / "run")
    studio.wait_until(lambda: studio.window.views.train.shown_sheet is not None)
    studio.find(QTabWidget, "tabs").setCurrentWidget(studio.find(QWidget, "exploreTab"))
    studio.wait_until(lambda: studio.window.views.explore.picture is not None)
    studio.wait_until(lambda: studio.window.findChild(QWidget, "latentSlider7") is not None)
    studio.wait_until(lambda: studio.window.findChild(QWidget, "welcomeRecent0") is not None)
    return studio


def is_qts_own(widget: QObject) -> bool:
    """Tell what Qt makes inside its widgets: scroll bars, the line of a spin box, arrows of a tab bar."""
    parent = widget.parent()
    if widget.objectName().startswith("qt_") or isinstance(widget, QScrollBar):
        return True
    if isinstance(widget, QLineEdit) and isinstance(parent, QAbstractSpinBox | QComboBox):
        return True
    return isinstance(parent, QTabBar) or type(widget).__name__ in ("QDockWidgetTitleButton", "QToolBarExtension")


def all_widgets(studio: Studio) -> list[QWidget]:
    return [studio.window, *studio.window.findChildren(QWidget)]


def controls(studio: Studio) -> Iterator[QWidget]:
    for widget in all_widgets(studio):
        if isinstance(widget, CONTROLS) and not is_qts_own(widget) and not is_inside_a_dialog(widget):
            yield widget


def is_inside_a_dialog(widget: QWidget) -> bool:
    return widget.metaObject().className() == "QDockWidgetTitleButton"


def told(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.objectName()!r} in {type(widget.parent()).__name__}"


# Names


def test_that_names_that_never_change_are_there_once(opened: Studio) -> None:
    names = Counter(widget.objectName() for widget in all_widgets(opened))
    assert {name: names[name] for name in WIDGETS_BY_NAME if names[name] != 1} == {}
    actions = Counter(action.objectName() for action in opened.window.findChildren(QAction))
    for name in ("startAction", "pauseAction", "stepAction", "stopAction"):
        assert actions[name] == 1


def test_that_no_name_is_given_twice(opened: Studio) -> None:
    named = [thing for thing in opened.window.findChildren(QObject) if thing.objectName()]
    names = Counter(thing.objectName() for thing in named if isinstance(thing, QWidget | QAction | QMenu))
    assert {name: count for name, count in names.items() if count > 1 and not name.startswith(("qt_", "_q_"))} == {}


def test_that_names_are_in_lower_camel_case(opened: Studio) -> None:
    names = [widget.objectName() for widget in all_widgets(opened) if widget.objectName()]
    ours = [name for name in names if not name.startswith(("qt_", "_q_"))]
    assert [name for name in ours if not re.fullmatch(r"[a-z][A-Za-z0-9]*", name)] == []


def test_that_every_control_has_a_name_a_spoken_name_and_an_explanation(opened: Studio) -> None:
    found = list(controls(opened))
    assert len(found) > 60
    lacking = {
        told(control): [
            part
            for part, text in (
                ("objectName", control.objectName()),
                ("accessibleName", control.accessibleName()),
                ("toolTip", control.toolTip()),
            )
            if not text.strip()
        ]
        for control in found
    }
    assert {name: parts for name, parts in lacking.items() if parts} == {}


def test_that_an_explanation_says_more_than_the_label(opened: Studio) -> None:
    bare = [
        told(control)
        for control in controls(opened)
        if isinstance(control, QAbstractButton) and control.text() and control.toolTip().strip(".") == control.text()
    ]
    assert bare == []


def test_that_every_figure_on_screen_is_explained(opened: Studio) -> None:
    figures = [
        label
        for label in opened.window.findChildren(QLabel)
        if re.search(r"\d", label.text()) and label.isVisible() and not isinstance(label.parent(), QMenu)
    ]
    assert figures
    assert [f"{told(label)} {label.text()}" for label in figures if not explained(label)] == []


def explained(widget: QWidget) -> bool:
    """Whether the widget, or what it stands in up to its panel, has an explanation of its own."""
    place: QObject | None = widget
    for _ in range(3):
        if isinstance(place, QWidget) and place.toolTip():
            return True
        place = place.parent() if place is not None else None
    return False


def test_that_every_control_is_reached_by_the_tab_key(opened: Studio) -> None:
    from PySide6.QtCore import Qt

    unreachable = [
        told(control)
        for control in controls(opened)
        if not control.focusPolicy() & Qt.FocusPolicy.TabFocus and control.isEnabled()
    ]
    assert unreachable == []


def test_that_menus_say_what_their_entries_do(opened: Studio) -> None:
    for menu in opened.window.menuBar().findChildren(QMenu):
        entries = [action for action in menu.actions() if not action.isSeparator() and action.menu() is None]
        assert [action.text() for action in entries if not action.toolTip().strip()] == []


# Language


@pytest.fixture
def marked(opened: Studio) -> Iterator[Studio]:
    """Switch the language while the window is open."""
    translator = Marking()
    QApplication.installTranslator(translator)
    QApplication.sendEvent(opened.window, QEvent(QEvent.Type.LanguageChange))
    QApplication.processEvents()
    yield opened
    QApplication.removeTranslator(translator)
    QApplication.processEvents()


def texts_of(widget: QWidget) -> Iterator[tuple[str, str]]:
    """Yield every text of a widget that a person sees or hears, with what it is."""
    yield "tool tip", widget.toolTip()
    yield "spoken name", widget.accessibleName()
    if isinstance(widget, QLabel | QAbstractButton):
        yield "text", widget.text()
    if isinstance(widget, QLineEdit):
        yield "placeholder", widget.placeholderText()
    if isinstance(widget, QComboBox):
        yield from (("entry", widget.itemText(row)) for row in range(widget.count()))
    if isinstance(widget, QTabBar):
        yield from (("tab", widget.tabText(index)) for index in range(widget.count()))
    if isinstance(widget, QDockWidget | QMainWindow):
        yield "title", widget.windowTitle()
    if isinstance(widget, QMenu):
        yield "title", widget.title()
        yield from (("entry", action.text()) for action in widget.actions() if not action.isSeparator())


NOT_WORDS = re.compile(r"[\W\d_]*|z\[\d+\]|\d+ x \d+.*")
"""Numbers, and names of numbers."""

NAMES_OF_THINGS = {
    "presetBox": "presets are named by their files",
    "deviceBox": "devices are named by the system",
    "datasetBox": "folders are named by people",
    "welcomeRecent0": "runs are named by their folders",
    "dataSourceLabel": "folders are named by people",
    "statusDevice": "devices are named by the system",
}


def test_that_no_text_is_left_in_the_old_language(marked: Studio) -> None:
    left = []
    for widget in all_widgets(marked):
        if is_qts_own(widget):
            continue
        for kind, text in texts_of(widget):
            plain = re.sub(r"<[^>]+>", "", text)
            is_name = widget.objectName() in NAMES_OF_THINGS and kind in ("entry", "text")
            if not NOT_WORDS.fullmatch(plain) and "«" not in text and not is_name:
                left.append(f"{told(widget)}: {kind} {text!r}")
    assert left == []


def test_that_what_is_shown_later_is_in_the_new_language_too(marked: Studio, tmp_path: Path) -> None:
    marked.session.open_run(tmp_path / "nothing")
    marked.wait_until(marked.find(QWidget, "noticeBar").isVisible)
    headline, lines = marked.find(QLabel, "noticeHeadline").text(), marked.find(QLabel, "noticeLines").text()
    assert headline.startswith("«")
    assert [line[0] for line in lines.splitlines()] == ["«", "«"]
    marked.window.views.setup.set_config(tiny())
    marked.click("startButton")
    marked.wait_for_phase("finished")
    assert marked.find(QLabel, "statusMessage").text().startswith("«")
