"""Every text that the engine shows: a stable key with values, and its English template."""

from dataclasses import dataclass

from gan_studio.engine.text.fields import FIELD_TEMPLATES
from gan_studio.engine.text.files import FILE_TEMPLATES
from gan_studio.engine.text.pictures import PICTURE_TEMPLATES
from gan_studio.engine.text.run import RUN_TEMPLATES
from gan_studio.engine.text.weights import WEIGHT_TEMPLATES

PARTS = (RUN_TEMPLATES, FIELD_TEMPLATES, PICTURE_TEMPLATES, FILE_TEMPLATES, WEIGHT_TEMPLATES)
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
    return str(value) if isinstance(value, Message) else value


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
