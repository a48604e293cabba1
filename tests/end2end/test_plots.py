"""A person reads what happened along a run in its plots, and takes them along as files."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QMenu, QTableView

from gan_studio.engine.answering import NotDone
from gan_studio.engine.files.saved_picture import AS_IT_IS, PictureForm
from gan_studio.engine.run.creation import rename_run
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.run.log import RunLog
from gan_studio.ui.dialogs.picture import AskPicture
from gan_studio.ui.dialogs.questions import AskTablePath
from gan_studio.ui.plots.curve_plot import CurvePlot
from tests.end2end.conftest import PATIENCE_MS, Studio
from tests.engine.references import References
from tests.engine.runs import tiny

OpenStudio = Callable[..., Studio]


@pytest.fixture
def run(tmp_path: Path, references: References) -> Path:
    return references.copy_to(tmp_path / "run", tiny(training__steps=4))


def marks(studio: Studio) -> list[list[str]]:
    """Read the list of marks."""
    model = studio.find(QTableView, "marksListRows").model()
    return [
        [model.index(row, column).data() for column in range(model.columnCount())] for row in range(model.rowCount())
    ]


def test_that_marks_of_an_opened_run_are_listed_and_new_ones_join_them(open_studio: OpenStudio, run: Path) -> None:
    log = RunLog(RunFolder(run).log_file)
    log.append_note(0, 3, "Nearly there")
    log.close()
    studio = open_studio(run)
    studio.click("marksButton")
    studio.wait_until(lambda: marks(studio) == [["3", "note", "Nearly there"]])
    training = studio.session.training
    training.set_knob("steps", 1_000_000)
    studio.click("startButton")
    studio.wait_until(lambda: training.state.step > 4)
    training.set_knob("learning_rate_d", 1e-4)
    studio.wait_until(lambda: any("Learning rate of D: 0.0001" in row[2] for row in marks(studio)))
    assert ["3", "note", "Nearly there"] in marks(studio)
    assert any("set to finish at step 1\u202f000\u202f000" in row[2] for row in marks(studio))
    studio.click("stopButton")
    studio.wait_for_phase("finished")


def test_that_a_plot_is_saved_under_the_name_of_its_run(
    open_studio: OpenStudio, run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = RunLog(RunFolder(run).log_file)
    log.append_note(0, 3, "=1+1")
    log.close()
    rename_run(RunFolder(run), "=faces")
    proposed: list[str] = []

    def ask_table(_: object, name: str) -> Path:
        proposed.append(name)
        return tmp_path / "saved.csv"

    def ask_picture(_: object, pixels: object, name: str, form: PictureForm, *__: object) -> tuple[Path, PictureForm]:
        proposed.append(name)
        assert form == AS_IT_IS
        return tmp_path / "saved.png", form

    monkeypatch.setattr(AskTablePath, "ask", staticmethod(ask_table))
    monkeypatch.setattr(AskPicture, "ask", staticmethod(ask_picture))
    studio = open_studio(run)
    plot = studio.find(CurvePlot, "lossPlot")
    studio.wait_until(lambda: plot.values_at(3)[0] != "\u2013")
    for action, file in (("plotTableAction", "saved.csv"), ("plotPictureAction", "saved.png")):
        plot.menu_wanted.emit(plot.mapToGlobal(plot.rect().center()))
        studio.find(QMenu, "plotMenu").findChild(QAction, action).trigger()
        studio.wait_until((tmp_path / file).exists)
        studio.find(QMenu, "plotMenu").close()
    assert proposed == ["=faces-loss.csv", "=faces-loss"]
    head, *rows = list(csv.reader((tmp_path / "saved.csv").read_text(encoding="utf-8").splitlines()))
    assert head == ["step", "loss_d", "loss_g", "marks"]
    assert [row[0] for row in rows] == ["1", "2", "3", "4"]
    assert rows[2][3] == "'=1+1"
    with Image.open(tmp_path / "saved.png") as picture:
        assert picture.width > 2 * plot.width()


def test_that_the_plots_are_shown_as_they_were_left(open_studio: OpenStudio) -> None:
    studio = open_studio()
    plots = ("gradientPlot", "ratePlot")
    assert all(studio.find(CurvePlot, name).isHidden() for name in plots)
    assert not studio.find(QCheckBox, "wholeRangeBox").isChecked()
    for name in plots:
        studio.find(QAction, f"{name}Action").trigger()
    studio.find(QCheckBox, "wholeRangeBox").click()
    studio.close()
    again = open_studio()
    assert not any(again.find(CurvePlot, name).isHidden() for name in plots)
    assert again.find(QCheckBox, "wholeRangeBox").isChecked()


def test_that_marks_that_cannot_be_read_are_told_once(
    open_studio: OpenStudio, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = RunLog(RunFolder(run).log_file)
    log.append_note(0, 3, b"no text")  # type: ignore[arg-type]
    log.close()
    studio = open_studio()
    told: list[NotDone] = []
    monkeypatch.setattr(studio.window.views.notices, "show_fault", lambda fault, *_: told.append(fault))
    library = studio.session.library
    with studio.qtbot.waitSignal(library.not_read, timeout=PATIENCE_MS):
        studio.session.open_run(run)
    with studio.qtbot.waitSignal(library.not_read, timeout=PATIENCE_MS):
        library.read_marks(run, 0)
    assert [fault.happened.key for fault in told] == ["file.unusable"]
