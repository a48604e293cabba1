"""Files of weights: networks and the model that they belong to in one .safetensors file, read like a hostile file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from gan_studio.engine.config.files import config_fault
from gan_studio.engine.config.presets import load_preset
from gan_studio.engine.config.schema import ModelConfig, RunConfig, value_at, with_values
from gan_studio.engine.exchange.fitting import ASSUMED, PRESET, Networks, networks_of
from gan_studio.engine.exchange.told import left_text, notes_text, read_left, read_notes
from gan_studio.engine.files.tensors import (
    Arrays,
    TensorFile,
    read_foreign_file,
    read_metadata,
    read_tensor_file,
    write_tensor_file,
)
from gan_studio.engine.run.folder import is_run, open_run
from gan_studio.engine.text.message import EngineError, Message

SUFFIX = ".safetensors"
FOREIGN = (".pt", ".pth", ".bin", ".ckpt")
"""Suffixes of files of torch.save, which only an import reads."""
MODEL_PATHS = ("data.image_size", "data.channels", *(f"model.{name}" for name in ModelConfig.model_fields))
"""Settings that decide the names and shapes of a network's tensors and what they draw."""
MOST_MODEL_TEXT = 4096
_VERIFIED = ("weights", "snapshot", "checkpoint")
"""Kinds of files that this program writes, with a SHA-256 of their content."""
_DRAWING = "generator_ema."


@dataclass(frozen=True)
class Weights:
    """A generator on the disk, without a run.

    Attributes:
        path: its file.
        config: a set-up with its model, picture size and channels.
        arrays: its tensors under the names of Generator. Those of the generator in training ("generator.") and of the
            discriminator ("discriminator.") stand beside them where the file holds them.
        class_names: the classes of a class-conditional generator, else empty.
        step: training step, or 0 if unknown.
        left: tensors of the file that are part of no network here, by name, and why.
        notes: what was changed or assumed.
        is_converted: whether an import wrote the file; `left` are then tensors of the file that it read.
    """

    path: Path
    config: RunConfig
    arrays: Arrays
    class_names: tuple[str, ...] = ()
    step: int = 0
    left: Mapping[str, Message] = field(default_factory=dict)
    notes: tuple[Message, ...] = ()
    is_converted: bool = False

    @property
    def generator(self) -> Arrays:
        """The tensors of the generator that draws."""
        return {
            name: array for name, array in self.arrays.items() if not name.startswith(("generator.", "discriminator."))
        }


def write_weights(path: Path, networks: Networks, **facts: str) -> int:
    """Write networks with the model that they belong to and what was told of them; returns the bytes written.

    Raises:
        OSError: the file could not be written.
    """
    model = {name: value_at(networks.config, name) for name in MODEL_PATHS}
    metadata = {"kind": "weights", "format_version": "1", "model": json.dumps(model)}
    told = {
        "notes": notes_text(note for note in networks.notes if note not in ASSUMED.values()),
        "assumed": ",".join(networks.assumed),
        "left": left_text(networks.left),
    }
    return write_tensor_file(path, networks.arrays, {**metadata, **told, **facts})


def read_weights(path: Path, changes: Mapping[str, Any] = {}) -> Weights:
    """Read a .safetensors file: of an import, of a run (its snapshots and checkpoints) or of another program.

    Args:
        path: the file.
        changes: settings that weights do not tell, by their dotted paths.

    Raises:
        EngineError: it is no such file, is damaged, holds NaN or infinity, or no generator that can be built.
    """
    check_suffix(path)
    metadata = read_metadata(path)
    own = _is_own(metadata)
    file = read_tensor_file(path) if own else read_foreign_file(path)
    weights = _of_known_model(path, file, changes) if own else None
    if weights is None:
        networks = networks_of(file.arrays, changes)
        weights = Weights(path, networks.config, networks.arrays, (), 0, networks.left, networks.notes)
    _check_finite(weights)
    return weights


def class_names_of(path: Path) -> tuple[str, ...]:
    """Return the classes that `read_weights` would find, without reading a tensor.

    Raises:
        EngineError: the header of the file or the run that it lies in cannot be read.
    """
    metadata = read_metadata(path)
    run = _run_of(path)
    return open_run(run).read().class_names if _is_own(metadata) and "model" not in metadata and is_run(run) else ()


def _is_own(metadata: Mapping[str, str]) -> bool:
    """Tell whether this program wrote a file, with a SHA-256 of its content."""
    return metadata.get("kind") in _VERIFIED and "sha256" in metadata


def _run_of(path: Path) -> Path:
    """Return the folder of the run that a checkpoint or snapshot lies in, if it is a run's."""
    return path.absolute().parent.parent


def check_suffix(path: Path) -> None:
    """Raise EngineError for a file that must be imported first, or that cannot hold weights."""
    if path.suffix.lower() in FOREIGN:
        raise EngineError(
            Message("fine_tune.foreign", path=path), Message("kept.nothing_begun"), Message("todo.import_first")
        )
    if path.suffix.lower() != SUFFIX:
        raise EngineError(
            Message("weights.other_kind", path=path), Message("kept.nothing_begun"), Message("todo.choose_weights")
        )


def _of_known_model(path: Path, file: TensorFile, changes: Mapping[str, Any]) -> Weights | None:
    """Take the model from the file itself, or from the run in whose folder it lies; None: nobody knows it."""
    run = _run_of(path)
    if "model" in file.metadata:
        config, names = _stated_model(path, file.metadata["model"]), tuple[str, ...]()
    elif is_run(run):
        known = open_run(run).read()
        config, names = known.config, known.class_names
    else:
        return None
    averages = {name.removeprefix(_DRAWING): a for name, a in file.arrays.items() if name.startswith(_DRAWING)}
    others = {
        name: array
        for name, array in file.arrays.items()
        if not averages or name.startswith(("generator.", "discriminator."))
    }
    step = file.metadata.get("step", "")
    known_step = int(step) if step.isascii() and step.isdecimal() and len(step) < 16 else 0
    left, notes = _told(path, file.metadata, changes)
    config, arrays, is_converted = _changed(path, config, changes), {**averages, **others}, "left" in file.metadata
    return Weights(path, config, arrays, names, known_step, left, notes, is_converted)


def _told(
    path: Path, metadata: Mapping[str, str], changes: Mapping[str, Any]
) -> tuple[Mapping[str, Message], tuple[Message, ...]]:
    """Restore what was left and noted when a file was imported; a file of earlier versions keeps only what it assumed.

    Raises:
        EngineError: the file holds something else in their place.
    """
    try:
        left, more = read_left(metadata["left"]) if "left" in metadata else ({}, 0)
        notes = read_notes(metadata.get("notes", "[]"))
    except ValueError as error:
        raise EngineError(
            Message("weights.bad_notes", path=path), Message("kept.file_untouched"), Message("todo.import_again")
        ) from error
    assumed = metadata.get("assumed", "").split(",")
    notes += tuple(note for name, note in ASSUMED.items() if name in assumed and name not in changes)
    return left, (*notes, Message("import.more_left", count=more)) if more else notes


def _stated_model(path: Path, text: str) -> RunConfig:
    """Check the model that a file states; nothing in it is trusted."""
    try:
        tree = json.loads(text) if len(text) <= MOST_MODEL_TEXT else None
    except (ValueError, RecursionError):
        tree = None
    if not isinstance(tree, dict) or not set(tree) <= set(MODEL_PATHS) or tree.get("model.conditional"):
        raise _bad_model(path, Message("file.bad_header"))
    return _changed(path, load_preset(PRESET).config, tree)


def _changed(path: Path, config: RunConfig, changes: Mapping[str, Any]) -> RunConfig:
    try:
        return with_values(config, changes)
    except ValidationError as error:
        raise _bad_model(path, config_fault(error)) from error


def _bad_model(path: Path, reason: Message) -> EngineError:
    return EngineError(
        Message("weights.bad_model", path=path, reason=reason),
        Message("kept.file_untouched"),
        Message("todo.import_again"),
    )


def _check_finite(weights: Weights) -> None:
    for name, array in weights.arrays.items():
        if not np.isfinite(array).all():
            raise EngineError(
                Message("fine_tune.not_finite", path=weights.path, name=name),
                Message("kept.nothing_begun"),
                Message("todo.choose_origin"),
            )
