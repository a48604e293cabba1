"""What the tensor files of a run must hold, told from its run.toml alone, without making room for any of it."""

import torch
from torch import nn

from gan_studio.engine.files.tensors import Layout
from gan_studio.engine.models.networks import Discriminator, Generator
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.step.adam import ADAM_STATE
from gan_studio.engine.step.state import layout_of_tensors


def checkpoint_layout(folder: RunFolder) -> Layout:
    """Name every tensor of the run's checkpoints, as TrainingState.layout does once it is built.

    Raises:
        EngineError: run.toml is damaged.
    """
    generator, discriminator = _networks(folder)
    layout: dict[str, tuple[str, tuple[int, ...]]] = {}
    for prefix, network in (("generator", generator), ("discriminator", discriminator), ("generator_ema", generator)):
        layout |= {f"{prefix}.{name}": entry for name, entry in layout_of_tensors(network.state_dict()).items()}
    for prefix, network in (("optimizer_g", generator), ("optimizer_d", discriminator)):
        for name, (code, shape) in layout_of_tensors(dict(network.named_parameters())).items():
            layout |= {f"{prefix}.{entry}.{name}": (code, () if entry == "step" else shape) for entry in ADAM_STATE}
    return layout


def snapshot_layout(folder: RunFolder) -> Layout:
    """Name every tensor of the run's snapshots, which hold a generator; raises EngineError as checkpoint_layout."""
    return layout_of_tensors(_networks(folder)[0].state_dict())


def _networks(folder: RunFolder) -> tuple[nn.Module, nn.Module]:
    """Build both networks in shape only, which costs no memory whatever run.toml asks for."""
    config, classes = folder.read_config(), len(folder.class_names())
    with torch.device("meta"):
        return Generator(config, classes), Discriminator(config, classes)
