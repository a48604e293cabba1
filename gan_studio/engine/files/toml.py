"""Read TOML files from any source, within limits, and explain what is wrong with them."""

import re
import tomllib
from pathlib import Path
from typing import Any

from gan_studio.engine.text.message import EngineError, Message
from gan_studio.engine.text.units import bytes_text

MOST_BYTES = 2**20
MOST_DEEP = 20
"""Most levels of nesting, and most parts of a dotted name: tomllib's time grows with the square of both."""
MOST_ENTRIES = 20_000
"""Assignments in one file; RunConfig has about fifty settings."""

_TOKENS = re.compile(
    r'"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'|(?P<torn>"""|\'\'\')'
    r'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|(?P<open>["\'])|#[^\n]*|(?P<sign>[\[\]{}.=,\n])',
    re.DOTALL,
)
"""Matches what decides the depth of TOML; strings and comments match as a whole and do not count."""


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file of at most MOST_BYTES, with or without a byte order mark.

    Raises:
        EngineError: the file cannot be read, is too large or nested too deep, or is not TOML (and where).
    """
    try:
        if path.exists() and not path.is_file():
            raise refused(path, Message("picture.not_a_file"))
        if path.stat().st_size > MOST_BYTES:
            raise refused(path, Message("toml.too_large", most=bytes_text(MOST_BYTES)))
        with path.open("rb") as file:
            text = file.read(MOST_BYTES + 1).decode("utf-8-sig")
        _check_shape(path, text)
        return tomllib.loads(text)
    except OSError as error:
        raise refused(path, Message("file.unreadable", error=error)) from error
    except (ValueError, RecursionError) as error:  # ValueError: bad TOML, bad UTF-8, and integers of 5 000 digits
        raise refused(path, Message("toml.syntax", error=f"{error!s:.200}")) from error


def refused(path: Path, reason: Message) -> EngineError:
    """Make the error for a file whose settings cannot be used."""
    return EngineError(
        Message("config.refused", path=path, reason=reason), Message("kept.nothing_begun"), Message("todo.mend_file")
    )


def _check_shape(path: Path, text: str) -> None:
    """Raise EngineError for text that would take tomllib too long; bad syntax is left for tomllib to report."""
    deep, dots, entries = 0, 0, 0
    for token in _TOKENS.finditer(text):
        if token["torn"] or token["open"]:
            return  # a string that never ends: the parser stops here too
        sign = token["sign"]
        if sign == ".":
            dots += 1
        elif sign is not None:
            deep += {"[": 1, "{": 1, "]": -1, "}": -1}.get(sign, 0)
            dots, entries = 0, entries + (sign == "=")
        if deep > MOST_DEEP or dots >= MOST_DEEP:
            raise refused(path, Message("toml.too_deep", most=MOST_DEEP))
        if entries > MOST_ENTRIES:
            raise refused(path, Message("toml.too_many", most=MOST_ENTRIES))
