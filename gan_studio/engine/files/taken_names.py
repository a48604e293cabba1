"""Names that files in a folder have already, and names that are free."""

import os
import sys
import unicodedata
from pathlib import Path

MOST_TRIED = 100
"""Numbers that are tried to find a name that no file has."""


def names_in(folder: Path) -> frozenset[str]:
    """List the names in a folder, as `as_on_disk` writes them; a folder that cannot be read has none."""
    try:
        with os.scandir(folder) as entries:
            return frozenset(as_on_disk(entry.name) for entry in entries)
    except OSError:
        return frozenset()


def as_on_disk(name: str) -> str:
    """Write a name so that two names are equal if one file would have both: Windows and macOS ignore the case."""
    return unicodedata.normalize("NFC", name).casefold() if sys.platform in ("win32", "darwin") else name


def free_name(name: str, ending: str, taken: frozenset[str]) -> str:
    """Return the name, or the first of "name 2", "name 3", ... that is not taken with this ending."""
    names = (name, *(f"{name} {number}" for number in range(2, MOST_TRIED)))
    return next((free for free in names if as_on_disk(f"{free}{ending}") not in taken), name)
