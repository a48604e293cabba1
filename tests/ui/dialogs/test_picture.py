"""The question how and where a picture is saved."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QComboBox, QDialogButtonBox, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gan_studio.engine.files.saved_picture import AS_IT_IS, PictureForm
from gan_studio.ui.dialogs.picture import AskPicture, PictureDialog
from gan_studio.ui.dialogs.questions import AskFolder

PIXELS = np.zeros((256, 512, 3), np.uint8)
NAME = "frogs step 1240 seed 7"


@pytest.fixture
def make(qtbot: QtBot, tmp_path: Path) -> Callable[..., PictureDialog]:
    def make(form: PictureForm = AS_IT_IS, channels: int = 3) -> PictureDialog:
        dialog = PictureDialog(np.zeros((256, 512, channels), np.uint8), NAME, form, tmp_path)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return make


def box(dialog: PictureDialog, name: str) -> QComboBox:
    return dialog.findChild(QComboBox, name)


def line(dialog: PictureDialog) -> QLineEdit:
    return dialog.findChild(QLineEdit, "pictureNameLine")


def text(dialog: PictureDialog, name: str) -> str:
    return dialog.findChild(QLabel, name).text()


def _telling(told: list[object], ask: Callable[..., Any]) -> Callable[..., Any]:
    """Return `ask`, which also notes what it is asked about."""

    def tell(path: object = ".", *args: Any, **options: Any) -> Any:
        told.append(path)
        return ask(path, *args, **options)

    return tell


def save_button(dialog: PictureDialog) -> QPushButton:
    return dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Save)


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WebP"])
@pytest.mark.parametrize("factor", [1, 8])
def test_that_what_was_used_last_is_proposed(make: Callable[..., PictureDialog], format: str, factor: int) -> None:
    form = PictureForm(format, factor, is_smooth=factor == 8)  # type: ignore[arg-type]
    assert make(form).form() == form


def test_that_the_format_decides_the_ending_and_the_factor_the_size(
    make: Callable[..., PictureDialog], tmp_path: Path
) -> None:
    dialog = make()
    assert dialog.path() == tmp_path / f"{NAME}.png"
    assert text(dialog, "pictureSizeLabel") == "512 × 256 px"
    box(dialog, "pictureFormatBox").setCurrentText("WebP")
    box(dialog, "pictureFactorBox").setCurrentIndex(2)
    assert dialog.path() == tmp_path / f"{NAME}.webp"
    assert text(dialog, "pictureSizeLabel").split("\u202f") == ["2", "048 × 1", "024 px"]
    assert dialog.form() == PictureForm("WebP", 4)


@pytest.mark.parametrize(
    ("typed", "saved", "format"),
    [
        ("frog", "frog.png", "PNG"),
        ("frog.PNG", "frog.PNG", "PNG"),
        ("frog.jpg", "frog.jpg", "JPEG"),
        ("frog.jpeg", "frog.jpeg", "JPEG"),
        ("frog.webp ", "frog.webp", "WebP"),
        ("run 10.30.00 step 4", "run 10.30.00 step 4.png", "PNG"),
    ],
)
def test_that_a_typed_ending_chooses_the_format(
    make: Callable[..., PictureDialog], qtbot: QtBot, tmp_path: Path, typed: str, saved: str, format: str
) -> None:
    dialog = make()
    line(dialog).clear()
    qtbot.keyClicks(line(dialog), typed)
    assert dialog.path() == tmp_path / saved
    assert dialog.form().format == format


@pytest.mark.parametrize("name", ["", "  ", "..", "a/b", "a:b", "a\tb", "皮" * 90])
def test_that_a_name_that_no_file_can_have_cannot_be_saved(make: Callable[..., PictureDialog], name: str) -> None:
    dialog = make()
    assert save_button(dialog).isEnabled()
    line(dialog).setText(name)
    assert not save_button(dialog).isEnabled()
    assert "name" in text(dialog, "pictureHint")


def test_that_a_picture_too_large_for_its_format_cannot_be_saved(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = PictureDialog(np.zeros((1100, 2100, 1), np.uint8), NAME, PictureForm("WebP", 8), tmp_path)
    qtbot.addWidget(dialog)
    assert not save_button(dialog).isEnabled()
    assert "too large for WebP" in text(dialog, "pictureHint")
    box(dialog, "pictureFactorBox").setCurrentIndex(2)
    assert save_button(dialog).isEnabled()


def test_that_a_name_is_proposed_that_no_file_has(make: Callable[..., PictureDialog], tmp_path: Path) -> None:
    for name in (f"{NAME}.png", f"{NAME} 2.png", f"{NAME}.jpg"):
        (tmp_path / name).touch()
    assert make().path() == tmp_path / f"{NAME} 3.png"
    assert make(PictureForm("JPEG")).path() == tmp_path / f"{NAME} 2.jpg"
    assert make(PictureForm("WebP")).path() == tmp_path / f"{NAME}.webp"


def test_that_replacing_a_file_is_told_before(make: Callable[..., PictureDialog], tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.png").write_bytes(b"dear to somebody")
    dialog = make()
    line(dialog).setText(NAME)
    assert save_button(dialog).text() == "Replace"
    assert f"{NAME}.png" in text(dialog, "pictureHint")
    line(dialog).setText("other")
    assert save_button(dialog).text() == "Save"


def test_that_lost_transparency_is_told(make: Callable[..., PictureDialog]) -> None:
    dialog = make(channels=4)
    assert "become white" not in text(dialog, "pictureHint")
    box(dialog, "pictureFormatBox").setCurrentText("JPEG")
    assert "become white" in text(dialog, "pictureHint")
    grey = make(PictureForm("JPEG"))
    assert text(grey, "pictureHint") == "JPEG changes pixels slightly."


def test_that_smoothing_is_offered_only_where_something_is_enlarged(make: Callable[..., PictureDialog]) -> None:
    dialog = make()
    assert not box(dialog, "picturePixelsBox").isEnabled()
    box(dialog, "pictureFactorBox").setCurrentIndex(1)
    assert box(dialog, "picturePixelsBox").isEnabled()


def test_that_another_folder_can_be_chosen(
    make: Callable[..., PictureDialog], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(AskFolder, "ask", staticmethod(lambda *_: tmp_path / "other"))
    dialog = make()
    dialog.findChild(QPushButton, "pictureFolderButton").click()
    assert dialog.path() == tmp_path / "other" / f"{NAME}.png"


def test_that_the_disk_is_asked_at_opening_and_for_another_folder_not_while_typing(
    make: Callable[..., PictureDialog], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "frog.png").touch()
    monkeypatch.setattr(AskFolder, "ask", staticmethod(lambda *_: other))
    dialog, asked = make(), list[object]()
    with monkeypatch.context() as watched:
        for name in ("lstat", "stat", "listdir", "scandir"):
            watched.setattr(os, name, _telling(asked, getattr(os, name)))
        line(dialog).clear()
        qtbot.keyClicks(line(dialog), "frog.jpg")
        box(dialog, "pictureFormatBox").setCurrentText("PNG")
        line(dialog).setText("frog")
        assert asked == []
        assert save_button(dialog).text() == "Save"
        dialog.findChild(QPushButton, "pictureFolderButton").click()
        assert asked == [other]
    assert save_button(dialog).text() == "Replace"


def test_that_a_folder_that_cannot_be_read_has_no_names(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = PictureDialog(PIXELS, NAME, AS_IT_IS, tmp_path / "gone")
    qtbot.addWidget(dialog)
    assert dialog.path() == tmp_path / "gone" / f"{NAME}.png"
    assert save_button(dialog).text() == "Save"


@pytest.mark.parametrize("is_accepted", [True, False])
def test_that_the_answer_is_file_and_form_or_none(qtbot: QtBot, tmp_path: Path, is_accepted: bool) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)

    def press() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, PictureDialog):
            dialog.accept() if is_accepted else dialog.reject()
        else:
            QTimer.singleShot(5, parent, press)

    QTimer.singleShot(0, parent, press)
    answer = AskPicture.ask(parent, PIXELS, NAME, PictureForm("JPEG", 2), tmp_path)
    assert answer == ((tmp_path / f"{NAME}.jpg", PictureForm("JPEG", 2)) if is_accepted else None)


@pytest.mark.parametrize("has_z", [True, False])
def test_that_only_a_picture_with_a_z_is_said_to_hold_it(qtbot: QtBot, tmp_path: Path, has_z: bool) -> None:
    dialog = PictureDialog(PIXELS, NAME, PictureForm(), tmp_path, has_z=has_z)
    qtbot.addWidget(dialog)
    assert ("from which z" in text(dialog, "pictureHint")) == has_z
