"""Cards of earlier runs: what each run is, how far it came, and why one cannot be opened."""

import shutil
from pathlib import Path

import pytest

from gan_studio.engine.library.recent import read_recent
from gan_studio.engine.run.creation import rename_run
from gan_studio.engine.run.folder import RunFolder
from tests.engine.references import References
from tests.engine.runs import resume, tiny


@pytest.fixture
def run(tmp_path: Path, references: References) -> RunFolder:
    """Copy a finished run, to be changed."""
    return RunFolder(references.copy_to(tmp_path / "run", tiny(training__steps=2, preset="tutorial")))


def test_that_a_card_tells_what_a_run_is_and_how_far_it_came(run: RunFolder) -> None:
    found = read_recent(str(run.root))
    assert (found.path, found.step, found.steps, found.preset) == (str(run.root), 2, 2, "tutorial")
    assert str(found.name) == str(found.data) == "Fashion-MNIST, 256 pictures"
    assert found.created > 1_500_000_000
    assert found.fault is None
    assert found.picture is not None
    assert found.picture.shape == (96, 96, 1)


def test_that_a_card_knows_the_name_and_the_target_of_a_run_that_has_both_changed(run: RunFolder) -> None:
    rename_run(run, "Frogs")
    resume(run.root, steps=3)
    found = read_recent(str(run.root))
    assert (str(found.name), str(found.data)) == ("Frogs", "Fashion-MNIST, 256 pictures")
    assert (found.step, found.steps) == (3, 3)


@pytest.mark.parametrize("created", ["", "yesterday", "9999-99-99"])
def test_that_a_run_that_does_not_tell_when_it_began_has_no_date(run: RunFolder, created: str) -> None:
    text = run.config_file.read_text()
    line = next(line for line in text.splitlines() if line.startswith("created"))
    run.config_file.write_text(text.replace(line, f'created = "{created}"'))
    assert read_recent(str(run.root)).created == 0


def test_that_a_run_that_is_gone_is_told_under_the_name_of_its_folder(tmp_path: Path) -> None:
    found = read_recent(str(tmp_path / "gone"))
    assert (str(found.name), found.is_there) == ("gone", False)
    assert "does not hold a run" in str(found.fault)


@pytest.mark.parametrize("damage", ["config", "checkpoints"])
def test_that_a_run_that_cannot_be_opened_says_why(run: RunFolder, damage: str) -> None:
    if damage == "config":
        run.config_file.write_text("broken")
    else:
        shutil.rmtree(run.root / "checkpoints")
    found = read_recent(str(run.root))
    assert found.fault is not None
    assert found.is_there


def test_that_a_damaged_sheet_or_log_costs_no_more_than_what_it_holds(run: RunFolder) -> None:
    run.sheet(run.sheets()[-1]).write_bytes(b"broken")
    run.log_file.write_bytes(b"broken")
    found = read_recent(str(run.root))
    assert (found.picture, found.fault, found.step) == (None, None, 2)
