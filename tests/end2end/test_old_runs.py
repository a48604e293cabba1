"""A run folder that commit badb014 wrote opens in the window of today."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtWidgets import QLabel, QSlider, QTabWidget, QTreeWidget, QWidget

from gan_studio.api import load_run
from tests.end2end.conftest import Studio
from tests.end2end.hands import notice, picture_of, text_of
from tests.fixtures.old_runs import copy_old_run

OpenStudio = Callable[..., Studio]


def shown_branches(studio: Studio) -> list[tuple[str, list[str]]]:
    """Read the history: the first words on each branch, and its checkpoints."""
    tree = studio.find(QTreeWidget, "historyTree")
    items = [tree.topLevelItem(place) for place in range(tree.topLevelItemCount())]
    return [
        (item.text(0).split(",")[0], [item.child(place).text(0).split(",")[0] for place in range(item.childCount())])
        for item in items
    ]


def test_that_an_old_run_shows_its_history_and_its_pictures(open_studio: OpenStudio, tmp_path: Path) -> None:
    run = copy_old_run(tmp_path / "run")
    studio = open_studio(run)
    studio.wait_until(lambda: studio.window.views.train.shown_sheet is not None)
    sheet = studio.window.views.train.shown_sheet
    assert sheet is not None
    with Image.open(run / "samples" / "b1-step-000000012.png") as picture:
        assert np.array_equal(sheet.pixels[:, :, 0], np.asarray(picture))
    studio.wait_until(lambda: "12 / 12" in studio.find(QLabel, "stepReadout").text())
    assert (text_of(studio, "widthField"), text_of(studio, "learningRateGField")) == ("4", "0.001")
    studio.wait_until(lambda: studio.find(QLabel, "lossPlotStep").text() == "step 12")

    studio.window.views.actions["rollBackAction"].trigger()
    studio.wait_until(lambda: len(shown_branches(studio)) == 2)
    assert shown_branches(studio) == [("Branch 0", ["step 8", "step 16"]), ("Branch 1", ["step 8", "step 12"])]

    studio.find(QTabWidget, "tabs").setCurrentWidget(studio.find(QWidget, "exploreTab"))
    studio.wait_until(lambda: picture_of(studio) is not None)
    assert np.array_equal(picture_of(studio), load_run(run).sample(1)[0])
    assert studio.find(QSlider, "snapshotSlider").maximum() == 6
    assert notice(studio) == ""
