"""NaN and infinity, let in at every place there is: nothing kept ever holds them, and the run waits at a good state."""

import math
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from gan_studio.engine.config.schema import RunConfig, with_values
from gan_studio.engine.control import TrainingControl
from gan_studio.engine.data.feed import PictureFeed
from gan_studio.engine.events import (
    BecameNotFinite,
    BranchBegun,
    MetricsLogged,
    Noticed,
    PhaseChanged,
    RunFailed,
    RunOpened,
    RunPhase,
    SamplesDrawn,
    TrainingEvent,
)
from gan_studio.engine.files.tensors import read_tensor_file
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.checkpoint import state_hash
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.run.log import read_notes
from gan_studio.engine.step.noise import StepNoise
from gan_studio.engine.step.soundness import Soundness
from gan_studio.engine.step.state import TrainingState, build_state
from gan_studio.engine.step.step import StepSettings, train_step
from gan_studio.engine.training.job import TrainingJob
from tests.engine.pictures import load
from tests.engine.runs import finish, resume, train
from tests.reliability.ledger import Page
from tests.reliability.same_run import make_pictures, small
from tests.reliability.spoiling import BETWEEN_STEPS, IN_A_STEP, MODELS, Fault, Inspector

SAVED, BROKEN, STEPS = 4, 6, 10
"""The last good checkpoint, the step that is broken, and where the run ends."""

Patch = pytest.MonkeyPatch


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the pictures that the runs train on."""
    return make_pictures(tmp_path_factory.mktemp("pictures") / "noise")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory, pictures: Path) -> Callable[[str], str]:
    """Return the hash of the run of a model that meets no fault."""
    known: dict[str, str] = {}

    def hash_of_model(model: str) -> str:
        if model not in known:
            known[model] = hash_of(train(tmp_path_factory.mktemp("sound") / "run", setup(pictures, model)))
        return known[model]

    return hash_of_model


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("where", IN_A_STEP)
def test_that_a_run_waits_at_its_last_good_state_and_goes_on_from_there(
    tmp_path: Path,
    pictures: Path,
    sound: Callable[[str], str],
    monkeypatch: Patch,
    ledger: Page,
    where: str,
    model: str,
) -> None:
    """A fault that comes once: the step is done again, and the run ends as if nothing had been."""
    job, control = TrainingJob(tmp_path / "run", open_to_faults(pictures, model)), TrainingControl()
    fault, inject, met, gaps = Fault(job, BROKEN, strikes=1), IN_A_STEP[where][0], list[BecameNotFinite](), 0
    for event in watched(job, control):
        match event:
            case RunOpened() if job.trainer is not None:
                inject(fault, job.trainer.state, monkeypatch)
            case MetricsLogged(steps, values):
                gaps += int(np.isnan(values[steps == BROKEN]).any())
            case BecameNotFinite():
                met.append(event)
                assert None in row_of(job.place, 0, BROKEN)
            case PhaseChanged(RunPhase.PAUSED):
                assert hash_of(job) == saved_hash(job)
                control.resume()
    assert [(event.step, event.branch, event.back_at) for event in met] == [(BROKEN, 0, SAVED)]
    assert met[0].place.key == IN_A_STEP[where][1] or fault.struck == 1 < MODELS[model].get("training__d_steps", 1)
    assert gaps == 1
    assert f"Step {BROKEN}" in read_notes(job.place / "run.sqlite")[-1][1]
    assert None not in row_of(job.place, 0, BROKEN)
    assert hash_of(job) == sound(model)
    ledger.injected(promise=6, injector=f"NaN in {where}", count=1)


@pytest.mark.parametrize(
    ("where", "model"),
    [*((where, "batch norm") for where in IN_A_STEP), *(("activations of G", model) for model in MODELS)],
)
def test_that_a_run_that_breaks_goes_on_in_a_branch_with_half_the_rates(
    tmp_path: Path, pictures: Path, monkeypatch: Patch, ledger: Page, where: str, model: str
) -> None:
    job, control = TrainingJob(tmp_path / "run", open_to_faults(pictures, model)), TrainingControl()
    begun = list[BranchBegun]()
    for event in watched(job, control):
        match event:
            case RunOpened() if job.trainer is not None:
                IN_A_STEP[where][0](Fault(job, BROKEN, branch=0), job.trainer.state, monkeypatch)
            case BecameNotFinite(back_at=step):
                control.roll_back(step, rate_share=0.5)
                control.resume()
            case BranchBegun():
                begun.append(event)
    assert [(event.branch, event.parent, event.step) for event in begun] == [(1, 0, SAVED)]
    assert job.trainer is not None
    state = job.trainer.state
    assert (state.branch, state.step) == (1, STEPS)
    assert (state.knobs["learning_rate_g"], state.knobs["learning_rate_d"]) == (1e-4, 1e-4)
    assert None in row_of(job.place, 0, BROKEN)
    assert None not in row_of(job.place, 1, BROKEN)
    assert hash_of(resume(job.place)) == hash_of(job)
    ledger.injected(promise=6, injector=f"NaN in {where}", count=1)


def test_that_going_on_unchanged_meets_a_lasting_fault_again(
    tmp_path: Path, pictures: Path, monkeypatch: Patch, ledger: Page
) -> None:
    job, control, met = TrainingJob(tmp_path / "run", open_to_faults(pictures, "batch norm")), TrainingControl(), []
    for event in watched(job, control):
        match event:
            case RunOpened() if job.trainer is not None:
                IN_A_STEP["a gradient of D"][0](Fault(job, BROKEN), job.trainer.state, monkeypatch)
            case BecameNotFinite():
                met.append((event.step, event.place, event.back_at))
            case PhaseChanged(RunPhase.PAUSED) if len(met) == 3:
                control.stop()
            case PhaseChanged(RunPhase.PAUSED):
                control.resume()
    assert met[1:] == met[:-1]
    assert RunFolder(job.place).checkpoints()[-1] == Moment(0, SAVED)
    ledger.injected(promise=6, injector="NaN in a gradient of D, each time", count=len(met))


@pytest.mark.parametrize("after", [BROKEN, STEPS], ids=["in the middle", "at the very end"])
@pytest.mark.parametrize("where", BETWEEN_STEPS)
def test_that_a_state_that_memory_spoilt_is_never_kept(
    tmp_path: Path, pictures: Path, sound: Callable[[str], str], ledger: Page, where: str, after: int
) -> None:
    job, control = TrainingJob(tmp_path / "run", setup(pictures, "batch norm")), TrainingControl()
    inspector, met = Inspector(job), list[BecameNotFinite]()
    tensor, value = BETWEEN_STEPS[where]
    for event in watched(job, control, inspector):
        match event:
            case SamplesDrawn(step) if step == after and not met and job.trainer is not None:
                with torch.no_grad():
                    spoilt = tensor(job.trainer.state)
                    spoilt[(0,) * spoilt.dim()] = value
                inspector.is_spoilt = True
                control.publish_weights()
                control.sample_now()
            case BecameNotFinite():
                met.append(event)
                assert hash_of(job) == saved_hash(job)
            case PhaseChanged(RunPhase.PAUSED):
                control.resume()
    assert [event.back_at for event in met] == [SAVED]
    assert inspector.files > STEPS
    assert hash_of(resume(job.place)) == sound("batch norm")
    ledger.injected(promise=6, injector=f"{value} in {where}, between two steps", count=1)


@pytest.mark.parametrize("value", [math.inf, math.nan, -math.inf])
@pytest.mark.parametrize("name", ["learning_rate_g", "learning_rate_d", "instance_noise", "ema_half_life", "r1"])
def test_that_no_setting_can_be_infinite(
    tmp_path: Path, pictures: Path, sound: Callable[[str], str], name: str, value: float
) -> None:
    config, control = setup(pictures, "batch norm"), TrainingControl()
    with pytest.raises(ValidationError):
        with_values(config, {f"training.{name}": value})
    control.set_knob(name, value)
    job = TrainingJob(tmp_path / "run", config)
    assert any(isinstance(event, Noticed) for event in finish(job, control))
    assert hash_of(job) == sound("batch norm")


@pytest.mark.parametrize("model", MODELS)
def test_that_the_guard_changes_no_bit_of_a_sound_step(pictures: Path, monkeypatch: Patch, model: str) -> None:
    guarded = stepped(setup(pictures, model))
    for method in ("begin_step", "admit", "end_step"):
        monkeypatch.setattr(Soundness, method, lambda *_, **__: None)
    assert state_hash(stepped(setup(pictures, model))) == state_hash(guarded)


def setup(pictures: Path, model: str) -> RunConfig:
    settings = {"training__steps": STEPS, "training__rate_half_life": 0.0} | MODELS[model]
    return small(pictures, **settings)


def open_to_faults(pictures: Path, model: str) -> RunConfig:
    """Set up a run whose steps call hooks: captured ones are done again without Python, to the same bits."""
    return with_values(setup(pictures, model), {"capture_step": False})


def stepped(config: RunConfig) -> TrainingState:
    """Do two steps without a run around them."""
    pictures, _ = load(config.data)
    device, training = torch.device("cpu"), config.training
    state = build_state(config, device, len(pictures.class_names) if config.model.conditional else 0)
    feed = PictureFeed(config, pictures, device)
    for _ in range(2):
        batches = [feed.batch(state.pictures_seen + index, training.batch_size) for index in range(training.d_steps)]
        noise = StepNoise(config.seed, state.step, device)
        z = noise.z(training.d_steps, training.batch_size, config.model.latent_dim, config.model.prior)
        train_step(state, batches, z, noise, StepSettings(training.loss, "float32"))
    return state


def watched(job: TrainingJob, control: TrainingControl, inspector: Inspector | None = None) -> Iterator[TrainingEvent]:
    """Run a job that saves at step SAVED, inspected at every event."""
    inspector = inspector or Inspector(job)
    for event in job.run(control):
        assert not isinstance(event, RunFailed), f"{event.happened} {event.traceback}"
        if isinstance(event, BecameNotFinite):
            inspector.is_spoilt = False
        inspector.look(event)
        if isinstance(event, SamplesDrawn) and event.step == SAVED:
            control.checkpoint_now()
        yield event


def hash_of(job: TrainingJob) -> str:
    assert job.trainer is not None
    return state_hash(job.trainer.state)


def saved_hash(job: TrainingJob) -> str:
    """Hash the state of the checkpoint at SAVED, read anew."""
    folder = RunFolder(job.place)
    kept = read_tensor_file(folder.checkpoint(Moment(0, SAVED)))
    state = build_state(folder.read_config(), torch.device("cpu"), len(folder.class_names()))
    state.load_arrays(kept.arrays)
    state.step, state.pictures_seen = int(kept.metadata["step"]), int(kept.metadata["pictures_seen"])
    return state_hash(state)


def row_of(place: Path, branch: int, step: int) -> tuple[float | None, ...]:
    """Read the metrics of a step as run.sqlite holds them: None where they were not finite."""
    columns = "loss_d, loss_g, d_real, d_fake_before, d_fake_after, grad_norm_d, grad_norm_g"
    with closing(sqlite3.connect(place / "run.sqlite")) as connection:
        query = f"SELECT {columns} FROM metrics WHERE branch = ? AND step = ?"
        (row,) = connection.execute(query, (branch, step)).fetchall()
    found: tuple[float | None, ...] = row
    return found
