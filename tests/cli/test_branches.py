"""Going back on the command line and in scripts: branches, live settings, and what is said where NaN is met."""

import json
import re
import shlex
from pathlib import Path

import pytest
import torch

from gan_studio import api
from gan_studio.__main__ import main
from gan_studio.cli.main import build_parser
from gan_studio.cli.values import fine_tune_from
from gan_studio.engine.config.as_command import command_line
from gan_studio.engine.config.presets import load_preset
from gan_studio.engine.config.schema import value_at
from gan_studio.engine.events import BranchBegun
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.branches import read_history
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.run.log import read_branches, read_knobs, read_metrics
from gan_studio.engine.step import step as stages
from gan_studio.engine.text.message import EngineError
from tests.engine.commands import SMALL, answer_of, refusal_of
from tests.engine.references import References
from tests.engine.runs import resume, tiny

KEPT, LAST = 4, 8


@pytest.fixture
def run(tmp_path: Path, references: References) -> Path:
    """Train a run with checkpoints at 0, KEPT and LAST."""
    references.copy_to(tmp_path / "a run", tiny(training__steps=KEPT))
    resume(tmp_path / "a run", steps=LAST)
    return tmp_path / "a run"


@pytest.fixture
def nan_at_step_3(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Let G's loss be NaN in every step from the third on; undone by the fixture's own `undo`."""
    plain, calls = stages.generator_loss, [0]

    def generator_loss(logits: torch.Tensor, loss: stages.Loss) -> torch.Tensor:
        calls[0] += 1
        return plain(logits, loss) * (float("nan") if calls[0] >= 3 else 1)

    monkeypatch.setattr(stages, "generator_loss", generator_loss)
    return monkeypatch


def test_that_a_copied_command_starts_from_the_moment_of_its_branch(
    capsys: pytest.CaptureFixture[str], run: Path
) -> None:
    answer_of(capsys, "resume", run, "--back-to", KEPT, "--steps", LAST)
    for branch in (0, 1):
        words = shlex.split(command_line(tiny(), run, Moment(branch, LAST)))
        assert fine_tune_from(build_parser().parse_args(words[1:])) == Moment(branch, LAST)
    told = refusal_of(capsys, "train", "--fine-tune", run, "--fine-tune-step", 0, "--fine-tune-branch", 1)
    assert "Nothing was kept at step 0 of branch 1" in told
    told = refusal_of(capsys, "train", "--fine-tune", run, "--fine-tune-step", KEPT, "--fine-tune-branch", 7)
    assert "it has none" in told


def test_that_resume_can_go_back_to_a_checkpoint_in_a_new_branch(capsys: pytest.CaptureFixture[str], run: Path) -> None:
    old = {path.name: path.read_bytes() for path in (run / "checkpoints").iterdir()}
    answer = answer_of(capsys, "resume", run, "--back-to", KEPT, "--steps", 10, "--knob", "learning_rate_g=1e-4")
    assert answer["step"] == 10
    assert [(row.branch, row.parent, row.from_step) for row in read_branches(run / "run.sqlite")] == [
        (0, None, 0),
        (1, 0, KEPT),
    ]
    assert {name: (run / "checkpoints" / name).read_bytes() for name in old} == old
    assert RunFolder(run).checkpoints()[-1] == Moment(1, 10)
    knobs = [(row.step, row.name, row.value) for row in read_knobs(run / "run.sqlite", 1)]
    assert (KEPT, "learning_rate_g", 1e-4) in knobs
    assert read_metrics(run / "run.sqlite", 1)[0].tolist() == list(range(1, 11))


def test_that_going_back_unchanged_trains_the_same_again(capsys: pytest.CaptureFixture[str], run: Path) -> None:
    first = answer_of(capsys, "resume", run)["state_sha256"]
    assert answer_of(capsys, "resume", run, "--back-to", KEPT)["state_sha256"] == first


def test_that_history_lists_the_branches_and_what_was_kept_of_them(
    capsys: pytest.CaptureFixture[str], run: Path
) -> None:
    answer_of(capsys, "resume", run, "--back-to", KEPT, "--steps", 6)
    capsys.readouterr()
    assert main(["history", str(run), "--json"]) == 0
    branches = json.loads(capsys.readouterr().out)
    assert [(branch["number"], branch["parent"], branch["from_step"]) for branch in branches] == [
        (0, None, 0),
        (1, 0, KEPT),
    ]
    assert [branch["checkpoints"] for branch in branches] == [[0, KEPT, LAST], [KEPT, 6]]
    assert main(["history", str(run)]) == 0
    shown = capsys.readouterr().out
    assert shown.index("branch 0") < shown.index(f"branch 1, from step {KEPT}")
    assert f"checkpoints: 0, {KEPT}, {LAST}" in shown


def test_that_a_branch_can_be_named(capsys: pytest.CaptureFixture[str], run: Path) -> None:
    answer_of(capsys, "resume", run, "--back-to", KEPT, "--steps", 6)
    answer_of(capsys, "resume", run, "--back-to", LAST, "--branch", 0, "--steps", 10)
    assert [(branch.parent, branch.from_step) for branch in read_history(RunFolder(run)).branches] == [
        (None, 0),
        (0, KEPT),
        (0, LAST),
    ]


def test_that_the_batch_can_be_halved_on_the_command_line(capsys: pytest.CaptureFixture[str], run: Path) -> None:
    answer = answer_of(capsys, "resume", run, "--steps", 12, "--knob", "batch_size=4", "--knob", "augment_color=on")
    assert answer["pictures_seen"] == 8 * LAST + 4 * 4
    knobs = [(row.step, row.name, row.value) for row in read_knobs(run / "run.sqlite") if row.name != "steps"]
    assert knobs == [(LAST, "batch_size", 4), (LAST, "augment_color", 1)]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--back-to", "5"], "0, 4, 8"),
        (["--back-to", "2"], "0, 4, 8"),  # of step 2 there is a snapshot, which nothing can go on from
        (["--knob", "batchsize=4"], "batch_size"),
        (["--knob", "batch_size=many"], "batch_size"),
        (["--knob", "width=4"], ""),
    ],
)
def test_that_a_wrong_way_back_is_refused_and_nothing_is_changed(
    capsys: pytest.CaptureFixture[str], run: Path, arguments: list[str], words: str
) -> None:
    assert words in refusal_of(capsys, "resume", run, *arguments)
    assert len(read_branches(run / "run.sqlite")) == 1
    assert RunFolder(run).checkpoints()[-1] == Moment(0, LAST)


def test_that_a_checkpoint_of_a_branch_that_is_not_there_is_named(
    capsys: pytest.CaptureFixture[str], run: Path
) -> None:
    assert main(["resume", str(run), "--back-to", str(KEPT), "--branch", "7"]) == 2
    told = capsys.readouterr().err
    assert "Branch 7 has no checkpoint of step 4." in told
    assert "it has none" in told
    assert len(read_branches(run / "run.sqlite")) == 1


def test_that_history_of_what_is_no_run_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert str(tmp_path) in refusal_of(capsys, "history", tmp_path)


def test_that_a_script_can_go_back(run: Path) -> None:
    begun = [event for event in api.resume(run, steps=6, back_to=KEPT) if isinstance(event, BranchBegun)]
    assert [(event.moment, event.left) for event in begun] == [((1, KEPT), (0, KEPT))]
    assert api.load_run(run).metrics()["step"].tolist() == list(range(1, 7))
    with pytest.raises(EngineError, match="5"):
        next(api.resume(run, back_to=5))


def test_that_train_ends_with_2_where_nan_is_met_and_prints_a_command_that_goes_on(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, nan_at_step_3: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "a run"
    assert main(["train", "--out", str(place), "--steps", "6", *SMALL]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "Traceback" not in told.err
    assert "NaN or infinity appeared at step 3, first in the loss of G" in told.err
    assert "The run is kept as it was at step 0" in told.err
    nan_at_step_3.undo()
    command = re.search(r"gan-studio (resume [^)]*)", told.err)
    assert command is not None
    assert main(shlex.split(command.group(1))) == 0
    assert RunFolder(place).checkpoints()[-1] == Moment(1, 6)
    rates = {row.name: row.value for row in read_knobs(place / "run.sqlite", 1) if row.name.startswith("learning")}
    half = {name: value_at(load_preset("quickstart").config, f"training.{name}") / 2 for name in rates}
    assert len(rates) == 2
    assert rates == half


def test_that_a_script_is_told_of_nan_and_the_run_is_free_again(
    tmp_path: Path, nan_at_step_3: pytest.MonkeyPatch
) -> None:
    with pytest.raises(EngineError, match="NaN or infinity") as held:  # as a notebook holds it, with its traceback
        list(api.train(tiny(training__steps=6), out=tmp_path / "run"))
    nan_at_step_3.undo()
    assert list(api.resume(tmp_path / "run"))
    assert "step 0" in str(held.value.kept)
