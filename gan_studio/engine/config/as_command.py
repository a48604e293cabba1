"""A set-up as the command that starts it again."""

import shlex
from pathlib import Path

from gan_studio.engine.config.presets import left_to_pictures, preset_or_default
from gan_studio.engine.config.schema import RunConfig, field_specs, value_at
from gan_studio.engine.moment import Moment


def command_line(config: RunConfig, fine_tune: Path | None = None, moment: Moment | None = None) -> str:
    """Write the command that trains with this set-up: its preset, then each setting that differs from the preset.

    Settings that the preset would leave to the pictures are written too, so that the command decides nothing anew.

    Args:
        config: the set-up.
        fine_tune: run folder or file whose weights the run starts from, or None.
        moment: the moment of that run; None: its newest usable checkpoint. Its branch is always written, because the
            run may get more branches with this step.

    Raises:
        EngineError: neither the set-up's preset nor the quickstart preset can be read.
    """
    preset = preset_or_default(config.preset)
    left = left_to_pictures(preset, config.data.source)
    words = ["gan-studio", "train", "--preset", preset.name]
    for spec in field_specs():
        value = value_at(config, spec.path)
        if spec.path in left or value != value_at(preset.config, spec.path):
            words += ["--set", f"{spec.path}={_written(value)}"]
    if fine_tune is not None:
        words += ["--fine-tune", str(fine_tune)]
        if moment is not None:
            words += ["--fine-tune-step", str(moment.step), "--fine-tune-branch", str(moment.branch)]
    return shlex.join(words)


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
