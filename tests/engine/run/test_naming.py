"""What a run is called: by its pictures, by a person, and what happens to names that nobody should have to read."""

from pathlib import Path

import pytest

from gan_studio.engine.data.kinds.suffixes import PICTURE_FILES
from gan_studio.engine.files.toml import read_toml
from gan_studio.engine.run.contents import read_run
from gan_studio.engine.run.creation import rename_run
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.run.lock import RunLock
from gan_studio.engine.run.naming import MOST_NAME, clean_name, data_name, made_name
from gan_studio.engine.text.message import EngineError
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest
from tests.engine.references import References
from tests.engine.runs import finish, resume, tiny
from tests.fixtures.old_runs import copy_old_run

UNSEEN = "Fr\u202eogs\u200b\x1b[31m"


@pytest.fixture
def run(tmp_path: Path, references: References) -> RunFolder:
    """Copy a finished run, to be renamed."""
    return RunFolder(references.copy_to(tmp_path / "run"))


def write_name(folder: RunFolder, toml: str) -> None:
    """Write a name into run.toml as any program may."""
    folder.config_file.write_text(f"name = {toml}\n{folder.config_file.read_text()}")


@pytest.mark.parametrize(
    ("source", "called"),
    [
        ("starter:fashion-mnist", "Fashion-MNIST"),
        ("torchvision:cifar10", "CIFAR-10"),
        ("/home/me/frogs", "Frogs"),
        ("/home/me/tree_frogs-2024.zip", "Tree frogs 2024"),
        ("/home/me/Red-eyed frogs/", "Red-eyed frogs"),
        ("/home/me/v1.2", "V1.2"),
        ("/home/me/line\nbreak\u202e", "Line break"),
        ("/", "Pictures"),
    ],
)
def test_that_pictures_are_called_by_their_folder_or_set_in_plain_words(source: str, called: str) -> None:
    assert str(data_name(source)) == called


@pytest.mark.parametrize(
    ("count", "name"),
    [(313, "Frogs, 313 pictures"), (60_000, "Frogs, 60\u202f000 pictures"), (1, "Frogs, 1 picture")],
)
def test_that_a_run_is_named_by_its_pictures_and_their_number(count: int, name: str) -> None:
    assert str(made_name("/home/me/frogs", count)) == name


@pytest.mark.parametrize("suffix", PICTURE_FILES)
def test_that_the_ending_of_a_file_is_no_part_of_what_its_pictures_are_called(suffix: str) -> None:
    assert str(data_name(f"/home/me/frogs{suffix.upper()}")) == "Frogs"


@pytest.mark.parametrize("count", [None, "many", -3, 0, True, 1.5, 10**15, 10**400])
def test_that_a_number_of_pictures_that_makes_no_sense_is_left_out(count: object) -> None:
    assert str(made_name("/home/me/frogs", count)) == "Frogs"


def test_that_a_run_without_a_name_is_called_by_its_pictures(run: RunFolder) -> None:
    assert str(run.read().name) == "Fashion-MNIST, 256 pictures"
    assert run.read().given_name == ""


def test_that_a_run_of_an_earlier_version_has_a_name(tmp_path: Path) -> None:
    place = copy_old_run(tmp_path / "run")
    assert str(read_run(place).name).endswith("pictures")


def test_that_a_new_name_is_kept_in_the_run_and_changes_nothing_else(run: RunFolder) -> None:
    before = read_toml(run.config_file)
    rename_run(run, "  Frogs, \n second try ")
    assert str(run.read().name) == str(read_run(run.root).name) == "Frogs, second try"
    after = read_toml(run.config_file)
    assert after.pop("name") == "Frogs, second try"
    assert after == before


def test_that_an_empty_name_calls_the_run_by_its_pictures_again(run: RunFolder) -> None:
    rename_run(run, "Frogs")
    rename_run(run, " ")
    assert str(run.read().name) == "Fashion-MNIST, 256 pictures"


@pytest.mark.parametrize("name", ["x" * (MOST_NAME + 1), "\u202e\u200b", "\x00"])
def test_that_a_name_that_cannot_be_used_is_refused_and_the_old_one_stays(run: RunFolder, name: str) -> None:
    rename_run(run, "Frogs")
    with pytest.raises(EngineError, match="This name cannot be used"):
        rename_run(run, name)
    assert str(run.read().name) == "Frogs"


def test_that_a_run_in_training_here_can_be_renamed(run: RunFolder) -> None:
    lock = RunLock(run)
    try:
        rename_run(run, "Frogs")
    finally:
        lock.release()
    assert str(run.read().name) == "Frogs"


def test_that_a_name_loses_what_cannot_be_seen() -> None:
    assert clean_name(UNSEEN) == "Frogs[31m"
    assert clean_name("کتاب\u200cها 🐸") == "کتاب\u200cها 🐸"


@pytest.mark.parametrize("toml", ["7", "['a']", f'"{"x" * 1000}"', '"\\u202e"'])
def test_that_a_name_in_the_file_that_cannot_be_used_is_told_and_the_run_opens(run: RunFolder, toml: str) -> None:
    write_name(run, toml)
    contents = read_run(run.root)
    assert str(contents.name) == "Fashion-MNIST, 256 pictures"
    assert "cannot be used" in str(contents.name_fault)
    assert str(run.config_file) in str(contents.name_fault)


def test_that_a_name_in_the_file_with_hidden_characters_is_cleaned_and_told(run: RunFolder) -> None:
    write_name(run, '"Fr\\u202eogs\\n\\u001b[31m"')
    contents = read_run(run.root)
    assert str(contents.name) == "Frogs [31m"
    assert "cannot be seen" in str(contents.name_fault)


def test_that_a_new_run_takes_the_name_that_it_is_given_and_keeps_it(tmp_path: Path) -> None:
    finish(TrainingJob(RunRequest(tmp_path / "run", tiny(training__steps=1), name="Frogs")))
    resume(tmp_path / "run", steps=2)
    assert str(RunFolder(tmp_path / "run").read().name) == "Frogs"
