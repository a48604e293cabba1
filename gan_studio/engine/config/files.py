"""Run configurations as TOML: a user's own files, and the run.toml of a run folder."""

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
"""Characters of a name of a setting, or of a preset, that are shown."""


def write_setup(path: Path, text: str) -> None:
    """Write a set-up as TOML, in a folder that is made for it; raises EngineError where the disk refuses."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, text)
    except OSError as error:
        happened = Message("preset.not_saved", path=path, error=error.strerror or error)
        raise EngineError(happened, Message("kept.set_up"), Message("todo.other_place")) from error


def read_config(path: Path) -> RunConfig:
    """Read a configuration from a TOML file of a user, a preset's among them, or from a run.toml.

    Raises:
        EngineError: the file cannot be read, is not TOML, or holds an unknown name or a value outside its limits.
    """
    tree = read_toml(path)
    tree.pop("about", None)
    return parse_config(tree.get("config", tree), path)


def config_toml(config: RunConfig) -> str:
    """Write a configuration as TOML text that read_config reads."""
    return tomli_w.dumps(config.model_dump())


def parse_config(tree: Any, path: Path) -> RunConfig:
    """Check a tree of values against the schema; raises EngineError that names the first wrong field."""
    try:
        return RunConfig.model_validate(tree)
    except ValidationError as error:
        raise refused(path, config_fault(error)) from error


def config_fault(error: ValidationError) -> Message:
    """Say in one sentence what the first fault of a configuration is, with the nearest name for an unknown one."""
    first = error.errors(include_url=False, include_context=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return unknown_field(place)
    if first["type"] == "model_type":
        return Message("config.not_a_section", name=place or "config")
    return Message("config.bad_value", name=place, value=repr(first["input"])[:80], reason=first["msg"])


def unknown_field(path: str) -> Message:
    """Say that there is no such setting, and which one is nearest."""
    known, shown = [spec.path for spec in field_specs()], path[:MOST_NAME]  # a name of a megabyte is none
    nearest = difflib.get_close_matches(shown, known, 1, 0.0)[0]
    return Message("config.unknown_field", name=shown, nearest=nearest)
