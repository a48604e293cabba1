"""Presets: named set-ups that come with GAN Studio or that the user saved."""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import tomli_w
from platformdirs import user_config_path

from gan_studio.engine.config.files import MOST_NAME, parse_config, write_setup
from gan_studio.engine.config.schema import RunConfig, stated_paths, with_values
from gan_studio.engine.files.paths import NOT_IN_NAMES
from gan_studio.engine.files.toml import read_toml
from gan_studio.engine.text.message import EngineError, Message
from gan_studio.resources import resource

DEFAULT = "quickstart"
"""The preset to start from where none is chosen, or where the chosen one cannot be read."""

MOST_MINUTES = 10**6

CHANNELS, SIZE = "data.channels", "data.image_size"
FOLLOWING = frozenset({CHANNELS, SIZE})
"""Paths of the settings that can follow the pictures, see `data.following`."""

_NOT_IN_FILES = NOT_IN_NAMES | {"%"}
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
)


@dataclass(frozen=True)
class Preset:
    """A named set-up.

    Attributes:
        name: file name without .toml, in resources/presets or in the user's presets folder.
        title, summary, source: texts for people: its title, its purpose and its origin.
        config: the settings.
        stated: dotted paths of the settings that its file states; the others have their defaults.
        picture: PNG file with samples after two minutes on two CPU cores, or None.
        minutes: duration of all its steps on two CPU cores, measured by benchmarks/preset_sheets.py; 0: unknown.
    """

    name: str
    title: str
    summary: str
    source: str
    config: RunConfig
    stated: frozenset[str] = frozenset()
    minutes: float = 0.0
    picture: Path | None = None


def user_presets_folder() -> Path:
    """Return the folder of the user's own presets; it may not exist yet."""
    return Path(user_config_path("gan-studio", appauthor=False)) / "presets"


@cache
def shipped_preset_names() -> tuple[str, ...]:
    """List the presets that come with GAN Studio, quickstart first."""
    names = sorted(path.stem for path in resource("presets").glob("*.toml"))
    return tuple(sorted(names, key=lambda name: name != DEFAULT))


def preset_names() -> tuple[str, ...]:
    """List all presets: the shipped ones, quickstart first, then the user's own, without damaged ones."""
    shipped = shipped_preset_names()
    own = sorted(path.stem for path in user_presets_folder().glob("*.toml"))
    return (*shipped, *(name for name in own if _is_whole(name)))


def load_preset(name: str) -> Preset:
    """Read a shipped or user preset by name.

    Raises:
        EngineError: no preset has this name, or its file is damaged.
    """
    if name in shipped_preset_names():
        return _shipped(resource("presets", f"{name}.toml"))
    if not _is_there(name):
        raise EngineError(
            Message("preset.missing", name=name),
            Message("kept.nothing_begun"),
            Message("todo.choose_preset", names=", ".join(preset_names())),
        )
    try:
        return _read_preset(name, _user_file(name))
    except EngineError as error:
        raise EngineError(
            Message("preset.damaged", name=name, reason=error.happened), error.kept, error.todo
        ) from error


def all_presets() -> tuple[Preset, ...]:
    """Read every preset in the order of preset_names; one that was deleted or damaged meanwhile is left out."""
    found = []
    for name in preset_names():
        try:
            found.append(load_preset(name))
        except EngineError:
            continue
    return tuple(found)


def preset_or_default(name: str) -> Preset:
    """Read a preset by name, or DEFAULT if it was renamed, deleted or damaged since."""
    try:
        return load_preset(name)
    except EngineError:
        return load_preset(DEFAULT)


def left_to_pictures(preset: Preset, source: str, by_hand: Collection[str] = ()) -> frozenset[str]:
    """Return the paths of the settings that the pictures decide.

    On its own pictures, a preset decides everything. On others it leaves the channels to them, and the size unless
    it states one.

    Args:
        preset: the preset that a set-up begins with.
        source: the pictures, as in DataConfig.
        by_hand: paths that a person set; these are never left to the pictures.
    """
    if source == preset.config.data.source:
        return frozenset()
    return frozenset({CHANNELS} | (FOLLOWING - preset.stated)).difference(by_hand)


def save_user_preset(name: str, config: RunConfig) -> RunConfig:
    """Save a set-up as a user preset; it replaces an older one of this name.

    Returns:
        The set-up as it was saved: its preset is `name`.

    Raises:
        EngineError: the name is not allowed, or the file cannot be written.
    """
    fault = preset_name_fault(name)
    if fault is not None:
        happened = Message("preset.bad_name", name=name, reason=fault)
        raise EngineError(happened, Message("kept.set_up"), Message("todo.other_name"))
    kept = with_values(config, {"preset": name})
    about = {"title": name, "summary": "", "source": ""}
    write_setup(_user_file(name), tomli_w.dumps({"about": about, **kept.model_dump()}))
    return kept


def preset_name_fault(name: str) -> Message | None:
    """Explain why a user preset cannot have this name; None: it can."""
    if not name.strip():
        return Message("preset.name_empty")
    if len(name) > MOST_NAME:
        return Message("preset.name_long", most=MOST_NAME)
    for sign in name:
        if sign in _NOT_IN_FILES or unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp"):
            return Message("preset.name_sign", sign=repr(sign))
    if name[0] in ". " or name[-1] in ". ":
        return Message("preset.name_end")
    if name.casefold() in shipped_preset_names():
        return Message("preset.name_shipped")
    return Message("preset.name_system") if name.partition(".")[0].casefold() in _DEVICES else None


def _user_file(name: str) -> Path:
    return user_presets_folder() / f"{name}.toml"


def _is_there(name: str) -> bool:
    return preset_name_fault(name) is None and _user_file(name).is_file()


def _is_whole(name: str) -> bool:
    try:
        return _is_there(name) and bool(_read_preset(name, _user_file(name)))
    except EngineError:
        return False


def _read_preset(name: str, path: Path) -> Preset:
    tree = read_toml(path)
    about = tree.pop("about", None)
    about = about if isinstance(about, dict) else {}
    title, summary, source = (str(about.get(part, "")) for part in ("title", "summary", "source"))
    minutes = about.get("minutes", 0)
    known = float(minutes) if isinstance(minutes, int | float) and 0 <= minutes < MOST_MINUTES else 0.0
    config = parse_config({**tree, "preset": name}, path)
    return Preset(name, title or name, summary, source, config, stated_paths(config), known, _picture_of(path))


@cache
def _shipped(path: Path) -> Preset:
    """Read a preset that comes with the program, once: its file does not change."""
    return _read_preset(path.stem, path)


def _picture_of(path: Path) -> Path | None:
    picture = path.with_suffix(".png")
    return picture if picture.is_file() else None
