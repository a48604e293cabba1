"""A run folder that commit badb014 wrote opens, resumes and goes back in the program of today."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from gan_studio.api import load_run, resume
from gan_studio.engine.events import METRIC_COLUMNS, Noticed, TrainingEvent
from gan_studio.engine.library.runs import read_sheet
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.branches import read_history
from gan_studio.engine.run.contents import read_run
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.run.log import read_knobs, read_metrics, read_notes
from gan_studio.engine.text.message import Message
from tests.fixtures.old_runs import NOTE, copy_old_run

CLOSE = 1e-3
"""Largest relative difference allowed between two metrics of the same step.

Measured over four steps: 2e-7 with another CPU capability; 2e-2 or more with other z, other noise or another order of
the pictures.
"""


@pytest.fixture(autouse=True)
def own_threads() -> Iterator[None]:
    """Restore this thread's thread count: the run sets its own, one thread."""
    threads = torch.get_num_threads()
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """Copy the run."""
    return copy_old_run(tmp_path / "run")


def branches(place: Path) -> list[tuple[int, int | None, int, tuple[int, ...]]]:
    """List (branch, parent, step at which it left, steps of its checkpoints)."""
    history = read_history(RunFolder(place))
    return [(branch.number, branch.parent, branch.from_step, branch.checkpoints) for branch in history.branches]


def files(place: Path, *kept_branches: int) -> dict[str, bytes]:
    """Read every checkpoint, snapshot and sheet of these branches."""
    paths = [path for branch in kept_branches for path in place.glob(f"*/b{branch}-*")]
    return {str(path.relative_to(place)): path.read_bytes() for path in paths}


def notices(events: list[TrainingEvent]) -> list[Message]:
    return [event.message for event in events if isinstance(event, Noticed)]


def execution_facts(place: Path) -> dict[str, str]:
    """Read what the run stores of the CPU capability and the torch version that it began with."""
    stored = tomllib.loads((place / "run.toml").read_text(encoding="utf-8"))["execution"]
    return {name: stored[name] for name in ("hardware", "torch_version")}


def facts_here() -> dict[str, str]:
    return {"hardware": torch.backends.cpu.get_cpu_capability(), "torch_version": str(torch.__version__)}


def set_facts(place: Path, facts: dict[str, str]) -> None:
    """Change run.toml as if the run had begun with another CPU capability or torch version."""
    text, stored = (place / "run.toml").read_text(encoding="utf-8"), execution_facts(place)
    for name, value in facts.items():
        text = text.replace(f'{name} = "{stored[name]}"', f'{name} = "{value}"')
    (place / "run.toml").write_text(text, encoding="utf-8")
    assert execution_facts(place) == stored | facts


def test_that_an_old_run_is_read_whole(run: Path) -> None:
    contents = read_run(run)
    assert contents.fault is None
    assert (contents.moment, contents.target) == (Moment(1, 12), 12)
    assert contents.config.data.source == "starter:fashion-mnist"
    assert (contents.config.model.width, contents.config.model.latent_dim, contents.config.data.most) == (4, 2, 64)
    assert branches(run) == [(0, None, 0, (8, 16)), (1, 0, 8, (8, 12))]
    steps = [0, 1, 2, 4, 8, 12]
    assert [moment.step for moment in contents.sheets] == steps
    assert [moment.step for moment in contents.snapshots] == steps


def test_that_the_log_of_an_old_run_is_read(run: Path) -> None:
    contents, log = read_run(run), RunFolder(run).log_file
    assert contents.steps.tolist() == list(range(1, 13))
    assert contents.values.shape == (12, len(METRIC_COLUMNS))
    first = (1.37944508, 0.75868976, 0.45436716, 0.45362726, 0.46890587, 3.94753480, 1.56953156)
    assert contents.values[0].tolist() == pytest.approx(first)
    knobs = [(row.step, row.name, row.value) for row in read_knobs(log, 0)]
    assert knobs == [(8, "steps", 16.0), (8, "learning_rate_g", 5e-4)]
    assert read_notes(log) == [(8, NOTE)]


def test_that_the_generators_of_an_old_run_draw_its_sheets_again(run: Path) -> None:
    folder = RunFolder(run)
    assert folder.sheets() == folder.snapshots()
    for moment in folder.sheets():
        sheet = read_sheet(folder, moment)
        assert (sheet.moment, sheet.columns, sheet.rows) == (moment, 8, 8)
        cells = sheet.pixels.reshape(8, 28, 8, 28, 1).swapaxes(1, 2).reshape(64, 28, 28, 1)
        drawn = load_run(run, moment.step).sample(64)
        assert np.abs(drawn.astype(int) - cells).max() <= 1


def test_that_an_old_run_resumes_where_it_was(run: Path) -> None:
    before, kept = read_run(run), files(run, 0)
    list(resume(run, steps=18))
    after = read_run(run)
    assert (after.moment, after.target) == (Moment(1, 18), 18)
    assert after.steps.tolist() == list(range(1, 19))
    assert np.array_equal(after.values[:12], before.values)
    assert np.isfinite(after.values).all()
    assert files(run, 0) == kept
    assert load_run(run).step == 18


def test_that_an_old_run_goes_back_in_a_new_branch(run: Path) -> None:
    kept, log = files(run, 0, 1), RunFolder(run).log_file
    before = [read_metrics(log, branch) for branch in (0, 1)]
    list(resume(run, back_to=16, steps=20))
    assert branches(run)[2] == (2, 0, 16, (16, 20))
    assert read_run(run).steps.tolist() == list(range(1, 21))
    assert files(run, 0, 1) == kept
    for branch, (steps, values) in enumerate(before):
        steps_now, values_now = read_metrics(log, branch)
        assert np.array_equal(steps_now, steps)
        assert np.array_equal(values_now, values)


def test_that_an_old_run_that_goes_back_repeats_its_steps(run: Path) -> None:
    list(resume(run, back_to=8, steps=12))
    before, again = (read_metrics(RunFolder(run).log_file, branch)[1] for branch in (1, 2))
    np.testing.assert_allclose(again, before, rtol=CLOSE)


def test_that_no_notice_comes_where_torch_and_cpu_are_those_that_the_run_began_with(run: Path) -> None:
    set_facts(run, facts_here())
    assert notices(list(resume(run, steps=14))) == []
    assert read_notes(RunFolder(run).log_file) == [(8, NOTE)]


@pytest.mark.parametrize(
    "began_with",
    [{}, {"torch_version": "2.10.0"}, {"hardware": "NEON", "torch_version": "2.10.0"}],
    ids=["as it is", "another torch", "another torch and CPU"],
)
def test_that_a_notice_on_exactness_names_torch_and_cpu_only_where_they_differ(
    run: Path, began_with: dict[str, str]
) -> None:
    set_facts(run, began_with)
    stored, here = execution_facts(run), facts_here()
    differing = [name for name in stored if stored[name] != here[name]]
    came = notices(list(resume(run, steps=14)))
    assert [message.key for message in came] == (["run.not_exact"] if differing else [])
    reasons = str(dict(came[0].values)["reasons"]).split("; ") if came else []
    assert len(reasons) == len(differing)
    for name, reason in zip(differing, reasons, strict=True):
        assert stored[name] in reason
        assert here[name] in reason
