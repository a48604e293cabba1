"""What disk, machine and arithmetic do to a run, as a person meets it at the window."""

from collections.abc import Callable
from pathlib import Path
from pkgutil import resolve_name
from types import SimpleNamespace
from typing import Any

import psutil
import pytest
import torch
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from gan_studio.engine.events import RunPhase, SavingFailed
from gan_studio.engine.files import atomic
from gan_studio.engine.machine import devices
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.run.log import read_knobs, read_metrics
from gan_studio.ui.dialogs.questions import AskLeaving, Leaving
from tests.end2end.conftest import Studio
from tests.end2end.hands import begin, notice, text_of
from tests.engine.runs import tiny

OpenStudio = Callable[..., Studio]
FOREVER = tiny(
    training__steps=1_000_000, record__sample_every=1_000_000, record__snapshot_every=1_000_000, capture_step=False
)
"""Not captured: a replayed step would not call the hook that lets NaN in."""


class FullDisk(atomic.Disk):
    """A disk without room."""

    def write(self, descriptor: int, data: memoryview) -> int:
        raise OSError(28, "No space left on device")


@pytest.fixture
def refusals(monkeypatch: pytest.MonkeyPatch) -> list[SavingFailed]:
    """Let a refused save be tried again at once; the list takes what a test notes."""
    monkeypatch.setattr("gan_studio.engine.run.writer.RETRY_SECONDS", 0.02)
    return []


def train_a_while(studio: Studio) -> Path:
    begin(studio, FOREVER)
    studio.wait_until(lambda: studio.session.training.state.step > 5)
    place = studio.session.training.state.place
    assert place is not None
    return place


def go_on_for(studio: Studio, steps: int) -> None:
    target = studio.session.training.state.step + steps
    studio.wait_until(lambda: studio.session.training.state.step >= target)


def answer(studio: Studio) -> str:
    """Press the button of the notice; returns what stood on it."""
    button = studio.find(QPushButton, "noticeActionButton")
    studio.wait_until(button.isVisible)
    words = button.text()
    studio.click("noticeActionButton")
    return words


def is_alone(studio: Studio) -> bool:
    """Tell whether no message waits behind the one in sight."""
    return not studio.find(QLabel, "noticeCounter").isVisible()


def refuse(studio: Studio, refusals: list[SavingFailed], monkeypatch: pytest.MonkeyPatch) -> None:
    """Fill the disk, and wait until it has refused a checkpoint several times."""
    studio.session.training.saving_failed.connect(refusals.append)
    monkeypatch.setattr(atomic, "disk", FullDisk())
    studio.window.views.actions["checkpointNowAction"].trigger()
    studio.wait_until(lambda: len(refusals) >= 3)


def test_that_a_full_disk_is_told_once_and_training_goes_on_until_it_takes_the_run_again(
    open_studio: OpenStudio, refusals: list[SavingFailed], monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = open_studio()
    folder = RunFolder(train_a_while(studio))
    before = folder.checkpoints()
    with monkeypatch.context() as full:
        refuse(studio, refusals, full)
        assert "No space left on device. It needs" in notice(studio)
        assert "are free" in notice(studio)
        assert "Older checkpoints are intact" in notice(studio)
        assert "tried again automatically" in notice(studio)
        assert is_alone(studio)
        assert "cannot be saved" in studio.find(QLabel, "statusCheckpoint").toolTip()
        go_on_for(studio, 20)
        assert folder.checkpoints() == before
    studio.wait_until(lambda: "Saving works again" in notice(studio))
    assert is_alone(studio)
    assert folder.checkpoints()[-1].step > before[-1].step
    assert "cannot be saved" not in studio.find(QLabel, "statusCheckpoint").toolTip()


def test_that_a_refusal_that_was_read_and_dismissed_does_not_come_back(
    open_studio: OpenStudio, refusals: list[SavingFailed], monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = open_studio()
    train_a_while(studio)
    refuse(studio, refusals, monkeypatch)
    studio.click("noticeCloseButton")
    more = len(refusals) + 3
    studio.wait_until(lambda: len(refusals) >= more)
    assert notice(studio) == ""


def test_that_a_window_whose_last_checkpoint_is_refused_stays_and_says_so(
    open_studio: OpenStudio, refusals: list[SavingFailed], monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = open_studio()
    place = train_a_while(studio)
    monkeypatch.setattr(AskLeaving, "ask", staticmethod(lambda *_: Leaving.SAVE))
    with monkeypatch.context() as full:
        refuse(studio, refusals, full)
        studio.click("noticeCloseButton")
        studio.window.close()
        studio.wait_for_phase("saving")
        more = len(refusals) + 2
        studio.wait_until(lambda: len(refusals) >= more)
        assert studio.window.isVisible()
        assert "The last step stays in memory until it is saved" in notice(studio)
    studio.wait_for_phase("finished")
    QApplication.processEvents()
    assert studio.window.isVisible()
    folder = RunFolder(place)
    last = read_metrics(folder.log_file)[0][-1]
    assert folder.checkpoints()[-1].step == folder.sheets()[-1].step == folder.snapshots()[-1].step == last
    assert studio.window.close()


def test_that_a_window_may_be_left_while_the_disk_refuses_the_last_checkpoint(
    open_studio: OpenStudio, refusals: list[SavingFailed], monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = open_studio()
    before = RunFolder(train_a_while(studio)).checkpoints()
    with monkeypatch.context() as full:
        refuse(studio, refusals, full)
        studio.click("stopButton")
        studio.wait_for_phase("saving")
        monkeypatch.setattr(AskLeaving, "ask", staticmethod(lambda *_: Leaving.DISCARD))
        studio.window.close()
        studio.wait_until(lambda: not studio.window.isVisible())
        assert studio.session.training.state.place is not None
        assert RunFolder(studio.session.training.state.place).checkpoints() == before


def poison(network: torch.nn.Module) -> None:
    """Let the next pass of a network give NaN, and only that one."""

    def hook(_module: torch.nn.Module, _inputs: Any, output: torch.Tensor) -> torch.Tensor:
        handle.remove()
        return output * float("nan")

    handle = network.register_forward_hook(hook)


def break_down(studio: Studio) -> tuple[Path, int]:
    """Train, save, and meet NaN; returns the run folder and the step it went back to."""
    place = train_a_while(studio)
    with studio.qtbot.waitSignal(studio.session.training.checkpoint_saved, timeout=60_000) as saved:
        studio.window.views.actions["checkpointNowAction"].trigger()
    go_on_for(studio, 3)
    thread = studio.session.training.thread_in_hand
    assert thread is not None
    poison(thread.job.trainer.state.generator)
    studio.wait_for_phase("paused")
    return place, saved.args[0].moment.step


def test_that_a_run_that_met_nan_waits_and_goes_back_with_half_the_rates(open_studio: OpenStudio) -> None:
    studio = open_studio()
    place, saved = break_down(studio)
    assert "NaN or infinity appeared at step" in notice(studio)
    assert f"waits at step {saved}" in notice(studio)
    assert studio.session.training.state.step == saved
    assert answer(studio) == f"Go back to step {saved} with half the learning rates"
    studio.wait_until(lambda: studio.session.training.state.branch == 1)
    go_on_for(studio, 5)
    rows = read_knobs(RunFolder(place).log_file, 1)
    changed = {row.name: row.value for row in rows if row.name.startswith("learning_rate")}
    assert changed == {"learning_rate_g": 1e-4, "learning_rate_d": 1e-4}
    assert notice(studio) == ""


def test_that_a_run_that_met_nan_goes_on_unchanged_by_start(open_studio: OpenStudio) -> None:
    studio = open_studio()
    _, saved = break_down(studio)
    studio.click("startButton")
    studio.wait_until(lambda: studio.session.training.state.phase is RunPhase.RUNNING)
    go_on_for(studio, 5)
    assert notice(studio) == ""
    assert studio.session.training.state.branch == 0
    assert studio.session.training.state.step > saved


def failing(function: Callable[..., Any], at_call: int, error: Exception) -> Callable[..., Any]:
    """Make a function that raises once, at one of its calls."""
    calls: list[int] = []

    def wrapped(*values: Any, **named: Any) -> Any:
        calls.append(1)
        if len(calls) == at_call:
            raise error
        return function(*values, **named)

    return wrapped


def fail_at(monkeypatch: pytest.MonkeyPatch, place: str, at_call: int, error: Exception) -> None:
    """Let something of the engine raise once."""
    monkeypatch.setattr(place, failing(resolve_name(place), at_call, error))


@pytest.mark.parametrize(
    ("place", "at_call"),
    [
        ("gan_studio.engine.training.job.build_state", 1),
        ("gan_studio.engine.replay.captured.CapturedStep.step", 1),
        ("gan_studio.engine.replay.captured.CapturedStep.step", 6),
    ],
    ids=["before-the-folder", "step-0", "in-the-middle"],
)
def test_that_a_run_without_memory_goes_on_with_half_the_batch(
    open_studio: OpenStudio, monkeypatch: pytest.MonkeyPatch, place: str, at_call: int
) -> None:
    studio = open_studio()
    error = torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.50 GiB. GPU 0 has less.")
    fail_at(monkeypatch, place, at_call, error)
    begin(studio, tiny(data__source="starter:fashion-mnist"))
    studio.wait_for_phase("failed")
    assert "2.7\u202fGB more were needed" in notice(studio)
    assert "This set-up needs about" in notice(studio)
    assert answer(studio) == "Go on with half the batch size"
    studio.wait_for_phase("finished")
    assert studio.session.training.state.step == 12
    assert studio.session.training.knob("batch_size") == 4
    assert text_of(studio, "batchSizeField") == "4\u00a0pictures"
    assert notice(studio) == ""


def test_that_a_run_that_cannot_have_a_smaller_batch_offers_none(
    open_studio: OpenStudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = open_studio()
    fail_at(monkeypatch, "gan_studio.engine.training.job.build_state", 1, torch.OutOfMemoryError("CUDA out of memory."))
    begin(studio, tiny(training__batch_size=2))
    studio.wait_for_phase("failed")
    assert "not enough memory" in notice(studio)
    assert not studio.find(QPushButton, "noticeActionButton").isVisible()


def test_that_a_run_whose_device_is_lost_goes_on_with_the_cpu(
    open_studio: OpenStudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio, lost = open_studio(), []
    monkeypatch.setattr(devices, "lose_cuda", lambda: lost.append(1))  # for good: later tests need what is there
    error = torch.AcceleratorError("CUDA error: device-side assert triggered")
    fail_at(monkeypatch, "gan_studio.engine.replay.captured.CapturedStep.step", 6, error)
    begin(studio)
    studio.wait_for_phase("failed")
    assert lost == [1]
    assert "device-side assert" in notice(studio)
    assert answer(studio) == "Go on with the CPU"
    studio.wait_for_phase("finished")
    assert studio.session.training.device == "cpu"
    assert studio.session.training.state.step == 12


def have_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=1000, total=2000))


def test_that_a_run_that_needs_more_memory_than_is_free_is_begun_only_when_asked_twice(
    open_studio: OpenStudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = open_studio()
    have_little_memory(monkeypatch)
    begin(studio)
    assert "1000" in notice(studio).replace("\u202f", "") or "1.0" in notice(studio)
    assert "is free" in notice(studio)
    assert studio.session.training.state.phase is RunPhase.IDLE
    assert answer(studio) == "Start anyway"
    studio.wait_for_phase("finished")
    assert studio.session.training.state.step == 12


def test_that_the_question_about_memory_goes_when_the_set_up_changes(
    open_studio: OpenStudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = open_studio()
    have_little_memory(monkeypatch)
    begin(studio)
    assert "is free" in notice(studio)
    studio.type_into("batchSizeField", "4")
    assert not studio.find(QWidget, "noticeBar").isVisible()
