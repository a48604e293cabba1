"""Which names of a folder are taken, and which are free."""

import sys
from pathlib import Path

import pytest

from gan_studio.engine.files.taken_names import as_on_disk, free_name, names_in


def test_that_files_folders_and_broken_links_take_their_names(tmp_path: Path) -> None:
    (tmp_path / "a.png").touch()
    (tmp_path / "b.png").mkdir()
    (tmp_path / "c.png").symlink_to(tmp_path / "gone")
    assert names_in(tmp_path) == {"a.png", "b.png", "c.png"}


def test_that_a_folder_that_cannot_be_read_has_no_names(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert names_in(tmp_path / "gone") == names_in(tmp_path / "file") == frozenset()


def test_that_the_first_free_number_is_taken_and_the_ending_counts() -> None:
    taken = frozenset({"frog.png", "frog 2.png", "frog.jpg"})
    assert [free_name("frog", ending, taken) for ending in (".png", ".jpg", ".webp")] == ["frog 3", "frog 2", "frog"]


@pytest.mark.parametrize(("system", "is_same"), [("linux", False), ("win32", True), ("darwin", True)])
def test_that_the_case_of_a_name_counts_where_the_disk_tells_it(
    monkeypatch: pytest.MonkeyPatch, system: str, is_same: bool
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    assert (as_on_disk("Frog.PNG") == as_on_disk("frog.png")) == is_same
