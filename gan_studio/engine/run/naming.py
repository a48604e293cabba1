"""What a run is called: a name that a person gives it, or else one made from its pictures, "Frogs, 313 pictures"."""

import re
import unicodedata
from pathlib import Path

from gan_studio.engine.data.kinds.suffixes import PICTURE_FILES
from gan_studio.engine.files.paths import JOINERS, path_of
from gan_studio.engine.text.message import EngineError, Message, readable
from gan_studio.engine.text.units import number_text

MOST_NAME = 80
"""Most characters of a name."""

_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Unicode categories of characters that cannot be seen, or that turn the text around them."""
_MOST_COUNT = 10**15
"""A number of pictures from here on makes no sense."""
_KNOWN = {
    "fashion-mnist": Message("data.called.fashion-mnist"),
    "mnist": Message("data.called.mnist"),
    "emoji": Message("data.called.emoji"),
    "cifar10": Message("data.called.cifar10"),
}


def clean_name(text: str) -> str:
    """Return a name as it is kept: in one line, without characters that cannot be seen.

    Raises:
        EngineError: nothing is left of it, or more than MOST_NAME characters.
    """
    name = _in_one_line(text)
    if not any(unicodedata.category(letter)[0] in "LNPS" for letter in name):
        raise _refused(Message("name.nothing_seen"))
    if len(name) > MOST_NAME:
        raise _refused(Message("name.too_long", length=len(name), most=MOST_NAME))
    return name


def name_fault(text: str) -> Message | None:
    """Say why a name cannot be used; None: it can."""
    try:
        clean_name(text)
    except EngineError as error:
        return error.happened
    return None


def name_in_file(found: object, path: Path) -> tuple[str, Message | None]:
    """Read the name in a run.toml, which anybody may have written.

    Returns:
        The name, or "" for a run without one; and what is said of a name that cannot be shown as it stands there.
    """
    if not isinstance(found, str):
        return "", Message("name.in_file_refused", path=path, reason=Message("name.not_text"))
    if not found:
        return "", None
    try:
        name = clean_name(found)
    except EngineError as error:
        reason = dict(error.happened.values)["reason"]
        return "", Message("name.in_file_refused", path=path, reason=reason)
    return name, None if name == found else Message("name.in_file_cleaned", path=path)


def made_name(source: str, count: object) -> Message:
    """Name a run by its pictures.

    Args:
        source: where they come from, as in DataConfig.
        count: how many it learns from, as run.toml tells; anything but a possible number of pictures is left out.
    """
    data = data_name(source)
    if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count < _MOST_COUNT:
        return Message("name.uncounted", data=data)
    if count == 1:
        return Message("name.one", data=data)
    return Message("name.many", data=data, count=number_text(count))


def data_name(source: str) -> Message:
    """Call the pictures of a source by a name in plain words: "/home/me/tree_frogs.zip" becomes "Tree frogs"."""
    family, _, known = source.rpartition(":")
    if known in _KNOWN and family in ("starter", "torchvision"):
        return _KNOWN[known]
    path = path_of(source)
    name = path.stem if path.suffix.lower() in PICTURE_FILES else path.name  # an ending is no part of it
    words = re.sub("_+", " ", name)
    if words == words.lower():
        words = words.replace("-", " ")
        words = words[:1].upper() + words[1:]
    words = _in_one_line(readable(words))
    if len(words) > MOST_NAME:
        words = f"{words[: MOST_NAME - 1]}\u2026"
    return Message("data.called", name=words) if words else Message("data.called_nothing")


def _in_one_line(text: str) -> str:
    seen = (letter for letter in " ".join(text.split()) if letter in JOINERS or _can_be_seen(letter))
    return " ".join("".join(seen).split())


def _can_be_seen(letter: str) -> bool:
    return unicodedata.category(letter) not in _UNSEEN


def _refused(reason: Message) -> EngineError:
    return EngineError(
        Message("name.refused", reason=reason), Message("kept.name"), Message("todo.name_a_run", most=MOST_NAME)
    )
