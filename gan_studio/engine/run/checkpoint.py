"""Checkpoints and snapshots: a training state, or its EMA generator, to a tensor file and back."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gan_studio.engine.config.schema import RunConfig, is_allowed, live_values
from gan_studio.engine.files.tensors import (
    Arrays,
    Layout,
    TensorFile,
    iter_tensor_bytes,
    read_tensor_file,
    write_tensor_file,
)
from gan_studio.engine.machine.execution import Execution
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.branches import read_history
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.run.layout import checkpoint_layout, snapshot_layout
from gan_studio.engine.step.state import TrainingState
from gan_studio.engine.text.message import EngineError, Message

FORMAT_VERSION = "1"
MOST_POSITION = 2**62
"""No run reaches this step or picture; SQLite's integers are not much larger."""


@dataclass(frozen=True)
class Checkpoint:
    """A copy of everything that an exact resume needs.

    Attributes:
        moment: branch and step.
        pictures_seen: position in the data stream.
        knobs: live settings by name.
        execution: how the arithmetic is done.
        config_hash: hash of the run's set-up, see `config_hash`.
        arrays: every tensor of the state.
    """

    moment: Moment
    pictures_seen: int
    knobs: Mapping[str, float]
    execution: Execution
    config_hash: str
    arrays: Arrays


def take_checkpoint(state: TrainingState, config: RunConfig, execution: Execution) -> Checkpoint:
    """Copy a state between two steps; later training does not change the copy.

    Raises:
        NotFiniteError: the state holds NaN or infinity.
    """
    state.soundness.check_all(list(state.tensors().values()))
    return Checkpoint(
        state.moment,
        state.pictures_seen,
        dict(state.knobs),
        execution,
        config_hash(config),
        state.copy_arrays(),
    )


def write_checkpoint(checkpoint: Checkpoint, path: Path) -> int:
    """Write and verify a checkpoint; returns its size in bytes. Raises OSError or EngineError, as write_tensor_file."""
    metadata = {
        "kind": "checkpoint",
        "format_version": FORMAT_VERSION,
        "branch": str(checkpoint.moment.branch),
        "step": str(checkpoint.moment.step),
        "pictures_seen": str(checkpoint.pictures_seen),
        "knobs": json.dumps(dict(checkpoint.knobs)),
        "execution": json.dumps(asdict(checkpoint.execution)),
        "config_hash": checkpoint.config_hash,
    }
    return write_tensor_file(path, checkpoint.arrays, metadata)


def read_checkpoint(path: Path, state: TrainingState, config: RunConfig) -> Checkpoint:
    """Read a checkpoint that has exactly the tensors of `state`; the state is not changed.

    Raises:
        EngineError: it is damaged, has another format, or belongs to another set-up.
    """
    file = read_tensor_file(path, state.layout())
    metadata = file.metadata
    _check_kind(path, metadata, "checkpoint")
    if metadata.get("config_hash") != config_hash(config):
        raise _refused(path, Message("checkpoint.other_config"))
    if not all(np.isfinite(array).all() for array in file.arrays.values()):
        raise _refused(path, Message("checkpoint.not_finite"))
    try:
        return Checkpoint(
            Moment(_position(metadata["branch"]), _position(metadata["step"])),
            _position(metadata["pictures_seen"]),
            live_values(config) | _knobs(path, json.loads(metadata["knobs"])),
            Execution.from_facts(json.loads(metadata["execution"])),
            metadata["config_hash"],
            file.arrays,
        )
    except (KeyError, ValueError, TypeError, RecursionError) as error:
        raise _refused(path, Message("file.bad_header")) from error


def _position(text: str) -> int:
    """Parse a count from checkpoint metadata; raises ValueError for any other text."""
    if not (text.isascii() and text.isdecimal() and len(text) < 20 and int(text) <= MOST_POSITION):
        raise ValueError(text)
    return int(text)


def _knobs(path: Path, found: Any) -> dict[str, float]:
    """Check the live settings of a checkpoint against the limits that apply to a person's changes."""
    if not isinstance(found, dict):
        raise TypeError(found)
    for name, value in found.items():
        if not isinstance(value, int | float) or not is_allowed(name, value):
            happened = Message("checkpoint.bad_knob", name=f"{name!a:.40}", value=f"{value!r:.40}")
            raise _refused(path, happened)
    return {name: float(value) for name, value in found.items()}


def restore(state: TrainingState, checkpoint: Checkpoint) -> None:
    """Load a checkpoint into a state."""
    state.step = checkpoint.moment.step
    state.branch = checkpoint.moment.branch
    state.pictures_seen = checkpoint.pictures_seen
    state.knobs = dict(checkpoint.knobs)
    state.load_arrays(checkpoint.arrays)


def newest_checkpoint(
    folder: RunFolder, state: TrainingState, config: RunConfig
) -> tuple[Checkpoint, tuple[Message, ...]]:
    """Find the newest usable checkpoint, and say why newer ones cannot be used.

    If the newest branch has no usable checkpoint, those on the path to it come next. A run that continues from
    another branch must begin a new one, so that it overwrites nothing.

    Raises:
        EngineError: none is usable.
    """
    faults: list[Message] = []
    for moment in _newest_first(folder):
        try:
            return read_checkpoint(folder.checkpoint(moment), state, config), tuple(faults)
        except EngineError as error:
            faults.append(error.happened)
    raise EngineError(
        Message("run.no_checkpoint", path=folder.root, reason=faults[0] if faults else ""),
        Message("kept.file_untouched"),
        Message("todo.new_run"),
    )


def _newest_first(folder: RunFolder) -> list[Moment]:
    """List the checkpoints: those of the newest branch, those on the path to it, then all others; newest first."""
    kept = folder.checkpoints()
    newest = kept[-1:]
    own = [moment for moment in kept if moment.branch == newest[0].branch]
    try:
        way = read_history(folder).on_way(kept, newest[0]) if newest else ()
    except EngineError:  # without its log, the path is unknown
        way = ()
    before = [moment for moment in way if moment not in own]
    others = [moment for moment in kept if moment not in own and moment not in before]
    return [*reversed(own), *reversed(before), *reversed(others)]


def write_snapshot(arrays: Arrays, moment: Moment, path: Path) -> int:
    """Write a snapshot of the EMA generator; returns its size in bytes."""
    metadata = {"kind": "snapshot", "format_version": FORMAT_VERSION}
    return write_tensor_file(path, arrays, {**metadata, "branch": str(moment.branch), "step": str(moment.step)})


def newest_usable(folder: RunFolder, layout: Layout | None = None) -> tuple[Moment, TensorFile]:
    """Read the newest checkpoint whose checksum is right.

    Args:
        folder: the run's folder.
        layout: the tensors it must hold, checked before memory is allocated; None: any.

    Raises:
        EngineError: there is none.
    """
    fault: EngineError | None = None
    for moment in reversed(folder.checkpoints()):
        try:
            return moment, _read_kind(folder.checkpoint(moment), "checkpoint", layout)
        except EngineError as error:
            fault = fault or error
    raise fault or _no_checkpoint(folder)


def read_generator(
    folder: RunFolder, moment: Moment | None, config: RunConfig, classes: int
) -> tuple[Moment, TensorFile]:
    """Read the EMA generator of a run, under the names that Generator gives its tensors.

    Args:
        folder: the run's folder.
        moment: moment of a snapshot or a checkpoint; None: the newest usable checkpoint.
        config: the set-up of the run.
        classes: number of its classes; 0 unless it is class-conditional.

    Raises:
        EngineError: nothing usable is there.
    """
    if moment is not None and folder.snapshot(moment).exists():
        return moment, _read_kind(folder.snapshot(moment), "snapshot", snapshot_layout(config, classes))
    if moment is None and not folder.checkpoints():
        raise _no_checkpoint(folder)
    layout = checkpoint_layout(config, classes)
    if moment is None:
        moment, file = newest_usable(folder, layout)
    else:
        file = _read_kind(folder.checkpoint(moment), "checkpoint", layout)
    prefix = "generator_ema."
    arrays = {name[len(prefix) :]: array for name, array in file.arrays.items() if name.startswith(prefix)}
    return moment, TensorFile(arrays, file.metadata)


def read_kept_tensors(folder: RunFolder, moment: Moment) -> TensorFile:
    """Read every tensor of a checkpoint or, where none was kept at that moment, of its snapshot: the EMA generator.

    Raises:
        EngineError: neither is there, or it is damaged.
    """
    if folder.checkpoint(moment).exists():
        return _read_kind(folder.checkpoint(moment), "checkpoint", None)
    return _read_kind(folder.snapshot(moment), "snapshot", None)


def _no_checkpoint(folder: RunFolder) -> EngineError:
    return EngineError(
        Message("run.no_checkpoint", path=folder.root, reason=""),
        Message("kept.file_untouched"),
        Message("todo.choose_run"),
    )


def _read_kind(path: Path, kind: str, layout: Layout | None) -> TensorFile:
    file = read_tensor_file(path, layout)
    _check_kind(path, file.metadata, kind)
    return file


def _check_kind(path: Path, metadata: dict[str, str], kind: str) -> None:
    if metadata.get("kind") != kind or metadata.get("format_version") != FORMAT_VERSION:
        raise _refused(path, Message("checkpoint.other_kind", kind=kind, version=FORMAT_VERSION))


def config_hash(config: RunConfig) -> str:
    """Hash the settings that decide the bits of a run.

    Preset, length, device, data location, capture and record settings do not.

    Settings at their defaults are left out, so that a setting added later does not change the hash of older runs.
    """
    left_out: dict[str, Any] = {"preset": True, "device": True, "capture_step": True, "record": True}
    left_out |= {"training": {"steps"}, "data": {"source"}}
    tree = config.model_dump(exclude=left_out, exclude_defaults=True)
    return hashlib.sha256(json.dumps(tree, sort_keys=True).encode()).hexdigest()


def state_hash(state: TrainingState) -> str:
    """Hash every tensor and position of a state: equal hashes mean equal runs."""
    digest = hashlib.sha256(repr((state.step, state.pictures_seen, sorted(state.knobs.items()))).encode())
    for chunk in iter_tensor_bytes(state.copy_arrays()):
        digest.update(chunk)
    return digest.hexdigest()


def _refused(path: Path, reason: Message) -> EngineError:
    return EngineError(
        Message("file.unusable", path=path, reason=reason), Message("kept.file_untouched"), Message("todo.other_file")
    )
