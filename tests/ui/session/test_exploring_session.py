"""ExploringSession: points go to the sampler's thread, of many the newest, and pictures come back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from gan_studio.api import load_run
from gan_studio.engine.answering import NotDone
from gan_studio.engine.events import RunOpened, WeightsPublished
from gan_studio.engine.explore.requests import DrawPicture, ModelReady, OpenModel
from gan_studio.engine.latent import LatentPoint, draw_point, neighbours
from gan_studio.engine.moment import Moment
from gan_studio.engine.qt_threads import SamplerThread
from gan_studio.engine.run.contents import read_run
from gan_studio.engine.run.folder import RunFolder, open_run
from gan_studio.ui.session.exploring_session import ExploringSession
from tests.engine.references import References
from tests.engine.runs import TINY, generator_arrays, on_cpu, tiny

PATIENCE_MS = 120_000
FLOOD = 1_000


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, references: References) -> RunFolder:
    """Train a run of 12 steps, only to be read."""
    place = tmp_path_factory.mktemp("exploring") / "run"
    references.copy_to(place)
    return open_run(place)


@pytest.fixture(scope="module")
def conditional(tmp_path_factory: pytest.TempPathFactory, references: References) -> RunFolder:
    """Train a class-conditional run of 2 steps, only to be read."""
    place = tmp_path_factory.mktemp("exploring") / "conditional"
    references.copy_to(place, tiny(model__conditional=True, training__steps=2))
    return open_run(place)


class Explorer:
    """Somebody who explores, and notes what comes."""

    def __init__(self, qtbot: QtBot, session: ExploringSession) -> None:
        self.qtbot, self.session = qtbot, session
        self.pictures: list[tuple[np.ndarray[Any, Any], int]] = []
        self.faults: list[NotDone] = []
        session.picture_drawn.connect(lambda image, moment: self.pictures.append((image, moment.step)))
        session.failed.connect(self.faults.append)

    def draw(self, point: LatentPoint) -> np.ndarray[Any, Any]:
        """Draw a point, and wait for its picture."""
        with self.qtbot.waitSignal(self.session.picture_drawn, timeout=PATIENCE_MS) as drawn:
            self.session.draw(point)
        return drawn.args[0]  # type: ignore[no-any-return]

    def wait_for_step(self, step: int) -> None:
        """Wait until the newest picture is by the generator of `step`."""
        self.qtbot.waitUntil(lambda: [drawn for _, drawn in self.pictures[-1:]] == [step], timeout=PATIENCE_MS)

    def wait_for_pictures(self, count: int) -> None:
        self.qtbot.waitUntil(lambda: len(self.pictures) >= count, timeout=PATIENCE_MS)


@pytest.fixture
def explorer(qtbot: QtBot) -> Iterator[Explorer]:
    session = ExploringSession()
    session.start()
    yield Explorer(qtbot, session)
    session.end()
    session.deleteLater()


def point(seed: int = 0) -> LatentPoint:
    return draw_point(seed, TINY.model.latent_dim, TINY.model.prior)


def test_that_an_opened_run_tells_its_latent_space_and_draws_as_a_script_does(
    explorer: Explorer, run: RunFolder
) -> None:
    with explorer.qtbot.waitSignal(explorer.session.model_opened) as opened:
        explorer.session.open_contents(read_run(run.root))
    assert opened.args == [8, "normal", ()]
    assert np.array_equal(explorer.draw(point(5)), load_run(run.root).sample(1, seed=5)[0])
    assert explorer.pictures[-1][1] == 12


def test_that_a_conditional_run_tells_its_classes_and_draws_the_asked_one(
    explorer: Explorer, conditional: RunFolder
) -> None:
    contents, session = read_run(conditional.root), explorer.session
    with explorer.qtbot.waitSignal(session.model_opened) as opened:
        session.open_contents(contents)
    assert opened.args == [8, "normal", contents.class_names]
    names = contents.class_names
    boot = tuple(float(index == 9) for index in range(len(names)))
    expected = load_run(conditional.root).sample(1, seed=5, class_name=names[9])[0]
    assert np.array_equal(explorer.draw(point(5).with_blend(boot)), expected)
    session.reopen(contents.config, conditional.root)
    assert np.array_equal(explorer.draw(point(5).with_blend(boot)), expected)
    assert explorer.faults == []


def test_that_a_conditional_run_that_trains_is_explored_by_its_classes(
    explorer: Explorer, conditional: RunFolder
) -> None:
    file = conditional.read()
    config, names = file.config, file.class_names
    event = RunOpened(conditional.root, config, Moment(0, 0), 12, on_cpu(), {}, names)
    with explorer.qtbot.waitSignal(explorer.session.model_opened) as opened:
        explorer.session.open_training(event)
    assert opened.args[2] == names
    explorer.session.use_weights(WeightsPublished(Moment(0, 4), generator_arrays(conditional)))
    half = (0.5, 0.5, *(0.0,) * (len(names) - 2))
    explorer.draw(point().with_blend(half))
    assert explorer.pictures[-1][1] == 4


def test_that_a_flood_of_points_draws_the_last_one_and_few_others(explorer: Explorer, run: RunFolder) -> None:
    explorer.session.open_contents(read_run(run.root))
    explorer.draw(point())
    for seed in range(1, FLOOD + 1):
        explorer.session.draw(point(seed))
    last = load_run(run.root).sample(1, seed=FLOOD)[0]
    explorer.qtbot.waitUntil(lambda: np.array_equal(explorer.pictures[-1][0], last), timeout=PATIENCE_MS)
    assert len(explorer.pictures) < FLOOD / 2


def test_that_neighbours_come_with_the_points_they_were_drawn_from(explorer: Explorer, run: RunFolder) -> None:
    explorer.session.open_contents(read_run(run.root))
    around = neighbours(point(), 9, 0.5, "normal")
    with explorer.qtbot.waitSignal(explorer.session.neighbours_drawn, timeout=PATIENCE_MS) as drawn:
        explorer.session.draw_neighbours(around)
    images, points, moment = drawn.args
    assert points == around
    assert moment == RunFolder(run.root).checkpoints()[-1]
    assert images.shape == (9, 32, 32, 1)


def test_that_an_earlier_generator_draws_the_point_and_its_neighbours_again(explorer: Explorer, run: RunFolder) -> None:
    explorer.session.open_contents(read_run(run.root))
    late = explorer.draw(point())
    with explorer.qtbot.waitSignal(explorer.session.neighbours_drawn, timeout=PATIENCE_MS) as before:
        explorer.session.draw_neighbours(neighbours(point(), 4, 0.5, "normal"))
    with explorer.qtbot.waitSignal(explorer.session.neighbours_drawn, timeout=PATIENCE_MS) as around:
        explorer.session.choose(Moment(0, 0))
    explorer.wait_for_pictures(2)
    early, step = explorer.pictures[-1]
    assert step == 0
    assert not np.array_equal(early, late)
    assert not np.array_equal(around.args[0], before.args[0])
    assert around.args[2] == (0, 0)
    with explorer.qtbot.waitSignal(explorer.session.picture_drawn, timeout=PATIENCE_MS) as again:
        explorer.session.choose(None)
    assert np.array_equal(again.args[0], late)


def test_that_a_snapshot_that_is_gone_is_told_and_exploring_goes_on(explorer: Explorer, run: RunFolder) -> None:
    explorer.session.open_contents(read_run(run.root))
    picture = explorer.draw(point())
    with explorer.qtbot.waitSignal(explorer.session.failed, timeout=PATIENCE_MS) as failed:
        explorer.session.choose(Moment(0, 3))
    assert "b0-step-000000003" in str(failed.args[0].happened)
    with explorer.qtbot.waitSignal(explorer.session.picture_drawn, timeout=PATIENCE_MS) as again:
        explorer.session.choose(None)
    assert np.array_equal(again.args[0], picture)


def test_that_newer_weights_draw_the_point_in_hand_again(explorer: Explorer, run: RunFolder) -> None:
    session = explorer.session
    with explorer.qtbot.waitSignal(session.weights_wanted):
        session.open_training(RunOpened(run.root, TINY, Moment(0, 0), 12, on_cpu(), {}))
    session.draw(point())  # before there is anything to draw with: no fault is told
    for step in (4, 12):
        session.use_weights(WeightsPublished(Moment(0, step), generator_arrays(run, Moment(0, step))))
        explorer.wait_for_step(step)
    assert not np.array_equal(explorer.pictures[0][0], explorer.pictures[-1][0])
    assert explorer.faults == []


def test_that_newer_weights_leave_a_chosen_moment_alone(explorer: Explorer, run: RunFolder) -> None:
    session = explorer.session
    session.open_contents(read_run(run.root))
    explorer.draw(point())
    session.choose(Moment(0, 4))
    explorer.wait_for_step(4)
    session.use_weights(WeightsPublished(Moment(0, 12), generator_arrays(run, Moment(0, 8))))
    explorer.draw(point(1))
    assert explorer.pictures[-1][1] == 4
    session.choose(None)
    explorer.wait_for_step(12)


def test_that_a_run_that_has_ended_is_explored_by_its_last_checkpoint(explorer: Explorer, run: RunFolder) -> None:
    session = explorer.session
    session.open_training(RunOpened(run.root, TINY, Moment(0, 0), 12, on_cpu(), {}))
    session.use_weights(WeightsPublished(Moment(0, 4), generator_arrays(run, Moment(0, 4))))
    explorer.draw(point())
    session.reopen(TINY, run.root)
    explorer.wait_for_step(12)


def test_that_another_run_of_another_latent_space_can_be_opened_while_a_slider_moves(
    explorer: Explorer, run: RunFolder, tmp_path: Path, references: References
) -> None:
    config = tiny(model__latent_dim=5, training__steps=1)
    references.copy_to(tmp_path / "other", config)
    session = explorer.session
    session.open_contents(read_run(run.root))
    explorer.draw(point())
    session.draw(point(1))
    session.open_contents(read_run(tmp_path / "other"))
    other = draw_point(3, 5, "normal")
    session.draw(other)
    expected = load_run(tmp_path / "other").sample(1, seed=3)[0]
    explorer.qtbot.waitUntil(lambda: np.array_equal(explorer.pictures[-1][0], expected), timeout=PATIENCE_MS)
    assert explorer.faults == []


def test_that_a_picture_comes_with_the_point_it_shows(explorer: Explorer, run: RunFolder) -> None:
    explorer.session.open_contents(read_run(run.root))
    with explorer.qtbot.waitSignal(explorer.session.picture_drawn, timeout=PATIENCE_MS) as drawn:
        explorer.session.draw(point(7))
    assert drawn.args[1:] == [Moment(0, 12), point(7)]


def test_that_no_late_picture_of_one_run_is_shown_in_the_next(
    explorer: Explorer, run: RunFolder, tmp_path: Path, references: References
) -> None:
    references.copy_to(tmp_path / "other", tiny(training__steps=2))
    session = explorer.session
    session.open_contents(read_run(run.root))
    explorer.draw(point())
    session.draw(point(1))
    session.open_contents(read_run(tmp_path / "other"))
    explorer.pictures.clear()
    session.draw(point(2))
    explorer.wait_for_pictures(1)
    assert {step for _, step in explorer.pictures} == {2}


def test_that_a_picture_that_cannot_be_drawn_is_told_and_the_next_one_comes(
    explorer: Explorer, run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a fault of the device")

    explorer.session.open_contents(read_run(run.root))
    explorer.draw(point(1))
    with monkeypatch.context() as patch:
        patch.setattr("gan_studio.engine.explore.sampler.draw_pictures", broken)
        explorer.session.draw(point(2))
        explorer.qtbot.waitUntil(lambda: explorer.faults != [], timeout=PATIENCE_MS)
    assert "a fault of the device" in str(explorer.faults[0].happened)
    assert np.array_equal(explorer.draw(point(5)), load_run(run.root).sample(1, seed=5)[0])


def test_that_a_point_left_over_from_another_run_does_not_end_the_thread(qtbot: QtBot, run: RunFolder) -> None:
    """The request for the model overtakes that for the picture, which then belongs to the run before."""
    thread = SamplerThread()
    thread.ask("picture", DrawPicture(LatentPoint((0.0,) * 5)))
    thread.ask("model", OpenModel(TINY, run))
    replies: list[tuple[str, object]] = []
    thread.replied.connect(lambda kind, reply: replies.append((kind, reply)))
    thread.start()
    qtbot.waitUntil(lambda: len(replies) == 2, timeout=PATIENCE_MS)
    assert isinstance(replies[0][1], ModelReady)
    assert isinstance(replies[1][1], NotDone)
    assert thread.isRunning()
    thread.end()
    assert thread.wait(PATIENCE_MS)


def test_that_weights_are_asked_for_again_and_again_only_while_followed(explorer: Explorer) -> None:
    session = explorer.session
    wanted: list[int] = []
    session.weights_wanted.connect(lambda: wanted.append(1))
    session.set_following(True)
    explorer.qtbot.waitUntil(lambda: len(wanted) >= 3, timeout=PATIENCE_MS)
    session.set_following(False)
    QCoreApplication.processEvents()
    before = len(wanted)
    session.set_following(False)
    QCoreApplication.processEvents()
    assert len(wanted) == before


def test_that_a_damaged_run_is_told_when_it_is_opened(explorer: Explorer, run: RunFolder, tmp_path: Path) -> None:
    contents = read_run(run.root)
    with explorer.qtbot.waitSignal(explorer.session.failed, timeout=PATIENCE_MS) as failed:
        explorer.session.reopen(contents.config, tmp_path)
    assert str(failed.args[0].todo)


def test_that_a_session_ends_even_if_it_was_never_started(qtbot: QtBot) -> None:
    session = ExploringSession()
    with qtbot.assertNotEmitted(session.failed):
        session.draw(point())
        session.end()
    session.deleteLater()
