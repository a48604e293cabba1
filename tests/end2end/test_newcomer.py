"""The newcomer's journey: start, watch, pause, drag a latent slider, go on, stop, open again, resume."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSlider, QTabWidget, QWidget

from gan_studio.engine.config.schema import with_values
from gan_studio.engine.files.tensors import read_tensor_file
from gan_studio.engine.run.folder import RunFolder
from tests.end2end.conftest import Studio
from tests.engine.runs import resume, train

OpenStudio = Callable[..., Studio]


def small(studio: Studio) -> None:
    """Type a small network into the set-up."""
    studio.type_into("widthField", "4")
    studio.type_into("latentDimField", "8")
    studio.type_into("batchSizeField", "8")
    studio.type_into("sampleEveryField", "10")


def explorer_picture(studio: Studio) -> bytes:
    picture = studio.window.views.explore.picture
    return b"" if picture is None else picture.tobytes()


def test_that_a_newcomer_trains_pauses_explores_goes_on_and_resumes(open_studio: OpenStudio) -> None:
    studio = open_studio()
    training = studio.session.training
    small(studio)
    studio.click("startButton")
    studio.wait_until(lambda: training.state.step >= 10)
    studio.wait_until(lambda: studio.window.views.train.shown_sheet is not None)

    # Pause: the same trainer stays, and Explore answers.
    studio.click("pauseButton")
    studio.wait_for_phase("paused")
    assert training.thread_in_hand is not None
    trainer, step = training.thread_in_hand.job.trainer, training.state.step
    studio.find(QTabWidget, "tabs").setCurrentWidget(studio.find(QWidget, "exploreTab"))
    studio.wait_until(lambda: studio.window.findChild(QSlider, "latentSlider3") is not None)
    studio.wait_until(lambda: explorer_picture(studio) != b"")
    before, point = explorer_picture(studio), studio.window.views.explore.point
    studio.drag(studio.find(QSlider, "latentSlider3"), 40)
    studio.wait_until(lambda: explorer_picture(studio) != before)
    moved = studio.window.views.explore.point
    assert [i for i in range(8) if moved.values[i] != point.values[i]] == [3]
    assert training.thread_in_hand.job.trainer is trainer
    assert training.state.step == step

    # Step once, go on, stop.
    studio.click("stepButton")
    studio.wait_until(lambda: training.state.step == step + 1)
    studio.click("startButton")
    studio.wait_until(lambda: training.state.step > step + 5)
    assert training.thread_in_hand.job.trainer is trainer
    studio.click("stopButton")
    studio.wait_for_phase("finished")
    place, config, stopped = training.state.place, training.state.config, training.state.step
    assert place is not None
    studio.close()

    # Open it again and resume it; what comes out is what an uninterrupted run gives.
    again = open_studio(place)
    again.wait_until(lambda: again.session.training.state.step == stopped)
    again.wait_until(lambda: again.window.views.train.shown_sheet is not None)
    again.click("startButton")
    again.wait_until(lambda: again.session.training.state.step > stopped)
    again.click("stopButton")
    again.wait_for_phase("finished")
    last = again.session.training.state.step
    whole = train(place.parent / "whole", with_values(config, {"training.steps": last}))
    assert whole.trainer is not None
    checkpoint = read_tensor_file(RunFolder(place).checkpoint(RunFolder(place).checkpoints()[-1]))
    for name, array in whole.trainer.state.copy_arrays().items():
        assert np.array_equal(checkpoint.arrays[name], array), name


def test_that_a_knob_turned_in_the_dock_takes_effect_and_is_logged(open_studio: OpenStudio) -> None:
    studio = open_studio()
    training = studio.session.training
    small(studio)
    studio.click("startButton")
    studio.wait_for_phase("running")
    studio.wait_until(lambda: training.state.step > 0)
    assert not studio.find(QWidget, "beta1Field").isEnabled()
    with studio.qtbot.waitSignal(training.knob_changed, timeout=60_000) as changed:
        studio.type_into("learningRateGField", "0.001")
    assert changed.args == ["learning_rate_g", 0.001]
    assert training.thread_in_hand is not None
    assert training.thread_in_hand.job.trainer.state.knobs["learning_rate_g"] == 0.001


def test_that_every_past_sheet_can_be_looked_at_again(open_studio: OpenStudio, tmp_path: Path) -> None:
    studio = open_studio()
    small(studio)
    studio.type_into("stepsField", "40")
    studio.click("startButton")
    studio.wait_for_phase("finished")
    place = studio.session.training.state.place
    assert place is not None
    steps = [moment.step for moment in RunFolder(place).sheets()]
    assert steps[0] == 0
    assert steps[-1] == 40
    train_tab = studio.window.views.train
    slider = studio.find(QSlider, "sampleHistorySlider")
    slider.setFocus()
    studio.qtbot.keyClick(slider, Qt.Key.Key_Home)
    studio.wait_until(lambda: train_tab.shown_sheet is not None and train_tab.shown_sheet.moment.step == 0)
    studio.qtbot.keyClick(slider, Qt.Key.Key_End)
    studio.wait_until(lambda: train_tab.shown_sheet is not None and train_tab.shown_sheet.moment.step == 40)


def test_that_going_on_with_a_finished_run_moves_its_end(open_studio: OpenStudio) -> None:
    studio = open_studio()
    small(studio)
    studio.type_into("stepsField", "12")
    studio.click("startButton")
    studio.wait_for_phase("finished")
    assert studio.session.training.state.step == 12
    studio.click("startButton")
    studio.wait_until(lambda: studio.session.training.state.step == 24)
    studio.wait_for_phase("finished")
    place = studio.session.training.state.place
    assert place is not None
    assert resume(place, steps=25).trainer is not None


def test_that_a_missing_folder_is_told_without_a_box(open_studio: OpenStudio, tmp_path: Path) -> None:
    studio = open_studio()
    studio.session.open_run(tmp_path / "nothing")
    notices = studio.find(QWidget, "noticeBar")
    studio.wait_until(notices.isVisible)
    words = " ".join(label.text() for label in notices.findChildren(QLabel))
    assert "does not hold a run" in words
    assert studio.session.training.state.phase == "idle"
