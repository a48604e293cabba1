"""The walk through the code leads to files that exist, names what is in them, and leaves no room out."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture import ENGINE_ROOMS, MOST_FILES, UI_ROOMS

ROOT = Path(__file__).parent.parent
WALK = ROOT / "docs" / "walk.md"
TEXT = WALK.read_text(encoding="utf-8")
LINK = re.compile(r"\[([^\]]+)\]\((?!https?:)([^)#]+)\)((?:\s+(?:and\s+)?`[\w.]+`)*)")
"""A link, and the names right after it, which its file must define."""


def named_beside_links() -> Iterator[tuple[str, str]]:
    """Yield (file, name) for each name that follows a link."""
    for _, target, names in LINK.findall(TEXT):
        yield from ((target, name) for name in re.findall(r"`([\w.]+)`", names))


def defined_in(file: Path) -> set[str]:
    """Return the classes, functions and constants that a module defines at its top."""
    names: set[str] = set()
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                names.add(name)
            case ast.Assign(targets=targets):
                names.update(target.id for target in targets if isinstance(target, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                names.add(name)
    return names


def rooms_under(heading: str) -> tuple[str, ...]:
    """Return the first column of the table under a heading."""
    section = TEXT.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return tuple(re.findall(r"^\| `(\w+)` \|", section, flags=re.MULTILINE))


@pytest.mark.parametrize("target", sorted({target for _, target, _ in LINK.findall(TEXT)}))
def test_that_every_link_of_the_walk_leads_somewhere(target: str):
    assert (WALK.parent / target).exists()


@pytest.mark.parametrize(("target", "name"), sorted(set(named_beside_links())))
def test_that_what_the_walk_names_is_in_the_file(target: str, name: str):
    assert name in defined_in(WALK.parent / target)


def test_that_both_walks_name_what_they_pass():
    assert len(set(named_beside_links())) >= 40


@pytest.mark.parametrize(
    ("heading", "rooms"), [("The rooms of the engine", ENGINE_ROOMS), ("The rooms of the window", UI_ROOMS)]
)
def test_that_the_walk_lists_every_room_in_its_order(heading: str, rooms: tuple[str, ...]):
    assert rooms_under(heading) == rooms


def test_that_the_walk_says_how_full_a_room_may_be():
    assert f"at most {MOST_FILES} Python files" in TEXT


def test_that_a_newcomer_finds_the_walk():
    assert "(docs/walk.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert "(docs/walk.md)" in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
