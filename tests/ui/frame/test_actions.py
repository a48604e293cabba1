"""The table of actions, from which menus, toolbar and shortcuts are made."""

from collections import Counter
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, QTranslator
from PySide6.QtGui import QAction, QKeySequence, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gan_studio.ui.frame.action_table import ACTIONS, MENUS, ActionSpec
from gan_studio.ui.frame.actions import Actions
from gan_studio.ui.widgets.theme import theme_palette


class Marking(QTranslator):
    """Puts every text in angle marks."""

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:
        return f"«{text}»"


@pytest.fixture
def actions(qtbot: QtBot) -> Iterator[Actions]:
    owner = QObject()
    yield Actions(owner)
    owner.deleteLater()


def test_that_every_action_stands_in_one_menu_under_one_name(actions: Actions) -> None:
    in_menus = [action.objectName() for name, _ in MENUS for action in actions.of_menu(name)]
    assert sorted(in_menus) == sorted(spec.name for spec in ACTIONS)
    assert len(set(in_menus)) == len(in_menus)
    assert all(actions[name].objectName() == name for name in in_menus)


def test_that_the_names_that_never_change_are_there(actions: Actions) -> None:
    for name in ("startAction", "pauseAction", "stepAction", "stopAction"):
        assert isinstance(actions[name], QAction)


@pytest.mark.parametrize("spec", ACTIONS, ids=lambda spec: spec.name)
def test_that_every_action_says_what_it_does(actions: Actions, spec: ActionSpec) -> None:
    action = actions[spec.name]
    assert action.text()
    assert action.toolTip().rstrip(")") != action.text()
    assert spec.tip.endswith(".")
    assert not action.iconText().count("&")
    if spec.shortcut:
        keys = QKeySequence(spec.shortcut)
        assert action.shortcut() == keys
        assert keys.toString(QKeySequence.SequenceFormat.NativeText) in action.toolTip()


def test_that_no_key_means_two_things() -> None:
    keys = Counter(QKeySequence(spec.shortcut).toString() for spec in ACTIONS if spec.shortcut)
    assert {key: count for key, count in keys.items() if count > 1 or not key} == {}


def test_that_no_letter_opens_two_entries_of_a_menu(actions: Actions) -> None:
    for name, _ in MENUS:
        letters = [QKeySequence.mnemonic(action.text()).toString() for action in actions.of_menu(name)]
        assert "" not in letters, name
        assert len(set(letters)) == len(letters), (name, letters)
    titles = [QKeySequence.mnemonic(title).toString() for _, title in MENUS]
    assert len(set(titles)) == len(titles)


def test_that_icons_follow_the_palette(actions: Actions) -> None:
    def ink(palette: QPalette) -> int:
        actions.draw_icons(palette)
        image = actions["startAction"].icon().pixmap(24, 24).toImage()
        inked = [image.pixelColor(x, y) for x in range(24) for y in range(24)]
        solid = [colour.lightness() for colour in inked if colour.alpha() > 200]
        assert solid
        return sum(solid) // len(solid)

    assert ink(theme_palette(dark=True)) > ink(theme_palette(dark=False)) + 80


def test_that_every_text_follows_the_language(actions: Actions) -> None:
    translator = Marking()
    QApplication.installTranslator(translator)
    try:
        actions.retranslate()
        assert all(actions[spec.name].text() == f"«{spec.text}»" for spec in ACTIONS)
        assert all(actions[spec.name].toolTip().startswith(f"«{spec.tip}»") for spec in ACTIONS)
    finally:
        QApplication.removeTranslator(translator)
