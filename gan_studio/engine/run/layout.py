"""The tensors that a run's files must hold: names, types and shapes from the set-up alone, without allocating any."""

import torch
from torch import nn

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.files.tensors import Layout
from gan_studio.engine.models.networks import Discriminator, Generator
from gan_studio.engine.step.adam import ADAM_STATE
from gan_studio.engine.step.state import layout_of_tensors


def checkpoint_layout(config: RunConfig, classes: int) -> Layout:
    """Name every tensor of the run's checkpoints: what TrainingState.layout returns once the networks are built."""
    generator, discriminator = _networks(config, classes)
    layout: dict[str, tuple[str, tuple[int, ...]]] = {}
    for prefix, network in (("generator", generator), ("discriminator", discriminator), ("generator_ema", generator)):
        layout |= {f"{prefix}.{name}": entry for name, entry in layout_of_tensors(network.state_dict()).items()}
    for prefix, network in (("optimizer_g", generator), ("optimizer_d", discriminator)):
        for name, (code, shape) in layout_of_tensors(dict(network.named_parameters())).items():
            layout |= {f"{prefix}.{entry}.{name}": (code, () if entry == "step" else shape) for entry in ADAM_STATE}
    return layout


def snapshot_layout(config: RunConfig, classes: int) -> Layout:
    """Name every tensor of the run's snapshots, which hold a generator."""
    return layout_of_tensors(_networks(config, classes)[0].state_dict())


def _networks(config: RunConfig, classes: int) -> tuple[nn.Module, nn.Module]:
    """Build both networks on torch's meta device: shapes only, whatever sizes run.toml asks for."""
    with torch.device("meta"):
        return Generator(config, classes), Discriminator(config, classes)
