"""Foreign networks as ours: the networks of a file that are taken, and a set-up that builds them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from gan_studio.engine.config.files import config_fault
from gan_studio.engine.config.presets import load_preset
from gan_studio.engine.config.schema import RunConfig, with_values
from gan_studio.engine.exchange.fitted_tensors import discriminator_arrays, generator_arrays
from gan_studio.engine.exchange.foreign_networks import ForeignNetwork, FoundNetworks, find_networks
from gan_studio.engine.files.tensor_header import Arrays
from gan_studio.engine.models.plan import MOST_WIDENING, LayerPlan, discriminator_plan, generator_plan
from gan_studio.engine.text.message import EngineError, Message

PRESET = "pytorch-tutorial"
"""The preset whose other settings go with networks of the published pattern."""
LEAST_WIDTH, MOST_WIDTH, MOST_LATENT = 4, 512, 1024
MOST_GROWTH, FREE_GROWTH = 8, 2**24
"""A network is left that would need more than this many weights for each of its own, and more than this many in all."""
ASSUMED = {
    "model.generator_activation": Message("import.assumed_activation"),
    "model.prior": Message("import.assumed_prior"),
}
"""Settings that weights do not tell, and what is said where nobody states them."""


@dataclass(frozen=True)
class Networks:
    """Networks that our models can hold.

    Attributes:
        config: a set-up with their sizes.
        generator: the tensors of the generator that draws, under the names of Generator.
        trained_generator: those of the generator that was trained, where `generator` is an average of it; else None.
        discriminator: those of the discriminator, or None.
        left: all other tensors of the file by name, and why each was left.
        notes: what was changed or chosen, and then what was assumed.
        assumed: settings that were assumed (ASSUMED).
    """

    config: RunConfig
    generator: Arrays
    trained_generator: Arrays | None
    discriminator: Arrays | None
    left: Mapping[str, Message]
    notes: tuple[Message, ...]
    assumed: tuple[str, ...] = ()

    @property
    def arrays(self) -> Arrays:
        """All tensors as a file of weights holds them."""
        parts = {"generator": self.trained_generator, "discriminator": self.discriminator}
        named = {f"{part}.{name}": array for part, arrays in parts.items() for name, array in (arrays or {}).items()}
        return {**self.generator, **named}


def networks_of(arrays: Arrays, changes: Mapping[str, Any] = {}) -> Networks:
    """Find the networks in a file of weights, and fit them into our models.

    Args:
        arrays: tensors of any program, by name.
        changes: what a person states of the settings that weights do not tell (ASSUMED), by their dotted paths.

    Raises:
        NoGeneratorError: there is no generator of the published pattern; the first reason is named.
    """
    found = find_networks(arrays)
    generators, left = _choice([each for each in found.networks if each.kind == "generator"], dict(found.left))
    if not generators:
        raise _none_found(found)
    drawing, *trained = generators
    judges = [each for each in found.networks if each.kind == "discriminator"]
    judges = sorted(judges, key=lambda each: each.is_average)
    left |= {name: Message("import.second", prefix=judges[0].title) for each in judges[1:] for name in each.names}
    judge = judges[0] if judges else None
    if judge is not None and (judge.image_size, judge.channels) != (drawing.image_size, drawing.channels):
        left |= dict.fromkeys(judge.names, Message("import.other_pictures"))
        judge = None
    config = _fitted(drawing, trained, judge, changes)
    if judge is not None and isinstance(config, Message):
        left |= dict.fromkeys(judge.names, config)
        judge, config = None, _fitted(drawing, trained, None, changes)
    if isinstance(config, Message):
        raise _not_built(found, generators, config)
    assumed = tuple(path for path in ASSUMED if path not in changes)
    notes = [*_notes(config, drawing, trained, judge), *(ASSUMED[path] for path in assumed)]
    return Networks(
        config,
        generator_arrays(config, drawing),
        generator_arrays(config, trained[0]) if trained else None,
        discriminator_arrays(config, judge) if judge is not None else None,
        left,
        tuple(notes),
        assumed,
    )


class NoGeneratorError(EngineError):
    """A file holds no generator that can be built here.

    Attributes:
        left: every tensor of the file by name, and why it is not used.
    """

    def __init__(self, reason: Message, left: Mapping[str, Message]) -> None:
        happened = Message("import.no_generator", reason=reason)
        super().__init__(happened, Message("kept.nothing_begun"), Message("todo.see_pattern"))
        self.left = left


def _none_found(found: FoundNetworks) -> NoGeneratorError:
    """Say that a file holds no generator of the published pattern, and why not."""
    if found.networks:
        reason = Message("import.only_discriminator")
        return NoGeneratorError(reason, found.left | {name: reason for each in found.networks for name in each.names})
    reasons = [reason for reason in found.left.values() if reason.key != "import.no_layer"]
    return NoGeneratorError(reasons[0] if reasons else Message("import.no_layers"), found.left)


def _not_built(found: FoundNetworks, chosen: Sequence[ForeignNetwork], reason: Message) -> NoGeneratorError:
    """Say why the generator that was chosen cannot be built; all other networks are left because of it."""
    others = {name: Message("import.not_taken") for each in found.networks for name in each.names}
    own = {name: reason for each in chosen for name in each.names}
    return NoGeneratorError(reason, found.left | others | own)


def _choice(
    generators: list[ForeignNetwork], left: dict[str, Message]
) -> tuple[list[ForeignNetwork], dict[str, Message]]:
    """Choose the generator that draws, an average of weights where there is one, and the trained one beside it."""
    averages = [each for each in generators if each.is_average]
    others = [each for each in generators if not each.is_average]
    if not averages:
        chosen = others[:1]
    else:
        alike = [each for each in others if _shape(each) == _shape(averages[0])]
        chosen = [*averages[:1], *alike[:1]]
    reason = Message("import.second", prefix=chosen[0].title) if chosen else None
    for each in generators:
        if each not in chosen and reason is not None:
            left |= dict.fromkeys(each.names, reason)
    return chosen, left


def _shape(network: ForeignNetwork) -> tuple[object, ...]:
    return network.image_size, network.channels, network.widths, network.latent_dim


def _fitted(
    drawing: ForeignNetwork, trained: Sequence[ForeignNetwork], judge: ForeignNetwork | None, changes: Mapping[str, Any]
) -> RunConfig | Message:
    """Make the set-up of these networks, or say why none can be built or would be too large."""
    config = _config(drawing, trained, judge, changes)
    if isinstance(config, Message):
        return config
    is_too_wide = _grows_too_large(drawing, generator_plan(config))
    if judge is not None:
        is_too_wide |= _grows_too_large(judge, discriminator_plan(config))
    return Message("import.too_wide") if is_too_wide else config


def _config(
    drawing: ForeignNetwork, trained: Sequence[ForeignNetwork], judge: ForeignNetwork | None, changes: Mapping[str, Any]
) -> RunConfig | Message:
    """Make the set-up whose networks have room for the tensors of these, or say why there is none."""
    own = [drawing, *trained, *([judge] if judge is not None else [])]
    outer = [each.convolutions[-1] for each in own]
    if judge is not None and judge.norms:
        outer.append(judge.convolutions[0])
    elif judge is not None:
        outer.remove(judge.convolutions[-1])
    values = {
        "data.image_size": drawing.image_size,
        "data.channels": drawing.channels,
        "model.architecture": "dcgan",
        "model.latent_dim": drawing.latent_dim,
        "model.width": max(_width(each.widths) for each in own),
        "model.upsampling": "transposed",
        "model.discriminator_norm": _norm_of(judge),
        "model.conditional": False,
        "model.outer_bias": any(layer.bias is not None and bool(layer.bias.any()) for layer in outer),
    }
    try:
        return with_values(load_preset(PRESET).config, {**values, **changes})
    except ValidationError as error:
        return config_fault(error)


def _width(widths: Sequence[int]) -> int:
    """Return the smallest width of a model whose hidden layers have at least these channels."""
    needed = (-(-width // min(1 << place, MOST_WIDENING)) for place, width in enumerate(widths))
    return max(LEAST_WIDTH, *needed)


def _norm_of(judge: ForeignNetwork | None) -> str:
    if judge is None or judge.norms:
        return "batch"
    return "spectral" if all(layer.u is not None for layer in judge.convolutions) else "none"


def _grows_too_large(network: ForeignNetwork, plan: Sequence[LayerPlan]) -> bool:
    held = sum(layer.weight.size for layer in network.convolutions)
    needed = sum(layer.kernel**2 * layer.in_channels * layer.out_channels for layer in plan)
    return needed > max(MOST_GROWTH * held, FREE_GROWTH)


# What is told


def _notes(
    config: RunConfig, drawing: ForeignNetwork, trained: Sequence[ForeignNetwork], judge: ForeignNetwork | None
) -> list[Message]:
    own = [drawing, *([judge] if judge is not None else [])]
    notes = []
    if drawing.is_average:
        notes.append(Message("import.average", prefix=drawing.title))
    if trained:
        notes.append(Message("import.trained_too", prefix=trained[0].title))
    folded = sum(_folded(each) for each in own)
    if folded:
        notes.append(Message("import.folded", count=folded))
    divided = sum(layer.u is not None for layer in drawing.convolutions)
    if judge is not None and config.model.discriminator_norm != "spectral":
        divided += sum(layer.u is not None for layer in judge.convolutions)
    if divided:
        notes.append(Message("import.divided", count=divided))
    planned = [layer.out_channels for layer in generator_plan(config)[:-1]][::-1]
    for each in own:
        if list(each.widths) != planned:
            notes.append(
                Message("import.widened", kind=each.kind, found=_listed(each.widths), planned=_listed(planned))
            )
    return notes


def _folded(network: ForeignNetwork) -> int:
    """Count the biases that went into the running mean of the norm after them."""
    start = 0 if network.kind == "generator" else 1
    before = network.convolutions[start : start + len(network.norms)]
    return sum(layer.bias is not None for layer in before)


def _listed(widths: Sequence[int]) -> str:
    return ", ".join(map(str, widths))
