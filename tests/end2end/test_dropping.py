"""Dragging over the window: it lights up and says what a drop would do, or why it may not."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QDragLeaveEvent
from PySide6.QtWidgets import QApplication, QWidget

from tests.end2end.conftest import Studio
from tests.end2end.hands import brightness, carried, drop, file_url, hover, let_fall, notice, pictures

OpenStudio = Callable[..., Studio]


def said(studio: Studio) -> str:
    """Return what is said while something hovers, or nothing."""
    hint = studio.find(QWidget, "dropHint")
    return hint.accessibleName() if hint.isVisible() else ""


def test_that_the_window_says_what_a_drop_would_do_and_stops_when_the_mouse_leaves(
    open_studio: OpenStudio, tmp_path: Path
) -> None:
    studio = open_studio()
    (tmp_path / "run").mkdir()
    for name in ("run/run.toml", "mine.toml", "net.safetensors", "many.zip", "one.png", "notes.txt"):
        (tmp_path / name).touch()
    pictures(tmp_path / "cats")
    before = brightness(studio.window)
    for name, is_allowed, words in (
        ("cats", True, "Train on cats"),
        ("many.zip", True, "Train on many.zip"),
        ("run", True, "Open the run run"),
        ("net.safetensors", True, "Open the weights in net.safetensors"),
        ("mine.toml", True, "Import the set-up mine.toml"),
        ("one.png", False, "One picture is too few"),
        ("notes.txt", False, "notes.txt cannot be opened A folder or file of pictures, a run"),
    ):
        assert hover(studio, carried(file_url(tmp_path / name))) == is_allowed
        assert said(studio).startswith(words)
        QApplication.sendEvent(studio.window, QDragLeaveEvent())
        assert said(studio) == ""
    assert brightness(studio.window) == pytest.approx(before, abs=1)


def test_that_what_cannot_be_dropped_says_why(open_studio: OpenStudio, tmp_path: Path) -> None:
    studio, text = open_studio(), QMimeData()
    text.setText("some words")
    web = QUrl("https://example.org/cats")
    for mime, words in (
        (text, "Only files and folders"),
        (carried(web), "Only files on this computer"),
        (carried(file_url(tmp_path), file_url(tmp_path)), "One thing at a time"),
    ):
        assert not hover(studio, mime)
        assert said(studio).startswith(words)
    assert notice(studio) == ""


def test_that_a_dropped_set_up_is_imported(open_studio: OpenStudio, tmp_path: Path) -> None:
    studio = open_studio()
    (tmp_path / "mine.toml").write_text("[model]\nwidth = 24\n", encoding="utf-8")
    assert drop(studio, file_url(tmp_path / "mine.toml"))
    studio.wait_until(lambda: "Set-up imported" in notice(studio))
    assert studio.window.views.setup.config().model.width == 24
    assert said(studio) == ""


def test_that_what_is_dropped_although_it_may_not_be_changes_nothing_and_says_why(
    open_studio: OpenStudio, tmp_path: Path
) -> None:
    studio = open_studio()
    before, mime = studio.session.training.state.config, carried(file_url(tmp_path / "notes.txt"))
    hover(studio, mime)
    let_fall(studio, mime)
    assert "notes.txt cannot be opened" in notice(studio)
    assert studio.session.training.state.config == before
