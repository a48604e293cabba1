"""No memory left, or a device that is gone: explained, everything let go, and the run goes on with less."""

import sys
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.control import TrainingControl
from gan_studio.engine.events import (
    KnobChanged,
    PhaseChanged,
    RunFailed,
    RunOpened,
    RunPhase,
    SamplesDrawn,
    TrainingEvent,
)
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.checkpoint import state_hash
from gan_studio.engine.run.contents import read_run
from gan_studio.engine.run.log import read_knobs
from gan_studio.engine.sheet import Sheet
from gan_studio.engine.step.state import TrainingState
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest
from tests.engine.references import References
from tests.engine.runs import finish, tiny
from tests.reliability.children import answer_of
from tests.reliability.ledger import Page
from tests.reliability.machine_children import lose_the_device, replay_without_memory, use_up_memory
from tests.reliability.same_run import small

SAVED, FAILED, STEPS = 3, 6, 14

OUT_OF_MEMORY: dict[str, Callable[[], Exception]] = {
    "torch.OutOfMemoryError": lambda: torch.OutOfMemoryError(
        "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 7.79 GiB."
    ),
    "MemoryError": MemoryError,
    "the CPU allocator's RuntimeError": lambda: RuntimeError(
        "[enforce fail at alloc_cpu.cpp:121] err == 0. DefaultCPUAllocator: can't allocate memory: "
        "you tried to allocate 34359738368 bytes. Error code 12 (Cannot allocate memory)"
    ),
}


class Shortage:
    """Raises once, in the step that comes after FAILED - 1."""

    def __init__(self, job: TrainingJob, error: Callable[[], Exception]) -> None:
        self._job, self._error = job, error

    def strike(self, *_: object) -> None:
        """Raise when it is time."""
        if self._job.trainer is not None and self._job.trainer.state.step == FAILED - 1:
            raise self._error()


def in_the_forward_pass(state: TrainingState, shortage: Shortage) -> None:
    state.discriminator.register_forward_pre_hook(shortage.strike)


def in_the_backward_pass(state: TrainingState, shortage: Shortage) -> None:
    list(state.generator.parameters())[-1].register_hook(shortage.strike)


def in_the_optimizers_step(state: TrainingState, shortage: Shortage) -> None:
    step = state.optimizer_g.step

    def strike_first() -> None:
        shortage.strike()
        step()

    state.optimizer_g.step = strike_first  # type: ignore[method-assign]


PLACES = (in_the_forward_pass, in_the_backward_pass, in_the_optimizers_step)


@pytest.mark.parametrize("error", OUT_OF_MEMORY)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_that_running_out_of_memory_is_explained_and_everything_is_let_go(
    tmp_path: Path, pictures: Path, ledger: Page, place: Callable[[TrainingState, Shortage], None], error: str
) -> None:
    job = TrainingJob(RunRequest(tmp_path / "run", plainly(pictures)))
    failure, held = failed(job, place, OUT_OF_MEMORY[error])
    assert failure.question == "out_of_memory"
    assert failure.traceback == ""
    assert "not enough memory" in str(failure.happened)
    assert str(tmp_path / "run") in str(failure.kept)
    assert "half the batch" in str(failure.todo)
    assert [name for name, thing in held.items() if thing() is not None] == []
    ledger.injected(promise=7, injector=f"{error} {place.__name__.replace('_', ' ')}", count=1)


@pytest.mark.parametrize(
    ("error", "size"),
    [("torch.OutOfMemoryError", "2.1\u202fGB"), ("the CPU allocator's RuntimeError", "34\u202fGB")],
)
def test_that_the_size_that_was_asked_for_is_told(tmp_path: Path, pictures: Path, error: str, size: str) -> None:
    job = TrainingJob(RunRequest(tmp_path / "run", plainly(pictures)))
    assert size in str(failed(job, in_the_forward_pass, OUT_OF_MEMORY[error])[0].happened)


def test_that_a_fault_of_ours_is_not_taken_for_one_of_the_machine(tmp_path: Path, pictures: Path) -> None:
    job = TrainingJob(RunRequest(tmp_path / "run", plainly(pictures)))
    failure, _ = failed(job, in_the_forward_pass, lambda: RuntimeError("the sizes of tensors must match"))
    assert failure.question == ""
    assert "the sizes of tensors must match" in failure.traceback


def test_that_a_run_that_ran_out_of_memory_goes_on_with_half_the_batch(
    tmp_path: Path, pictures: Path, ledger: Page
) -> None:
    place = tmp_path / "run"
    failed(TrainingJob(RunRequest(place, plainly(pictures))), in_the_backward_pass, OUT_OF_MEMORY["MemoryError"])
    contents = read_run(place)
    assert contents.moment.step == SAVED
    control, job = TrainingControl(), TrainingJob(RunRequest(place))
    control.set_knob("batch_size", 4)
    assert KnobChanged(SAVED, "batch_size", 4) in finish(job, control)
    assert [(row.step, row.name, row.value) for row in read_knobs(place / "run.sqlite")] == [(SAVED, "batch_size", 4)]
    assert job.trainer is not None
    assert job.trainer.state.pictures_seen == 8 * SAVED + 4 * (STEPS - SAVED)
    ledger.injected(promise=7, injector="MemoryError, then half the batch", count=1)


def test_that_going_on_with_the_same_batch_is_the_same_run(
    tmp_path: Path, pictures: Path, references: References
) -> None:
    """Where memory was short only for a while."""
    failed(
        TrainingJob(RunRequest(tmp_path / "run", plainly(pictures))), in_the_forward_pass, OUT_OF_MEMORY["MemoryError"]
    )
    again = TrainingJob(RunRequest(tmp_path / "run"))
    finish(again)
    assert again.trainer is not None
    assert state_hash(again.trainer.state) == references.state_hash(small(pictures))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="RLIMIT_AS is kept by Linux alone")
def test_that_a_replayed_step_that_runs_out_of_memory_says_so_as_a_plain_one_does() -> None:
    answer: dict[str, Any] = answer_of(replay_without_memory)
    assert answer["question"] == "out_of_memory"
    assert "more were needed" in answer["happened"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="RLIMIT_AS is kept by Linux alone")
def test_that_memory_that_really_runs_out_is_given_back(tmp_path: Path, ledger: Page) -> None:
    """In one process under a limit: a batch too large, then the same run again with a small one."""
    answer: dict[str, Any] = answer_of(
        use_up_memory, tmp_path / "run", tiny(training__batch_size=4096, model__width=16)
    )
    assert answer["question"] == "out_of_memory"
    assert "not enough memory" in answer["happened"]
    assert answer["step"] == 12
    assert [row.name for row in read_knobs(tmp_path / "run" / "run.sqlite")] == ["batch_size"]
    ledger.injected(promise=7, injector="a process at its limit of memory (RLIMIT_AS)", count=1)


def test_that_nothing_is_asked_of_a_lost_device_and_the_cpu_goes_on(
    tmp_path: Path, pictures: Path, ledger: Page
) -> None:
    """In a process of its own, because a lost device stays lost in it."""
    answer: dict[str, Any] = answer_of(lose_the_device, tmp_path / "run", small(pictures), FAILED)
    assert answer["question"] == "device_lost"
    assert "cannot be used until GAN Studio is restarted" in answer["happened"]
    assert str(tmp_path / "run") in answer["kept"]
    assert answer["asked of CUDA"] == []
    assert "cuda:0 failed earlier" in answer["refusal"]
    assert answer["devices"] == ["cpu"]
    assert answer["step"] == STEPS
    assert any("Not bit-exact since step" in text and "device: cuda:0, cpu" in text for text in answer["notices"])
    ledger.injected(promise=7, injector="torch.AcceleratorError in a step", count=1)


def plainly(pictures: Path) -> RunConfig:
    """Set up a run whose steps call hooks, which captured ones do not when they are done again."""
    return small(pictures, capture_step=False)


def failed(
    job: TrainingJob, place: Callable[[TrainingState, Shortage], None], error: Callable[[], Exception]
) -> tuple[RunFailed, dict[str, weakref.ref[object]]]:
    """Run a job into a shortage; returns how it failed, and what it held by name."""
    control, held, events = TrainingControl(), dict[str, weakref.ref[object]](), list[TrainingEvent]()
    for event in job.run(control):
        events.append(event)
        match event:
            case RunOpened() if job.trainer is not None:
                place(job.trainer.state, Shortage(job, error))
                held = {name: weakref.ref(tensor) for name, tensor in job.trainer.state.tensors().items()}
                held |= {"the trainer": weakref.ref(job.trainer), "the state": weakref.ref(job.trainer.state)}
            case SamplesDrawn(Sheet(Moment(step=step))) if step == SAVED:
                control.checkpoint_now()
    assert job.trainer is None or events[-2].question == ""
    assert events[-1] == PhaseChanged(RunPhase.FAILED)
    assert isinstance(events[-2], RunFailed)
    return events[-2], held
