"""DataPanel: what the discriminator will be shown, and what was left out."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QListView, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from gan_studio.engine.messages import Message
from gan_studio.ui.setup.data_panel import DataPanel
from gan_studio.ui.setup.thumbnail_grid import ThumbnailGrid

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


def test_that_a_folder_is_asked_for_unless_a_run_is_open(qtbot: QtBot) -> None:
    panel = shown(qtbot)
    button = panel.findChild(QPushButton, "chooseFolderButton")
    with qtbot.waitSignal(panel.folder_wanted):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    panel.set_locked(True)
    assert not button.isEnabled()
    assert "A run is open" in button.toolTip()
