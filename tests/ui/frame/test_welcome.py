"""WelcomePanel: three ways to begin, and the recent runs."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from gan_studio.ui.frame.welcome import RecentRun, WelcomePanel


@pytest.fixture
def panel(qtbot: QtBot) -> WelcomePanel:
    panel = WelcomePanel()
    panel.resize(900, 600)
    qtbot.addWidget(panel)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


def recent(count: int) -> tuple[RecentRun, ...]:
    picture = np.full((64, 64, 1), 128, np.uint8)
    return tuple((f"/runs/{k}", f"Run {k}", "step 100", picture if k % 2 else None) for k in range(count))


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
    panel.set_recent((("/other", "Other", "", None),))
    assert panel.findChild(QAbstractButton, "welcomeRecent0").accessibleName() == "Other"
    assert panel.findChild(QAbstractButton, "welcomeRecent1") is None
