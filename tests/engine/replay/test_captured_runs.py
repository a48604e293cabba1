"""Whole runs whose steps are replayed."""

import gc
import math
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import tomli_w
import torch
from torch import Tensor
from torch.torch_version import TorchVersion

from gan_studio.engine.config.schema import RunConfig, with_values
from gan_studio.engine.control import TrainingControl
from gan_studio.engine.events import BecameNotFinite, BranchBegun, Noticed, PhaseChanged, RunPhase, SamplesDrawn
from gan_studio.engine.moment import Moment
from gan_studio.engine.replay.captured import CapturedStep
from gan_studio.engine.replay.cpu_record import Captured, NotCapturedError, Work, record
from gan_studio.engine.replay.cuda_graph import capture_graph
from gan_studio.engine.run.checkpoint import state_hash
from gan_studio.engine.run.log import read_notes
from gan_studio.engine.sheet import Sheet
from gan_studio.engine.step.noise import StepNoise
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest
from tests.engine.references import References
from tests.engine.runs import finish, resume, tiny, train

STEPS, SAVED, BROKEN = 14, 6, 10

NOISY = tiny(
    training__steps=STEPS,
    training__instance_noise=0.1,
    training__label_smoothing=0.1,
    training__augment_translation=True,
    training__rate_half_life=100.0,
    record__sample_every=2,
)
PLAIN = with_values(NOISY, {"capture_step": False})


@pytest.fixture
def captures(monkeypatch: pytest.MonkeyPatch) -> list[Captured]:
    """Collect the steps that were captured."""
    found: list[Captured] = []

    def collect(*given: Any) -> Captured:
        found.append(record(*given))
        return found[-1]

    monkeypatch.setattr("gan_studio.engine.replay.captured.record", collect)
    return found


@pytest.fixture(scope="module")
def whole(references: References) -> str:
    """Return the hash of the run NOISY, which is trained before a test counts what it captures."""
    return references.state_hash(NOISY)


@pytest.fixture(scope="module")
def plain(references: References) -> str:
    """Return the hash of the run PLAIN."""
    return references.state_hash(PLAIN)


def hash_of(job: TrainingJob) -> str:
    assert job.trainer is not None
    return state_hash(job.trainer.state)


def test_that_a_replayed_run_equals_one_that_was_not_captured(
    tmp_path: Path, plain: str, captures: list[Captured]
) -> None:
    replayed = train(tmp_path / "replayed", NOISY)
    assert len(captures) == 1
    assert hash_of(replayed) == plain


def test_that_a_run_that_is_not_to_be_captured_is_not(tmp_path: Path, captures: list[Captured]) -> None:
    train(tmp_path / "plain", with_values(PLAIN, {"training.steps": 5}))
    assert captures == []


def test_that_a_replayed_run_that_is_resumed_equals_an_uninterrupted_one(
    tmp_path: Path, whole: str, captures: list[Captured]
) -> None:
    train(tmp_path / "half", tiny(**_changes(NOISY), training__steps=STEPS // 2))
    assert hash_of(resume(tmp_path / "half", STEPS)) == whole
    assert len(captures) == 2


def test_that_nan_under_replay_is_met_at_its_step_and_the_run_ends_as_if_nothing_had_been(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: str, captures: list[Captured]
) -> None:
    job, control, met = TrainingJob(RunRequest(tmp_path / "broken", NOISY)), TrainingControl(), list[int]()
    plain, struck = StepNoise.z, list[bool]()

    def z(noise: StepNoise, *given: object) -> tuple[Tensor, ...]:
        drawn = plain(noise, *given)  # type: ignore[arg-type]
        if job.trainer is None or job.trainer.state.step != BROKEN - 1 or struck:
            return drawn
        struck.append(True)
        return tuple(part * math.nan for part in drawn)

    monkeypatch.setattr(StepNoise, "z", z)
    for event in job.run(control):
        match event:
            case SamplesDrawn(Sheet(Moment(step=step))) if step == SAVED:
                control.checkpoint_now()
            case BecameNotFinite(step, _, back_to) if job.trainer is not None:
                met += [step, back_to.step]
                assert all(torch.isfinite(tensor).all() for tensor in job.trainer.state.tensors().values())
            case PhaseChanged(RunPhase.PAUSED):
                control.resume()
    assert met == [BROKEN, SAVED]
    assert len(captures) == 1
    assert hash_of(job) == whole


def test_that_a_replayed_run_goes_back_as_a_plain_one_does(tmp_path: Path, captures: list[Captured]) -> None:
    ends = []
    for name, config in (("plain", PLAIN), ("replayed", NOISY)):
        job, control, branches = TrainingJob(RunRequest(tmp_path / name, config)), TrainingControl(), list[int]()
        for event in job.run(control):
            match event:
                case SamplesDrawn(Sheet(Moment(0, step))) if step == SAVED:
                    control.checkpoint_now()
                case SamplesDrawn(Sheet(Moment(0, step))) if step == BROKEN:
                    control.roll_back(SAVED, 0, 0.5)
                case BranchBegun(Moment(branch)):
                    branches.append(branch)
        assert branches == [1]
        ends.append(hash_of(job))
    assert ends[0] == ends[1]
    assert len(captures) == 1


def test_that_a_run_whose_device_cannot_capture_says_so_once_and_notes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(work: Work, *_: object) -> Captured:
        raise NotCapturedError("no graphs here", work())

    monkeypatch.setattr("gan_studio.engine.replay.captured.record", refuse)
    events = finish(TrainingJob(RunRequest(tmp_path / "run", NOISY)))
    told = [str(event.message) for event in events if isinstance(event, Noticed)]
    assert len(told) == 1
    assert "no graphs here" in told[0]
    assert [text for _, text in read_notes(tmp_path / "run" / "run.sqlite")] == told


def test_that_a_run_without_cuda_falls_back_by_what_torch_itself_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gan_studio.engine.training.trainer.CapturedStep", partial(CapturedStep, capture=capture_graph))
    events = finish(TrainingJob(RunRequest(tmp_path / "run", tiny(training__steps=5))))
    assert [event.message.key for event in events if isinstance(event, Noticed)] == ["device.capture_refused"]
    off = finish(TrainingJob(RunRequest(tmp_path / "off", tiny(training__steps=5, capture_step=False))))
    assert not [event for event in off if isinstance(event, Noticed)]


def test_that_captured_steps_can_be_turned_off_in_the_middle_of_a_run(tmp_path: Path) -> None:
    """Its file is edited, where a driver makes trouble: the bits of a run do not depend on it."""
    train(tmp_path / "run", tiny(training__steps=4))
    file = tmp_path / "run" / "run.toml"
    tree = tomllib.loads(file.read_text(encoding="utf-8"))
    tree["config"]["capture_step"] = False
    file.write_text(tomli_w.dumps(tree), encoding="utf-8")
    assert hash_of(resume(tmp_path / "run", 8)) == hash_of(train(tmp_path / "whole", tiny(training__steps=8)))


def _changes(config: RunConfig) -> dict[str, object]:
    training = config.training
    names = ("instance_noise", "label_smoothing", "augment_translation", "rate_half_life")
    return {f"training__{name}": getattr(training, name) for name in names} | {"record__sample_every": 2}


@pytest.mark.parametrize(
    ("version", "is_told", "has_ended", "let_go"),
    [
        ("2.11.0", False, False, 1),
        ("2.11.0", True, True, 0),
        ("2.13.1", True, False, 1),
        ("2.13.1", True, True, 0),
        ("2.14.1", True, False, 0),
        ("2.14.1", False, False, 0),
    ],
)
def test_that_a_failed_capture_ends_for_the_allocator_and_its_memory_is_let_go_of_once(
    monkeypatch: pytest.MonkeyPatch, version: str, is_told: bool, has_ended: bool, let_go: int
) -> None:
    """Stand in for a device.

    `is_told` where torch itself ended the allocation, `has_ended` where CUDA ended the capture as well, so that the
    graph lets go of its memory: both after a fault in Python.
    """
    released, collecting = [], []

    class Graph:
        def pool(self) -> object:
            if not has_ended:
                raise RuntimeError("Called CUDAGraph::pool() without a preceding successful capture.")
            return (0, 1)

    def end(_device: int, pool: object) -> None:
        if is_told:
            raise RuntimeError(f"endAllocatePool: not currently recording to {pool}")

    @contextmanager
    def graph(*_: object, **__: object) -> Iterator[None]:
        yield

    for name, stand_in in {
        "CUDAGraph": Graph,
        "graph_pool_handle": lambda: (0, 1),
        "current_stream": lambda: None,
        "current_device": lambda: 0,
        "graph": graph,
    }.items():
        monkeypatch.setattr(torch.cuda, name, stand_in)
    monkeypatch.setattr(torch, "__version__", TorchVersion(version))
    monkeypatch.setattr(torch._C, "_cuda_endAllocateToPool", end, raising=False)  # noqa: SLF001
    monkeypatch.setattr(torch._C, "_cuda_releasePool", lambda *told: released.append(told), raising=False)  # noqa: SLF001

    def work() -> list[torch.Tensor]:
        collecting.append(gc.isenabled())
        raise RuntimeError("the capture broke off")

    with pytest.raises(NotCapturedError):
        capture_graph(work)
    assert len(released) == let_go
    assert (collecting, gc.isenabled()) == ([False], True)
