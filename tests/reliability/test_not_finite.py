"""NaN and infinity, let in at every place there is: nothing kept ever holds them, and the run waits at a good state."""

import itertools
import math
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from gan_studio.bench.plain_step import train_step
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
from gan_studio.engine.sheet import Sheet
from gan_studio.engine.step.noise import StepNoise
from gan_studio.engine.step.soundness import Soundness
from gan_studio.engine.step.state import TrainingState, build_state
from gan_studio.engine.step.step import StepSettings
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest
from tests.engine.pictures import load
from tests.engine.references import References
from tests.engine.runs import finish, resume
from tests.reliability.ledger import Page
from tests.reliability.same_run import small
from tests.reliability.spoiling import BETWEEN_STEPS, IN_A_STEP, MODELS, Fault, Inspector

SAVED, BROKEN, STEPS = 4, 6, 10
"""The last good checkpoint, the step that is broken, and where the run ends."""

Patch = pytest.MonkeyPatch
SpoilableTensor = Callable[[TrainingState], torch.Tensor]


Sound = Callable[[str], str]


@pytest.fixture
def sound(references: References, pictures: Path) -> Sound:
    """Return the hash of the run of a model that meets no fault."""
    return lambda model: references.state_hash(setup(pictures, model))


@pytest.mark.parametrize("model", MODELS)
def test_that_a_run_waits_at_its_last_good_state_and_goes_on_from_there(
    tmp_path: Path, pictures: Path, sound: Sound, monkeypatch: Patch, ledger: Page, model: str
) -> None:
    """Faults that come once, at each place in turn: the step is repeated, and the run ends as if nothing had been."""
    expected = sound(model)
    job, control = TrainingJob(RunRequest(tmp_path / "run", open_to_faults(pictures, model))), TrainingControl()
    faults = {where: Fault(job, BROKEN, strikes=0) for where in IN_A_STEP}
    waiting, met, gaps = list(faults.values()), list[BecameNotFinite](), 0
    for event in watched(job, control):
        match event:
            case RunOpened() if job.trainer is not None:
                for where, fault in faults.items():
                    IN_A_STEP[where][0](fault, job.trainer.state, monkeypatch)
                waiting.pop(0).strikes = 1
            case MetricsLogged(steps, values):
                gaps += int(np.isnan(values[steps == BROKEN]).any())
            case BecameNotFinite():
                met.append(event)
                assert None in row_of(job.request.place, 0, BROKEN)
            case PhaseChanged(RunPhase.PAUSED):
                assert hash_of(job) == saved_hash(job)
                for fault in waiting[:1]:
                    waiting.remove(fault)
                    fault.strikes = 1
                control.resume()
    assert [(event.step, event.back_to) for event in met] == [(BROKEN, (0, SAVED))] * len(faults)
    for event, (where, fault) in zip(met, faults.items(), strict=True):
        is_hidden = fault.struck == 1 < MODELS[model].get("training__d_steps", 1)
        assert event.place.key == IN_A_STEP[where][1] or is_hidden, where
        ledger.injected(promise=6, injector=f"NaN in {where}", count=1)
    assert gaps == len(faults)
    assert sum(f"step {BROKEN}," in text for _, text in read_notes(job.request.place / "run.sqlite")) == len(faults)
    assert None not in row_of(job.request.place, 0, BROKEN)
    assert hash_of(job) == expected


@pytest.mark.parametrize("model", MODELS)
def test_that_a_run_that_breaks_goes_on_in_a_branch_with_half_the_rates(
    tmp_path: Path, pictures: Path, monkeypatch: Patch, ledger: Page, model: str
) -> None:
    """With batch norm it breaks at each place, each time in the branch that the fault before it began."""
    places = list(IN_A_STEP) if model == "batch norm" else ["activations of G"]
    job, control = TrainingJob(RunRequest(tmp_path / "run", open_to_faults(pictures, model))), TrainingControl()
    met, begun, halved = list[Moment](), list[BranchBegun](), list[tuple[float, float]]()
    for event in watched(job, control):
        match event:
            case RunOpened() if job.trainer is not None:
                for branch, where in enumerate(places):
                    IN_A_STEP[where][0](Fault(job, BROKEN, branch), job.trainer.state, monkeypatch)
            case BecameNotFinite(step, back_to=good):
                assert step == BROKEN
                met.append(good)
                control.roll_back(good.step, rate_share=0.5)
                control.resume()
            case BranchBegun():
                begun.append(event)
            case MetricsLogged() if job.trainer is not None and len(halved) < len(begun):
                halved.append(rates_of(job.trainer.state.knobs))
    branches = range(len(places))
    assert met == [(branch, SAVED) for branch in branches]
    assert [(event.moment, event.left) for event in begun] == [((n + 1, SAVED), (n, SAVED)) for n in branches]
    assert job.trainer is not None
    state = job.trainer.state
    assert (state.branch, state.step) == (len(places), STEPS)
    assert rates_of(begun[0].knobs) == (2e-4, 2e-4)
    assert halved == [tuple(rate / 2 for rate in rates_of(event.knobs)) for event in begun]
    assert rates_of(state.knobs) == halved[-1]
    for branch in branches:
        assert None in row_of(job.request.place, branch, BROKEN)
    assert None not in row_of(job.request.place, len(places), BROKEN)
    assert hash_of(resume(job.request.place)) == hash_of(job)
    for where in places:
        ledger.injected(promise=6, injector=f"NaN in {where}", count=1)


def test_that_going_on_unchanged_meets_a_lasting_fault_again(
    tmp_path: Path, pictures: Path, monkeypatch: Patch, ledger: Page
) -> None:
    job, control, met = (
        TrainingJob(RunRequest(tmp_path / "run", open_to_faults(pictures, "batch norm"))),
        TrainingControl(),
        [],
    )
    for event in watched(job, control):
        match event:
            case RunOpened() if job.trainer is not None:
                IN_A_STEP["a gradient of D"][0](Fault(job, BROKEN), job.trainer.state, monkeypatch)
            case BecameNotFinite():
                met.append((event.step, event.place, event.back_to.step))
            case PhaseChanged(RunPhase.PAUSED) if len(met) == 3:
                control.stop()
            case PhaseChanged(RunPhase.PAUSED):
                control.resume()
    assert met[1:] == met[:-1]
    assert RunFolder(job.request.place).checkpoints()[-1] == Moment(0, SAVED)
    ledger.injected(promise=6, injector="NaN in a gradient of D, each time", count=len(met))


def test_that_a_state_that_memory_spoilt_is_never_kept(
    tmp_path: Path, pictures: Path, sound: Sound, ledger: Page
) -> None:
    """Each tensor is spoilt in turn in the middle of the run, which then goes back and comes by that step again."""
    job = TrainingJob(RunRequest(tmp_path / "run", setup(pictures, "batch norm")))
    spoil_and_check(job, BROKEN, BETWEEN_STEPS)
    assert hash_of(resume(tmp_path / "run")) == sound("batch norm")
    for where, (_, value) in BETWEEN_STEPS.items():
        ledger.injected(promise=6, injector=f"{value} in {where}, between two steps", count=1)


@pytest.mark.parametrize("where", BETWEEN_STEPS)
def test_that_a_state_that_is_spoilt_at_the_very_end_is_never_kept(
    tmp_path: Path, pictures: Path, sound: Sound, ledger: Page, where: str
) -> None:
    """The run ends at its last good state then, and a resume goes on from there."""
    expected, job = sound("batch norm"), TrainingJob(RunRequest(tmp_path / "run", setup(pictures, "batch norm")))
    spoil_and_check(job, STEPS, {where: BETWEEN_STEPS[where]})
    assert hash_of(resume(tmp_path / "run")) == expected
    ledger.injected(promise=6, injector=f"{BETWEEN_STEPS[where][1]} in {where}, between two steps", count=1)


def test_that_no_setting_can_be_infinite(tmp_path: Path, pictures: Path, sound: Sound) -> None:
    config, control = setup(pictures, "batch norm"), TrainingControl()
    names = ("learning_rate_g", "learning_rate_d", "instance_noise", "ema_half_life", "r1")
    values = (math.inf, math.nan, -math.inf)
    for name, value in itertools.product(names, values):
        with pytest.raises(ValidationError):
            with_values(config, {f"training.{name}": value})
        control.set_knob(name, value)
    job = TrainingJob(RunRequest(tmp_path / "run", config))
    refused = [str(event.message) for event in finish(job, control) if isinstance(event, Noticed)]
    assert [name for name in names if sum(name in text for text in refused) != len(values)] == []
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
    """Run a job that saves once, at step SAVED; inspect it at every event."""
    inspector, is_saved = inspector or Inspector(job), False
    for event in job.run(control):
        assert not isinstance(event, RunFailed), f"{event.happened} {event.traceback}"
        if isinstance(event, BecameNotFinite):
            inspector.is_spoilt = False
        inspector.look(event)
        if isinstance(event, SamplesDrawn) and event.sheet.moment.step == SAVED and not is_saved:
            control.checkpoint_now()
            is_saved = True
        yield event


def spoil_and_check(job: TrainingJob, after: int, tensors: Mapping[str, tuple[SpoilableTensor, float]]) -> None:
    """Run a job, spoil one tensor after the other at a step, and check that each is noticed and kept nowhere."""
    control, inspector, met, waiting = TrainingControl(), Inspector(job), list[BecameNotFinite](), [*tensors.values()]
    for event in watched(job, control, inspector):
        match event:
            case SamplesDrawn(Sheet(Moment(step=step))) if step == after and waiting and not inspector.is_spoilt:
                assert job.trainer is not None
                tensor, value = waiting.pop(0)
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
    assert [event.back_to.step for event in met] == [SAVED] * len(tensors)
    assert inspector.files > STEPS


def rates_of(knobs: Mapping[str, float]) -> tuple[float, float]:
    return knobs["learning_rate_g"], knobs["learning_rate_d"]


def hash_of(job: TrainingJob) -> str:
    assert job.trainer is not None
    return state_hash(job.trainer.state)


def saved_hash(job: TrainingJob) -> str:
    """Hash the state of the checkpoint at SAVED, read anew."""
    folder = RunFolder(job.request.place)
    kept = read_tensor_file(folder.checkpoint(Moment(0, SAVED)))
    file = folder.read()
    state = build_state(file.config, torch.device("cpu"), len(file.class_names))
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
