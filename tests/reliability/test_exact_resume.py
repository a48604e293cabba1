"""A resumed run is the same run, bit for bit: N steps, kill -9 and N more steps are 2N steps, whatever happened."""

import random
import signal
import sys
from pathlib import Path

import pytest

from gan_studio.engine.config.presets import preset_names
from gan_studio.engine.config.schema import RunConfig, with_values
from gan_studio.engine.control import TrainingControl
from gan_studio.engine.events import SamplesDrawn
from gan_studio.engine.machine import decision
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.folder import RunFolder, is_run
from gan_studio.engine.run.log import read_metrics
from gan_studio.engine.sheet import Sheet
from gan_studio.engine.training import keeper
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest
from tests.engine.references import References
from tests.engine.runs import TINY, finish, resume, train
from tests.reliability.children import Deed, begin, end_of, kill, killed, live, open_and_die, pipe, tell_steps
from tests.reliability.ledger import Page
from tests.reliability.same_run import EPOCH_STEPS, differences, everything, shrunk, small

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a POSIX signal")

Process = tuple[Deed, ...]
"""What happens to a run within one process; a kill ends it."""

SCENES: dict[str, tuple[Process, ...]] = {
    "in the middle of an epoch": ((Deed(4, "checkpoint"), Deed(8, "kill", value=4)),),
    "at the end of an epoch": (
        (Deed(2 * EPOCH_STEPS, "checkpoint"), Deed(2 * EPOCH_STEPS, "kill", value=0)),
        (Deed(2 * EPOCH_STEPS, "checkpoint"), Deed(3 * EPOCH_STEPS, "kill", value=2 * EPOCH_STEPS)),
    ),
    "right after sampling": ((Deed(4, "checkpoint"), Deed(7, "sample"), Deed(7, "kill", value=4)),),
    "after a pause": ((Deed(5, "pause"), Deed(8, "kill", value=5)),),
    "after knob changes": (
        (
            Deed(3, "checkpoint"),
            Deed(4, "knob", "batch_size", 6),
            Deed(5, "knob", "d_steps", 2),
            Deed(5, "knob", "learning_rate_g", 1e-3),
            Deed(6, "knob", "augment_cutout", 0),
            Deed(6, "knob", "augment_color", 0),
            Deed(7, "knob", "instance_noise", 0.3),
            Deed(7, "knob", "batch_size", 5),
            Deed(9, "kill", value=3),
        ),
    ),
    "after a knob change in a pause": (
        (Deed(5, "pause"), Deed(5, "knob", "batch_size", 4), Deed(5, "knob", "r1", 2.0), Deed(7, "kill", value=5)),
    ),
    "twice, the second time while it repeats what the first had done": (
        (Deed(3, "checkpoint"), Deed(5, "knob", "learning_rate_d", 1e-3), Deed(9, "kill", value=3)),
        (Deed(4, "kill", value=3),),
        (Deed(8, "checkpoint"), Deed(11, "kill", value=8)),
    ),
    "after going back": (
        (
            Deed(4, "checkpoint"),
            Deed(6, "knob", "d_steps", 2),
            Deed(8, "roll_back", value=4),
            Deed(7, "kill", value=4, branch=1),
        ),
    ),
    "after going back twice": (
        (
            Deed(4, "checkpoint"),
            Deed(6, "roll_back", value=4),
            Deed(6, "checkpoint", branch=1),
            Deed(7, "kill", value=6, branch=1),
        ),
        (Deed(8, "roll_back", value=6, branch=1), Deed(9, "kill", value=6, branch=2)),
    ),
}
"""Where a run is killed, by name: what happens in each process before the last."""


def straight(processes: tuple[Process, ...]) -> list[Deed]:
    """Leave out what must change nothing: kills, pauses and sheets that were asked for."""
    return [deed for process in processes for deed in process if deed.kind not in ("kill", "pause", "sample")]


def assert_same_run(one: Path, other: Path) -> None:
    assert differences(everything(one), everything(other)) == []


@pytest.mark.parametrize("where", SCENES)
def test_that_a_killed_run_goes_on_as_the_same_run(
    tmp_path: Path, pictures: Path, references: References, ledger: Page, where: str
) -> None:
    job = TrainingJob(RunRequest(tmp_path / "killed", small(pictures)))
    for process in SCENES[where]:
        killed(job, process)
        job = TrainingJob(RunRequest(tmp_path / "killed"))
    live(job)
    deeds, whole = straight(SCENES[where]), tmp_path / "straight"
    if any(deed.kind != "checkpoint" for deed in deeds):
        live(TrainingJob(RunRequest(whole, small(pictures))), deeds)
    else:  # checkpoints change nothing that is compared
        whole = references.path(small(pictures))
    assert_same_run(tmp_path / "killed", whole)
    ledger.injected(promise=2, injector="kill -9", count=len(SCENES[where]))


def test_that_a_killed_run_of_two_threads_goes_on_as_the_same_run(
    tmp_path: Path, pictures: Path, monkeypatch: pytest.MonkeyPatch, ledger: Page
) -> None:
    """Begun and stopped here with two threads, killed in a process that would take one, gone on with here."""
    monkeypatch.setattr(decision, "step_threads", lambda: 2)
    live(TrainingJob(RunRequest(tmp_path / "straight", small(pictures))))
    control, job = TrainingControl(), TrainingJob(RunRequest(tmp_path / "killed", small(pictures)))
    for event in job.run(control):
        if isinstance(event, SamplesDrawn) and event.sheet.moment.step == 3:
            control.stop()
    again = TrainingJob(RunRequest(tmp_path / "killed"))
    killed(again, (Deed(6, "checkpoint"), Deed(9, "kill", value=6)))
    live(again)
    assert RunFolder(tmp_path / "killed").read().execution["threads"] == 2
    assert_same_run(tmp_path / "killed", tmp_path / "straight")
    ledger.injected(promise=2, injector="kill -9", count=1)


def test_that_a_killed_fine_tuned_run_goes_on_as_the_same_run(
    tmp_path: Path, pictures: Path, references: References, ledger: Page
) -> None:
    origin, config = references.path(small(pictures, training__steps=3)), small(pictures, seed=1)
    killed(
        TrainingJob(RunRequest(tmp_path / "killed", config, fine_tune=origin)),
        (Deed(4, "checkpoint"), Deed(8, "kill", value=4)),
    )
    live(TrainingJob(RunRequest(tmp_path / "killed")))
    live(TrainingJob(RunRequest(tmp_path / "straight", config, fine_tune=origin)))
    assert_same_run(tmp_path / "killed", tmp_path / "straight")
    ledger.injected(promise=2, injector="kill -9", count=1)


def test_that_a_run_that_was_killed_before_its_first_checkpoint_begins_by_itself(
    tmp_path: Path, pictures: Path, references: References, ledger: Page
) -> None:
    job = TrainingJob(RunRequest(tmp_path / "killed", small(pictures)))
    assert end_of(begin(open_and_die, job)) == -signal.SIGKILL
    assert RunFolder(tmp_path / "killed").checkpoints() == ()
    live(TrainingJob(RunRequest(tmp_path / "killed")))
    assert_same_run(tmp_path / "killed", references.path(small(pictures)))
    ledger.injected(promise=2, injector="kill -9", count=1)


def test_that_a_knob_set_while_others_wait_to_be_repeated_keeps_those_of_its_step(
    tmp_path: Path, pictures: Path
) -> None:
    """A pause at step 5, in which the batch is changed; then a kill; then another change before the next step."""
    killed(
        TrainingJob(RunRequest(tmp_path / "killed", small(pictures))),
        (Deed(5, "pause"), Deed(5, "knob", "batch_size", 4), Deed(7, "kill", value=5)),
    )
    control, job = TrainingControl(), TrainingJob(RunRequest(tmp_path / "killed"))
    control.set_knob("learning_rate_g", 1e-3)
    finish(job, control)
    both = [Deed(5, "knob", "batch_size", 4), Deed(5, "knob", "learning_rate_g", 1e-3)]
    live(TrainingJob(RunRequest(tmp_path / "straight", small(pictures))), both)
    assert_same_run(tmp_path / "killed", tmp_path / "straight")


def test_that_no_checkpoint_stands_without_the_rows_that_lead_to_it(
    tmp_path: Path, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two flushes of metrics a run may save and be killed: the rows before that are not done again."""
    monkeypatch.setattr(keeper, "FLUSH_SECONDS", 3600.0)
    control, job, rows = TrainingControl(), TrainingJob(RunRequest(tmp_path / "run", small(pictures))), []
    for event in job.run(control):
        match event:
            case SamplesDrawn(Sheet(Moment(step=4))):
                control.checkpoint_now()
            case SamplesDrawn(Sheet(Moment(step=5))):
                rows = read_metrics(tmp_path / "run" / "run.sqlite")[0].tolist()
    assert rows == [1, 2, 3, 4]


@pytest.mark.parametrize("name", preset_names())
def test_that_every_preset_resumes_as_the_same_run(tmp_path: Path, references: References, name: str) -> None:
    straight = references.path(shrunk(name))
    control, job = TrainingControl(), TrainingJob(RunRequest(tmp_path / "stopped", shrunk(name)))
    for event in job.run(control):
        if isinstance(event, SamplesDrawn) and event.sheet.moment.step == 3:
            control.stop()
    resume(tmp_path / "stopped")
    assert_same_run(tmp_path / "stopped", straight)


@pytest.mark.parametrize("name", ["conditional", "small-data", "wgan-gp"])
def test_that_a_killed_preset_goes_on_as_the_same_run(
    tmp_path: Path, references: References, ledger: Page, name: str
) -> None:
    killed(
        TrainingJob(RunRequest(tmp_path / "killed", shrunk(name))), (Deed(2, "checkpoint"), Deed(4, "kill", value=2))
    )
    live(TrainingJob(RunRequest(tmp_path / "killed")))
    assert_same_run(tmp_path / "killed", references.path(shrunk(name)))
    ledger.injected(promise=2, injector="kill -9", count=1)


def test_that_kills_at_random_instants_lose_nothing(tmp_path: Path, pictures: Path, ledger: Page) -> None:
    kills = ledger.amount(3, 200)
    chance = random.Random(2)
    config = small(pictures, training__steps=12 * kills, record__sample_every=7, record__snapshot_every=7)
    place, newest, done = tmp_path / "killed", -1, 0
    while done < kills and _killed_at(place, config, newest + chance.randint(0, 14), chance.randint(1, 3)):
        before, newest, done = newest, _newest_step(place), done + 1
        assert newest >= before
    resume(place)
    train(tmp_path / "straight", config)
    assert_same_run(place, tmp_path / "straight")
    ledger.injected(promise=2, injector="kill -9 at a random instant", count=done)


@pytest.mark.parametrize("field", ["seed", "training.beta1"])
def test_that_the_comparison_would_notice_another_run(references: References, field: str) -> None:
    other = with_values(TINY, {field: 1 if field == "seed" else 0.4})
    found = differences(everything(references.path()), everything(references.path(other)))
    assert {"newest checkpoint", "metrics", "b0-step-000000008.png", "b0-step-000000008.safetensors"} <= set(found)


def _killed_at(place: Path, config: RunConfig, step: int, checkpoint_every: int) -> bool:
    """Run in a process of its own and kill it from here once it has told of a step, wherever it is by then.

    Returns:
        Whether it was killed: False where it had ended by itself before.
    """
    job = TrainingJob(RunRequest(place)) if is_run(place) else TrainingJob(RunRequest(place, config))
    receiver, sender = pipe()
    child = begin(tell_steps, job, sender, checkpoint_every)
    sender.close()
    with receiver:
        try:
            while receiver.recv() < step:
                pass
        except EOFError:
            assert end_of(child) == 0
            return False
        return kill(child)


def _newest_step(place: Path) -> int:
    return max((moment.step for moment in RunFolder(place).checkpoints()), default=-1)
