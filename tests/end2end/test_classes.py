"""A run that learned its classes: one a row of the sheet, chosen and blended in the explorer."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QSlider, QTabWidget, QWidget

from gan_studio.api import load_run
from gan_studio.engine.files.picture_origin import PictureOrigin, SheetOrigin, read_origin
from gan_studio.engine.files.saved_picture import PictureForm
from gan_studio.ui.dialogs.picture import AskPicture
from gan_studio.ui.training.samples.sample_grid import SampleGrid
from tests.end2end.conftest import Studio
from tests.engine.references import References
from tests.engine.runs import tiny

OpenStudio = Callable[..., Studio]
CONFIG = tiny(model__conditional=True, training__loss="hinge", training__steps=4)


@pytest.fixture
def run(tmp_path: Path, references: References) -> Path:
    references.copy_to(tmp_path / "run", CONFIG)
    return tmp_path / "run"


def wait_for_picture(studio: Studio, run: Path, seed: int, class_name: str) -> None:
    """Wait until the explorer shows exactly what a script draws."""
    expected, explore = load_run(run).sample(1, seed, class_name)[0], studio.window.views.explore
    studio.wait_until(lambda: explore.picture is not None and np.array_equal(explore.picture, expected))


def test_that_a_sample_opens_with_the_class_of_its_row_and_is_blended_with_another(
    open_studio: OpenStudio, run: Path
) -> None:
    studio, names = open_studio(run), load_run(run).class_names
    grid, box = studio.find(SampleGrid, "sampleGrid"), studio.find(QComboBox, "classBox")
    studio.wait_until(lambda: studio.window.views.train.shown_sheet is not None)
    assert names[8] in grid.accessibleDescription()
    assert studio.find(QLabel, "probabilityPlotTitle").text() == "D's scores"
    place = grid.cell_rect(8 * 8 + 5).center().toPoint()
    studio.qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=place)
    assert studio.find(QTabWidget, "tabs").currentWidget() is studio.find(QWidget, "exploreTab")
    assert box.currentText() == names[8]
    wait_for_picture(studio, run, 69, names[8])
    slider, other = studio.find(QSlider, "classBlendSlider"), studio.find(QComboBox, "otherClassBox")
    slider.setFocus()
    studio.qtbot.keyClick(slider, Qt.Key.Key_End)
    wait_for_picture(studio, run, 69, other.currentText())


def test_that_a_saved_sample_is_drawn_again_from_the_z_and_class_in_its_file(
    open_studio: OpenStudio, run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = open_studio(run)
    studio.wait_until(lambda: studio.window.views.train.shown_sheet is not None)
    monkeypatch.setattr(AskPicture, "ask", staticmethod(lambda *_: (tmp_path / "saved.webp", PictureForm("WebP"))))
    with studio.qtbot.waitSignal(studio.session.library.picture_saved):
        studio.find(SampleGrid, "sampleGrid").sample_save_requested.emit(69)
    origin = read_origin(tmp_path / "saved.webp")
    assert isinstance(origin, PictureOrigin)
    assert origin.seed == 69
    drawn = load_run(run, origin.step).draw(origin.point.z[None], np.array([origin.point.blend], np.float32))[0]
    with Image.open(tmp_path / "saved.webp") as saved:
        assert np.array_equal(np.asarray(saved.convert("L")), drawn[:, :, 0])
    with studio.qtbot.waitSignal(studio.session.library.picture_saved):
        studio.window.views.actions["saveSheetAction"].trigger()
    sheet = read_origin(tmp_path / "saved.webp")
    assert isinstance(sheet, SheetOrigin)
    assert sheet.point(69) == origin.point


def test_that_a_conditional_run_that_trains_names_its_rows_and_is_explored_by_class(open_studio: OpenStudio) -> None:
    studio = open_studio()
    studio.window.views.setup.set_config(CONFIG)
    studio.click("startButton")
    studio.wait_for_phase("finished")
    sheet = studio.window.views.train.shown_sheet
    assert sheet is not None
    assert sheet.classes == tuple(range(10))
    place = studio.session.training.state.place
    assert place is not None
    studio.find(QTabWidget, "tabs").setCurrentWidget(studio.find(QWidget, "exploreTab"))
    wait_for_picture(studio, place, 0, load_run(place).class_names[0])


def test_that_a_run_without_classes_offers_none(
    open_studio: OpenStudio, tmp_path: Path, references: References
) -> None:
    references.copy_to(tmp_path / "plain")
    studio = open_studio(tmp_path / "plain")
    studio.wait_until(lambda: studio.window.views.explore.picture is not None)
    studio.find(QTabWidget, "tabs").setCurrentWidget(studio.find(QWidget, "exploreTab"))
    assert not studio.find(QComboBox, "classBox").isVisible()
