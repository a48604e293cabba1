"""The real window with the real engine, and a home of its own for its runs."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from gan_studio.ui.main_window import MainWindow
from gan_studio.ui.presenters.preferences import Preferences
from gan_studio.ui.session.studio_session import StudioSession
from gan_studio.ui.widgets.theme import apply_theme

Widget = TypeVar("Widget", bound=QObject)
PATIENCE_MS = 200_000


class Studio:
    """A person at the window."""

    def __init__(self, qtbot: QtBot, run: Path | None = None) -> None:
        self.qtbot = qtbot
        self.is_closed = False
        self.session = StudioSession()
        self.window = MainWindow(self.session, Preferences(), run)
        self.window.show()
        self.window.begin()
        devices = self.find(QComboBox, "deviceBox")
        qtbot.waitUntil(lambda: devices.count() > 1, timeout=PATIENCE_MS)

    def find(self, kind: type[Widget], name: str) -> Widget:
        """Find a widget by its object name."""
        found = self.window.findChild(kind, name)
        assert found is not None, name
        return found

    def click(self, name: str) -> None:
        """Press a button, once it can be pressed."""
        button = self.find(QWidget, name)
        self.wait_until(button.isEnabled)
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def type_into(self, name: str, text: str) -> None:
        """Type a value and leave the field."""
        field = self.find(QWidget, name)
        field.setFocus()
        edit = field if isinstance(field, QLineEdit) else field.findChild(QLineEdit)
        assert edit is not None
        edit.selectAll()
        self.qtbot.keyClicks(edit, text)
        self.qtbot.keyClick(edit, Qt.Key.Key_Return)

    def drag(self, slider: QWidget, pixels: int) -> None:
        """Drag a slider from its middle by so many pixels."""
        middle = slider.rect().center()
        self.qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=middle)
        self.qtbot.mouseMove(slider, middle + QPoint(pixels, 0))
        self.qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=middle + QPoint(pixels, 0))

    def wait_until(self, claim: Callable[[], bool]) -> None:
        """Wait until a claim holds."""
        self.qtbot.waitUntil(claim, timeout=PATIENCE_MS)

    def wait_for_phase(self, phase: str) -> None:
        """Wait until the run is in a phase and, where it has ended, its thread is gone."""
        training = self.session.training
        self.wait_until(lambda: training.state.phase == phase)
        if phase in ("finished", "failed"):
            self.wait_until(lambda: training.thread_in_hand is None)

    def close(self) -> None:
        """Close the window and end every thread, as the program does; again, do nothing."""
        if self.is_closed:
            return
        self.is_closed = True
        self.session.training.hurry()
        self.session.training.stop()
        self.session.training.wait()
        self.window.close()
        self.session.end()
        self.window.deleteLater()
        self.session.deleteLater()
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, 52)  # QEvent.Type.DeferredDelete


@pytest.fixture
def open_studio(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Studio]]:
    """Open one window after another; all are closed in the end.

    Training yields to nothing here: on a busy machine a test would wait for its steps for minutes.
    """
    monkeypatch.setenv("GAN_STUDIO_RUNS", str(tmp_path / "runs"))
    monkeypatch.setattr("gan_studio.engine.qt_threads.TRAINING_NICENESS", 0)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    apply_theme(app, "light")
    opened: list[Studio] = []

    def open_one(run: Path | None = None) -> Studio:
        opened.append(Studio(qtbot, run))
        return opened[-1]

    yield open_one
    for studio in opened:
        studio.close()
