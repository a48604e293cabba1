"""Opening runs: from a folder, from the welcome, from the list of recent ones; and saving what is in sight."""

import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QDialogButtonBox,
    QLabel,
    QMenu,
    QSlider,
    QTabWidget,
    QWidget,
)

from gan_studio.api import load_run
from gan_studio.engine.files.picture_origin import PictureOrigin, SheetOrigin, read_origin
from gan_studio.engine.files.saved_picture import PictureForm
from gan_studio.engine.latent import draw_point
from gan_studio.engine.library.runs import read_sheet
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.creation import rename_run
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.run.naming import MOST_NAME
from gan_studio.engine.run.writer import RunWriter
from gan_studio.engine.sheet import Sheet
from gan_studio.ui.dialogs.picture import AskPicture, PictureDialog
from gan_studio.ui.dialogs.questions import AskRun
from gan_studio.ui.plots.curve_plot import CurvePlot
from gan_studio.ui.presenters.preferences import Preferences
from gan_studio.ui.training.samples.sample_grid import SampleGrid
from gan_studio.ui.widgets.elided_label import ElidedLabel
from tests.end2end.conftest import Studio
from tests.end2end.hands import begin, notice, picture_of, text_of
from tests.engine.references import References
from tests.engine.runs import tiny

OpenStudio = Callable[..., Studio]
FOREVER = tiny(training__steps=1_000_000)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, references: References) -> Path:
    """Train a run of 12 steps, only to be copied."""
    place = tmp_path_factory.mktemp("window") / "run"
    references.copy_to(place)
    return place


@pytest.fixture
def run(trained: Path, tmp_path: Path) -> Path:
    """Copy the run."""
    shutil.copytree(trained, tmp_path / "run")
    return tmp_path / "run"


def test_that_an_opened_run_is_shown_whole(open_studio: OpenStudio, tmp_path: Path, references: References) -> None:
    config = tiny(model__prior="uniform", training__learning_rate_g=3e-4, data__channels=3)
    references.copy_to(tmp_path / "run", config)
    studio = open_studio(tmp_path / "run")
    studio.wait_until(lambda: studio.window.views.train.shown_sheet is not None)
    sheet = studio.window.views.train.shown_sheet
    assert sheet is not None
    assert sheet.moment == (0, 12)
    assert np.array_equal(sheet.pixels, read_sheet(RunFolder(tmp_path / "run"), Moment(0, 12)).pixels)
    assert text_of(studio, "widthField") == "4"
    assert text_of(studio, "learningRateGField") == "0.0003"
    assert not studio.find(QWidget, "widthField").isEnabled()
    studio.wait_until(lambda: "12 / 12" in studio.find(QLabel, "stepReadout").text())
    studio.find(QTabWidget, "tabs").setCurrentWidget(studio.find(QWidget, "exploreTab"))
    studio.wait_until(lambda: picture_of(studio) is not None)
    assert np.array_equal(picture_of(studio), load_run(tmp_path / "run").sample(1)[0])
    assert studio.find(QSlider, "snapshotSlider").maximum() == len(RunFolder(tmp_path / "run").snapshots())


def test_that_the_checkpoint_of_an_old_run_is_shown_as_old_also_in_a_copy(open_studio: OpenStudio, run: Path) -> None:
    days_ago = time.time() - 5 * 86_400
    with closing(sqlite3.connect(run / "run.sqlite")) as log, log:
        log.execute("UPDATE metrics SET wall_time = ?", (days_ago,))
    studio = open_studio(run)
    label = studio.find(QLabel, "statusCheckpoint")
    studio.wait_until(label.isVisible)
    assert label.text() == "Checkpoint 5 days ago"


def test_that_a_sample_that_is_clicked_is_explored(open_studio: OpenStudio, run: Path) -> None:
    studio = open_studio(run)
    studio.wait_until(lambda: studio.window.views.train.shown_sheet is not None)
    studio.wait_until(lambda: picture_of(studio) is not None)
    studio.window.views.train.sample_clicked.emit(21)
    assert studio.find(QTabWidget, "tabs").currentWidget() is studio.find(QWidget, "exploreTab")
    expected = load_run(run).sample(1, seed=21)[0]
    studio.wait_until(lambda: np.array_equal(picture_of(studio), expected))


def click_sample(studio: Studio, seed: int) -> None:
    """Click a sample of the sheet on screen."""
    studio.find(QTabWidget, "tabs").setCurrentWidget(studio.find(QWidget, "trainTab"))
    grid = studio.find(SampleGrid, "sampleGrid")
    studio.qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.cell_rect(seed).center().toPoint())


def cell(studio: Studio, seed: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Return the pixels of a sample on the sheet that is shown."""
    sheet = studio.window.views.train.shown_sheet
    assert sheet is not None
    side = sheet.pixels.shape[1] // sheet.columns
    row, column = divmod(seed, sheet.columns)
    return sheet.pixels[row * side : (row + 1) * side, column * side : (column + 1) * side]


def test_that_a_click_opens_the_very_picture_that_was_clicked(open_studio: OpenStudio, run: Path) -> None:
    studio = open_studio(run)
    studio.wait_until(lambda: studio.window.views.train.shown_sheet is not None)
    sheets = RunFolder(run).sheets()
    for place, seed in ((1, 21), (len(sheets) - 1, 21), (0, 3), (3, 3)):
        studio.find(QSlider, "sampleHistorySlider").setValue(place)
        studio.wait_until(
            lambda place=place: getattr(studio.window.views.train.shown_sheet, "moment", 0) == sheets[place]
        )
        clicked = cell(studio, seed).copy()
        click_sample(studio, seed)
        studio.wait_until(lambda clicked=clicked: np.array_equal(picture_of(studio), clicked))
        assert studio.find(ElidedLabel, "explorerCaption").full_text == f"Seed {seed}, step {sheets[place].step}"
        studio.find(QSlider, "snapshotSlider").setValue(0)  # a slider that was left elsewhere decides nothing


def test_that_a_click_on_the_live_sheet_opens_the_generator_that_drew_it(open_studio: OpenStudio) -> None:
    studio = open_studio()
    begin(studio, tiny(training__steps=10**6, record__sample_every=10**6, record__snapshot_every=10**6))
    studio.wait_until(lambda: studio.session.training.state.step > 600)
    studio.window.views.actions["sampleNowAction"].trigger()
    train = studio.window.views.train
    studio.wait_until(lambda: train.shown_sheet is not None and train.shown_sheet.moment.step > 600)
    sheet, clicked = train.shown_sheet, cell(studio, 5).copy()
    assert sheet is not None
    click_sample(studio, 5)
    studio.wait_until(lambda: np.array_equal(picture_of(studio), clicked))
    assert (
        studio.find(ElidedLabel, "explorerCaption").full_text.replace("\u202f", "")
        == f"Seed 5, step {sheet.moment.step}"
    )
    assert notice(studio) == ""
    studio.click("snapshotNowButton")
    studio.wait_until(lambda: not np.array_equal(picture_of(studio), clicked))


def test_that_a_click_on_a_sheet_whose_generator_is_gone_says_which_one_draws(
    open_studio: OpenStudio, run: Path
) -> None:
    RunFolder(run).snapshot(Moment(0, 4)).unlink()
    studio = open_studio(run)
    studio.wait_until(lambda: studio.window.views.train.shown_sheet is not None)
    studio.find(QSlider, "sampleHistorySlider").setValue(RunFolder(run).sheets().index(Moment(0, 4)))
    studio.wait_until(lambda: getattr(studio.window.views.train.shown_sheet, "moment", 0) == (0, 4))
    click_sample(studio, 5)
    studio.wait_until(lambda: studio.find(ElidedLabel, "explorerCaption").full_text == "Seed 5, step 2")
    assert "No generator of step 4 was saved. Explore draws with the nearest one, of step 2." in notice(studio)


def test_that_a_run_can_be_chosen_and_another_after_it(
    open_studio: OpenStudio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, references: References
) -> None:
    references.copy_to(tmp_path / "one", tiny(training__steps=2))
    references.copy_to(tmp_path / "two", tiny(training__steps=3, model__latent_dim=5))
    studio = open_studio()
    for name, steps, latent_dim in (("one", 2, 8), ("two", 3, 5)):
        monkeypatch.setattr(AskRun, "ask", staticmethod(lambda *_, name=name: tmp_path / name))
        studio.window.views.actions["openRunAction"].trigger()
        studio.wait_until(lambda steps=steps: studio.session.training.state.step == steps)
        studio.wait_until(lambda size=latent_dim: len(studio.window.views.explore.point.values) == size)
    expected = load_run(tmp_path / "two").sample(1)[0]
    studio.wait_until(lambda: np.array_equal(picture_of(studio), expected))
    assert Preferences().recent_runs == (str(tmp_path / "two"), str(tmp_path / "one"))


def test_that_a_new_run_lets_go_of_the_old_one_and_names_it_among_the_recent_ones(open_studio: OpenStudio) -> None:
    studio = open_studio()
    begin(studio)
    studio.wait_for_phase("finished")
    place = studio.session.training.state.place
    assert place is not None
    studio.window.views.actions["newRunAction"].trigger()
    assert studio.session.training.state.phase == "idle"
    assert studio.find(QWidget, "welcomePanel").isVisible()
    assert studio.find(QWidget, "widthField").isEnabled()
    assert text_of(studio, "widthField") == "4"
    assert studio.window.views.train.shown_sheet is None
    assert not studio.find(QWidget, "explorerImage").isVisible()
    assert not studio.find(QWidget, "statusCheckpoint").isVisible()
    assert not studio.find(QWidget, "statusDevice").isVisible()
    assert "Run" not in studio.find(QLabel, "statusDisk").text() or not studio.find(QLabel, "statusDisk").isVisible()
    studio.wait_until(studio.find(QLabel, "statusDisk").isVisible)
    assert "Run" not in studio.find(QLabel, "statusDisk").text()
    studio.wait_until(lambda: studio.window.findChild(QWidget, "welcomeRecent0") is not None)
    assert place.name in studio.find(QWidget, "welcomeRecent0").toolTip()
    studio.click("startButton")
    studio.wait_for_phase("finished")
    assert studio.session.training.state.place != place


def test_that_recent_runs_are_listed_opened_and_forgotten(
    open_studio: OpenStudio, tmp_path: Path, references: References
) -> None:
    for name in ("one", "two"):
        references.copy_to(tmp_path / name, tiny(training__steps=2))
        Preferences().add_recent_run(str(tmp_path / name))
    studio = open_studio()
    studio.wait_until(lambda: "2 of 2" in studio.find(QWidget, "welcomeRecent1").toolTip())
    menu = studio.find(QMenu, "recentMenu")
    menu.aboutToShow.emit()
    newest, oldest, *_ = menu.actions()
    assert newest.text().startswith("Fashion-MNIST, 256 pictures · ")
    assert menu.toolTipsVisible()
    assert [str(tmp_path / name) in action.toolTip() for name, action in (("two", newest), ("one", oldest))] == [
        True
    ] * 2
    oldest.trigger()
    studio.wait_until(lambda: studio.session.training.state.place == tmp_path / "one")
    menu.aboutToShow.emit()
    assert str(tmp_path / "one") in menu.actions()[0].toolTip()
    list(menu.actions())[-1].trigger()
    assert Preferences().recent_runs == ()


def test_that_a_card_of_the_welcome_opens_its_run_and_a_lost_one_says_so(
    open_studio: OpenStudio, tmp_path: Path, references: References
) -> None:
    references.copy_to(tmp_path / "one", tiny(training__steps=2))
    Preferences().add_recent_run(str(tmp_path / "one"))
    Preferences().add_recent_run(str(tmp_path / "gone"))
    studio = open_studio()
    studio.wait_until(lambda: "2 of 2" in studio.find(QWidget, "welcomeRecent1").toolTip())
    assert "does not hold a run" in studio.find(QWidget, "welcomeRecent0").toolTip()
    assert not studio.find(QWidget, "noticeBar").isVisible()
    studio.click("welcomeRecent1")
    studio.wait_until(lambda: studio.session.training.state.place == tmp_path / "one")


def test_that_only_sheets_that_are_still_kept_can_be_asked_for(open_studio: OpenStudio, run: Path) -> None:
    """A long run thins its sheets and snapshots; the sliders over them know."""
    studio = open_studio(run)
    studio.wait_until(lambda: studio.window.views.train.shown_sheet is not None)
    writer, training = RunWriter(RunFolder(run), 8), studio.session.training
    pixels, arrays = np.zeros((256, 256, 1), np.uint8), {"weight": np.zeros(1, np.float32)}
    for step in range(2, 216):
        writer.sheet(Sheet(Moment(0, step), pixels, 8, 8))
        writer.snapshot(Moment(0, step), arrays)
    for event in writer.wait():
        training.tell(event)
    writer.close()
    asked: list[int] = []
    studio.window.views.train.sheet_requested.connect(lambda moment: asked.append(moment.step))
    sheets = studio.find(QSlider, "sampleHistorySlider")
    for place in range(sheets.maximum()):
        sheets.setValue(place)
    kept = [moment.step for moment in RunFolder(run).sheets()]
    assert asked == kept[:-1]
    snapshots = RunFolder(run).snapshots()
    assert studio.find(QSlider, "snapshotSlider").maximum() == len(snapshots)


def test_that_the_sheet_and_the_picture_in_sight_are_saved(
    open_studio: OpenStudio, tmp_path: Path, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is proposed under what the run is called; inside, it says the run's folder too."""
    name = "Frogs, second try"
    rename_run(RunFolder(run), name)
    studio = open_studio(run)
    studio.wait_until(lambda: studio.window.views.train.shown_sheet is not None)
    form = PictureForm("JPEG", 2, is_smooth=True)
    proposed: list[tuple[str, PictureForm, Path]] = []

    def answer(
        _parent: QWidget, _pixels: object, name: str, last: PictureForm, folder: Path, _has_z: bool
    ) -> tuple[Path, PictureForm]:
        proposed.append((name, last, folder))
        return tmp_path / f"{name}.jpg", form

    monkeypatch.setattr(AskPicture, "ask", staticmethod(answer))
    studio.window.views.actions["saveSheetAction"].trigger()
    sheet = tmp_path / f"{name} step 12 seeds 0 to 63.jpg"
    studio.wait_until(lambda: sheet.name in notice(studio))
    with Image.open(sheet) as saved:
        assert saved.size == (512, 512)
    model = studio.session.training.state.config.model
    assert read_origin(sheet) == SheetOrigin(
        run="run", branch=0, step=12, name=name, columns=8, rows=8, latent_dim=model.latent_dim, prior=model.prior
    )
    studio.window.views.train.save_sample_requested.emit(7)
    sample = tmp_path / f"{name} step 12 seed 7.jpg"
    studio.wait_until(sample.exists)
    assert read_origin(sample) == PictureOrigin.of(
        "run", Moment(0, 12), draw_point(7, model.latent_dim, model.prior), 7, name
    )
    studio.find(QTabWidget, "tabs").setCurrentWidget(studio.find(QWidget, "exploreTab"))
    studio.wait_until(lambda: picture_of(studio) is not None)
    studio.click("savePictureButton")
    explored = tmp_path / f"{name} step 12 seed 0.jpg"
    studio.wait_until(explored.exists)
    assert read_origin(explored) == PictureOrigin.of(
        "run", Moment(0, 12), draw_point(0, model.latent_dim, model.prior), 0, name
    )
    assert [last for _, last, _ in proposed] == [PictureForm(), form, form]
    assert proposed[-1][2] == tmp_path


@pytest.mark.parametrize("letter", ["蛙", "🐸"])
def test_that_a_file_is_proposed_under_a_name_that_a_disk_takes_however_long_the_name_of_the_run(
    open_studio: OpenStudio, run: Path, monkeypatch: pytest.MonkeyPatch, letter: str
) -> None:
    rename_run(RunFolder(run), letter * MOST_NAME)
    studio = open_studio(run)
    studio.wait_until(lambda: studio.window.views.train.shown_sheet is not None)
    can_save: list[bool] = []

    def look(
        parent: QWidget, pixels: NDArray[np.uint8], name: str, form: PictureForm, folder: Path, _has_z: bool
    ) -> None:
        dialog = PictureDialog(pixels, name, form, folder, parent)
        buttons = dialog.findChild(QDialogButtonBox)
        can_save.append(
            name.startswith(letter * 40) and buttons.button(QDialogButtonBox.StandardButton.Save).isEnabled()
        )
        dialog.deleteLater()

    monkeypatch.setattr(AskPicture, "ask", staticmethod(look))
    studio.window.views.actions["saveSheetAction"].trigger()
    plot = studio.find(CurvePlot, "lossPlot")
    plot.menu_wanted.emit(plot.mapToGlobal(plot.rect().center()))
    studio.find(QMenu, "plotMenu").findChild(QAction, "plotPictureAction").trigger()
    studio.find(QMenu, "plotMenu").close()
    assert can_save == [True, True]


def test_that_a_copied_picture_is_told_and_pictures_look_as_they_were_left(open_studio: OpenStudio, run: Path) -> None:
    studio = open_studio(run)
    studio.wait_until(lambda: studio.window.views.train.shown_sheet is not None)
    studio.find(QAction, "gridCopyAction").trigger()
    assert "Copied" in notice(studio)
    studio.click("smoothSheetButton")
    studio.window.views.train.share_chosen.emit(0.4)
    studio.close()
    again = open_studio(run)
    again.wait_until(lambda: again.window.views.train.shown_sheet is not None)
    assert again.find(QAbstractButton, "smoothSheetButton").isChecked()
    assert not again.find(QAbstractButton, "smoothPictureButton").isChecked()
    again.window.resize(1600, 800)
    samples, tab = again.find(QWidget, "samplesPanel"), again.find(QWidget, "trainTab")
    assert abs(samples.width() / tab.width() - 0.4) < 0.05
    again.window.views.actions["resetLayoutAction"].trigger()
    assert samples.width() / tab.width() > 0.45


def test_that_nothing_is_saved_where_nobody_says_where(
    open_studio: OpenStudio, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = open_studio(run)
    studio.wait_until(lambda: studio.window.views.train.shown_sheet is not None)
    monkeypatch.setattr(AskPicture, "ask", staticmethod(lambda *_: None))
    with studio.qtbot.assertNotEmitted(studio.session.library.picture_saved, wait=0):
        studio.window.views.actions["saveSheetAction"].trigger()
