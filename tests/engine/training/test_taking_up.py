"""Taking up an earlier step: going back with a share of the present rates, and fine-tuning from any kept step."""

from pathlib import Path

import numpy as np
import pytest

from gan_studio.engine.config.schema import live_values
from gan_studio.engine.control import TrainingControl
from gan_studio.engine.events import Noticed, RunOpened, SamplesDrawn, TrainingEvent
from gan_studio.engine.files.tensors import read_tensor_file
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest
from tests.engine.references import References
from tests.engine.runs import TINY, finish, tiny

RATES = ("learning_rate_g", "learning_rate_d")
CHANGED = 4e-5
"""A learning rate of both networks that a person sets after the checkpoint that the run goes back to."""


def rates_of(job: TrainingJob) -> list[float]:
    assert job.trainer is not None
    return [job.trainer.state.knobs[name] for name in RATES]


def set_rates(control: TrainingControl) -> None:
    for name in RATES:
        control.set_knob(name, CHANGED)


def test_that_going_back_with_half_the_rates_halves_those_of_now(tmp_path: Path) -> None:
    control = TrainingControl()
    job = TrainingJob(RunRequest(tmp_path / "run", tiny(training__steps=8)))
    for event in job.run(control):
        match event:
            case RunOpened():
                set_rates(control)
            case SamplesDrawn(sheet) if sheet.moment == Moment(0, 4):
                control.roll_back(0, 0, 0.5)
    assert rates_of(job) == pytest.approx([CHANGED / 2] * 2)


def test_that_a_run_at_rest_goes_back_with_half_the_rates_that_it_stopped_with(
    tmp_path: Path, references: References
) -> None:
    place = references.copy_to(tmp_path / "run")
    control = TrainingControl()
    set_rates(control)
    finish(TrainingJob(RunRequest(place, steps=16)), control)
    job = TrainingJob(RunRequest(place, steps=17, back_to=Moment(0, 12), rate_share=0.5))
    finish(job)
    assert rates_of(job) == pytest.approx([CHANGED / 2] * 2)


def test_that_going_back_without_a_share_takes_up_the_rates_of_the_checkpoint(
    tmp_path: Path, references: References
) -> None:
    place = references.copy_to(tmp_path / "run")
    control = TrainingControl()
    set_rates(control)
    finish(TrainingJob(RunRequest(place, steps=16)), control)
    job = TrainingJob(RunRequest(place, steps=17, back_to=Moment(0, 12)))
    finish(job)
    assert rates_of(job) == pytest.approx([live_values(TINY)[name] for name in RATES])


def notes(events: list[TrainingEvent]) -> str:
    return " ".join(str(event.message) for event in events if isinstance(event, Noticed))


def test_that_a_run_is_fine_tuned_from_a_snapshot_and_says_that_d_starts_anew(
    tmp_path: Path, references: References
) -> None:
    first = RunFolder(references.path())
    request = RunRequest(tmp_path / "second", tiny(training__steps=1), fine_tune=first.root)
    job = TrainingJob(RunRequest(request.place, request.config, fine_tune=first.root, fine_tune_from=Moment(0, 8)))
    told = notes(finish(job))
    assert "Step 8" in told
    assert "D starts from random weights" in told
    second = RunFolder(tmp_path / "second")
    begun = read_tensor_file(second.snapshot(Moment(0, 0))).arrays
    kept = read_tensor_file(first.snapshot(Moment(0, 8))).arrays
    assert all(np.array_equal(begun[name], kept[name]) for name in kept)


def test_that_a_run_is_fine_tuned_from_a_checkpoint_with_both_networks(tmp_path: Path, references: References) -> None:
    first = RunFolder(references.path())
    moment = first.checkpoints()[0]
    request = RunRequest(tmp_path / "second", tiny(training__steps=1), fine_tune=first.root, fine_tune_from=moment)
    told = notes(finish(TrainingJob(request)))
    assert "tensors were loaded" in told
    assert "D starts from random weights" not in told
