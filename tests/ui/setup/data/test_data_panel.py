"""DataPanel: the real pictures that the discriminator sees, and the files left out."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QLabel, QListView, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from gan_studio.engine.text.message import Message
from gan_studio.ui.setup.data.data_panel import DataPanel
from gan_studio.ui.setup.data.thumbnail_grid import ThumbnailGrid

REASON = Message("number", value="not a picture")


def shown(qtbot: QtBot) -> DataPanel:
    panel = DataPanel()
    panel.resize(300, 400)
    qtbot.addWidget(panel)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


def test_that_the_facts_tell_count_size_and_colours(qtbot: QtBot) -> None:
    panel = shown(qtbot)
    panel.set_preview(np.zeros((5, 64, 64, 3), np.uint8), 12345, "Holiday pictures")
    assert panel.findChild(QLabel, "dataFacts").text() == "12\u202f345 pictures \u00b7 64 \u00d7 64 \u00b7 colour"
    panel.set_preview(np.zeros((5, 32, 32, 1), np.uint8), 10, "")
    assert panel.findChild(QLabel, "dataFacts").text().endswith("grey")


def test_that_pictures_are_seen_and_at_most_32(qtbot: QtBot) -> None:
    panel = shown(qtbot)
    grid = panel.findChild(ThumbnailGrid, "dataThumbnails")
    assert not grid.isVisible()
    panel.set_preview(np.full((40, 32, 32, 1), 200, np.uint8), 40, "")
    assert grid.picture_count == 32
    qtbot.waitUntil(lambda: grid.isVisible() and grid.height() > 100)
    assert grid.grab().toImage().pixelColor(5, 5).red() == 200


def test_that_pictures_laid_out_otherwise_in_memory_are_drawn_right(qtbot: QtBot) -> None:
    panel = shown(qtbot)
    channels_first = np.zeros((1, 3, 32, 32), np.uint8)
    channels_first[:, 1] = 250
    panel.set_preview(channels_first.transpose(0, 2, 3, 1), 1, "")
    grid = panel.findChild(ThumbnailGrid, "dataThumbnails")
    qtbot.waitUntil(lambda: grid.isVisible() and grid.height() > 20)
    colour = grid.grab().toImage().pixelColor(5, 5)
    assert (colour.red(), colour.green(), colour.blue()) == (0, 250, 0)


def test_that_files_left_out_are_counted_and_listed_on_demand(qtbot: QtBot) -> None:
    panel = shown(qtbot)
    button, rows = panel.findChild(QToolButton, "leftOutButton"), panel.findChild(QListView, "leftOutList")
    assert not button.isVisible()
    panel.set_left_out((("a.jpg", REASON), ("b.png", REASON)))
    assert button.text() == "2 files left out"
    assert not rows.isVisible()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert rows.isVisible()
    assert rows.model().index(1, 0).data() == "b.png\nnot a picture"
    panel.set_left_out(())
    assert not button.isVisible()


def test_that_a_tooltip_shows_the_signs_of_a_name(qtbot: QtBot) -> None:
    panel = shown(qtbot)
    panel.set_left_out((("<b>a</b>.jpg", REASON),))
    panel.set_classes(("<i>cat</i>",), (250,))
    seen = {"leftOutList": "<b>a</b>.jpg\nnot a picture", "classCountsList": "<i>cat</i>  250"}
    for name, text in seen.items():
        tip = panel.findChild(QListView, name).model().index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
        document = QTextDocument()
        document.setHtml(tip)
        assert document.toPlainText().split() == text.split()


def test_that_the_sizes_found_and_the_pictures_held_out_are_told(qtbot: QtBot) -> None:
    panel = shown(qtbot)
    facts = panel.findChild(QLabel, "dataFacts")
    panel.set_preview(np.zeros((5, 32, 32, 4), np.uint8), 1000, "Pets", (40, 30, 1200, 800))
    assert facts.text().splitlines() == [
        "1\u202f000 pictures \u00b7 32 \u00d7 32 \u00b7 colour with transparency",
        "original sizes 40 \u00d7 30 to 1200 \u00d7 800",
    ]
    panel.set_notes((Message("number", value="read as grey"), Message("number", value="one profile")))
    assert facts.text().splitlines()[-2:] == ["• read as grey", "• one profile"]
    panel.set_notes(())
    panel.set_shares(950, 50, is_about=True)
    assert facts.text().splitlines()[-1] == "about 50 of them held out, never trained on"
    panel.set_shares(950, 50)
    assert facts.text().splitlines()[-1] == "50 of them held out, never trained on"
    panel.set_preview(np.zeros((5, 32, 32, 1), np.uint8), 10, "Digits", (28, 28, 28, 28))
    assert facts.text().splitlines()[1:] == ["original size 28 \u00d7 28"]


def test_that_classes_are_listed_with_bars_as_long_as_their_counts(qtbot: QtBot) -> None:
    panel = shown(qtbot)
    rows = panel.findChild(QListView, "classCountsList")
    assert not rows.isVisible()
    panel.set_classes(("cat", "dog"), (250, 1000))
    assert rows.isVisible()
    assert panel.findChild(QLabel, "classCountsLabel").text() == "2 classes"
    assert [rows.model().index(row, 0).data() for row in (0, 1)] == ["cat  250", "dog  1\u202f000"]
    painted = rows.viewport().grab().toImage()
    middle = [rows.visualRect(rows.model().index(row, 0)).center().y() for row in (0, 1)]
    place = painted.width() // 2
    assert painted.pixelColor(place, middle[0]) != painted.pixelColor(place, middle[1])
    panel.set_classes((), ())
    assert not rows.isVisible()


def test_that_many_classes_are_scrolled(qtbot: QtBot) -> None:
    panel = shown(qtbot)
    panel.set_classes([f"class {number}" for number in range(1000)], [5] * 1000)
    rows = panel.findChild(QListView, "classCountsList")
    assert rows.height() < 200
    assert rows.verticalScrollBar().maximum() > 0


def test_that_a_board_shows_through_transparent_pictures(qtbot: QtBot) -> None:
    panel = shown(qtbot)
    image = np.zeros((1, 32, 32, 4), np.uint8)
    image[:, :, 16:] = (10, 200, 30, 255)
    panel.set_preview(image, 1, "")
    grid = panel.findChild(ThumbnailGrid, "dataThumbnails")
    qtbot.waitUntil(lambda: grid.isVisible() and grid.height() > 20)
    painted, side = grid.grab().toImage(), grid.height()
    clear = {painted.pixelColor(x, 4).name() for x in range(2, side // 2 - 2)}
    assert len(clear) == 2
    solid = painted.pixelColor(side - 4, side // 2)
    assert (solid.red(), solid.green(), solid.blue()) == (10, 200, 30)


@pytest.mark.parametrize(
    ("name", "signal"), [("chooseFolderButton", "folder_wanted"), ("chooseFileButton", "file_wanted")]
)
def test_that_pictures_are_asked_for_unless_a_run_is_open(qtbot: QtBot, name: str, signal: str) -> None:
    panel = shown(qtbot)
    button = panel.findChild(QPushButton, name)
    with qtbot.waitSignal(getattr(panel, signal)):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    panel.set_locked(True)
    assert not button.isEnabled()
    assert "A run is open" in button.toolTip()
