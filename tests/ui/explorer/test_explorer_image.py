"""ExplorerImage: the picture of the current point."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QImage
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QToolButton
from pytestqt.qtbot import QtBot

from gan_studio.engine.latent import origin
from gan_studio.engine.moment import Moment
from gan_studio.ui.explorer.explored_picture import ExploredPicture
from gan_studio.ui.explorer.explorer_image import ExplorerImage
from gan_studio.ui.explorer.point_history import VisitedPoint

Reason = QContextMenuEvent.Reason
HALVES = np.zeros((2, 2, 3), np.uint8)
HALVES[:, 1] = (255, 0, 0)
"""Two black pixels on the left, two red ones on the right."""


def explored(pixels: NDArray[np.uint8]) -> ExploredPicture:
    return ExploredPicture(pixels, VisitedPoint(origin(2)), Moment(0, 100))


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
    widget.show_picture(explored(HALVES), "")
    around = widget.palette().window().color().name()
    assert colours_across(widget) == [around, "#000000", "#ff0000", around]


def test_that_the_picture_keeps_its_aspect(widget: ExplorerImage) -> None:
    widget.show_picture(explored(np.full((4, 4, 3), (255, 0, 0), np.uint8)), "")
    image = widget.grab().toImage()
    places = [(x, y) for x in range(image.width()) for y in range(image.height())]
    red = [(x, y) for x, y in places if image.pixelColor(x, y) == QColor("red")]
    width = max(x for x, _ in red) - min(x for x, _ in red)
    height = max(y for _, y in red) - min(y for _, y in red)
    assert width == height > 150


def test_that_it_can_be_smoothed(qtbot: QtBot, widget: ExplorerImage) -> None:
    widget.show_picture(explored(HALVES), "")
    qtbot.mouseClick(widget.findChild(QToolButton, "smoothPictureButton"), Qt.MouseButton.LeftButton)
    assert len(colours_across(widget)) > 10


def test_that_a_picture_that_was_left_smooth_is_smooth_again_without_a_signal(
    qtbot: QtBot, widget: ExplorerImage
) -> None:
    widget.show_picture(explored(HALVES), "")
    with qtbot.assertNotEmitted(widget.smooth_chosen):
        widget.set_smooth(True)
    assert len(colours_across(widget)) > 10
    with qtbot.waitSignal(widget.smooth_chosen) as chosen:
        qtbot.mouseClick(widget.findChild(QToolButton, "smoothPictureButton"), Qt.MouseButton.LeftButton)
    assert chosen.args == [False]


def test_that_a_picture_that_whole_squares_would_leave_small_fills_its_room(widget: ExplorerImage) -> None:
    widget.show_picture(explored(np.full((150, 150, 3), (255, 0, 0), np.uint8)), "")
    widget.resize(600, 290)
    image = widget.grab().toImage()
    red = [y for y in range(image.height()) if image.pixelColor(300, y) == QColor("red")]
    assert len(red) > 0.85 * widget.height()


@pytest.mark.parametrize("reason", [Reason.Mouse, Reason.Keyboard])
def test_that_the_menu_saves_and_copies_the_picture_it_was_opened_on(
    widget: ExplorerImage, reason: QContextMenuEvent.Reason
) -> None:
    event = QContextMenuEvent(reason, QPoint(250, 100), widget.mapToGlobal(QPoint(250, 100)))
    QApplication.sendEvent(widget, event)
    assert not widget.findChildren(QMenu)
    clicked = explored(HALVES)
    widget.show_picture(clicked, "")
    QApplication.sendEvent(widget, event)
    (menu,) = widget.findChildren(QMenu, "pictureMenu")
    save, copy = menu.actions()
    menu.close()
    told = list[ExploredPicture]()
    widget.save_requested.connect(told.append)
    widget.copy_requested.connect(told.append)
    for change in (lambda: None, lambda: widget.show_picture(explored(HALVES[::-1]), ""), widget.clear):
        change()
        save.trigger()
        copy.trigger()
    assert [picture is clicked for picture in told] == [True] * 6


def test_that_the_keyboard_reaches_the_picture_and_shows_it(qtbot: QtBot, widget: ExplorerImage) -> None:
    widget.show_picture(explored(HALVES), "")
    before = widget.grab().toImage()
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(lambda: widget.grab().toImage() != before)


def test_that_grey_pictures_are_shown(widget: ExplorerImage) -> None:
    widget.show_picture(explored(np.full((8, 8, 1), 77, np.uint8)), "")
    assert "#4d4d4d" in colours_across(widget)


def test_that_caption_and_picture_are_known(widget: ExplorerImage) -> None:
    shown = explored(HALVES)
    widget.show_picture(shown, "Sample 3")
    assert widget.shown is shown
    assert widget.findChild(QLabel, "explorerCaption").text() == "Sample 3"


def test_that_a_cleared_picture_is_gone(widget: ExplorerImage) -> None:
    widget.show_picture(explored(HALVES), "Sample 3")
    widget.clear()
    assert widget.shown is None
    assert widget.findChild(QLabel, "explorerCaption").text() == ""
    assert len(colours_across(widget)) == 1


def test_that_what_is_no_picture_is_refused(widget: ExplorerImage) -> None:
    with pytest.raises(ValueError, match="not a picture"):
        widget.show_picture(explored(np.zeros((4, 4, 2), np.uint8)), "")
