"""TOML files of anybody: read within limits, and refused in words."""

import re
import tomllib
from pathlib import Path
from typing import Any

from gan_studio.engine.text.message import EngineError, Message

MOST_BYTES = 2**20
MOST_DEEP = 20
"""Arrays and tables within each other, and parts of a dotted name: tomllib's time grows with the square of these."""
MOST_ENTRIES = 20_000
"""Names that are given a value; RunConfig has some fifty."""

_TOKENS = re.compile(
    r'"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'|(?P<torn>"""|\'\'\')'
    r'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|(?P<open>["\'])|#[^\n]*|(?P<sign>[\[\]{}.=,\n])',
    re.DOTALL,
)
"""What decides how deep a TOML text is; texts and comments are stepped over."""


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file of at most 1 MiB, with or without a byte order mark.

    Raises:
        EngineError: it cannot be read, is not TOML, too large or nested too deep, named with the place that is wrong.
    """
    try:
        if path.exists() and not path.is_file():
            raise refused(path, Message("picture.not_a_file"))
        if path.stat().st_size > MOST_BYTES:
            raise refused(path, Message("toml.too_large", bytes=MOST_BYTES))
        with path.open("rb") as file:
            text = file.read(MOST_BYTES + 1).decode("utf-8-sig")
        _check_shape(path, text)
        return tomllib.loads(text)
    except OSError as error:
        raise refused(path, Message("file.unreadable", error=error)) from error
    except (ValueError, RecursionError) as error:  # ValueError: bad TOML, bad UTF-8, and integers of 5 000 digits
        raise refused(path, Message("toml.syntax", error=f"{error!s:.200}")) from error


def refused(path: Path, reason: Message) -> EngineError:
    """Say that the settings in a file were refused."""
    return EngineError(
        Message("config.refused", path=path, reason=reason), Message("kept.nothing_begun"), Message("todo.mend_file")
    )


def _check_shape(path: Path, text: str) -> None:
    """Refuse what would be deep or endless to take apart; what is no TOML is left for the parser to name."""
    deep, dots, entries = 0, 0, 0
    for token in _TOKENS.finditer(text):
        if token["torn"] or token["open"]:
            return  # a text that never ends: no parser comes past it
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
