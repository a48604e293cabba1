"""SnapshotSlider: the choice of the generator that draws."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QSlider
from pytestqt.qtbot import QtBot

from gan_studio.engine.moment import Moment
from gan_studio.ui.explorer.snapshot_slider import SnapshotSlider

LEFT = Qt.MouseButton.LeftButton
THREE = (Moment(0, 500), Moment(0, 1000), Moment(0, 1500))


@pytest.fixture
def snapshots(qtbot: QtBot) -> SnapshotSlider:
    """Show a slider over three snapshots, the current generator chosen."""
    snapshots = SnapshotSlider()
    snapshots.resize(600, 40)
    qtbot.addWidget(snapshots)
    with qtbot.waitExposed(snapshots):
        snapshots.show()
    snapshots.set_snapshots(THREE)
    return snapshots


def slider_of(snapshots: SnapshotSlider) -> QSlider:
    return snapshots.findChild(QSlider, "snapshotSlider")


def label_of(snapshots: SnapshotSlider) -> str:
    """Return the label of the chosen generator, with plain spaces."""
    return " ".join(snapshots.findChild(QLabel, "snapshotLabel").text().split())


def test_that_the_current_generator_draws_at_first(snapshots: SnapshotSlider) -> None:
    assert snapshots.chosen is None
    assert snapshots.findChild(QPushButton, "snapshotNowButton").isChecked()
    assert label_of(snapshots) == "current generator"


def test_that_keys_choose_an_earlier_generator(qtbot: QtBot, snapshots: SnapshotSlider) -> None:
    qtbot.keyClick(slider_of(snapshots), Qt.Key.Key_Left)
    with qtbot.waitSignal(snapshots.source_chosen) as chosen:
        qtbot.keyClick(slider_of(snapshots), Qt.Key.Key_Left)
    assert chosen.args == [Moment(0, 1000)]
    assert label_of(snapshots) == "generator at step 1 000"
    assert not snapshots.findChild(QPushButton, "snapshotNowButton").isChecked()


def test_that_the_right_end_is_now(qtbot: QtBot, snapshots: SnapshotSlider) -> None:
    slider_of(snapshots).setValue(0)
    with qtbot.waitSignal(snapshots.source_chosen) as chosen:
        qtbot.keyClick(slider_of(snapshots), Qt.Key.Key_End)
    assert chosen.args == [None]


def test_that_the_button_goes_back_to_now(qtbot: QtBot, snapshots: SnapshotSlider) -> None:
    slider_of(snapshots).setValue(0)
    now = snapshots.findChild(QPushButton, "snapshotNowButton")
    with qtbot.waitSignal(snapshots.source_chosen) as chosen:
        qtbot.mouseClick(now, LEFT)
    assert chosen.args == [None]
    assert slider_of(snapshots).value() == slider_of(snapshots).maximum()
    qtbot.mouseClick(now, LEFT)
    assert now.isChecked()


def test_that_a_new_snapshot_moves_no_choice(qtbot: QtBot, snapshots: SnapshotSlider) -> None:
    slider_of(snapshots).setValue(1)
    with qtbot.assertNotEmitted(snapshots.source_chosen):
        snapshots.set_snapshots((*THREE, Moment(0, 2000), Moment(0, 750)))
    assert snapshots.chosen == Moment(0, 1000)
    assert label_of(snapshots) == "generator at step 1 000"


def test_that_now_stays_now_when_a_snapshot_comes(qtbot: QtBot, snapshots: SnapshotSlider) -> None:
    with qtbot.assertNotEmitted(snapshots.source_chosen):
        snapshots.set_snapshots((*THREE, Moment(0, 2000)))
    assert snapshots.chosen is None
    assert slider_of(snapshots).value() == 4


def test_that_a_thinned_out_choice_goes_back_to_now(qtbot: QtBot, snapshots: SnapshotSlider) -> None:
    slider_of(snapshots).setValue(1)
    with qtbot.waitSignal(snapshots.source_chosen) as chosen:
        snapshots.set_snapshots((THREE[0], THREE[2]))
    assert chosen.args == [None]


def test_that_a_branch_is_told_where_there_are_several(snapshots: SnapshotSlider) -> None:
    snapshots.set_snapshots((*THREE, Moment(1, 1000)))
    slider_of(snapshots).setValue(3)
    assert snapshots.chosen == Moment(1, 1000)
    assert label_of(snapshots) == "generator at step 1 000, branch 1"


def test_that_without_snapshots_there_is_nothing_to_choose(snapshots: SnapshotSlider) -> None:
    snapshots.set_snapshots(())
    assert not slider_of(snapshots).isEnabled()
    assert label_of(snapshots) == "no snapshots"
