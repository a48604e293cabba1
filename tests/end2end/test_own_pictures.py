"""A person's own pictures: what was found, what the networks will see, a recommended preset, a sheet in colour."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton

from gan_studio.resources import resource
from gan_studio.ui.pictures.picture_pairs import PicturePairs
from gan_studio.ui.pictures.preset_card import PresetCard
from gan_studio.ui.pictures.presets_dialog import AskPreset
from gan_studio.ui.presenters.preferences import Preferences
from tests.end2end.conftest import Studio
from tests.end2end.hands import drop, file_url, notice
from tests.engine.pictures import make_folder, noise

OpenStudio = Callable[..., Studio]


def emoji(folder: Path, count: int) -> Path:
    """Write starter pictures as files, the last two nearly the same."""
    with np.load(resource("starter", "emoji", "train.npz")) as arrays:
        make_folder(folder, arrays["images"][: 7 * count : 7])
    Image.open(folder / "00000.png").save(folder / f"{count:05d}.jpg", quality=90)
    return folder


def facts(studio: Studio) -> str:
    return studio.find(QLabel, "picturesFacts").text()


def dropped(studio: Studio, folder: Path) -> None:
    """Drop a folder, and wait until it has been looked at whole."""
    assert drop(studio, file_url(folder))
    studio.wait_until(lambda: studio.find(QLabel, "picturesHeading").text() == folder.name)
    studio.wait_until(lambda: "compared" in facts(studio))


def test_that_300_pictures_in_colour_become_a_sheet_in_colour(open_studio: OpenStudio, tmp_path: Path) -> None:
    studio = open_studio()
    dropped(studio, emoji(tmp_path / "frogs", 300))
    assert "301 pictures · 64 × 64 px · in colour" in facts(studio)
    assert "near-duplicate" in facts(studio)
    assert "Taken from the pictures: colour, 3 channels, 64 × 64 px." in facts(studio)
    card = studio.find(PresetCard, "recommendedPresetCard")
    assert "Few pictures" in card.text()
    assert "301 pictures are few" in card.accessibleDescription()
    QTest.mouseClick(card, Qt.MouseButton.LeftButton)
    config = studio.session.training.state.config
    assert (config.preset, config.data.channels, config.data.image_size) == ("small-data", 3, 64)
    assert config.data.source == str(tmp_path / "frogs")
    studio.click("startTrainingButton")
    studio.wait_until(lambda: studio.window.views.train.shown_sheet is not None)
    sheet = studio.window.views.train.shown_sheet
    assert sheet is not None
    assert sheet.pixels.shape[2] == 3
    assert np.ptp(sheet.pixels.astype(int), axis=2).max() > 0, "red, green and blue differ"
    studio.wait_until(lambda: studio.session.training.state.step >= 1)
    studio.click("stopButton")
    studio.wait_for_phase("finished")
    assert not studio.find(QPushButton, "startTrainingButton").isVisible()


def test_that_pictures_are_left_out_and_brought_back(open_studio: OpenStudio, tmp_path: Path) -> None:
    studio = open_studio()
    dropped(studio, emoji(tmp_path / "frogs", 12))
    pairs = studio.find(PicturePairs, "picturePairs")
    assert pairs.names[0] == "00000.png"
    QTest.mouseClick(pairs, Qt.MouseButton.LeftButton, pos=QPoint(30, 40))
    studio.wait_until(lambda: pairs.names[0] == "00001.png")
    assert studio.session.training.state.config.data.leave_out == "00000.png"
    assert "Pictures left out by hand: 1." in facts(studio)
    studio.click("bringBackButton")
    studio.wait_until(lambda: pairs.names[0] == "00000.png")
    copies = studio.find(QPushButton, "leaveCopiesOutButton")
    studio.wait_until(copies.isVisible)
    studio.click("leaveCopiesOutButton")
    studio.wait_until(lambda: "12 pictures" in facts(studio) and not copies.isVisible())
    assert "All near-duplicates among the 13 pictures that were compared are left out." in facts(studio)
    assert studio.session.training.state.config.data.leave_out == "00012.jpg"


def test_that_another_preset_keeps_what_was_said_of_the_pictures(open_studio: OpenStudio, tmp_path: Path) -> None:
    studio = open_studio()
    dropped(studio, emoji(tmp_path / "frogs", 12))
    QTest.mouseClick(studio.find(PicturePairs, "picturePairs"), Qt.MouseButton.LeftButton, pos=QPoint(30, 40))
    QTest.mouseClick(studio.find(QToolButton, "stretchFitButton"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(studio.find(PresetCard, "recommendedPresetCard"), Qt.MouseButton.LeftButton)
    config = studio.session.training.state.config
    assert (config.preset, config.data.leave_out, config.data.fit) == ("small-data", "00000.png", "stretch")


def test_that_the_page_shows_nothing_of_the_pictures_before(open_studio: OpenStudio, tmp_path: Path) -> None:
    studio = open_studio()
    dropped(studio, emoji(tmp_path / "frogs", 12))
    (tmp_path / "empty").mkdir()
    assert drop(studio, file_url(tmp_path / "empty"))
    assert facts(studio) == ""
    assert not studio.find(PicturePairs, "picturePairs").isVisible()
    studio.wait_until(lambda: "frogs is still selected" in notice(studio))
    studio.wait_until(lambda: "13 pictures" in facts(studio))
    assert studio.find(QLabel, "picturesHeading").text() == "frogs"


def test_that_pictures_become_square_as_a_person_chooses(open_studio: OpenStudio, tmp_path: Path) -> None:
    studio = open_studio()
    dropped(studio, make_folder(tmp_path / "wide", noise(9, 30, 60, 3)))
    button = studio.find(QToolButton, "borderFitButton")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert studio.session.training.state.config.data.fit == "border"
    assert button.isChecked()


def test_that_a_preset_is_chosen_among_all_with_their_cost(
    open_studio: OpenStudio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Preferences().speed = 3e10
    studio, seen = open_studio(), []
    dropped(studio, make_folder(tmp_path / "frogs", noise(9, 60, 60, 3)))
    monkeypatch.setattr(AskPreset, "ask", staticmethod(lambda parent, rows, chosen: seen.extend(rows) or "paper"))
    studio.click("allPresetsButton")
    costs = {preset.name: cost for preset, cost in seen}
    assert "on this machine (estimated)" in costs["paper"]
    assert all(preset.picture is not None for preset, _ in seen)
    assert studio.session.training.state.config.preset == "paper"
    assert "\u202fd." in studio.find(QLabel, "expectedLabel").text(), "days"
    studio.click("startButton")
    assert "will take about" in notice(studio)
    assert studio.session.training.state.phase.value == "idle"


def test_that_other_pictures_bring_back_the_welcome(open_studio: OpenStudio, tmp_path: Path) -> None:
    studio = open_studio()
    dropped(studio, make_folder(tmp_path / "frogs", noise(9, 60, 60, 3)))
    studio.click("otherPicturesButton")
    data = studio.session.training.state.config.data
    assert (data.source, data.channels, data.image_size) == ("starter:fashion-mnist", 1, 32)
    assert studio.window.views.welcome.isVisible()
