"""What a person does at the window, and sees there."""

from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QWidget,
)

from gan_studio.engine.config.schema import RunConfig
from tests.end2end.conftest import Studio
from tests.engine.runs import TINY

_LEFT, _NONE, _COPY = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction


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
    mime = carried(*urls)
    is_allowed = hover(studio, mime)
    if is_allowed:
        let_fall(studio, mime)
    else:
        QApplication.sendEvent(studio.window, QDragLeaveEvent())
    return is_allowed


def let_fall(studio: Studio, mime: QMimeData) -> None:
    """Let something fall into the window."""
    QApplication.sendEvent(studio.window, QDropEvent(QPointF(5, 5), _COPY, mime, _LEFT, _NONE))


def carried(*urls: QUrl) -> QMimeData:
    """Return what a drag of files carries."""
    mime = QMimeData()
    mime.setUrls(list(urls))
    return mime


def hover(studio: Studio, mime: QMimeData) -> bool:
    """Drag something over the window, and keep it there; returns whether it may be dropped."""
    over = QDragEnterEvent(QPoint(5, 5), _COPY, mime, _LEFT, _NONE)
    move = QDragMoveEvent(QPoint(6, 6), _COPY, mime, _LEFT, _NONE)
    for event in (over, move):
        event.ignore()
        QApplication.sendEvent(studio.window, event)
    return over.isAccepted() and move.isAccepted()


def file_url(path: Path) -> QUrl:
    """Name a file as a drag does."""
    return QUrl.fromLocalFile(str(path))


def brightness(widget: QWidget) -> float:
    """Return the mean lightness of what is painted, 0 to 255."""
    image = widget.grab().toImage().scaled(32, 32)
    return sum(image.pixelColor(x, y).lightness() for x in range(32) for y in range(32)) / 32**2
