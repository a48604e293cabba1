"""Set-ups as TOML: a user's own files, presets, and the run.toml of a run folder."""

import difflib
from pathlib import Path
from typing import Any

import tomli_w
from pydantic import ValidationError

from gan_studio.engine.config.schema import RunConfig, field_specs
from gan_studio.engine.files.atomic import write_text
from gan_studio.engine.files.toml import read_toml, refused
from gan_studio.engine.text.message import EngineError, Message

MOST_NAME = 50
"""Most characters in the name of a preset, and most that are shown of an unknown setting's name."""


def write_setup(path: Path, text: str) -> None:
    """Write the TOML text of a set-up, and create its folder; raises EngineError if it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, text)
    except OSError as error:
        happened = Message("preset.not_saved", path=path, error=error.strerror or error)
        raise EngineError(happened, Message("kept.set_up"), Message("todo.other_place")) from error


def read_config(path: Path) -> RunConfig:
    """Read the set-up in a user's TOML file, a preset or a run.toml.

    Raises:
        EngineError: the file cannot be read, is not TOML, or holds an unknown setting or a value outside its limits.
    """
    tree = read_toml(path)
    tree.pop("about", None)
    return parse_config(tree.get("config", tree), path)


def config_toml(config: RunConfig) -> str:
    """Return a set-up as TOML text, which read_config reads back."""
    return tomli_w.dumps(config.model_dump())


def parse_config(tree: Any, path: Path) -> RunConfig:
    """Check nested values against the schema; raises EngineError, which names the first wrong setting."""
    try:
        return RunConfig.model_validate(tree)
    except ValidationError as error:
        raise refused(path, config_fault(error)) from error


def config_fault(error: ValidationError) -> Message:
    """Explain the first fault of a set-up in one sentence; an unknown setting gets the nearest known name."""
    first = error.errors(include_url=False, include_context=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return unknown_field(place)
    if first["type"] == "model_type":
        return Message("config.not_a_section", name=place or "config")
    return Message("config.bad_value", name=place, value=repr(first["input"])[:80], reason=first["msg"])


def unknown_field(path: str) -> Message:
    """Explain that no setting has this path, and name the nearest one."""
    known, shown = [spec.path for spec in field_specs()], path[:MOST_NAME]  # a file may hold a name of a megabyte
    nearest = difflib.get_close_matches(shown, known, 1, 0.0)[0]
    return Message("config.unknown_field", name=shown, nearest=nearest)
