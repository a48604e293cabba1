"""Fine-tuning: a new run that begins with weights of an earlier run or of a safetensors file."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.exchange.weights import FOREIGN, SUFFIX, check_suffix, class_names_of, read_weights
from gan_studio.engine.files.paths import text_of
from gan_studio.engine.files.tensors import Arrays, iter_tensor_bytes, read_foreign_file
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.checkpoint import newest_usable, read_kept_tensors
from gan_studio.engine.run.folder import is_run, open_run
from gan_studio.engine.step.state import TrainingState
from gan_studio.engine.text.message import EngineError, Message

NETWORKS = ("generator", "discriminator", "generator_ema")
MOST_NAMED = 8
NO_GENERATOR = "import.no_generator"
"""Key of the fault of a file whose networks are not known."""


@dataclass(frozen=True)
class Origin:
    """Where the first weights of a run come from.

    Attributes:
        path: run folder or file.
        step: training step of these weights, or 0 if unknown.
        sha256: SHA-256 over all tensors of the file.
        taken: number of tensors that begin with the origin's values.
        fresh: names of tensors without a match in name and shape; they keep their random values.
        unused: names of tensors of a file that no network took.
        is_snapshot: whether they are the EMA generator of a snapshot, without D.
    """

    path: Path
    step: int
    sha256: str
    taken: int
    fresh: tuple[str, ...]
    unused: tuple[str, ...] = ()
    is_snapshot: bool = False

    def facts(self) -> dict[str, Any]:
        """Return the entries that run.toml stores."""
        return {
            "path": text_of(self.path),
            "step": self.step,
            "sha256": self.sha256,
            "taken": self.taken,
            "fresh": list(self.fresh),
        }

    @property
    def messages(self) -> tuple[Message, ...]:
        """Say how many tensors were taken, which were not found, and which were not used."""
        if self.fresh:
            names, fresh = _listed(self.fresh), len(self.fresh)
            told = Message("fine_tune.some_taken", path=self.path, taken=self.taken, fresh=fresh, names=names)
        else:
            told = Message("fine_tune.all_taken", path=self.path, taken=self.taken)
        if self.is_snapshot:
            return told, Message("fine_tune.from_snapshot", step=self.step, path=self.path)
        if not self.unused:
            return (told,)
        count, names = len(self.unused), _listed(self.unused)
        return told, Message("fine_tune.unused", path=self.path, count=count, names=names)


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names[:MOST_NAMED]) + (" ..." if len(names) > MOST_NAMED else "")


def classes_before(origin: Path | None) -> dict[str, Any]:
    """Return the classes of the run that weights come from, also as one of its own files: they keep their numbers.

    Raises:
        EngineError: the run or the file cannot be read.
    """
    if origin is None:
        return {}
    if origin.suffix.lower() == SUFFIX:
        return {"classes": class_names_of(origin)} if origin.is_file() else {}
    return {"classes": open_run(origin).read().class_names} if is_run(origin) else {}


def set_up_of(origin: Path) -> RunConfig | None:
    """Return the set-up of the networks that weights come from; None for a file that does not tell.

    Raises:
        EngineError: the run or the file cannot be read.
    """
    if is_run(origin):
        return open_run(origin).read().config
    try:
        return read_weights(origin).config if origin.suffix.lower() == SUFFIX else None
    except EngineError as error:
        if error.happened.key != NO_GENERATOR:
            raise
        return None


def take_weights(state: TrainingState, path: Path, moment: Moment | None = None) -> Origin:
    """Load weights of an earlier run or of a file into a state of step 0.

    Tensors are matched by name and shape. A file with a generator alone, such as a snapshot, initialises G and the EMA
    generator. Optimizers start fresh.

    Args:
        state: the state of the new run.
        path: run folder or safetensors file.
        moment: moment of the run, from its checkpoint or, where only a snapshot was kept, from that; None: its newest
            usable checkpoint.

    Raises:
        EngineError: there is nothing usable, no tensor of the generator fits, or one holds NaN or infinity.
    """
    source = _read(path, moment)
    arrays, used = source.arrays, set[str]()
    taken, fresh = 0, list[str]()
    with torch.no_grad():
        for prefix in NETWORKS:
            for name, tensor in getattr(state, prefix).state_dict().items():
                found = f"{prefix}.{name}" if f"{prefix}.{name}" in arrays or prefix == "discriminator" else name
                array = arrays.get(found)
                if array is not None and array.shape == tuple(tensor.shape):
                    used.add(found)
                    tensor.copy_(torch.from_numpy(array))
                    _check_finite(path, name, tensor)
                    taken += 1
                else:
                    fresh.append(f"{prefix}.{name}")
    if not any(f"generator.{name}" not in fresh for name, _ in state.generator.named_parameters()):
        raise EngineError(
            Message("fine_tune.nothing_fits", path=path), Message("kept.nothing_begun"), Message("todo.same_model")
        )
    digest = hashlib.sha256()
    for chunk in iter_tensor_bytes(arrays):
        digest.update(chunk)
    unused = (*(name for name in arrays if name not in used), *source.left) if source.is_file else ()
    return Origin(
        source.place, source.step, digest.hexdigest(), taken, tuple(fresh), unused, is_snapshot=source.is_snapshot
    )


def _check_finite(path: Path, name: str, tensor: Tensor) -> None:
    if not torch.isfinite(tensor).all():
        raise EngineError(
            Message("fine_tune.not_finite", path=path, name=name),
            Message("kept.nothing_begun"),
            Message("todo.choose_origin"),
        )


@dataclass(frozen=True)
class _Source:
    """Tensors to start from: those of a run, or of a file, of which `is_file` says that all were meant to be used."""

    place: Path
    arrays: Arrays
    step: int = 0
    left: tuple[str, ...] = ()
    is_file: bool = False
    is_snapshot: bool = False


def _read(path: Path, moment: Moment | None) -> _Source:
    if path.suffix.lower() == SUFFIX:
        return _read_file(path)
    if path.suffix.lower() in FOREIGN and path.is_file():
        check_suffix(path)
    if not is_run(path):
        raise EngineError(
            Message("fine_tune.no_origin", path=path), Message("kept.nothing_begun"), Message("todo.choose_origin")
        )
    folder = open_run(path)
    if moment is None:
        moment, checkpoint = newest_usable(folder)
        return _Source(folder.root, checkpoint.arrays, moment.step)
    is_snapshot = not folder.checkpoint(moment).exists()
    kept = read_kept_tensors(folder, moment)
    return _Source(folder.root, kept.arrays, moment.step, is_snapshot=is_snapshot)


def _read_file(path: Path) -> _Source:
    """Read a file of weights; one without networks of the published pattern keeps its own names."""
    try:
        weights = read_weights(path)
    except EngineError as error:
        if error.happened.key != NO_GENERATOR:
            raise
        return _Source(path.resolve(), read_foreign_file(path).arrays, is_file=True)
    left = () if weights.is_converted else tuple(weights.left)
    return _Source(path.resolve(), weights.arrays, weights.step, left, is_file=True)
