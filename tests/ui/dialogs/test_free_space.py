"""FreeSpaceDialog: what can be deleted, by kind, and that only the ticked kinds are."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from gan_studio.ui.dialogs.free_space import FreeSpaceDialog, SpareRow

ROWS = (
    SpareRow("checkpoints", 7, 7 * 10**6, "older ones"),
    SpareRow("snapshots", 1, 10**6, "generators"),
    SpareRow("sheets", 0, 0, "pictures"),
    SpareRow("leftovers", 2, 1024, "litter"),
)


@pytest.fixture
def dialog(qtbot: QtBot) -> FreeSpaceDialog:
    dialog = FreeSpaceDialog()
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    return dialog


def box(dialog: FreeSpaceDialog, kind: str) -> QCheckBox:
    found = dialog.findChild(QCheckBox, f"{kind}SpareBox")
    assert found is not None
    return found


def delete(dialog: FreeSpaceDialog) -> QPushButton:
    found = dialog.findChild(QPushButton, "freeSpaceDeleteButton")
    assert found is not None
    return found


def words(dialog: FreeSpaceDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel)).replace("\u202f", " ")


def test_that_nothing_can_be_deleted_before_the_run_was_looked_at(dialog: FreeSpaceDialog) -> None:
    assert "Measuring the run" in words(dialog)
    assert not delete(dialog).isEnabled()
    assert not any(found.isEnabled() for found in dialog.findChildren(QCheckBox))


def test_that_sizes_stand_beside_each_kind_and_what_is_not_there_cannot_be_ticked(dialog: FreeSpaceDialog) -> None:
    dialog.show_rows(ROWS, 10 * 10**9, 3 * 10**9)
    assert "The run takes 10 GB; its disk has 3.0 GB free" in words(dialog)
    assert "7 files, 7.0 MB" in words(dialog)
    assert "1 file, 1.0 MB" in words(dialog)
    assert not box(dialog, "sheets").isEnabled()
    assert dialog.chosen() == ("leftovers",)


def test_that_only_what_is_ticked_is_wanted_gone(qtbot: QtBot, dialog: FreeSpaceDialog) -> None:
    dialog.show_rows(ROWS, 10 * 10**9, 3 * 10**9)
    box(dialog, "checkpoints").setChecked(True)
    assert delete(dialog).text().replace("\u202f", " ") == "Delete 7.0 MB"
    with qtbot.waitSignal(dialog.freeing_wanted) as wanted:
        qtbot.mouseClick(delete(dialog), Qt.MouseButton.LeftButton)
    assert wanted.args == [("checkpoints", "leftovers")]
    assert not delete(dialog).isEnabled()


def test_that_what_is_gone_is_said_and_cannot_be_deleted_again(dialog: FreeSpaceDialog) -> None:
    dialog.show_rows(ROWS, 10 * 10**9, 3 * 10**9)
    box(dialog, "checkpoints").setChecked(True)
    left = [SpareRow(row.kind, 0, 0, row.explanation) for row in ROWS]
    dialog.show_rows(left, 9 * 10**9, 4 * 10**9)
    dialog.show_freed(7 * 10**6)
    assert "7.0 MB freed" in words(dialog)
    assert dialog.chosen() == ()
    assert not delete(dialog).isEnabled()
