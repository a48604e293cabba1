"""Fine-tuning: a new run that begins with weights of an earlier run or of a safetensors file."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gan_studio.engine.exchange.import_weights import SUFFIXES
from gan_studio.engine.files.paths import text_of
from gan_studio.engine.files.tensors import Arrays, iter_tensor_bytes, read_foreign_file
from gan_studio.engine.run.checkpoint import newest_usable
from gan_studio.engine.run.folder import is_run, open_run
from gan_studio.engine.step.state import TrainingState
from gan_studio.engine.text.message import EngineError, Message

NETWORKS = ("generator", "discriminator", "generator_ema")
MOST_NAMED = 8

PUBLISHED_G = {
    "0": "layers.0",
    "1": "norms.0",
    "3": "layers.1",
    "4": "norms.1",
    "6": "layers.2",
    "7": "norms.2",
    "9": "layers.3",
    "10": "norms.3",
    "12": "layers.4",
}
"""Index in `main` of PyTorch's published DCGAN (github.com/pytorch/examples, dcgan/main.py, `netG`) to our name."""
PUBLISHED_D = {
    "0": "layers.0",
    "2": "layers.1",
    "3": "norms.0",
    "5": "layers.2",
    "6": "norms.1",
    "8": "layers.3",
    "9": "norms.2",
    "11": "layers.4",
}
"""The same for its `netD`; all other indices are activations."""
_PUBLISHED = re.compile(r"(.*?)main\.(\d{1,2})\.(weight|bias|running_mean|running_var|num_batches_tracked)")


@dataclass(frozen=True)
class Origin:
    """Where the first weights of a run come from.

    Attributes:
        path: run folder or file.
        step: training step of these weights, or 0 if unknown.
        sha256: SHA-256 over all tensors of the file.
        taken: number of tensors that begin with the origin's values.
        fresh: names of tensors without a match in name and shape; they keep their random values.
    """

    path: Path
    step: int
    sha256: str
    taken: int
    fresh: tuple[str, ...]

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
    def message(self) -> Message:
        """Say how many tensors were taken, and which were not."""
        if not self.fresh:
            return Message("fine_tune.all_taken", path=self.path, taken=self.taken)
        names = ", ".join(self.fresh[:MOST_NAMED]) + (" ..." if len(self.fresh) > MOST_NAMED else "")
        return Message("fine_tune.some_taken", path=self.path, taken=self.taken, fresh=len(self.fresh), names=names)


def take_weights(state: TrainingState, path: Path) -> Origin:
    """Load weights of an earlier run (its newest checkpoint) or of a file into a state of step 0.

    Tensors are matched by name and shape. A file with a generator alone, such as a snapshot, initialises G and the EMA
    generator. Optimizers start fresh.

    Raises:
        EngineError: there is nothing usable, no tensor of the generator fits, or one holds NaN or infinity.
    """
    arrays, step, place = _read(path)
    taken, fresh = 0, list[str]()
    with torch.no_grad():
        for prefix in NETWORKS:
            for name, tensor in getattr(state, prefix).state_dict().items():
                array = arrays.get(f"{prefix}.{name}", arrays.get(name) if prefix != "discriminator" else None)
                if array is not None and array.shape == tuple(tensor.shape):
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
    return Origin(place, step, digest.hexdigest(), taken, tuple(fresh))


def with_our_names(arrays: Arrays) -> Arrays:
    """Rename the tensors of PyTorch's published DCGAN to our names; all others keep theirs.

    A generator gets the names of a snapshot. A discriminator is recognised by the missing batch norm after its first
    layer. Prefixes before `main`, such as `netG.` or `module.`, are dropped.
    """
    renamed: dict[str, NDArray[np.generic]] = {}
    for name, array in arrays.items():
        renamed.setdefault(_our_name(name, arrays), array)
    return renamed


def _our_name(name: str, among: Mapping[str, object]) -> str:
    match = _PUBLISHED.fullmatch(name)
    if match is None:
        return name
    before, place, rest = match.groups()
    if f"{before}main.1.weight" in among:
        return f"{PUBLISHED_G[place]}.{rest}" if place in PUBLISHED_G else name
    return f"discriminator.{PUBLISHED_D[place]}.{rest}" if place in PUBLISHED_D else name


def _check_finite(path: Path, name: str, tensor: Tensor) -> None:
    if not torch.isfinite(tensor).all():
        raise EngineError(
            Message("fine_tune.not_finite", path=path, name=name),
            Message("kept.nothing_begun"),
            Message("todo.choose_origin"),
        )


def _read(path: Path) -> tuple[Arrays, int, Path]:
    if path.suffix == ".safetensors":
        file = read_foreign_file(path)
        step = str(file.metadata.get("step", ""))
        known = int(step) if step.isdecimal() and len(step) < 16 else 0
        return with_our_names(file.arrays), known, path.resolve()
    if path.suffix.lower() in SUFFIXES and path.is_file():
        raise EngineError(
            Message("fine_tune.foreign", path=path), Message("kept.nothing_begun"), Message("todo.import_first")
        )
    if not is_run(path):
        raise EngineError(
            Message("fine_tune.no_origin", path=path), Message("kept.nothing_begun"), Message("todo.choose_origin")
        )
    folder = open_run(path)
    moment, checkpoint = newest_usable(folder)
    return checkpoint.arrays, moment.step, folder.root
