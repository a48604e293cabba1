"""Observation is free: a run that is looked at, in every way there is, is the same run, bit for bit."""

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
import torch

from gan_studio.engine.control import TrainingControl
from gan_studio.engine.data.pixels import to_model_range
from gan_studio.engine.events import (
    CheckpointSaved,
    PhaseChanged,
    RunOpened,
    RunPhase,
    SamplesDrawn,
    TrainingEvent,
    WeightsPublished,
)
from gan_studio.engine.explore.drawing import draw_pictures
from gan_studio.engine.explore.requests import Drawn, DrawNeighbours, DrawPicture, OpenModel
from gan_studio.engine.explore.sampler import Sampler
from gan_studio.engine.latent import LatentPoint
from gan_studio.engine.machine import decision
from gan_studio.engine.machine.devices import prepare_thread
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.checkpoint import newest_checkpoint, restore, state_hash
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.step.state import build_state
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest
from tests.engine.pictures import load
from tests.reliability.ledger import Page
from tests.reliability.same_run import small

STEPS = 24


@dataclass
class Watched:
    """A run and what its watcher needs of it.

    Attributes:
        seen: how often the watcher did what it does.
        asked: of which moments it has asked for a sheet.
    """

    job: TrainingJob
    control: TrainingControl
    chance: random.Random = field(default_factory=lambda: random.Random(4))
    seen: int = 0
    asked: set[Moment] = field(default_factory=set)


Watcher = Callable[[Watched, TrainingEvent], None]


def asks_for_sheets(run: Watched, event: TrainingEvent) -> None:
    """Ask for one more sheet of each step: the answer is a sheet, too."""
    if isinstance(event, SamplesDrawn) and event.sheet.moment not in run.asked:
        run.control.sample_now()
        run.asked.add(event.sheet.moment)
        run.seen += 1


def asks_for_weights(run: Watched, event: TrainingEvent) -> None:
    run.control.publish_weights()
    run.seen += isinstance(event, WeightsPublished)


def saves(run: Watched, event: TrainingEvent) -> None:
    if isinstance(event, SamplesDrawn):
        run.control.checkpoint_now()
    run.seen += isinstance(event, CheckpointSaved)


def pauses(run: Watched, event: TrainingEvent) -> None:
    match event:
        case SamplesDrawn() if run.chance.random() < 0.3:
            run.control.pause()
        case PhaseChanged(RunPhase.PAUSED):
            run.seen += 1
            if run.chance.random() < 0.5:
                run.control.step_once()
            run.control.resume()


def evaluates(run: Watched, event: TrainingEvent) -> None:
    """Judge held-out pictures and generated ones by the networks of the newest checkpoint, with torch's own dice."""
    saves(run, event)
    if not isinstance(event, CheckpointSaved):
        return
    config = RunFolder(run.job.request.place).read().config
    state = build_state(config, torch.device("cpu"))
    restore(state, newest_checkpoint(RunFolder(run.job.request.place), state, config)[0])
    pictures, _ = load(config.data)
    torch.manual_seed(run.seen)
    z = torch.randn(64, config.model.latent_dim)
    with torch.no_grad():
        held_out = to_model_range(torch.from_numpy(pictures.images[pictures.held_out]))
        assert torch.isfinite(state.discriminator(held_out)).all()
        assert torch.isfinite(state.discriminator(state.generator(z))).all()
    np.random.seed(run.seen)  # noqa: NPY002  (whoever evaluates may do this)


def looks_at_the_state(run: Watched, event: TrainingEvent) -> None:
    """Read what is in memory, and draw by the trainer's own average, between two steps."""
    if isinstance(event, SamplesDrawn) and run.job.trainer is not None:
        state = run.job.trainer.state
        state_hash(state)
        draw_pictures(state.generator_ema, np.zeros((4, 8), np.float32))
        run.seen += 1


def does_nothing(run: Watched, event: TrainingEvent) -> None:
    run.seen += 1


@pytest.fixture(autouse=True, scope="module")
def two_threads() -> Iterator[None]:
    """Give the steps of these runs two threads, which whoever draws in between could disturb."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decision, "step_threads", lambda: 2)
        yield


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory, pictures: Path) -> str:
    """Hash the run that nobody looks at: it draws the fewest sheets that it can, and no explorer is there."""
    changes = {"record__sample_every": 1_000_000, "record__snapshot_every": 1_000_000}
    place = tmp_path_factory.mktemp("plain") / "run"
    return watched(place, pictures, does_nothing, **changes)


def watched(place: Path, pictures: Path, watcher: Watcher, **changes: object) -> str:
    """Train with a watcher, and return the hash of the last state."""
    config = small(pictures, training__steps=STEPS, data__held_out=0.25, **changes)
    run = Watched(TrainingJob(RunRequest(place, config)), TrainingControl())
    for event in run.job.run(run.control):
        watcher(run, event)
    assert run.seen > 0
    assert run.job.trainer is not None
    assert run.job.trainer.state.step == STEPS
    return state_hash(run.job.trainer.state)


@pytest.mark.parametrize(
    "watcher",
    [does_nothing, asks_for_sheets, asks_for_weights, saves, pauses, evaluates, looks_at_the_state],
    ids=lambda watcher: watcher.__name__,
)
def test_that_looking_changes_nothing(
    tmp_path: Path, pictures: Path, plain: str, ledger: Page, watcher: Watcher
) -> None:
    """Each run draws a sheet and writes a snapshot at every step as well."""
    assert watched(tmp_path / "run", pictures, watcher) == plain
    ledger.injected(promise=4, injector=watcher.__name__.replace("_", " "), count=STEPS)


def test_that_exploring_as_fast_as_it_goes_changes_nothing(
    tmp_path: Path, pictures: Path, plain: str, ledger: Page
) -> None:
    with exploring() as explorer:
        assert watched(tmp_path / "run", pictures, explorer.watch) == plain
    assert explorer.drawn > 0
    ledger.injected(promise=4, injector="an explorer that draws as fast as it goes", count=explorer.drawn)


def test_that_a_look_that_does_change_something_would_be_noticed(tmp_path: Path, pictures: Path, plain: str) -> None:
    def touches(run: Watched, event: TrainingEvent) -> None:
        if isinstance(event, SamplesDrawn) and event.sheet.moment.step == 5 and run.job.trainer is not None:
            run.seen += 1
            run.job.trainer.state.generator(torch.zeros(4, 8), None)  # in train mode: it moves the statistics

    assert watched(tmp_path / "run", pictures, touches) != plain


class Explorer:
    """A person at the explorer, whose hand never rests.

    Attributes:
        drawn: pictures drawn.
    """

    def __init__(self) -> None:
        self.drawn = 0
        self._requests: list[OpenModel | WeightsPublished] = []
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._draw)

    def watch(self, run: Watched, event: TrainingEvent) -> None:
        """Open the run, and take every newer generator."""
        match event:
            case RunOpened():
                self._requests.append(OpenModel(event.config, RunFolder(event.folder), live=True))
                self._thread.start()
            case SamplesDrawn():
                run.control.publish_weights()
            case WeightsPublished():
                self._requests.append(event)
                run.seen += 1

    def end(self) -> None:
        """Draw at least once, and end."""
        self._is_over.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _draw(self) -> None:
        prepare_thread(threads=1)
        sampler, chance = Sampler(), np.random.default_rng(0)
        has_weights = False
        while not self._is_over.is_set() or (self._requests and not self.drawn):
            while self._requests:
                request = self._requests.pop(0)
                has_weights |= isinstance(request, WeightsPublished)
                sampler.handle(request)
            if has_weights:
                points = tuple(LatentPoint(tuple(map(float, chance.standard_normal(8)))) for _ in range(9))
                replies = (sampler.handle(DrawPicture(points[0])), sampler.handle(DrawNeighbours(points)))
                assert all(isinstance(reply, Drawn) for reply in replies)
                self.drawn += 10


@contextmanager
def exploring() -> Iterator[Explorer]:
    explorer = Explorer()
    try:
        yield explorer
    finally:
        explorer.end()
