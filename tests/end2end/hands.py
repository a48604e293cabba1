"""What a person does at the window, and sees there."""

from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QWidget,
)

from gan_studio.engine.config.schema import RunConfig
from tests.end2end.conftest import Studio
from tests.engine.runs import TINY


def begin(studio: Studio, config: RunConfig = TINY) -> None:
    """Set up a small run, and start it."""
    studio.window.views.setup.set_config(config)
    studio.click("startButton")


def notice(studio: Studio) -> str:
    """Return what the notice bar says, or nothing where it is not there."""
    bar = studio.find(QWidget, "noticeBar")
    words = (studio.find(QLabel, "noticeHeadline").text(), studio.find(QLabel, "noticeLines").text())
    return "\n".join(words) if bar.isVisible() else ""


def enabled(studio: Studio) -> dict[str, bool]:
    """Say which of the four buttons can be pressed; their actions agree."""
    names = ("start", "pause", "step", "stop")
    by_action = {name: studio.window.views.actions[f"{name}Action"].isEnabled() for name in names}
    assert by_action == {name: studio.find(QWidget, f"{name}Button").isEnabled() for name in names}
    return by_action


def picture_of(studio: Studio) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]] | None:
    """Return the picture of the explorer, uint8 [H, W, 1 or 3], or None."""
    return studio.window.views.explore.picture


def text_of(studio: Studio, name: str) -> str:
    """Read what stands in a field."""
    field = studio.find(QWidget, name)
    line = field.findChild(QLineEdit)
    assert line is not None
    return line.text()


def pictures(folder: Path, count: int = 9) -> Path:
    """Make a folder of small pictures; returns it."""
    folder.mkdir()
    for number in range(count):
        Image.new("L", (40, 40), number * 25).save(folder / f"{number}.png")
    return folder


def drop(studio: Studio, *urls: QUrl) -> bool:
    """Drag something over the window and let it fall where that is allowed; returns whether it was."""
    mime = QMimeData()
    mime.setUrls(list(urls))
    buttons, none, copy = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
    over = QDragEnterEvent(QPoint(5, 5), copy, mime, buttons, none)
    over.ignore()
    QApplication.sendEvent(studio.window, over)
    if over.isAccepted():
        QApplication.sendEvent(studio.window, QDropEvent(QPointF(5, 5), copy, mime, buttons, none))
    return over.isAccepted()


def file_url(path: Path) -> QUrl:
    """Name a file as a drag does."""
    return QUrl.fromLocalFile(str(path))


def brightness(widget: QWidget) -> float:
    """Return the mean lightness of what is painted, 0 to 255."""
    image = widget.grab().toImage().scaled(32, 32)
    return sum(image.pixelColor(x, y).lightness() for x in range(32) for y in range(32)) / 32**2
