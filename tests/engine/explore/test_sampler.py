"""The explorer's side of the engine: a copy of a generator that draws points and touches nothing."""

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from gan_studio.api import load_run
from gan_studio.engine.answering import NotDone
from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.control import TrainingControl
from gan_studio.engine.events import MetricsLogged, RunOpened, WeightsPublished
from gan_studio.engine.explore.drawing import draw_pictures
from gan_studio.engine.explore.requests import (
    Drawn,
    DrawNeighbours,
    DrawPicture,
    ModelReady,
    OpenModel,
    OpenWeights,
    SampleRequest,
)
from gan_studio.engine.explore.sampler import SNAPSHOTS_IN_MEMORY, Sampler
from gan_studio.engine.files.toml import read_toml
from gan_studio.engine.latent import LatentPoint, draw_point, neighbours
from gan_studio.engine.models.networks import build_networks
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.checkpoint import state_hash
from gan_studio.engine.run.contents import read_run
from gan_studio.engine.run.folder import RunFolder, open_run
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest
from tests.engine.references import References
from tests.engine.runs import TINY, generator_arrays, tiny

LATENT = TINY.model.latent_dim


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, references: References) -> RunFolder:
    """Train a run of 12 steps."""
    place = tmp_path_factory.mktemp("sampler") / "run"
    references.copy_to(place)
    return open_run(place)


def point(seed: int = 0) -> LatentPoint:
    return draw_point(seed, LATENT, TINY.model.prior)


def opened(run: RunFolder, config: RunConfig = TINY) -> Sampler:
    sampler = Sampler()
    assert isinstance(sampler.handle(OpenModel(config, run)), ModelReady)
    return sampler


def drawn(sampler: Sampler, request: SampleRequest) -> Drawn:
    reply = sampler.handle(request)
    assert isinstance(reply, Drawn), reply
    return reply


def test_that_a_sample_seed_is_the_same_picture_as_in_a_script(run: RunFolder) -> None:
    sampler = opened(run)
    script = load_run(run.root).sample(5)
    for seed in range(5):
        reply = drawn(sampler, DrawPicture(point(seed)))
        assert np.array_equal(reply.images[0], script[seed])
        assert reply.points == (point(seed),)
        assert reply.moment == Moment(0, 12)


def test_that_neighbours_come_in_the_order_they_were_asked_for(run: RunFolder) -> None:
    sampler, around = opened(run), neighbours(point(), 9, 0.5, TINY.model.prior)
    reply = drawn(sampler, DrawNeighbours(around))
    assert reply.points == around
    for index in (0, 4, 8):
        alone = drawn(sampler, DrawPicture(around[index])).images[0]
        assert np.abs(reply.images[index].astype(int) - alone).max() <= 1  # a batch may round otherwise


def test_that_an_earlier_generator_draws_the_same_point_otherwise(run: RunFolder) -> None:
    sampler = opened(run)
    early, late = (drawn(sampler, DrawPicture(point(), moment)) for moment in (Moment(0, 0), None))
    assert early.moment == Moment(0, 0)
    assert not np.array_equal(early.images, late.images)
    assert np.array_equal(early.images[0], load_run(run.root, step=0).sample(1)[0])


def test_that_going_through_all_snapshots_and_back_gives_the_same_pictures(run: RunFolder) -> None:
    sampler, moments = opened(run), run.snapshots()
    assert len(moments) > SNAPSHOTS_IN_MEMORY
    there = [drawn(sampler, DrawPicture(point(), moment)).images for moment in moments]
    back = [drawn(sampler, DrawPicture(point(), moment)).images for moment in reversed(moments)]
    assert all(np.array_equal(one, other) for one, other in zip(there, reversed(back), strict=True))


def test_that_a_snapshot_that_is_gone_is_told_in_three_parts_and_others_still_draw(run: RunFolder) -> None:
    sampler = opened(run)
    reply = sampler.handle(DrawPicture(point(), Moment(0, 7)))
    assert isinstance(reply, NotDone)
    assert "b0-step-000000007" in str(reply.happened)
    assert str(reply.kept)
    assert str(reply.todo)
    assert isinstance(sampler.handle(DrawPicture(point())), Drawn)


def test_that_before_a_run_is_opened_nothing_is_drawn() -> None:
    for request in (DrawPicture(point()), DrawPicture(point(), Moment(0, 4)), DrawNeighbours((point(),))):
        assert isinstance(Sampler().handle(request), NotDone)


def test_that_a_run_without_checkpoints_is_told(tmp_path: Path) -> None:
    (tmp_path / "checkpoints").mkdir()
    reply = Sampler().handle(OpenModel(TINY, RunFolder(tmp_path)))
    assert isinstance(reply, NotDone)
    assert "no checkpoint" in str(reply.happened)


def test_that_weights_of_another_network_are_refused_and_the_present_ones_stay(run: RunFolder) -> None:
    sampler = opened(run)
    before = drawn(sampler, DrawPicture(point())).images
    wrong = dict(generator_arrays(run))
    name = sorted(wrong)[0]
    wrong[name] = np.zeros((2, 2), np.float32)
    assert isinstance(sampler.handle(WeightsPublished(Moment(0, 99), wrong)), NotDone)
    assert np.array_equal(drawn(sampler, DrawPicture(point())).images, before)


@pytest.mark.parametrize("numbers", [LATENT - 1, LATENT + 1, 0])
def test_that_a_point_of_another_latent_space_is_refused_not_raised(run: RunFolder, numbers: int) -> None:
    """A picture may still be asked for by the sliders of the run before when another one is opened."""
    sampler = opened(run)
    stale = LatentPoint((0.5,) * numbers)
    assert isinstance(sampler.handle(DrawPicture(stale)), NotDone)
    assert isinstance(sampler.handle(DrawNeighbours((point(), stale))), NotDone)
    assert isinstance(sampler.handle(DrawPicture(point())), Drawn)


def test_that_now_follows_newer_weights(run: RunFolder) -> None:
    sampler = Sampler()
    assert isinstance(sampler.handle(OpenModel(TINY, run, live=True)), ModelReady)
    assert isinstance(sampler.handle(DrawPicture(point())), NotDone)  # nothing was published yet
    pictures = []
    for step in (4, 12):
        weights = generator_arrays(run, Moment(0, step))
        assert sampler.handle(WeightsPublished(Moment(0, step), weights)) == ModelReady(Moment(0, step))
        reply = drawn(sampler, DrawPicture(point()))
        assert reply.moment == Moment(0, step)
        pictures.append(reply.images)
    assert not np.array_equal(*pictures)


def test_that_what_is_worked_out_from_the_weights_follows_them(run: RunFolder) -> None:
    resize = tiny(model__upsampling="resize")
    sampler = Sampler()
    sampler.handle(OpenModel(resize, run, live=True))
    for seed in (0, 1):
        generator, _ = build_networks(tiny(model__upsampling="resize", seed=seed), torch.device("cpu"))
        weights = {name: tensor.numpy() for name, tensor in generator.state_dict().items()}
        sampler.handle(WeightsPublished(Moment(0, seed), weights))
        z = np.array([point().values], np.float32)
        assert np.array_equal(drawn(sampler, DrawPicture(point())).images, draw_pictures(generator.eval(), z))


def test_that_changing_published_weights_afterwards_changes_no_picture(run: RunFolder) -> None:
    sampler = opened(run)
    weights = {name: array.copy() for name, array in generator_arrays(run).items()}
    sampler.handle(WeightsPublished(Moment(0, 12), weights))
    before = drawn(sampler, DrawPicture(point())).images
    for array in weights.values():
        array[...] = 0
    assert np.array_equal(drawn(sampler, DrawPicture(point())).images, before)


def test_that_drawing_moves_no_statistic(run: RunFolder) -> None:
    sampler = opened(run)
    first = drawn(sampler, DrawPicture(point())).images
    for seed in range(1, 30):
        sampler.handle(DrawPicture(point(seed)))
    assert np.array_equal(drawn(sampler, DrawPicture(point())).images, first)


NAMES = ("shirt", "bag", "boot")
ASKED = tiny(model__conditional=True)


def asked(sampler: Sampler, *blends: tuple[float, ...]) -> np.ndarray:
    """Draw one z by several blends of the classes."""
    return drawn(sampler, DrawNeighbours(tuple(point().with_blend(blend) for blend in blends))).images


@pytest.fixture
def by_class(run: RunFolder) -> Sampler:
    """Explore a generator of three classes that has only just begun."""
    generator, _ = build_networks(ASKED, torch.device("cpu"), len(NAMES))
    sampler = Sampler()
    sampler.handle(OpenModel(ASKED, run, live=True, class_names=NAMES))
    weights = {name: tensor.numpy() for name, tensor in generator.state_dict().items()}
    weights = {name: 20 * array if name.endswith(".scale") else array for name, array in weights.items()}
    assert isinstance(sampler.handle(WeightsPublished(Moment(0, 1), weights)), ModelReady)
    return sampler


def test_that_each_class_draws_the_same_z_otherwise(by_class: Sampler) -> None:
    one, other, again = asked(by_class, (1, 0, 0), (0, 1, 0), (1, 0, 0))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def test_that_a_blend_lies_between_its_classes(by_class: Sampler) -> None:
    pictures = asked(by_class, *((1 - share, share, 0.0) for share in np.linspace(0, 1, 9))).astype(np.int64)
    ways = np.abs(np.diff(pictures, axis=0)).mean(axis=(1, 2, 3))
    assert 0 < ways.max() < np.abs(pictures[-1] - pictures[0]).mean()


@pytest.mark.parametrize("blend", [(), (1.0,), (0.5, 0.5), (0.25,) * 4])
def test_that_a_point_of_other_classes_is_refused_not_raised(by_class: Sampler, blend: tuple[float, ...]) -> None:
    assert isinstance(by_class.handle(DrawPicture(point().with_blend(blend))), NotDone)
    assert isinstance(by_class.handle(DrawPicture(point().with_blend((0, 0, 1)))), Drawn)


def test_that_a_class_asked_of_a_run_without_classes_is_refused(run: RunFolder) -> None:
    assert isinstance(opened(run).handle(DrawPicture(point().with_blend((0, 1, 0)))), NotDone)


def test_that_weights_without_classes_are_told_where_classes_are_wanted(run: RunFolder) -> None:
    assert isinstance(Sampler().handle(OpenModel(ASKED, run, class_names=NAMES)), NotDone)


def test_that_exploring_in_another_thread_never_touches_training(
    run: RunFolder, tmp_path: Path, references: References
) -> None:
    plain = references.state_hash(tiny(training__steps=40))
    control, job = TrainingControl(), TrainingJob(RunRequest(tmp_path / "explored", tiny(training__steps=40)))
    sampler, guard, has_ended = Sampler(), threading.Lock(), threading.Event()
    replies: list[object] = []

    def explore() -> None:
        torch.set_num_threads(1)
        seed = 0
        while not has_ended.is_set():
            seed += 1
            with guard:
                replies.append(sampler.handle(DrawPicture(point(seed))))

    thread = threading.Thread(target=explore)
    for event in job.run(control):
        match event:
            case RunOpened(folder=folder):
                sampler.handle(OpenModel(TINY, RunFolder(folder), live=True))
                control.publish_weights()
            case WeightsPublished():
                with guard:
                    sampler.handle(event)
                if not thread.is_alive() and not has_ended.is_set():
                    thread.start()
            case MetricsLogged():
                control.publish_weights()
    has_ended.set()
    thread.join()
    assert any(isinstance(reply, Drawn) for reply in replies)
    assert job.trainer is not None
    assert state_hash(job.trainer.state) == plain


def test_that_opening_a_run_to_explore_it_parses_run_toml_once(run: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[Path] = []

    def counted(path: Path) -> dict[str, Any]:
        parsed.append(path)
        return read_toml(path)

    monkeypatch.setattr("gan_studio.engine.run.folder.read_toml", counted)
    contents = read_run(run.root)
    request = OpenModel(contents.config, contents.folder, class_names=contents.class_names)
    assert isinstance(Sampler().handle(request), ModelReady)
    assert parsed == [run.config_file]


def test_that_a_file_of_weights_is_explored_without_a_run_and_after_a_fault(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    sampler, request = Sampler(), OpenWeights(run.root / "a.safetensors", TINY, generator_arrays(run), 7)
    assert sampler.handle(request) == ModelReady(Moment(0, 7), request.place)
    expected = drawn(opened(run), DrawPicture(point())).images
    assert np.array_equal(drawn(sampler, DrawPicture(point())).images, expected)
    with monkeypatch.context() as patch:
        patch.setattr("gan_studio.engine.explore.sampler.draw_pictures", None)
        assert isinstance(sampler.handle(DrawPicture(point())), NotDone)
    assert np.array_equal(drawn(sampler, DrawPicture(point())).images, expected)
    assert isinstance(sampler.handle(DrawPicture(point(), Moment(0, 4))), NotDone)
    other = sampler.handle(OpenWeights(request.place, tiny(model__width=5), request.arrays))
    assert isinstance(other, NotDone)
    assert "not those of the model" in str(other.happened)


@pytest.mark.parametrize("fault", [MemoryError(), RuntimeError("something else"), torch.OutOfMemoryError("CUDA out")])
def test_that_a_fault_of_the_machine_is_told_and_the_explorer_lives_on(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    sampler = opened(run)

    def broken(*_: object) -> None:
        raise fault

    with monkeypatch.context() as patch:
        patch.setattr("gan_studio.engine.explore.sampler.draw_pictures", broken)
        reply = sampler.handle(DrawPicture(point()))
    assert isinstance(reply, NotDone)
    assert all(str(part) for part in (reply.happened, reply.kept, reply.todo))
    assert drawn(sampler, DrawPicture(point())).moment == Moment(0, 12)
    assert isinstance(sampler.handle(OpenModel(TINY, run)), ModelReady)
    assert drawn(sampler, DrawPicture(point())).moment == Moment(0, 12)
