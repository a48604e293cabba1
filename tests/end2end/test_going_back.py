"""Going back: a new branch from a kept checkpoint, the old one whole beside it, and the window shows the way."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDockWidget, QLabel, QPushButton, QSlider, QTreeWidget, QTreeWidgetItem, QWidget

from gan_studio.engine.events import METRIC_COLUMNS
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.branches import read_history
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.run.log import read_metrics
from gan_studio.ui.history.history_row import MARK_ROLE, TITLE_ROLE
from gan_studio.ui.widgets.number_text import grouped
from tests.end2end.conftest import Studio
from tests.end2end.hands import begin, notice, text_of
from tests.engine.references import References
from tests.engine.runs import resume, tiny
from tests.reliability.ledger import Page

OpenStudio = Callable[..., Studio]
FOREVER = tiny(training__steps=1_000_000, record__sample_every=16, record__snapshot_every=16)
FAR = 300
"""Steps that a hand cannot miss between two clicks."""


def go_on(studio: Studio, steps: int) -> int:
    """Start, train at least so many steps, and pause; returns the step of the checkpoint that a pause writes."""
    training = studio.session.training
    target = training.state.step + steps
    studio.click("startButton")
    studio.wait_until(lambda: training.state.step >= target)
    studio.click("pauseButton")
    studio.wait_for_phase("paused")
    return wait_for_checkpoint(studio)


def wait_for_checkpoint(studio: Studio) -> int:
    """Wait until the tree has a checkpoint of where the run is; returns its step."""
    state = studio.session.training.state
    studio.wait_until(lambda: find_row(studio, state.branch, state.step) is not None)
    return state.step


def rows(studio: Studio) -> dict[str, list[str]]:
    """Read the tree: what is said of each branch, and of its checkpoints."""
    tree = studio.find(QTreeWidget, "historyTree")
    branches = [tree.topLevelItem(place) for place in range(tree.topLevelItemCount())]
    return {item.text(0): [_named(item.child(place)) for place in range(item.childCount())] for item in branches}


def _named(row: QTreeWidgetItem | None) -> str:
    """Read the step of a checkpoint and its marks, without what becomes known of it later."""
    assert row is not None
    return ", ".join(row.data(0, role) for role in (TITLE_ROLE, MARK_ROLE) if row.data(0, role))


def find_row(studio: Studio, branch: int, step: int) -> QTreeWidgetItem | None:
    """Find the row of a checkpoint."""
    tree = studio.find(QTreeWidget, "historyTree")
    parent = tree.topLevelItem(branch)
    names = [] if parent is None else [parent.child(place) for place in range(parent.childCount())]
    return next((row for row in names if row.text(0).split(",")[0] == f"step {grouped(step)}"), None)


def choose(studio: Studio, branch: int, step: int) -> None:
    """Choose a checkpoint in the dock."""
    if not studio.find(QDockWidget, "historyDock").isVisible():
        studio.window.views.actions["rollBackAction"].trigger()
    studio.wait_until(lambda: find_row(studio, branch, step) is not None)
    studio.find(QTreeWidget, "historyTree").setCurrentItem(find_row(studio, branch, step))


def go_back(studio: Studio, branch: int, step: int) -> None:
    """Go back to a checkpoint of a paused run, and hold it there, or a few steps later."""
    training = studio.session.training
    begun = len(rows(studio))
    choose(studio, branch, step)
    studio.click("rollBackButton")
    studio.click("goBackButton")
    training.pause()
    studio.wait_until(lambda: training.state.branch == begun)
    studio.wait_for_phase("paused")
    wait_for_checkpoint(studio)
    assert step <= training.state.step < step + FAR


def contents(place: Path, branch: int) -> dict[str, bytes]:
    """Read every file of a branch."""
    return {path.name: path.read_bytes() for path in sorted(place.glob(f"*/b{branch}-*"))}


def shown_step(studio: Studio) -> str:
    return studio.find(QLabel, "lossPlotStep").text()


def read_loss_at(studio: Studio, step: int) -> str:
    """Read the loss of G at a step with the arrow keys; the first row is that of step 1."""
    canvas = studio.find(QWidget, "lossPlotCanvas")
    QTest.keyClick(canvas, Qt.Key.Key_Home)
    for _ in range(step - 1):
        QTest.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert shown_step(studio) == f"step {grouped(step)}"
    value = studio.find(QLabel, "lossPlotValue1").text()
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    return value


def logged_loss_at(place: Path, branch: int, step: int) -> str:
    steps, values = read_metrics(RunFolder(place).log_file, branch)
    return f"{values[steps.tolist().index(step), METRIC_COLUMNS.index('loss_g')]:.3f}"


def test_that_a_paused_run_goes_back_and_the_old_branch_stays_whole(open_studio: OpenStudio, ledger: Page) -> None:
    ledger.injected(promise=3, injector="going back in the window", count=1)
    studio = open_studio()
    begin(studio, FOREVER)
    studio.wait_until(lambda: studio.session.training.state.phase == "running")
    first = go_on_from_running(studio, 20)
    studio.type_into("learningRateGField", "0.0007")
    last = go_on(studio, FAR)
    place = studio.session.training.state.place
    assert place is not None
    before = contents(place, 0)
    assert text_of(studio, "learningRateGField") == "0.0007"

    go_back(studio, 0, first)
    assert contents(place, 0) == before
    assert text_of(studio, "learningRateGField") != "0.0007"
    now = studio.session.training.state.step
    assert now < last
    studio.wait_until(lambda: shown_step(studio) == f"step {grouped(now)}")
    history = read_history(RunFolder(place))
    sheets = history.on_way(RunFolder(place).sheets(), Moment(1, now))
    assert max(sheet.step for sheet in RunFolder(place).sheets()) > now
    studio.wait_until(lambda: studio.find(QSlider, "sampleHistorySlider").maximum() == len(sheets) - 1)
    snapshots = history.on_way(RunFolder(place).snapshots(), Moment(1, now))
    assert studio.find(QSlider, "snapshotSlider").maximum() == len(snapshots)

    after = go_on(studio, 20)
    assert contents(place, 0) == before
    old, new = rows(studio).values()
    assert f"step {grouped(last)}, newest" in old
    assert new[-1] == f"step {grouped(after)}, now, newest"


def go_on_from_running(studio: Studio, steps: int) -> int:
    """Let a run that trains do some steps, and pause it; returns the step of its checkpoint."""
    training = studio.session.training
    studio.wait_until(lambda: training.state.step >= steps)
    studio.click("pauseButton")
    studio.wait_for_phase("paused")
    return wait_for_checkpoint(studio)


def test_that_the_plots_show_the_way_to_the_branch_and_no_other(open_studio: OpenStudio) -> None:
    """From branch 1 back into branch 0, beyond where branch 1 had left it."""
    studio = open_studio()
    begin(studio, FOREVER)
    first = go_on_from_running(studio, 8)
    last = go_on(studio, 60)
    go_back(studio, 0, first)
    studio.type_into("learningRateGField", "0.002")
    place = studio.session.training.state.place
    assert place is not None
    go_on(studio, 60)
    asked = studio.session.training.state.step - 20
    one, other = (logged_loss_at(place, branch, asked) for branch in (0, 1))
    assert one != other
    assert read_loss_at(studio, asked) == other

    go_back(studio, 0, last)
    studio.wait_until(lambda: read_loss_at(studio, asked) == one)
    now = studio.session.training.state.step
    studio.wait_until(lambda: shown_step(studio) == f"step {grouped(now)}")
    sheets = read_history(RunFolder(place)).on_way(RunFolder(place).sheets(), Moment(2, now))
    studio.wait_until(lambda: studio.find(QSlider, "sampleHistorySlider").maximum() == len(sheets) - 1)


def test_that_a_run_goes_back_while_it_trains_and_trains_on(open_studio: OpenStudio, ledger: Page) -> None:
    ledger.injected(promise=3, injector="going back in the window", count=1)
    studio = open_studio()
    begin(studio, FOREVER)
    studio.wait_until(lambda: find_row(studio, 0, 0) is not None)
    training = studio.session.training
    studio.wait_until(lambda: training.state.step >= 40)
    choose(studio, 0, 0)
    studio.click("rollBackButton")
    studio.click("goBackButton")
    studio.wait_until(lambda: training.state.branch == 1)
    assert training.state.phase == "running"
    step = training.state.step
    place = training.state.place
    assert place is not None
    assert any(moment.branch == 0 and moment.step >= 40 for moment in RunFolder(place).checkpoints())
    studio.wait_until(lambda: training.state.step > step)
    assert list(rows(studio))[1].startswith("Branch 1, now, from branch 0, step 0")


@pytest.fixture
def rested(tmp_path: Path, references: References) -> Path:
    """Train a run of 12 steps, and go on to 24."""
    references.copy_to(tmp_path / "run")
    resume(tmp_path / "run", 24)
    return tmp_path / "run"


@pytest.mark.parametrize("step", [12, 0])
def test_that_a_run_that_rests_goes_back_and_is_whole_when_opened_again(
    open_studio: OpenStudio, rested: Path, step: int, ledger: Page
) -> None:
    ledger.injected(promise=3, injector="going back in the window", count=1)
    before = contents(rested, 0)
    studio = open_studio(rested)
    choose(studio, 0, step)
    assert rows(studio) == {next(iter(rows(studio))): ["step 0", "step 12", "step 24, now, newest"]}
    tree = studio.find(QTreeWidget, "historyTree")
    QTest.keyClick(tree, Qt.Key.Key_Return)
    studio.click("goBackButton")
    studio.wait_until(lambda: studio.session.training.state.branch == 1)
    studio.wait_for_phase("finished")
    wait_for_checkpoint(studio)
    assert contents(rested, 0) == before
    kept = [sheet.step for sheet in RunFolder(rested).sheets() if (sheet.branch == 0) == (sheet.step <= step)]
    studio.wait_until(lambda: studio.find(QSlider, "sampleHistorySlider").maximum() == len(kept) - 1)
    shown = {name.split(" \u00b7 ")[0]: found for name, found in rows(studio).items()}
    studio.close()

    again = open_studio(rested)
    again.wait_until(lambda: len(rows(again)) == 2)
    assert {name.split(" \u00b7 ")[0]: found for name, found in rows(again).items()} == shown
    assert shown[f"Branch 1, now, from branch 0, step {step}"] == [f"step {step}", "step 24, now, newest"]
    again.wait_until(lambda: shown_step(again) == "step 24")


def test_that_a_past_sheet_in_sight_gives_way_to_one_on_the_way(open_studio: OpenStudio, rested: Path) -> None:
    studio = open_studio(rested)
    slider, train_tab = studio.find(QSlider, "sampleHistorySlider"), studio.window.views.train
    studio.wait_until(lambda: train_tab.shown_sheet is not None)
    slider.setValue(slider.maximum() - 1)
    studio.wait_until(lambda: train_tab.shown_sheet is not None and 12 < train_tab.shown_sheet.moment.step < 24)
    choose(studio, 0, 12)
    studio.click("rollBackButton")
    studio.click("goBackButton")
    studio.wait_until(lambda: train_tab.shown_sheet is not None and train_tab.shown_sheet.moment.step == 12)
    studio.wait_for_phase("finished")


def test_that_a_checkpoint_that_cannot_be_used_is_named_and_the_run_stays_where_it_is(open_studio: OpenStudio) -> None:
    studio = open_studio()
    begin(studio, FOREVER)
    first = go_on_from_running(studio, 8)
    go_on(studio, 20)
    place = studio.session.training.state.place
    assert place is not None
    path = RunFolder(place).checkpoint(Moment(0, first))
    path.write_bytes(path.read_bytes()[:-1])
    choose(studio, 0, first)
    studio.click("rollBackButton")
    studio.click("goBackButton")
    studio.wait_until(lambda: f"did not go back to step {first}" in notice(studio))
    assert studio.session.training.state.branch == 0
    studio.wait_until(studio.find(QPushButton, "rollBackButton").isEnabled)


def test_that_the_dock_is_there_when_asked_for_and_needs_a_run(open_studio: OpenStudio, rested: Path) -> None:
    studio = open_studio()
    dock, action = studio.find(QDockWidget, "historyDock"), studio.window.views.actions["rollBackAction"]
    assert not dock.isVisible()
    assert not action.isEnabled()
    dock.toggleViewAction().trigger()
    assert dock.isVisible()
    assert studio.find(QLabel, "historyEmpty").isVisible()
    assert not studio.find(QPushButton, "rollBackButton").isEnabled()
    dock.toggleViewAction().trigger()
    studio.session.open_run(rested)
    studio.wait_until(action.isEnabled)
    action.trigger()
    assert studio.find(QTreeWidget, "historyTree").isVisible()
    assert studio.window.focusWidget() is studio.find(QTreeWidget, "historyTree")
    studio.window.views.actions["newRunAction"].trigger()
    studio.wait_until(studio.find(QLabel, "historyEmpty").isVisible)
