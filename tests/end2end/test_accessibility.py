"""Every control can be named, found, understood and read in another language."""

import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt, QTranslator
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

from gan_studio.engine.text.message import Message
from gan_studio.ui.presenters.preferences import Preferences
from gan_studio.ui.widgets.translate import translate
from tests.end2end.conftest import Studio
from tests.engine.references import References
from tests.engine.runs import TINY

OpenStudio = Callable[..., Studio]
CONTROLS = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit)

WIDGETS_BY_NAME = (
    *("mainWindow", "tabs", "trainTab", "exploreTab", "startButton", "pauseButton", "stepButton", "stopButton"),
    *("deviceBox", "presetBox", "datasetBox", "lossPlot", "sampleGrid", "sampleHistorySlider", "explorerImage"),
    *("neighbourGrid", "randomizeButton", "resetButton", "statusMessage"),
    *(f"latentSlider{index}" for index in range(TINY.model.latent_dim)),
)
"""Names that never change, each once in the window."""

UNUSED = ("noticeActionButton", "noticeOtherButton")
"""Controls that have a text only while they are there to be pressed."""


class Marking(QTranslator):
    """Puts every text in angle marks."""

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:
        return f"«{text}»"


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, references: References) -> Path:
    """Train a run of 12 steps, only to be copied."""
    place = tmp_path_factory.mktemp("accessibility") / "run"
    references.copy_to(place)
    return place


@pytest.fixture
def opened(open_studio: OpenStudio, trained: Path, tmp_path: Path) -> Studio:
    """Open a run, and look at both of its tabs."""
    shutil.copytree(trained, tmp_path / "run")
    Preferences().add_recent_run(str(tmp_path / "run"))
    studio = open_studio(tmp_path / "run")
    studio.wait_until(lambda: studio.window.views.train.shown_sheet is not None)
    studio.find(QTabWidget, "tabs").setCurrentWidget(studio.find(QWidget, "exploreTab"))
    studio.wait_until(lambda: studio.window.views.explore.picture is not None)
    studio.wait_until(lambda: studio.window.findChild(QWidget, "latentSlider7") is not None)
    studio.wait_until(lambda: studio.window.findChild(QWidget, "welcomeRecent0") is not None)
    return studio


def is_qts_own(widget: QObject) -> bool:
    """Tell what Qt makes inside its widgets: scroll bars, the line of a spin box, the buttons of a line or a title."""
    inside = (QAbstractSpinBox, QComboBox, QLineEdit, QTabBar)
    is_qts_part = isinstance(widget, QLineEdit | QAbstractButton) and isinstance(widget.parent(), inside)
    is_button_of_a_title = widget.metaObject().className() == "QDockWidgetTitleButton"
    return (
        widget.objectName().startswith(("qt_", "_q_"))
        or isinstance(widget, QScrollBar)
        or is_qts_part
        or is_button_of_a_title
    )


def all_widgets(studio: Studio) -> list[QWidget]:
    return [studio.window, *studio.window.findChildren(QWidget)]


def controls(studio: Studio) -> Iterator[QWidget]:
    for widget in all_widgets(studio):
        if isinstance(widget, CONTROLS) and not is_qts_own(widget) and widget.objectName() not in UNUSED:
            yield widget


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
    named = [thing for thing in opened.window.findChildren(QObject) if thing.objectName() and not is_qts_own(thing)]
    names = Counter(thing.objectName() for thing in named if isinstance(thing, QWidget | QAction | QMenu))
    assert {name: count for name, count in names.items() if count > 1 and not name.startswith(("qt_", "_q_"))} == {}


def test_that_names_are_in_lower_camel_case(opened: Studio) -> None:
    names = [widget.objectName() for widget in all_widgets(opened) if widget.objectName() and not is_qts_own(widget)]
    assert [name for name in names if not re.fullmatch(r"[a-z][A-Za-z0-9]*", name)] == []


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
    unreachable = [
        told(control)
        for control in controls(opened)
        if not control.focusPolicy() & Qt.FocusPolicy.TabFocus and control.isEnabled()
    ]
    assert unreachable == []


def test_that_menus_say_what_their_entries_do(opened: Studio) -> None:
    menus = [menu for menu in opened.window.findChildren(QMenu) if menu.objectName()]
    assert len(menus) >= 5
    for menu in menus:
        assert menu.toolTipsVisible()
        entries = [action for action in menu.actions() if not action.isSeparator() and action.menu() is None]
        assert [action.text() for action in entries if not action.toolTip().strip()] == []


# Language

NOT_WORDS = re.compile(r"[\W\d_]*|\d+ x \d+.*")
"""Numbers and signs."""

NAMES_OF_THINGS = {
    "welcomeRecent0Details": "a date, and a preset, which is named by its file",
    "presetBox": "presets are named by their files",
    "deviceBox": "devices are named by the system",
    "statusDevice": "devices are named by the system",
    "datasetBox": "folders are named by people",
    "dataSourceLabel": "folders are named by people",
    "picturesHeading": "folders are named by people",
    "recommendedPresetCard": "presets are named by their files",
    "presetTitle": "presets are named by their files",
}


@pytest.fixture
def in_another_language(qapp: QApplication) -> Iterator[Callable[[Studio], Studio]]:
    """Switch the language while a window is open."""
    translator = Marking()

    def switch(studio: Studio) -> Studio:
        QApplication.installTranslator(translator)
        QApplication.sendEvent(studio.window, QEvent(QEvent.Type.LanguageChange))
        return studio

    yield switch
    QApplication.removeTranslator(translator)
    QApplication.processEvents()


def texts_of(widget: QWidget) -> Iterator[str]:
    """Yield every text of a widget that a person sees or hears."""
    yield widget.toolTip()
    yield widget.accessibleName()
    if isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()
    if isinstance(widget, QLineEdit):
        yield widget.placeholderText()
    if isinstance(widget, QComboBox) and widget.objectName() not in NAMES_OF_THINGS:
        yield from (widget.itemText(row) for row in range(widget.count()))
    if isinstance(widget, QTabBar):
        yield from (widget.tabText(index) for index in range(widget.count()))
    if isinstance(widget, QDockWidget | QMainWindow):
        yield widget.windowTitle()
    if isinstance(widget, QMenu):
        yield widget.title()
        yield from (action.text() for action in widget.actions())
        yield from (action.toolTip() for action in widget.actions() if action.menu() is None)


def untranslated(studio: Studio, *names: str) -> list[str]:
    """List every text of the window in the old language, but for the names of things and these."""
    left = []
    for widget in all_widgets(studio):
        is_name = isinstance(widget, QLabel | QAbstractButton) and widget.objectName() in NAMES_OF_THINGS
        for text in () if is_name or is_qts_own(widget) else texts_of(widget):
            plain = re.sub(r"<[^>]+>", "", text)
            if not NOT_WORDS.fullmatch(plain) and "\u00ab" not in text and text not in names:
                left.append(f"{told(widget)}: {text!r}")
    return left


def test_that_with_a_run_open_no_text_is_left_in_the_old_language(
    opened: Studio, in_another_language: Callable[[Studio], Studio]
) -> None:
    studio = in_another_language(opened)
    name = "run"  # of the run that is listed on the welcome
    studio.wait_until(lambda: untranslated(studio, name) == [])


def test_that_with_no_run_open_no_text_is_left_in_the_old_language(
    open_studio: OpenStudio, in_another_language: Callable[[Studio], Studio]
) -> None:
    studio = in_another_language(open_studio())
    studio.find(QTabWidget, "tabs").setCurrentWidget(studio.find(QWidget, "exploreTab"))
    assert untranslated(studio) == []


def test_that_what_is_shown_later_is_in_the_new_language_too(
    opened: Studio, in_another_language: Callable[[Studio], Studio], tmp_path: Path
) -> None:
    studio = in_another_language(opened)
    studio.session.open_run(tmp_path / "nothing")
    studio.wait_until(studio.find(QWidget, "noticeBar").isVisible)
    headline, lines = studio.find(QLabel, "noticeHeadline").text(), studio.find(QLabel, "noticeLines").text()
    assert headline.startswith("\u00ab")
    assert [line[0] for line in lines.splitlines()] == ["\u00ab", "\u00ab"]
    studio.click("startButton")
    studio.wait_for_phase("finished")
    assert untranslated(studio, "run") == []


def test_that_a_reason_within_an_error_is_translated_too(
    in_another_language: Callable[[Studio], Studio], opened: Studio
) -> None:
    in_another_language(opened)
    message = Message("config.refused", path="mine.toml", reason=Message("toml.syntax", error="line 3"))
    assert (
        translate(message)
        == "\u00abThe settings in mine.toml were refused: \u00abit is not valid TOML: line 3.\u00bb\u00bb"
    )
