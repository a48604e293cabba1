"""The layers in a file of weights of another program: which tensors belong to one layer, and of what kind it is."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.files.tensor_header import Arrays
from gan_studio.engine.text.message import Message

Floats = NDArray[np.float32]

_SPECTRAL = {
    "parametrizations.weight.original": "weight_orig",
    "parametrizations.weight.0._u": "weight_u",
    "parametrizations.weight.0._v": "weight_v",
}
"""Names of torch.nn.utils.parametrizations.spectral_norm, and those of the older torch.nn.utils.spectral_norm."""
_PARTS = (
    *("weight", "bias", "running_mean", "running_var", "num_batches_tracked"),
    *("weight_orig", "weight_u", "weight_v"),
    *_SPECTRAL,
)
_NAME = re.compile(rf"(?:(.*)\.)?({'|'.join(map(re.escape, sorted(_PARTS, key=len, reverse=True)))})")
MAP_SIDES = 4


@dataclass(frozen=True)
class Convolution:
    """A convolution or a transposed convolution; which of them, the tensors do not tell.

    Attributes:
        name: of the layer, such as "main.3".
        weight: float32 [a, b, k, k].
        bias: float32 [channels], or None.
        u, v: singular vectors of its spectral norm, float32, or None where it has none.
    """

    name: str
    weight: Floats
    bias: Floats | None = None
    u: Floats | None = None
    v: Floats | None = None

    @property
    def kernel(self) -> str:
        """Height and width of the kernel, as text."""
        return " × ".join(map(str, self.weight.shape[2:]))


@dataclass(frozen=True)
class Norm:
    """A batch norm with its running statistics, each float32 [channels]."""

    name: str
    scale: Floats
    shift: Floats
    mean: Floats
    variance: Floats
    batches: int = 0


Layer = Convolution | Norm | Message
"""A layer, or why it is none that a DCGAN has."""


def split_name(name: str) -> tuple[str, str] | None:
    """Split the name of a tensor into its layer and its part; None: it belongs to no layer."""
    match = _NAME.fullmatch(name)
    return None if match is None else (match[1] or "", _SPECTRAL.get(match[2], match[2]))


def natural_order(name: str) -> list[tuple[int, int | str]]:
    """Return a key that sorts names by the numbers in them: main.3 before main.10."""
    return [(0, int(part)) if part.isdecimal() else (1, part) for part in re.split(r"([0-9]+)", name) if part]


def layers_of(arrays: Arrays, names: Iterable[str]) -> dict[str, Layer]:
    """Put the tensors of these names together to layers, by the name of the layer, in the order of the names."""
    parts: dict[str, dict[str, NDArray[np.generic]]] = {}
    for name in names:
        split = split_name(name)
        if split is not None:
            parts.setdefault(split[0], {})[split[1]] = arrays[name]
    return {name: _layer(name, found) for name, found in parts.items()}


def _layer(name: str, parts: Mapping[str, NDArray[np.generic]]) -> Layer:
    weight = parts.get("weight", parts.get("weight_orig"))
    if "running_mean" in parts and "running_var" in parts:
        return _norm(name, parts)
    if weight is None:
        return Message("import.no_weight", name=name)
    if weight.ndim == MAP_SIDES:
        vectors = [_floats(parts[part]) if part in parts else None for part in ("bias", "weight_u", "weight_v")]
        if ("weight_orig" in parts) != (vectors[1] is not None and vectors[2] is not None):
            return Message("import.no_spectral_vectors", name=name)
        return Convolution(name, _floats(weight), *vectors)
    if weight.ndim == 1:
        return Message("import.no_statistics", name=name)
    return Message("import.other_layer", name=name, shape=" × ".join(map(str, weight.shape)))


def _norm(name: str, parts: Mapping[str, NDArray[np.generic]]) -> Layer:
    mean = _floats(parts["running_mean"])
    scale = _floats(parts["weight"]) if "weight" in parts else np.ones_like(mean)
    shift = _floats(parts["bias"]) if "bias" in parts else np.zeros_like(mean)
    variance = _floats(parts["running_var"])
    if mean.ndim != 1 or any(part.shape != mean.shape for part in (scale, shift, variance)):
        return Message("import.odd_norm", name=name)
    batches = parts.get("num_batches_tracked")
    return Norm(name, scale, shift, mean, variance, int(batches.flat[0]) if batches is not None and batches.size else 0)


def _floats(array: NDArray[np.generic]) -> Floats:
    return array.astype(np.float32)
