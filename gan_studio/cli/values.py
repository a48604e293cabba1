"""Settings on the command line: FIELD=VALUE, and combining file, preset and options into a set-up."""

import argparse
import difflib
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from gan_studio.engine.config.files import config_fault, read_config, unknown_field
from gan_studio.engine.config.presets import DEFAULT, Preset, left_to_pictures, load_preset
from gan_studio.engine.config.schema import LIVE_KNOBS, FieldSpec, RunConfig, field_specs, stated_paths, with_values
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.branches import kept_moment
from gan_studio.engine.run.folder import is_run, open_run
from gan_studio.engine.text.message import EngineError, Message

FLAGS = {"true": True, "false": False, "on": True, "off": False, "yes": True, "no": False, "1": True, "0": False}


def chosen_config(options: argparse.Namespace) -> tuple[RunConfig, frozenset[str]]:
    """Combine file or preset with the options; raises EngineError for a value that is not allowed.

    Returns:
        The set-up, and the paths of the settings that it leaves to the pictures.
    """
    if options.config:
        config, preset = read_config(options.config), Preset("", "", "", "", RunConfig())
        by_hand = stated_paths(config)
    else:
        preset = load_preset(options.preset or DEFAULT)
        config, by_hand = preset.config, frozenset()
    named = {
        "data.source": options.data,
        "training.steps": options.steps,
        "device": options.device,
        "seed": options.seed,
    }
    assigned = dict(parse_assignment(text) for text in options.set)
    config = with_options(config, named | assigned)
    return config, left_to_pictures(preset, config.data.source, by_hand | assigned.keys())


def with_options(config: RunConfig, named: Mapping[str, Any]) -> RunConfig:
    """Return the set-up with the options that are not None; raises EngineError for a value that is not allowed."""
    try:
        return with_values(config, {path: value for path, value in named.items() if value is not None})
    except ValidationError as error:
        raise _refused(config_fault(error)) from error


def parse_assignment(text: str) -> tuple[str, Any]:
    """Read FIELD=VALUE into path and typed value; raises EngineError for an unknown setting or a malformed value."""
    path, _, value = text.partition("=")
    fields = {spec.path: spec for spec in field_specs()}
    if path not in fields:
        raise _refused(unknown_field(path))
    try:
        return path, _typed(fields[path], value)
    except ValueError as error:
        raise _refused(_bad_value(fields[path], value)) from error


def _typed(spec: FieldSpec, value: str) -> Any:
    if spec.kind == "flag":
        if value.lower() not in FLAGS:
            raise ValueError(value)
        return FLAGS[value.lower()]
    return type(spec.default)(value)


def _bad_value(spec: FieldSpec, value: str) -> Message:
    """Say what kind of value a setting needs."""
    if spec.kind == "flag":
        needed = Message("config.needs_one_of", values=", ".join(FLAGS))
    elif spec.kind == "choice":
        needed = Message("config.needs_one_of", values=", ".join(map(str, spec.choices)))
    elif spec.kind == "int":
        needed = Message("config.needs_whole")
    else:
        needed = Message("config.needs_number")
    return Message("config.bad_value", name=spec.path, value=value, reason=needed)


def _refused(reason: Message) -> EngineError:
    return EngineError(
        Message("config.refused", path="the command line", reason=reason),
        Message("kept.nothing_begun"),
        Message("todo.see_help"),
    )


def parse_knob(text: str) -> tuple[str, float]:
    """Read NAME=VALUE of a live setting; raises EngineError for an unknown name or a malformed value."""
    name, _, value = text.partition("=")
    if name not in LIVE_KNOBS:
        nearest = difflib.get_close_matches(name, LIVE_KNOBS, 1)
        raise _refused(
            Message("config.unknown_field", name=name, nearest=nearest[0])
            if nearest
            else Message("config.no_such_knob", name=name, names=", ".join(sorted(LIVE_KNOBS)))
        )
    return name, float(parse_assignment(f"{LIVE_KNOBS[name].path}={value}")[1])


def fine_tune_from(options: argparse.Namespace) -> Moment | None:
    """Find the moment to fine-tune from, or None for the newest; raises EngineError if nothing was kept there."""
    step, branch = options.fine_tune_step, options.fine_tune_branch
    if step is None and branch is not None:
        raise EngineError(Message("fine_tune.branch_alone"), Message("kept.nothing_begun"), Message("todo.see_help"))
    if step is None:
        return None
    if options.fine_tune is None or not is_run(options.fine_tune):
        alone = Message("fine_tune.step_alone")
        happened = alone if options.fine_tune is None else Message("fine_tune.no_run", path=options.fine_tune)
        raise EngineError(happened, Message("kept.nothing_begun"), Message("todo.see_help"))
    return kept_moment(open_run(options.fine_tune), step, branch)


def step_or_last(text: str) -> int | None:
    """Read a step; None for "last"."""
    return None if text == "last" else int(text)
