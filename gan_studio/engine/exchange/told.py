"""What an import told, kept in the file that it wrote: notes, and the tensors that were left, each with its reason."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from gan_studio.engine.text.message import Message

MOST_TEXT = 2**20
"""Most characters kept of either: the header of a file of tensors must stay small."""
MOST_VALUE = 500
"""Most characters of a name, or of one value of a message, that is read."""
_SAID = ("import.", "config.")
"""What the keys of an import's sentences begin with."""


def notes_text(notes: Iterable[Message]) -> str:
    """Write notes as JSON: a list of [key, values]."""
    return json.dumps([_parts(note) for note in notes])


def left_text(left: Mapping[str, Message]) -> str:
    """Write tensors and why each was left as JSON: a list of [key, values, names], and how many are counted alone."""
    names_of: dict[Message, list[str]] = {}
    size = 0
    for name, reason in ((_plain(name), reason) for name, reason in left.items()):
        names = names_of.setdefault(reason, [])
        size += len(json.dumps(name)) + (0 if names else len(json.dumps(_parts(reason)))) + 2
        if size <= MOST_TEXT // 2:  # quotes within quotes take twice the room
            names.append(name)
    kept = [[*_parts(reason), names] for reason, names in names_of.items() if names]
    return json.dumps({"left": kept, "more": len(left) - sum(map(len, names_of.values()))})


def read_notes(text: str) -> tuple[Message, ...]:
    """Read what `notes_text` wrote; raises ValueError for anything else."""
    return tuple(_message(*_listed(note, 2)) for note in _listed(_tree(text)))


def read_left(text: str) -> tuple[dict[str, Message], int]:
    """Read what `left_text` wrote: the tensors and why, and how many more were left; raises ValueError for all else."""
    tree = _tree(text)
    if not isinstance(tree, dict) or set(tree) != {"left", "more"}:
        raise ValueError("other names")
    more, left = tree["more"], dict[str, Message]()
    if type(more) is not int or not 0 <= more < 2**31:
        raise ValueError("no count")
    for entry in _listed(tree["left"]):
        key, values, names = _listed(entry, 3)
        reason = _message(key, values)
        left |= {_shown(name): reason for name in _listed(names)}
    return left, more


def _parts(message: Message) -> list[Any]:
    return [message.key, {name: value if type(value) is int else _plain(value) for name, value in message.values}]


def _plain(value: object) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in str(value)[:MOST_VALUE])


def _tree(text: str) -> Any:
    if len(text) > MOST_TEXT:
        raise ValueError("too long")
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("too deep") from error


def _listed(value: Any, length: int | None = None) -> list[Any]:
    if not isinstance(value, list) or (length is not None and len(value) != length):
        raise ValueError("no list")
    return value


def _shown(value: Any) -> str:
    """Return a text that a terminal can show; raises ValueError for any other."""
    if not isinstance(value, str) or len(value) > MOST_VALUE or not value.isprintable():
        raise ValueError("no text")
    return value


def _message(key: Any, values: Any) -> Message:
    """Restore a sentence of an import; raises ValueError for one that no import says."""
    if not isinstance(key, str) or not key.startswith(_SAID) or not isinstance(values, dict):
        raise ValueError("no sentence")
    checked = {name: value if type(value) is int else _shown(value) for name, value in values.items()}
    try:
        message = Message(key, **checked)
        str(message)
    except (KeyError, TypeError) as error:
        raise ValueError("other values") from error
    return message
