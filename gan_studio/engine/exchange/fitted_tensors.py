"""Tensors of foreign networks under our names, so that pictures and logits stay the same.

BN(x + b) with the running mean m equals BN(x) with the mean m - b. A layer with spectral norm equals one whose weight
is divided by u @ W @ v. Channels of zeros change nothing, not even in training: nothing flows into or out of them.
"""

from typing import Any

import numpy as np

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.exchange.foreign_layers import Convolution, Floats, Norm
from gan_studio.engine.exchange.foreign_networks import ForeignNetwork
from gan_studio.engine.files.tensor_header import Arrays
from gan_studio.engine.models.plan import discriminator_plan, generator_plan


def generator_arrays(config: RunConfig, network: ForeignNetwork) -> Arrays:
    """Name the tensors of a generator as Generator does, with room for the channels of the set-up."""
    arrays: dict[str, np.ndarray[Any, Any]] = {}
    plan = generator_plan(config)
    for place, (layer, planned) in enumerate(zip(network.convolutions, plan, strict=True)):
        arrays[f"layers.{place}.weight"] = _padded(_plain_weight(layer, 1), planned.in_channels, planned.out_channels)
        if planned.bias:
            arrays[f"layers.{place}.bias"] = _bias(layer, planned.out_channels)
    for place, (norm, planned) in enumerate(zip(network.norms, plan, strict=False)):
        arrays |= _norm_arrays(place, norm, network.convolutions[place], planned.out_channels)
    return arrays


def discriminator_arrays(config: RunConfig, network: ForeignNetwork) -> Arrays:
    """Name the tensors of a discriminator as Discriminator does, with room for the channels of the set-up."""
    arrays: dict[str, np.ndarray[Any, Any]] = {}
    plan = discriminator_plan(config)
    for place, (layer, planned) in enumerate(zip(network.convolutions, plan, strict=True)):
        sides = planned.out_channels, planned.in_channels
        if planned.norm == "spectral":
            arrays |= _spectral_arrays(place, layer, *sides)
        else:
            arrays[f"layers.{place}.weight"] = _padded(_plain_weight(layer, 0), *sides)
        if planned.bias:
            arrays[f"layers.{place}.bias"] = _bias(layer, planned.out_channels)
    for place, norm in enumerate(network.norms):
        arrays |= _norm_arrays(place, norm, network.convolutions[place + 1], plan[place + 1].out_channels)
    return arrays


def _norm_arrays(place: int, norm: Norm, layer: Convolution, channels: int) -> dict[str, np.ndarray[Any, Any]]:
    """Name the tensors of a batch norm, with the bias of the layer before it taken from its running mean."""
    mean = norm.mean if layer.bias is None else norm.mean - layer.bias
    return {
        f"norms.{place}.weight": _longer(norm.scale, channels),
        f"norms.{place}.bias": _longer(norm.shift, channels),
        f"norms.{place}.running_mean": _longer(mean, channels),
        f"norms.{place}.running_var": _longer(norm.variance, channels, 1.0),
        f"norms.{place}.num_batches_tracked": np.array(norm.batches, np.int64),
    }


def _spectral_arrays(place: int, layer: Convolution, first: int, second: int) -> dict[str, np.ndarray[Any, Any]]:
    """Name the tensors of spectral norm; our vectors follow weights that are channels last in memory."""
    name, weight = f"layers.{place}.parametrizations.weight", layer.weight
    right = np.zeros((second, *weight.shape[2:]), np.float32)
    right[: weight.shape[1]] = _vector(layer.v).reshape(weight.shape[1:])
    return {
        f"{name}.original": _padded(weight, first, second),
        f"{name}.0.u": _longer(_vector(layer.u), first),
        f"{name}.0.v": np.ascontiguousarray(right.transpose(1, 2, 0)).reshape(-1),
    }


def _plain_weight(layer: Convolution, outputs: int) -> Floats:
    """Return the weight, divided by its largest singular value where it has spectral norm.

    Args:
        layer: the layer.
        outputs: side of the weight that counts the outputs: 1 for a transposed convolution, else 0.
    """
    if layer.u is None or layer.v is None:
        return layer.weight
    rows = np.moveaxis(layer.weight, outputs, 0)
    sigma = np.float32(layer.u @ rows.reshape(len(rows), -1) @ layer.v)
    divided: Floats = layer.weight / sigma
    return divided


def _vector(vector: Floats | None) -> Floats:
    if vector is None:
        raise ValueError("a layer without spectral norm has no singular vectors")
    return vector


def _bias(layer: Convolution, channels: int) -> Floats:
    return _longer(np.zeros(0, np.float32) if layer.bias is None else layer.bias, channels)


def _padded(weight: Floats, first: int, second: int) -> Floats:
    """Add channels of zeros to a weight [a, b, k, k], up to [first, second, k, k]."""
    padded = np.zeros((first, second, *weight.shape[2:]), np.float32)
    padded[: weight.shape[0], : weight.shape[1]] = weight
    return padded


def _longer(values: Floats, length: int, filling: float = 0.0) -> Floats:
    longer = np.full(length, filling, np.float32)
    longer[: len(values)] = values
    return longer
