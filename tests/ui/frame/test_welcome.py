"""WelcomePanel: three ways to begin, and the recent runs."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel
from pytestqt.qtbot import QtBot

from gan_studio.ui.frame.run_card import CONTINUE, EXPLORE, FINE_TUNE, RENAME, SHOW_FOLDER, TAKE_OFF, RunFacts
from gan_studio.ui.frame.welcome import WelcomePanel

OPENING = (CONTINUE, EXPLORE, FINE_TUNE)
"""What can only be done with a run that can be opened."""


@pytest.fixture
def panel(qtbot: QtBot) -> WelcomePanel:
    panel = WelcomePanel()
    panel.resize(900, 600)
    qtbot.addWidget(panel)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


def recent(count: int) -> tuple[RunFacts, ...]:
    picture = np.full((64, 64, 1), 128, np.uint8)
    return tuple(
        RunFacts(f"/runs/{k}", f"Run {k}", "1 May", "step 100", picture if k % 2 else None) for k in range(count)
    )


@pytest.mark.parametrize(
    ("name", "signal"),
    [
        ("welcomeStarterButton", "starter_wanted"),
        ("welcomeFolderButton", "folder_wanted"),
        ("welcomeRunButton", "run_wanted"),
    ],
)
def test_that_each_way_in_opens_by_mouse_and_by_key(qtbot: QtBot, panel: WelcomePanel, name: str, signal: str) -> None:
    button = panel.findChild(QAbstractButton, name)
    with qtbot.waitSignal(getattr(panel, signal)):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(getattr(panel, signal)):
        qtbot.keyClick(button, Qt.Key.Key_Space)
    assert button.accessibleName()
    assert button.toolTip()


def test_that_at_most_six_recent_runs_are_listed_and_open_by_their_path(qtbot: QtBot, panel: WelcomePanel) -> None:
    panel.set_recent(recent(8))
    assert panel.findChild(QAbstractButton, "welcomeRecent5") is not None
    assert panel.findChild(QAbstractButton, "welcomeRecent6") is None
    with qtbot.waitSignal(panel.recent_wanted) as told:
        qtbot.mouseClick(panel.findChild(QAbstractButton, "welcomeRecent3"), Qt.MouseButton.LeftButton)
    assert told.args == ["/runs/3"]


def test_that_a_new_list_replaces_the_old_one(panel: WelcomePanel) -> None:
    panel.set_recent(recent(4))
    panel.set_recent((RunFacts("/other", "Other"),))
    assert panel.findChild(QAbstractButton, "welcomeRecent0").accessibleName() == "Other"
    assert panel.findChild(QAbstractButton, "welcomeRecent1") is None


@pytest.mark.parametrize("what", OPENING)
def test_that_a_card_offers_what_can_be_done_with_its_run(qtbot: QtBot, panel: WelcomePanel, what: str) -> None:
    panel.set_recent(recent(2))
    button = panel.findChild(QAbstractButton, f"welcomeRecent1{what}")
    assert button.accessibleName()
    assert button.toolTip()
    with qtbot.waitSignal(panel.card_wanted) as told, qtbot.assertNotEmitted(panel.recent_wanted):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert told.args == [what, "/runs/1"]


@pytest.mark.parametrize("what", [RENAME, SHOW_FOLDER, TAKE_OFF])
def test_that_the_menu_of_a_card_offers_the_rest(qtbot: QtBot, panel: WelcomePanel, what: str) -> None:
    panel.set_recent(recent(2))
    with qtbot.waitSignal(panel.card_wanted) as told:
        panel.findChild(QAction, f"welcomeRecent1{what}").trigger()
    assert told.args == [what, "/runs/1"]


def test_that_a_card_shows_name_date_and_step_as_plain_text(panel: WelcomePanel) -> None:
    panel.set_recent((RunFacts("/runs/1", "<b>Frogs</b> & co", "1 May · Quickstart", "step 100 of 400"),))
    card = panel.findChild(QAbstractButton, "welcomeRecent0")
    QApplication.processEvents()
    assert card.accessibleName() == "<b>Frogs</b> & co"
    texts = [label.text() for label in card.findChildren(QLabel) if label.isVisible() and label.text()]
    assert texts == ["<b>Frogs</b> & co", "1 May · Quickstart", "step 100 of 400"]
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in card.findChildren(QLabel))


def test_that_a_run_that_cannot_be_opened_says_why_and_can_only_leave_the_list(
    qtbot: QtBot, panel: WelcomePanel
) -> None:
    panel.set_recent((RunFacts("/gone", "Gone", "", "It is not there.", can_open=False, is_there=False),))
    card = panel.findChild(QAbstractButton, "welcomeRecent0")
    assert "It is not there." in card.toolTip()
    with qtbot.assertNotEmitted(panel.recent_wanted):
        qtbot.mouseClick(card, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    buttons = {what: panel.findChild(QAbstractButton, f"welcomeRecent0{what}") for what in OPENING}
    entries = {what: panel.findChild(QAction, f"welcomeRecent0{what}") for what in (RENAME, SHOW_FOLDER, TAKE_OFF)}
    assert [what for what, each in (buttons | entries).items() if each.isEnabled()] == [TAKE_OFF]


def test_that_a_card_that_has_not_changed_stays_where_the_focus_may_be(panel: WelcomePanel) -> None:
    runs = recent(3)
    panel.set_recent(runs)
    first = panel.findChild(QAbstractButton, "welcomeRecent0")
    panel.set_recent((runs[0], RunFacts("/other", "Other"), runs[2]))
    assert panel.findChild(QAbstractButton, "welcomeRecent0") is first
    assert panel.findChild(QAbstractButton, "welcomeRecent1").accessibleName() == "Other"


@pytest.mark.parametrize(("width", "is_beside"), [(1000, True), (600, False)])
def test_that_cards_stand_side_by_side_only_where_there_is_room(
    panel: WelcomePanel, width: int, is_beside: bool
) -> None:
    panel.set_recent(recent(2))
    panel.resize(width, 900)
    QApplication.processEvents()
    first, second = (panel.findChild(QAbstractButton, f"welcomeRecent{k}") for k in range(2))
    assert (first.y() == second.y()) is is_beside


def test_that_f2_on_a_card_or_on_its_buttons_renames_the_run(qtbot: QtBot, panel: WelcomePanel) -> None:
    panel.set_recent(recent(2))
    for name in ("welcomeRecent1", f"welcomeRecent1{EXPLORE}"):
        with qtbot.waitSignal(panel.card_wanted) as told:
            qtbot.keyClick(panel.findChild(QAbstractButton, name), Qt.Key.Key_F2)
        assert told.args == [RENAME, "/runs/1"]
