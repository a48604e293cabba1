"""HistoryPanel: shows branches and their checkpoints, and goes back to one of them."""

import gc

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt, QTranslator
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QTreeWidget, QTreeWidgetItem
from pytestqt.qtbot import QtBot
from shiboken6 import delete, isValid

from gan_studio.engine.library.kept import Kept
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.branches import Branch, History
from gan_studio.ui.history.history_panel import HistoryPanel

BEGAN = 1_790_000_000.0
OLD = Branch(0, None, 0, BEGAN, (0, 512, 1000))
NEW = Branch(1, 0, 512, BEGAN + 60, (512, 700))
HISTORY = History((OLD, NEW))


@pytest.fixture
def panel(qtbot: QtBot) -> HistoryPanel:
    panel = HistoryPanel()
    qtbot.addWidget(panel)
    panel.resize(300, 400)
    panel.set_history(HISTORY)
    panel.set_now(1, None)
    panel.set_allowed(True)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def tree(panel: HistoryPanel) -> QTreeWidget:
    return panel.findChild(QTreeWidget, "historyTree")


def button(panel: HistoryPanel) -> QPushButton:
    return panel.findChild(QPushButton, "rollBackButton")


def branch_rows(panel: HistoryPanel) -> list[QTreeWidgetItem]:
    return [tree(panel).topLevelItem(place) for place in range(tree(panel).topLevelItemCount())]


def texts(item: QTreeWidgetItem) -> list[str]:
    return [item.child(place).text(0) for place in range(item.childCount())]


def choose(panel: HistoryPanel, branch: int, place: int) -> QTreeWidgetItem:
    """Click a checkpoint once."""
    item = branch_rows(panel)[branch].child(place)
    spot = tree(panel).visualItemRect(item).center()
    QTest.mouseClick(tree(panel).viewport(), Qt.MouseButton.LeftButton, pos=spot)
    return item


def test_that_every_branch_stands_there_with_its_origin_and_its_checkpoints(panel: HistoryPanel) -> None:
    first, second = branch_rows(panel)
    assert first.text(0).startswith("Branch 0")
    assert second.text(0).startswith("Branch 1, now, from branch 0, step 512 \u00b7 ")
    assert any(character.isdigit() for character in second.text(0).partition("\u00b7")[2])
    assert texts(first) == ["step 0", "step 512", "step 1\u202f000, newest"]
    assert texts(second) == ["step 512", "step 700, newest"]
    assert all(tree(panel).visualItemRect(item.child(0)).isValid() for item in (first, second))


def test_that_the_checkpoint_a_run_rests_at_is_marked(panel: HistoryPanel) -> None:
    panel.set_now(1, 700)
    assert texts(branch_rows(panel)[1]) == ["step 512", "step 700, now, newest"]
    panel.set_now(0, 512)
    assert texts(branch_rows(panel)[0])[1] == "step 512, now"
    assert texts(branch_rows(panel)[1])[1] == "step 700, newest"


def test_that_a_checkpoint_shows_its_samples_time_and_losses_once_they_are_read(panel: HistoryPanel) -> None:
    item = branch_rows(panel)[0].child(1)
    height = tree(panel).visualItemRect(item).height()
    before = panel.grab().toImage()
    picture = np.full((64, 64, 1), 255, np.uint8)
    panel.set_kept({Moment(0, 512): Kept(Moment(0, 512), BEGAN, (0.51234, 1.2), 448, picture)})
    assert "loss D 0.512  G 1.2" in item.text(0)
    assert any(character.isdigit() for character in item.text(0).split(",")[1])
    assert "those of step 448" in item.toolTip(0)
    assert panel.grab().toImage() != before
    assert tree(panel).visualItemRect(item).height() == height
    assert texts(branch_rows(panel)[0])[2] == "step 1\u202f000, newest"


def test_that_the_button_needs_a_checkpoint_and_a_run_that_can_go_back(panel: HistoryPanel) -> None:
    assert not button(panel).isEnabled()
    assert "Choose a checkpoint" in button(panel).toolTip()
    choose(panel, 0, 1)
    assert button(panel).isEnabled()
    assert "the checkpoints of the old one stay" in button(panel).toolTip()
    panel.set_allowed(False)
    assert not button(panel).isEnabled()
    assert "not loading or saving" in button(panel).toolTip()
    panel.set_allowed(True)
    tree(panel).setCurrentItem(branch_rows(panel)[0])
    assert not button(panel).isEnabled()


def test_that_the_button_goes_back_to_the_chosen_checkpoint_and_a_click_alone_does_not(
    panel: HistoryPanel, qtbot: QtBot
) -> None:
    with qtbot.assertNotEmitted(panel.checkpoint_wanted):
        choose(panel, 0, 1)
    with qtbot.waitSignal(panel.checkpoint_wanted) as wanted:
        QTest.mouseClick(button(panel), Qt.MouseButton.LeftButton)
    assert wanted.args == [Moment(0, 512)]


def test_that_enter_and_a_double_click_go_back_too(panel: HistoryPanel, qtbot: QtBot) -> None:
    item = choose(panel, 1, 0)
    with qtbot.waitSignal(panel.checkpoint_wanted) as wanted:
        QTest.keyClick(tree(panel), Qt.Key.Key_Return)
    assert wanted.args == [Moment(1, 512)]
    with qtbot.waitSignal(panel.checkpoint_wanted) as wanted:
        spot = tree(panel).visualItemRect(item).center()
        QTest.mouseDClick(tree(panel).viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert wanted.args == [Moment(1, 512)]


def test_that_nothing_goes_back_while_that_is_not_allowed_or_a_branch_is_chosen(
    panel: HistoryPanel, qtbot: QtBot
) -> None:
    with qtbot.assertNotEmitted(panel.checkpoint_wanted):
        tree(panel).setCurrentItem(branch_rows(panel)[1])
        QTest.keyClick(tree(panel), Qt.Key.Key_Return)
        panel.set_allowed(False)
        choose(panel, 0, 0)
        QTest.keyClick(tree(panel), Qt.Key.Key_Enter)


def test_that_what_is_chosen_and_folded_stays_so_while_the_run_adds_to_it(panel: HistoryPanel) -> None:
    branch_rows(panel)[1].setExpanded(False)
    choose(panel, 0, 1)
    more = Branch(1, 0, 512, BEGAN + 60, (512, 700, 900))
    panel.set_history(History((Branch(0, None, 0, BEGAN, (0, 512, 600, 1000)), more, Branch(2, 1, 900, BEGAN, ()))))
    assert tree(panel).currentItem().text(0) == "step 512"
    assert texts(branch_rows(panel)[0]) == ["step 0", "step 512", "step 600", "step 1\u202f000, newest"]
    assert texts(branch_rows(panel)[1]) == ["step 512", "step 700", "step 900, newest"]
    assert [item.isExpanded() for item in branch_rows(panel)] == [True, False, True]
    assert button(panel).isEnabled()


def test_that_a_chosen_checkpoint_that_is_deleted_leaves_nothing_chosen(panel: HistoryPanel, qtbot: QtBot) -> None:
    choose(panel, 0, 1)
    panel.set_history(History((Branch(0, None, 0, BEGAN, (0, 1000)), NEW)))
    assert not button(panel).isEnabled()
    with qtbot.assertNotEmitted(panel.checkpoint_wanted):
        QTest.keyClick(tree(panel), Qt.Key.Key_Return)


def test_that_another_run_takes_the_place_of_the_tree(panel: HistoryPanel) -> None:
    panel.set_history(History((Branch(0, None, 0, BEGAN, (3,)),)))
    assert [texts(item) for item in branch_rows(panel)] == [["step 3, newest"]]
    panel.set_history(History())
    assert not tree(panel).isVisible()
    assert panel.findChild(QLabel, "historyEmpty").isVisible()
    assert not button(panel).isEnabled()


@pytest.mark.parametrize("began", [-1.0, float("nan"), float("inf"), 1e300])
def test_that_a_damaged_table_of_branches_is_shown_all_the_same(panel: HistoryPanel, began: float) -> None:
    panel.set_history(History((Branch(0, None, 0, began, (3,)), Branch(7, 5, 2, began, ()))))
    assert [item.text(0) for item in branch_rows(panel)][1].startswith("Branch 7, from branch 5, step 2")


def rows_in_memory() -> int:
    gc.collect()
    return sum(type(held) is QTreeWidgetItem for held in gc.get_objects())


def test_that_rows_of_runs_that_were_let_go_of_are_freed(panel: HistoryPanel) -> None:
    before = rows_in_memory()
    for _ in range(20):
        panel.set_history(History(()))
        panel.set_history(HISTORY)
    assert rows_in_memory() <= before + len(HISTORY.branches)


def test_that_no_row_is_thought_alive_after_its_tree() -> None:
    """PySide hands out a wrapper that it believes alive for the next object at the same address."""
    gc.collect()
    before = [held for held in gc.get_objects() if type(held) is QTreeWidgetItem]
    panel = HistoryPanel()
    panel.set_history(HISTORY)
    held = [row for row in gc.get_objects() if type(row) is QTreeWidgetItem and row not in before]
    assert held
    delete(panel)
    assert not any(isValid(row) for row in held)


class Marking(QTranslator):
    """Puts every text in angle marks."""

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:
        return f"\u00ab{text}\u00bb"


def test_that_the_rows_follow_the_language(panel: HistoryPanel) -> None:
    translator = Marking()
    QApplication.installTranslator(translator)
    try:
        QApplication.sendEvent(panel, QEvent(QEvent.Type.LanguageChange))
        QApplication.sendEvent(tree(panel), QEvent(QEvent.Type.LanguageChange))
        assert texts(branch_rows(panel)[0])[0] == "\u00abstep 0\u00bb"
        assert branch_rows(panel)[1].text(0).startswith("\u00abBranch 1\u00bb, \u00abnow\u00bb")
        assert button(panel).text().startswith("\u00ab")
    finally:
        QApplication.removeTranslator(translator)
