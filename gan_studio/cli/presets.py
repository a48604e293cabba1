"""`gan-studio presets`: list the presets by the names that --preset takes."""

import argparse
import json
from typing import Any

from gan_studio.cli.output import DONE
from gan_studio.engine.config.presets import Preset, load_preset, preset_names
from gan_studio.engine.text.units import duration_text


def add_presets(commands: Any) -> None:
    """Add the command to the parser."""
    presets = commands.add_parser("presets", help="list the presets: what they are for, and how long they take")
    presets.add_argument("--json", action="store_true", help="print them as JSON")
    presets.set_defaults(command=presets_command)


def presets_command(options: argparse.Namespace) -> int:
    """Print every preset."""
    presets = [load_preset(name) for name in preset_names()]
    if options.json:
        print(json.dumps({"presets": [_facts(preset) for preset in presets]}))
    else:
        print("\n\n".join(map(_paragraph, presets)))
    return DONE


def _facts(preset: Preset) -> dict[str, Any]:
    return {
        "name": preset.name,
        "title": preset.title,
        "summary": preset.summary,
        "source": preset.source,
        "pictures": preset.config.data.source,
        "minutes_on_two_cores": preset.minutes or None,
    }


def _paragraph(preset: Preset) -> str:
    steps = f"{preset.config.training.steps:,} steps"
    time = f", about {duration_text(60 * preset.minutes)} on two CPU cores" if preset.minutes else ""
    lines = [f"{preset.name}: {preset.title}", preset.summary, f"{steps}{time}", preset.source]
    return "\n    ".join(line for line in lines if line)
