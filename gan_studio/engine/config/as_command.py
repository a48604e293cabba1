"""A set-up as the command that starts it again."""

import shlex
from pathlib import Path

from gan_studio.engine.config.presets import load_preset
from gan_studio.engine.config.schema import RunConfig, field_specs, value_at
from gan_studio.engine.text.message import EngineError

FALLBACK = "quickstart"
"""The preset to start from if the set-up's own preset cannot be read."""


def command_line(config: RunConfig, fine_tune: Path | None = None) -> str:
    """Write the command that trains with this set-up: its preset, then each setting that differs from the preset.

    Args:
        config: the set-up.
        fine_tune: run folder or file whose weights the run starts from, or None.

    Raises:
        EngineError: neither the set-up's preset nor the quickstart preset can be read.
    """
    preset, base = _base(config)
    words = ["gan-studio", "train", "--preset", preset]
    for spec in field_specs():
        value = value_at(config, spec.path)
        if value != value_at(base, spec.path):
            words += ["--set", f"{spec.path}={_written(value)}"]
    if fine_tune is not None:
        words += ["--fine-tune", str(fine_tune)]
    return shlex.join(words)


def _base(config: RunConfig) -> tuple[str, RunConfig]:
    try:
        return config.preset, load_preset(config.preset).config
    except EngineError:
        return FALLBACK, load_preset(FALLBACK).config


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
