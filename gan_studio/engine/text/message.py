"""Every text that the engine shows: a stable key with values, and its English template."""

import re
from dataclasses import dataclass
from pathlib import Path

from gan_studio.engine.text.arrays import ARRAY_TEMPLATES
from gan_studio.engine.text.fields import FIELD_TEMPLATES
from gan_studio.engine.text.files import FILE_TEMPLATES
from gan_studio.engine.text.names import NAME_TEMPLATES
from gan_studio.engine.text.pictures import PICTURE_TEMPLATES
from gan_studio.engine.text.plots import PLOT_TEMPLATES
from gan_studio.engine.text.run import RUN_TEMPLATES
from gan_studio.engine.text.weights import WEIGHT_TEMPLATES

PARTS = (
    RUN_TEMPLATES,
    NAME_TEMPLATES,
    FIELD_TEMPLATES,
    PICTURE_TEMPLATES,
    ARRAY_TEMPLATES,
    FILE_TEMPLATES,
    WEIGHT_TEMPLATES,
    PLOT_TEMPLATES,
)
_SURROGATES = re.compile("[\ud800-\udfff]")
"""What Python writes for bytes that are not UTF-8; no encoding can print it."""
_CONTROLS = re.compile("[\x00-\x1f\x7f]")
"""Characters that would break a line or steer a terminal; file names may hold them."""
ALL_TEMPLATES: dict[str, str] = {key: text for part in PARTS for key, text in part.items()}


@dataclass(frozen=True, init=False)
class Message:
    """One text for a person: translated by the window, printed in English by the command line.

    `str(message)` is the English text. `key` never changes once released; `values` fill the template.
    """

    key: str
    values: tuple[tuple[str, object], ...]

    def __init__(self, key: str, **values: object) -> None:
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "values", tuple(values.items()))

    @property
    def template(self) -> str:
        """English template, with `{name}` places; raises KeyError for a key that does not exist."""
        return ALL_TEMPLATES[self.key]

    def fill(self, template: str) -> str:
        """Put the values into `template` (the English one or a translation of it)."""
        return template.format(**{name: _shown(value) for name, value in self.values})

    def __str__(self) -> str:
        return self.fill(self.template)


def _shown(value: object) -> object:
    if isinstance(value, Message):
        return str(value)
    if isinstance(value, Exception):
        return readable(reason_of(value))
    if isinstance(value, Path):
        return _CONTROLS.sub("\ufffd", readable(str(value)))
    return readable(value) if isinstance(value, str) else value


def readable(name: str) -> str:
    """Return a file name that can be printed: bytes that are not UTF-8 become U+FFFD, the replacement character."""
    return _SURROGATES.sub("\ufffd", name)


UNNAMED = Message("name.unknown")
"""Stands in for the name of a run that has not been read."""


class EngineError(Exception):
    """A fault that a user can cause or meet, told in three parts.

    Attributes:
        happened: what happened.
        kept: what was kept (what is safe).
        todo: what to do next.
    """

    def __init__(self, happened: Message, kept: Message, todo: Message) -> None:
        super().__init__(f"{happened} {kept} {todo}")
        self.happened = happened
        self.kept = kept
        self.todo = todo


def reason_of(error: Exception) -> str:
    """Return why something failed, for the inside of a sentence: of the system's errors without number and path."""
    return str(error.strerror) if isinstance(error, OSError) and error.strerror else str(error)
