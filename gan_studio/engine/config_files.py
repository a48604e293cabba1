"""Run configurations as TOML: presets, a user's own files, and the run.toml of a run folder."""

import difflib
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomli_w
from pydantic import ValidationError

from gan_studio.engine.config import RunConfig, field_specs
from gan_studio.engine.messages import EngineError, Message
from gan_studio.resources import resource

MOST_BYTES = 2**20


@dataclass(frozen=True)
class Preset:
    """A ready set-up: its name is its file's name in resources/presets."""

    name: str
    title: str
    summary: str
    source: str
    config: RunConfig


def preset_names() -> tuple[str, ...]:
    """List the presets, quickstart first."""
    names = sorted(path.stem for path in resource("presets").glob("*.toml"))
    return tuple(sorted(names, key=lambda name: name != "quickstart"))


def load_preset(name: str) -> Preset:
    """Read a preset by name; raises EngineError where there is none of this name."""
    if name not in preset_names():
        raise EngineError(
            Message("preset.missing", name=name),
            Message("kept.nothing_begun"),
            Message("todo.choose_preset", names=", ".join(preset_names())),
        )
    path = resource("presets", f"{name}.toml")
    tree = read_toml(path)
    about = tree.pop("about")
    config = parse_config({**tree, "preset": name}, path)
    return Preset(name, about["title"], about["summary"], about["source"], config)


def read_config(path: Path) -> RunConfig:
    """Read a configuration from a TOML file of a user, or from a run.toml.

    Raises:
        EngineError: the file cannot be read, is not TOML, or holds an unknown name or a value outside its limits.
    """
    tree = read_toml(path)
    return parse_config(tree.get("config", tree), path)


def config_toml(config: RunConfig) -> str:
    """Write a configuration as TOML text that read_config reads."""
    return tomli_w.dumps(config.model_dump())


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file of at most 1 MiB; raises EngineError naming the place that is wrong."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _refused(path, Message("toml.too_large", bytes=MOST_BYTES))
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _refused(path, Message("file.unreadable", error=error)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _refused(path, Message("toml.syntax", error=error)) from error


def parse_config(tree: Any, path: Path) -> RunConfig:
    """Check a tree of values against the schema; raises EngineError that names the first wrong field."""
    try:
        return RunConfig.model_validate(tree)
    except ValidationError as error:
        raise _refused(path, config_fault(error)) from error


def config_fault(error: ValidationError) -> Message:
    """Say in one sentence what the first fault of a configuration is, with the nearest name for an unknown one."""
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return unknown_field(place)
    return Message("config.bad_value", name=place, value=repr(first["input"])[:80], reason=first["msg"])


def unknown_field(path: str) -> Message:
    """Say that there is no such setting, and which one is nearest."""
    known = [spec.path for spec in field_specs()]
    return Message("config.unknown_field", name=path, nearest=difflib.get_close_matches(path, known, 1, 0.0)[0])


def _refused(path: Path, reason: Message) -> EngineError:
    return EngineError(
        Message("config.refused", path=path, reason=reason), Message("kept.nothing_begun"), Message("todo.mend_file")
    )
