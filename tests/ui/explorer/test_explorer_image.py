"""ExplorerImage: the picture of the current point."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QImage
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QToolButton
from pytestqt.qtbot import QtBot

from gan_studio.ui.explorer.explorer_image import ExplorerImage

Reason = QContextMenuEvent.Reason
HALVES = np.zeros((2, 2, 3), np.uint8)
HALVES[:, 1] = (255, 0, 0)
"""Two black pixels on the left, two red ones on the right."""


@pytest.fixture
def widget(qtbot: QtBot) -> ExplorerImage:
    widget = ExplorerImage()
    widget.resize(500, 300)
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def colours_across(widget: ExplorerImage) -> list[str]:
    """Return the colours met from left to right through the middle of the picture."""
    image: QImage = widget.grab().toImage()
    met = [image.pixelColor(x, 100).name() for x in range(image.width())]
    return [name for index, name in enumerate(met) if index == 0 or name != met[index - 1]]


def test_that_pixels_are_crisp_squares(widget: ExplorerImage) -> None:
    widget.show_picture(HALVES, "")
    around = widget.palette().window().color().name()
    assert colours_across(widget) == [around, "#000000", "#ff0000", around]


def test_that_the_picture_keeps_its_aspect(widget: ExplorerImage) -> None:
    widget.show_picture(np.full((4, 4, 3), (255, 0, 0), np.uint8), "")
    image = widget.grab().toImage()
    places = [(x, y) for x in range(image.width()) for y in range(image.height())]
    red = [(x, y) for x, y in places if image.pixelColor(x, y) == QColor("red")]
    width = max(x for x, _ in red) - min(x for x, _ in red)
    height = max(y for _, y in red) - min(y for _, y in red)
    assert width == height > 150


def test_that_it_can_be_smoothed(qtbot: QtBot, widget: ExplorerImage) -> None:
    widget.show_picture(HALVES, "")
    qtbot.mouseClick(widget.findChild(QToolButton, "smoothPictureButton"), Qt.MouseButton.LeftButton)
    assert len(colours_across(widget)) > 10


def test_that_a_picture_that_was_left_smooth_is_smooth_again_without_a_signal(
    qtbot: QtBot, widget: ExplorerImage
) -> None:
    widget.show_picture(HALVES, "")
    with qtbot.assertNotEmitted(widget.smooth_chosen):
        widget.set_smooth(True)
    assert len(colours_across(widget)) > 10
    with qtbot.waitSignal(widget.smooth_chosen) as chosen:
        qtbot.mouseClick(widget.findChild(QToolButton, "smoothPictureButton"), Qt.MouseButton.LeftButton)
    assert chosen.args == [False]


def test_that_a_picture_that_whole_squares_would_leave_small_fills_its_room(widget: ExplorerImage) -> None:
    widget.show_picture(np.full((150, 150, 3), (255, 0, 0), np.uint8), "")
    widget.resize(600, 290)
    image = widget.grab().toImage()
    red = [y for y in range(image.height()) if image.pixelColor(300, y) == QColor("red")]
    assert len(red) > 0.85 * widget.height()


@pytest.mark.parametrize("reason", [Reason.Mouse, Reason.Keyboard])
def test_that_the_menu_saves_and_copies(qtbot: QtBot, widget: ExplorerImage, reason: QContextMenuEvent.Reason) -> None:
    event = QContextMenuEvent(reason, QPoint(250, 100), widget.mapToGlobal(QPoint(250, 100)))
    QApplication.sendEvent(widget, event)
    assert not widget.findChildren(QMenu)
    widget.show_picture(HALVES, "")
    QApplication.sendEvent(widget, event)
    (menu,) = widget.findChildren(QMenu, "pictureMenu")
    save, copy = menu.actions()
    menu.close()
    with qtbot.waitSignal(widget.save_requested):
        save.trigger()
    with qtbot.waitSignal(widget.copy_requested):
        copy.trigger()


def test_that_the_keyboard_reaches_the_picture_and_shows_it(qtbot: QtBot, widget: ExplorerImage) -> None:
    widget.show_picture(HALVES, "")
    before = widget.grab().toImage()
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(lambda: widget.grab().toImage() != before)


def test_that_grey_pictures_are_shown(widget: ExplorerImage) -> None:
    widget.show_picture(np.full((8, 8, 1), 77, np.uint8), "")
    assert "#4d4d4d" in colours_across(widget)


def test_that_caption_and_picture_are_known(widget: ExplorerImage) -> None:
    widget.show_picture(HALVES, "Sample 3")
    assert widget.picture is HALVES
    assert widget.findChild(QLabel, "explorerCaption").text() == "Sample 3"


def test_that_a_cleared_picture_is_gone(widget: ExplorerImage) -> None:
    widget.show_picture(HALVES, "Sample 3")
    widget.clear()
    assert widget.picture is None
    assert widget.findChild(QLabel, "explorerCaption").text() == ""
    assert len(colours_across(widget)) == 1


def test_that_what_is_no_picture_is_refused(widget: ExplorerImage) -> None:
    with pytest.raises(ValueError, match="not a picture"):
        widget.show_picture(np.zeros((4, 4, 2), np.uint8), "")
