"""What two runs have in common that are the same run, bit for bit; and a small run with every kind of randomness."""

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from gan_studio.engine.config.presets import load_preset
from gan_studio.engine.config.schema import RunConfig, with_values
from gan_studio.engine.events import METRIC_COLUMNS
from gan_studio.engine.run.folder import RunFolder
from tests.engine.pictures import make_folder, noise
from tests.engine.runs import tiny

EPOCH_STEPS = 3
"""Steps of an epoch of `small`."""


def small(pictures: Path, **changes: Any) -> RunConfig:
    """Set up a run of 14 steps that flips, augments and adds noise, fades rates, and records every step."""
    settings: dict[str, Any] = {
        "data__source": str(pictures),
        "data__held_out": 0.0,
        "data__flip": True,
        "training__steps": 14,
        "training__instance_noise": 0.1,
        "training__instance_noise_half_life": 200.0,
        "training__augment_color": True,
        "training__augment_translation": True,
        "training__augment_cutout": True,
        "training__label_smoothing": 0.1,
        "training__rate_half_life": 500.0,
        "record__sample_every": 1,
        "record__snapshot_every": 1,
    }
    return tiny(**(settings | changes))


def make_pictures(folder: Path) -> Path:
    """Write the pictures of `small`: an epoch is EPOCH_STEPS batches of 8."""
    return make_folder(folder, noise(8 * EPOCH_STEPS, 32, 32))


def shrunk(preset: str) -> RunConfig:
    """Shrink a preset so that a step takes a moment: its architecture, norms, loss and tricks stay."""
    config = load_preset(preset).config
    source = config.data.source if config.data.source.startswith("starter:") else "starter:emoji"
    changes = {
        "data.source": source,
        "data.most": 48,
        "data.held_out": 0.0,
        "model.width": 4,
        "training.batch_size": 4,
        "training.steps": 6,
        "record.sample_every": 1,
        "record.snapshot_every": 1,
        "record.checkpoint_seconds": 3600.0,
    }
    return with_values(config, changes)


def everything(place: Path) -> dict[str, Any]:
    """Return everything of a run that does not tell the time of day: file names to SHA-256, tables to their rows."""
    folder = RunFolder(place)
    kept = {"newest checkpoint": _digest(folder.checkpoint(folder.checkpoints()[-1]))}
    kept |= {path.name: _digest(path) for part in ("samples", "snapshots") for path in (place / part).iterdir()}
    columns = ", ".join(METRIC_COLUMNS)
    tables = {
        "branches": "SELECT branch, parent, from_step FROM branches ORDER BY branch",
        "metrics": f"SELECT branch, step, {columns} FROM metrics ORDER BY branch, step",
        "knobs": "SELECT branch, step, name, value FROM knobs ORDER BY id",
    }
    with closing(sqlite3.connect(place / "run.sqlite")) as connection:
        return kept | {name: connection.execute(query).fetchall() for name, query in tables.items()}


def differences(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Name what two runs do not have in common."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
