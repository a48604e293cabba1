"""The questions of the window: what a person answers is what comes back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gan_studio.engine.data.kinds.suffixes import PICTURE_FILES
from gan_studio.ui.dialogs.questions import (
    AskFolder,
    AskLeaving,
    AskOrigin,
    AskPictureFile,
    AskRun,
    AskSetupFile,
    Leaving,
    ShowAbout,
)


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    return widget


def when_asked(parent: QWidget, answer: Callable[[QMessageBox], None]) -> None:
    """Do something with the box, once it is there."""

    def look() -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox):
            answer(box)
        else:
            QTimer.singleShot(5, parent, look)

    QTimer.singleShot(0, parent, look)


@pytest.mark.parametrize(
    ("title", "leaving"),
    [
        ("Save and quit", Leaving.SAVE),
        ("Quit without saving (at most 12 s are lost)", Leaving.DISCARD),
        ("Keep training", Leaving.STAY),
    ],
)
def test_that_each_button_is_one_way_to_leave(parent: QWidget, title: str, leaving: Leaving) -> None:
    def press(box: QMessageBox) -> None:
        next(button for button in box.buttons() if button.text() == title).click()

    when_asked(parent, press)
    assert AskLeaving.ask(parent, 12, "Frogs") is leaving


def test_that_escape_keeps_training(parent: QWidget) -> None:
    when_asked(parent, lambda box: box.reject())
    assert AskLeaving.ask(parent, 12, "Frogs") is Leaving.STAY


def test_that_enter_saves(parent: QWidget) -> None:
    def look(box: QMessageBox) -> None:
        assert isinstance(box.defaultButton(), QPushButton)
        box.defaultButton().click()

    when_asked(parent, look)
    assert AskLeaving.ask(parent, 12, "Frogs") is Leaving.SAVE


def test_that_a_chosen_folder_comes_back_as_a_path(parent: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def choose(*arguments: object) -> str:
        asked.append(arguments)
        return "/pictures/cats"

    monkeypatch.setattr(QFileDialog, "getExistingDirectory", choose)
    assert AskFolder.ask(parent, "Choose", Path("/pictures")) == Path("/pictures/cats")
    assert asked == [(parent, "Choose", "/pictures")]


def test_that_a_cancelled_question_answers_none(parent: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    assert AskPictureFile.ask(parent) is None
    assert AskOrigin.ask(parent) is None
    assert AskSetupFile.ask(parent) is None
    assert AskSetupFile.ask_new(parent, "x.toml") is None
    assert AskFolder.ask(parent, "Choose") is None
    assert AskRun.ask(parent) is None


def test_that_runs_are_looked_for_where_new_ones_go(
    parent: QWidget, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GAN_STUDIO_RUNS", str(tmp_path))
    starts: list[str] = []

    def choose(_parent: QWidget, _title: str, start: str) -> str:
        starts.append(start)
        return ""

    monkeypatch.setattr(QFileDialog, "getExistingDirectory", choose)
    AskRun.ask(parent)
    monkeypatch.setenv("GAN_STUDIO_RUNS", str(tmp_path / "not yet"))
    AskRun.ask(parent)
    assert starts == [str(tmp_path), str(Path.home())]


@pytest.mark.parametrize(
    ("typed", "saved"),
    [
        ("/p/mine.toml", "/p/mine.toml"),
        ("/p/mine", "/p/mine.toml"),
        ("/p/mine.TOML", "/p/mine.TOML"),
        ("/p/run 10.30.00 step 4", "/p/run 10.30.00 step 4.toml"),
        ("/p/mine.txt", "/p/mine.txt.toml"),
    ],
)
def test_that_a_set_up_is_exported_under_the_name_that_was_typed(
    parent: QWidget, monkeypatch: pytest.MonkeyPatch, typed: str, saved: str
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (typed, ""))
    assert AskSetupFile.ask_new(parent, "x.toml") == Path(saved)


@pytest.mark.parametrize(
    ("title", "saved"), [("Replace", "mine.toml"), ("Choose another name", "other.toml"), (None, "other.toml")]
)
def test_that_a_file_is_not_replaced_unasked_where_the_ending_was_left_to_us(
    parent: QWidget, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, title: str | None, saved: str
) -> None:
    (tmp_path / "mine.toml").write_bytes(b"dear to somebody")
    typed = iter((str(tmp_path / "mine"), str(tmp_path / "other")))
    asked: list[str] = []

    def press(box: QMessageBox) -> None:
        asked.append(box.text())
        button = next((button for button in box.buttons() if button.text() == title), None)
        box.reject() if button is None else button.click()

    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (next(typed), ""))
    when_asked(parent, press)
    assert AskSetupFile.ask_new(parent, "x.toml") == tmp_path / saved
    assert asked == ["mine.toml already exists."]


def test_that_about_names_the_version_and_the_licences(parent: QWidget) -> None:
    QApplication.setApplicationVersion("7.8.9")
    said: list[str] = []

    def read(box: QMessageBox) -> None:
        said.append(" ".join([box.text(), *(label.text() for label in box.findChildren(QLabel))]))
        box.reject()

    when_asked(parent, read)
    ShowAbout.ask(parent)
    assert "7.8.9" in said[0]
    assert "MIT" in said[0]
    assert "Zalando" in said[0]


def test_that_the_run_toml_of_a_run_stands_for_its_folder(parent: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = iter((("/runs/cats/run.toml", ""), ("/weights/cats.safetensors", "")))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: next(chosen))
    assert AskOrigin.ask(parent) == Path("/runs/cats")
    assert AskOrigin.ask(parent) == Path("/weights/cats.safetensors")


def test_that_files_of_every_kind_that_holds_pictures_are_offered(
    parent: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds: list[str] = []

    def choose(_parent: QWidget, _title: str, _start: str, kind: str) -> tuple[str, str]:
        kinds.append(kind)
        return "/pictures/cats.zip", kind

    monkeypatch.setattr(QFileDialog, "getOpenFileName", choose)
    assert AskPictureFile.ask(parent) == Path("/pictures/cats.zip")
    assert all(f"*{suffix}" in kinds[0] for suffix in PICTURE_FILES)
    assert {".zip", ".npy", ".parquet", ".tsv", ".webm"} <= set(PICTURE_FILES)
