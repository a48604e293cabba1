"""A run as its user knows it: bit-exact resume, true pause, knobs, what is written, what a crash leaves."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan_studio.engine.config.schema import with_values
from gan_studio.engine.control import TrainingControl
from gan_studio.engine.events import (
    KnobChanged,
    LoadingProgress,
    MetricsLogged,
    Noticed,
    PhaseChanged,
    RunFailed,
    RunOpened,
    RunPhase,
    SamplesDrawn,
    SavingFailed,
    TargetMoved,
    TrainingEvent,
    WeightsPublished,
)
from gan_studio.engine.files import atomic
from gan_studio.engine.library.runs import read_sheet
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.checkpoint import state_hash
from gan_studio.engine.run.contents import read_run
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.run.log import read_knobs, read_metrics, read_notes
from gan_studio.engine.sheet import Sheet
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest
from tests.engine.references import References
from tests.engine.runs import TINY, finish, generator_arrays, resume, tiny, train

ROOT = Path(__file__).resolve().parents[3]


def hash_of(job: TrainingJob) -> str:
    assert job.trainer is not None
    return state_hash(job.trainer.state)


def stopped_at(place: Path, step: int) -> TrainingJob:
    """Stop a run of TINY at a step, as a person would."""
    control, job = TrainingControl(), TrainingJob(RunRequest(place, TINY))
    for _ in job.run(control):
        if job.trainer is not None and job.trainer.state.step >= step:
            control.stop()
    return job


def test_that_a_resumed_run_equals_an_uninterrupted_one_bit_for_bit(tmp_path: Path, references: References) -> None:
    whole = references.finished(tiny(training__steps=12))
    references.copy_to(tmp_path / "half", tiny(training__steps=6))
    half = resume(tmp_path / "half", steps=12)
    assert hash_of(half) == whole.state_hash
    steps, values = read_metrics(whole.place / "run.sqlite")
    assert np.array_equal(steps, np.arange(1, 13))
    assert np.array_equal(read_metrics(tmp_path / "half" / "run.sqlite")[1], values)


def test_that_another_seed_gives_another_run(tmp_path: Path, references: References) -> None:
    assert references.state_hash(tiny(seed=0)) != references.state_hash(tiny(seed=1))


def test_that_a_resume_across_the_end_of_an_epoch_is_exact(tmp_path: Path) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for number in range(11):
        Image.new("L", (32, 32), number * 20).save(pictures / f"{number}.png")
    config = tiny(data__source=str(pictures), training__steps=6)
    whole = train(tmp_path / "whole", config)
    train(tmp_path / "half", tiny(data__source=str(pictures), training__steps=1))
    assert hash_of(resume(tmp_path / "half", steps=6)) == hash_of(whole)


def test_that_observing_a_run_changes_nothing(tmp_path: Path, references: References) -> None:
    plain = references.state_hash()
    control, job = TrainingControl(), TrainingJob(RunRequest(tmp_path / "watched", TINY))
    seen: list[TrainingEvent] = []
    for event in job.run(control):
        seen += [] if isinstance(event, LoadingProgress) else [event]
        if isinstance(event, MetricsLogged | SamplesDrawn) and len(seen) < 12:
            control.publish_weights()
            control.sample_now()
            control.checkpoint_now()
    assert any(isinstance(event, WeightsPublished) for event in seen)
    assert hash_of(job) == plain


def test_that_every_sheet_brings_a_snapshot_of_the_generator_that_drew_it(tmp_path: Path) -> None:
    config = tiny(training__steps=30, record__sample_every=10, record__snapshot_every=1000)
    control, job = TrainingControl(), TrainingJob(RunRequest(tmp_path / "run", config))
    for event in job.run(control):
        if isinstance(event, MetricsLogged) and event.steps[-1] == 13:
            control.sample_now()
    folder = RunFolder(tmp_path / "run")
    assert {0, 8, 10, 20, 30} < {moment.step for moment in folder.sheets()}
    assert len(folder.sheets()) > 7, "and the one that was asked for"
    assert set(folder.sheets()) <= set(folder.snapshots())


def test_that_a_pause_keeps_the_same_trainer_and_changes_nothing(tmp_path: Path, references: References) -> None:
    plain = references.state_hash()
    control, job = TrainingControl(), TrainingJob(RunRequest(tmp_path / "paused", TINY))
    held = None
    for event in job.run(control):
        match event:
            case RunOpened():
                held = job.trainer
                control.pause()
            case PhaseChanged(RunPhase.PAUSED):
                control.sample_now()
                control.step_once()
                control.publish_weights()
            case WeightsPublished(Moment(step=step)):
                assert step == 1
                assert job.trainer is held
                control.resume()
    assert job.trainer is held
    assert hash_of(job) == plain


def test_that_step_does_one_step_in_a_pause_and_nothing_while_running(tmp_path: Path) -> None:
    control, job = TrainingControl(), TrainingJob(RunRequest(tmp_path / "run", TINY))
    stepped = []
    for event in job.run(control):
        match event:
            case RunOpened():
                control.pause()
            case PhaseChanged(RunPhase.PAUSED):
                control.step_once()
                control.step_once()
            case SamplesDrawn(Sheet(Moment(step=step)), recorded=False):
                stepped.append(step)
                if step == 2:
                    control.stop()
    assert stepped == [1, 2]


def test_that_a_stop_leaves_a_checkpoint_of_the_last_step(tmp_path: Path, references: References) -> None:
    job = stopped_at(tmp_path / "run", 4)
    assert job.trainer is not None
    assert job.trainer.state.step == 4
    assert RunFolder(tmp_path / "run").checkpoints()[-1] == Moment(0, 4)
    assert hash_of(resume(tmp_path / "run")) == references.state_hash()


def test_that_a_knob_is_logged_with_its_step_and_changes_the_run(tmp_path: Path, references: References) -> None:
    control, job = TrainingControl(), TrainingJob(RunRequest(tmp_path / "run", TINY))
    changed = None
    for event in job.run(control):
        match event:
            case RunOpened():
                control.set_knob("learning_rate_g", 5e-3)
            case KnobChanged():
                changed = event
                assert [(row.name, row.value) for row in read_knobs(tmp_path / "run" / "run.sqlite")] == [
                    ("learning_rate_g", 5e-3)
                ]
    assert changed == KnobChanged(0, "learning_rate_g", 5e-3)
    assert job.trainer is not None
    assert job.trainer.state.optimizer_g.learning_rate == 5e-3
    assert hash_of(job) != references.state_hash()


@pytest.mark.parametrize(
    ("name", "value"), [("learning_rate_g", -1.0), ("batch_size", 1), ("width", 8), ("no_such", 1)]
)
def test_that_a_wrong_knob_is_refused_in_words_and_training_goes_on(tmp_path: Path, name: str, value: float) -> None:
    control = TrainingControl()
    control.set_knob(name, value)
    events = finish(TrainingJob(RunRequest(tmp_path / "run", TINY)), control)
    notices = [event for event in events if isinstance(event, Noticed)]
    assert name in str(notices[0].message)
    assert read_knobs(tmp_path / "run" / "run.sqlite") == []


def test_that_knobs_after_the_last_checkpoint_are_replayed_at_their_steps(tmp_path: Path) -> None:
    control, job = TrainingControl(), TrainingJob(RunRequest(tmp_path / "run", TINY))
    for _ in job.run(control):
        if job.trainer is not None and job.trainer.state.step == 4:
            control.set_knob("learning_rate_d", 3e-3)
    crashed = RunFolder(tmp_path / "run")
    for moment in crashed.checkpoints():
        if moment.step > 0:
            crashed.checkpoint(moment).unlink()
    again = TrainingJob(RunRequest(tmp_path / "run"))
    replayed = [event for event in finish(again) if isinstance(event, KnobChanged)]
    assert [(event.name, event.value) for event in replayed[:1]] == [("learning_rate_d", 3e-3)]
    assert hash_of(again) == hash_of(job)


def test_that_moving_the_target_changes_nothing_that_was_trained(tmp_path: Path, references: References) -> None:
    control = TrainingControl()
    control.extend_to(20)
    job = TrainingJob(RunRequest(tmp_path / "run", TINY))
    assert TargetMoved(20) in finish(job, control)
    assert hash_of(job) == references.state_hash(tiny(training__steps=20))
    assert read_run(tmp_path / "run").target == 20


def test_that_sheets_and_snapshots_fall_on_steps_and_can_be_read(tmp_path: Path, references: References) -> None:
    references.copy_to(tmp_path / "run")
    contents = read_run(tmp_path / "run")
    assert [moment.step for moment in contents.sheets] == [0, 1, 2, 4, 8, 12]
    assert contents.snapshots == contents.sheets
    assert read_sheet(contents.folder, Moment(0, 8)).pixels.shape == (8 * 32, 8 * 32, 1)
    early, late = (generator_arrays(contents.folder, Moment(0, step)) for step in (4, 12))
    assert not np.array_equal(early["layers.1.weight"], late["layers.1.weight"])


def test_that_the_last_three_checkpoints_stay_and_older_ones_are_spread(tmp_path: Path, references: References) -> None:
    references.copy_to(tmp_path / "run", tiny(training__steps=1, record__checkpoints_kept=5))
    for steps in range(2, 10):
        resume(tmp_path / "run", steps=steps)
    steps_kept = [moment.step for moment in RunFolder(tmp_path / "run").checkpoints()]
    assert steps_kept[-3:] == [7, 8, 9]
    assert len(steps_kept) == 5
    assert steps_kept[0] == 0


def test_that_a_damaged_checkpoint_is_named_and_the_one_before_is_taken(tmp_path: Path, references: References) -> None:
    references.copy_to(tmp_path / "run", tiny(training__steps=4))
    resume(tmp_path / "run", steps=8)
    folder = RunFolder(tmp_path / "run")
    path = folder.checkpoint(Moment(0, 8))
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2] ^= 4
    path.write_bytes(damaged)
    job = TrainingJob(RunRequest(tmp_path / "run", steps=12))
    events = finish(job)
    notices = [str(event.message) for event in events if isinstance(event, Noticed)]
    assert any("b0-step-000000008" in text and "SHA-256" in text for text in notices)
    assert hash_of(job) == references.state_hash()


def test_that_a_run_without_a_usable_checkpoint_fails_in_three_parts(tmp_path: Path, references: References) -> None:
    references.copy_to(tmp_path / "run", tiny(training__steps=2))
    shutil.rmtree(tmp_path / "run" / "checkpoints")
    events = list(TrainingJob(RunRequest(tmp_path / "run")).run(TrainingControl()))
    failure = next(event for event in events if isinstance(event, RunFailed))
    assert "no checkpoint" in str(failure.happened)
    assert str(failure.kept)
    assert str(failure.todo)
    assert events[-1] == PhaseChanged(RunPhase.FAILED)


def test_that_a_run_is_never_laid_over_another(tmp_path: Path, references: References) -> None:
    first = references.state_hash()
    references.copy_to(tmp_path / "run")
    events = list(TrainingJob(RunRequest(tmp_path / "run", TINY)).run(TrainingControl()))
    assert any(isinstance(event, RunFailed) for event in events)
    assert hash_of(resume(tmp_path / "run")) == first


def test_that_other_pictures_are_named_and_asked_about(tmp_path: Path) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for number in range(9):
        Image.new("L", (32, 32), number * 20).save(pictures / f"{number}.png")
    train(tmp_path / "run", tiny(data__source=str(pictures), training__steps=2))
    Image.new("L", (32, 32), 255).save(pictures / "0.png")
    refused = list(TrainingJob(RunRequest(tmp_path / "run", steps=4)).run(TrainingControl()))[-2]
    assert isinstance(refused, RunFailed)
    assert refused.question == "other_pictures"
    accepting = TrainingJob(RunRequest(tmp_path / "run", steps=4, accepts=frozenset({"other_pictures"})))
    notices = [event for event in finish(accepting) if isinstance(event, Noticed)]
    assert "Not bit-exact since step 2" in str(notices[0].message)
    assert read_notes(tmp_path / "run" / "run.sqlite")[0][0] == 2


def test_that_a_run_with_many_bad_pictures_asks_first(tmp_path: Path) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for number in range(9):
        Image.new("L", (32, 32), number * 20).save(pictures / f"{number}.png")
    for number in range(2):
        (pictures / f"bad-{number}.png").write_bytes(b"no picture")
    config = tiny(data__source=str(pictures), training__steps=2)
    refused = list(TrainingJob(RunRequest(tmp_path / "run", config)).run(TrainingControl()))[-2]
    assert isinstance(refused, RunFailed)
    assert refused.question == "bad_pictures"
    assert "2 of 11" in str(refused.happened)
    assert not (tmp_path / "run").exists()
    finish(TrainingJob(RunRequest(tmp_path / "run", config, accepts=frozenset({"bad_pictures"}))))


def test_that_a_run_by_class_needs_labels(tmp_path: Path) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for number in range(9):
        Image.new("L", (32, 32), number * 20).save(pictures / f"{number}.png")
    config = tiny(data__source=str(pictures), model__conditional=True)
    refused = list(TrainingJob(RunRequest(tmp_path / "run", config)).run(TrainingControl()))[-2]
    assert isinstance(refused, RunFailed)
    assert "needs labels" in str(refused.happened)


def test_that_a_full_disk_is_told_and_training_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, references: References
) -> None:
    plain = references.state_hash()
    job = TrainingJob(RunRequest(tmp_path / "run", TINY))
    control = TrainingControl()
    notices, real_write = [], atomic.write_atomically

    def full(path: Path, chunks: object, check: object = None) -> int:
        raise OSError(28, "No space left on device")

    for event in job.run(control):
        match event:
            case RunOpened():
                monkeypatch.setattr(atomic, "write_atomically", full)
            case SavingFailed(message):
                notices.append(str(message))
            case PhaseChanged(RunPhase.SAVING):
                monkeypatch.setattr(atomic, "write_atomically", real_write)
    assert any("No space left" in text for text in notices)
    assert hash_of(job) == plain
    assert RunFolder(tmp_path / "run").checkpoints()[-1].step == 12


def test_that_a_fault_of_ours_becomes_an_event_with_its_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr("gan_studio.engine.replay.captured.CapturedStep.step", broken)
    events = list(TrainingJob(RunRequest(tmp_path / "run", TINY)).run(TrainingControl()))
    failure = next(event for event in events if isinstance(event, RunFailed))
    assert "a fault of ours" in str(failure.happened)
    assert "in broken" in failure.traceback
    assert str(tmp_path / "run") in str(failure.kept)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a POSIX signal")
def test_that_a_killed_run_opens_and_resumes_to_the_same_bits(tmp_path: Path, references: References) -> None:
    """A fresh process, because it is killed."""
    command = [sys.executable, "-m", "gan_studio", "train", "--out", str(tmp_path / "run"), "--steps", "2000"]
    for name, value in (("width", 4), ("latent_dim", 8)):
        command += ["--set", f"model.{name}={value}"]
    command += ["--set", "training.batch_size=8", "--set", "record.checkpoint_seconds=1"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    folder = RunFolder(tmp_path / "run")
    try:
        while not any(moment.step > 0 for moment in folder.checkpoints()):
            assert process.poll() is None, "the run ended before it could be killed"
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    contents = read_run(tmp_path / "run")
    steps = contents.moment.step + 5
    killed = resume(tmp_path / "run", steps=steps)
    whole = references.state_hash(with_values(contents.config, {"training.steps": steps}))
    assert hash_of(killed) == whole


def test_that_a_run_can_be_stopped_while_its_pictures_are_read(tmp_path: Path) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for number in range(600):
        Image.new("L", (32, 32), number % 256).save(pictures / f"{number}.png")
    control = TrainingControl()
    events = []
    for event in TrainingJob(RunRequest(tmp_path / "run", tiny(data__source=str(pictures)))).run(control):
        events.append(event)
        control.stop()
    assert events[-1] == PhaseChanged(RunPhase.IDLE)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("part", ["pictures", "execution"])
def test_that_a_run_without_its_facts_is_refused_by_name(tmp_path: Path, part: str, references: References) -> None:
    references.copy_to(tmp_path / "run")
    path = tmp_path / "run" / "run.toml"
    path.write_text(path.read_text().replace(f"[{part}]", f"[other-{part}]"))
    events = list(TrainingJob(RunRequest(tmp_path / "run")).run(TrainingControl()))
    failure = next(event for event in events if isinstance(event, RunFailed))
    assert "run.toml" in str(failure.happened)
    assert failure.traceback == ""


def test_that_an_abandoned_run_keeps_its_last_checkpoint_and_no_newer_one(
    tmp_path: Path, references: References
) -> None:
    control, job = TrainingControl(), TrainingJob(RunRequest(tmp_path / "run", TINY))
    for event in job.run(control):
        if isinstance(event, SamplesDrawn) and event.sheet.moment.step == 4:
            control.abandon()
    assert [moment.step for moment in RunFolder(tmp_path / "run").checkpoints()] == [0]
    assert hash_of(resume(tmp_path / "run")) == references.state_hash()
