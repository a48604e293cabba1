"""Paths from people: made absolute, and written as text that every file and every terminal can hold."""

import os
from pathlib import Path
from urllib.parse import unquote_to_bytes

from gan_studio.engine.text.message import EngineError, Message

URI = "file://"


def absolute(path: Path) -> Path:
    """Return a path that means the same from every working folder; symbolic links stay, unless it holds "..".

    Raises:
        EngineError: it is relative, and the working folder was deleted.
    """
    try:
        return Path(os.path.realpath(path)) if ".." in path.parts else path.absolute()
    except FileNotFoundError as error:
        raise EngineError(
            Message("path.no_working_folder", path=path), Message("kept.nothing_begun"), Message("todo.whole_path")
        ) from error


def working_folder() -> Path | None:
    """Return the folder that relative paths start from, or None if it was deleted."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        return None


def text_of(path: Path) -> str:
    """Write a path as UTF-8 text; one whose bytes are not UTF-8 becomes a file URI (RFC 8089) with these bytes as %XX.

    Raises:
        EngineError: such a path is relative, and the working folder was deleted.
    """
    text = str(path)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return absolute(path).as_uri()
    return text


def path_of(text: str) -> Path:
    """Read a path that `text_of` wrote, or that a person typed; "~" is the home folder."""
    if text.startswith(f"{URI}/"):
        return Path(os.fsdecode(unquote_to_bytes(text.removeprefix(URI))))
    return Path(os.path.expanduser(text))  # noqa: PTH111  (Path.expanduser raises where a ~user does not exist)


NOT_IN_NAMES = frozenset('/\\:*?"<>|')
"""Characters that some disk or system refuses in the name of a file."""
JOINERS = "\u200c\u200d"
"""Unseen, but a part of Persian words and of emoji."""


def stands_in_names(sign: str) -> bool:
    """Tell whether a character can stand in the name of a file."""
    return sign not in NOT_IN_NAMES and (sign.isprintable() or sign in JOINERS)


def file_name(text: str, most_bytes: int = 160) -> str:
    """Make a part of a file name of a person's text.

    Any space is a plain one, and what cannot stand in a name is a hyphen.

    Args:
        text: what a person typed, in one line or several.
        most_bytes: most bytes of the name in UTF-8; a longer one is cut after a whole character. A disk allows a file
            255, and a step, a number or an ending is still to come.
    """
    plain = " ".join(text.split())
    kept = "".join(sign if stands_in_names(sign) else "-" for sign in plain)
    return kept.strip(". ").encode()[:most_bytes].decode(errors="ignore").rstrip(f". {JOINERS}")
