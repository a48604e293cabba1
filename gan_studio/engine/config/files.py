"""Set-ups as TOML: a user's own files, presets, and the run.toml of a run folder."""

import difflib
from pathlib import Path
from typing import Any

import tomli_w
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from gan_studio.engine.config.schema import RunConfig, field_specs
from gan_studio.engine.files.atomic import write_text
from gan_studio.engine.files.toml import read_toml, refused
from gan_studio.engine.text.message import EngineError, Message

MOST_NAME = 50
"""Most characters in the name of a preset, and most that are shown of an unknown setting's name."""

MOST_SHOWN = 80
"""Most characters that are shown of a refused value."""


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
    first = error.errors(include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return unknown_field(place)
    if first["type"] == "model_type":
        return Message("config.not_a_section", name=place or "config")
    return Message("config.bad_value", name=place, value=_shortened(first["input"]), reason=_reason(place, first))


def _shortened(value: object) -> str:
    text = repr(value)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}..."


def _reason(place: str, fault: ErrorDetails) -> Message:  # noqa: C901  (one match takes every kind)
    """Say what a value must be; the kinds are those of pydantic-core (docs.pydantic.dev, validation errors)."""
    limits = fault.get("ctx", {})
    match fault["type"]:
        case "greater_than_equal":
            return Message("config.needs_at_least", limit=limits["ge"])
        case "greater_than":
            return Message("config.needs_more_than", limit=limits["gt"])
        case "less_than_equal":
            return Message("config.needs_at_most", limit=limits["le"])
        case "less_than":
            return Message("config.needs_less_than", limit=limits["lt"])
        case "literal_error":
            return Message("config.needs_one_of", values=limits["expected"])
        case "string_too_short":
            return Message("config.needs_something")
        case "string_too_long":
            return Message("config.needs_fewer", limit=limits["max_length"])
        case "string_pattern_mismatch" if place == "device":
            return Message("config.needs_device")
        case "string_pattern_mismatch" if place == "data.background":
            return Message("config.needs_colour")
        case "finite_number":
            return Message("config.needs_finite")
        case "string_type" | "string_unicode":
            return Message("config.needs_text")
        case "int_type" | "int_parsing" | "int_from_float" | "int_parsing_size":
            return Message("config.needs_whole")
        case "float_type" | "float_parsing":
            return Message("config.needs_number")
        case "bool_type" | "bool_parsing":
            return Message("config.needs_one_of", values="true, false")
        case _:
            return Message("config.other_fault", reason=fault["msg"])


def unknown_field(path: str) -> Message:
    """Explain that no setting has this path, and name the nearest one."""
    known, shown = [spec.path for spec in field_specs()], path[:MOST_NAME]  # a file may hold a name of a megabyte
    nearest = difflib.get_close_matches(shown, known, 1, 0.0)[0]
    return Message("config.unknown_field", name=shown, nearest=nearest)
