"""The generators and discriminators in a file of weights: the published pattern of DCGAN, found by order and shapes.

Pattern of a generator (Radford et al. 2016, arXiv 1511.06434; github.com/pytorch/examples, dcgan/main.py): transposed
convolutions from z to a map of 4x4 (or 7x7) and then with kernels of 4x4 that double it, each but the last with a batch
norm. A discriminator is the mirror image, with a batch norm after each layer but the first and the last, or without
any. Names do not matter: a network is all that lies below one prefix, however deep.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.exchange.foreign_layers import Convolution, Layer, Norm, layers_of, natural_order, split_name
from gan_studio.engine.files.tensor_header import Arrays
from gan_studio.engine.text.message import Message

Kind = Literal["generator", "discriminator"]

SIZES: tuple[int, ...] = get_args(DataConfig.model_fields["image_size"].annotation)
CHANNELS: tuple[int, ...] = get_args(DataConfig.model_fields["channels"].annotation)
SMALLEST_MAPS = (4, 7)
KERNEL = 4
FEWEST, MOST = 3, 7
"""Fewest and most convolutions: 3 for pictures of 28 pixels, 7 for pictures of 256 pixels."""


@dataclass(frozen=True)
class ForeignNetwork:
    """A network of the published pattern.

    Attributes:
        kind: "generator" or "discriminator".
        prefix: what the names of all its tensors begin with.
        names: its tensors.
        convolutions: in order, from z to the picture or from the picture to the logit.
        norms: those of the hidden layers, in order; () for a discriminator without any.
        image_size: height = width of its pictures in pixels.
        channels: of its pictures.
        widths: channels of the hidden layers, from the largest map to the smallest.
    """

    kind: Kind
    prefix: str
    names: tuple[str, ...]
    convolutions: tuple[Convolution, ...]
    norms: tuple[Norm, ...]
    image_size: int
    channels: int
    widths: tuple[int, ...]

    @property
    def title(self) -> str:
        """Its prefix without the last dot, as sentences name it."""
        return self.prefix.removesuffix(".")

    @property
    def latent_dim(self) -> int:
        """Length of z of a generator."""
        return int(self.convolutions[0].weight.shape[0])

    @property
    def is_average(self) -> bool:
        """Whether its prefix says that it is an average of weights over training."""
        return any(word in self.prefix.lower() for word in ("ema", "avg", "average", "shadow", "swa"))


@dataclass(frozen=True)
class FoundNetworks:
    """What a file of weights holds.

    Attributes:
        networks: in the order of the file.
        left: all other tensors by name, and why each belongs to no network.
    """

    networks: tuple[ForeignNetwork, ...]
    left: dict[str, Message]


class _UnfitError(Exception):
    """The tensors are no network of the pattern; `reason` says why."""

    def __init__(self, reason: Message) -> None:
        super().__init__(str(reason))
        self.reason = reason


def find_networks(arrays: Arrays) -> FoundNetworks:
    """Find every generator and discriminator of the published pattern."""
    layered = [name for name in arrays if split_name(name) is not None]
    left = {name: Message("import.no_layer") for name in arrays if split_name(name) is None}
    networks, unfit = _search(arrays, "", layered)
    return FoundNetworks(tuple(networks), left | unfit)


def _search(arrays: Arrays, prefix: str, names: list[str]) -> tuple[list[ForeignNetwork], dict[str, Message]]:
    """Take all tensors below a prefix for one network; if they are none, search below each longer prefix."""
    try:
        return [_network(arrays, prefix, names)], {}
    except _UnfitError as error:
        reason = error.reason
    networks: list[ForeignNetwork] = []
    left: dict[str, Message] = {}
    for longer, below in _longer_prefixes(prefix, names):
        found, unfit = _search(arrays, longer, below)
        networks += found
        left |= unfit
    return (networks, left) if networks else ([], dict.fromkeys(names, reason))


def _longer_prefixes(prefix: str, names: list[str]) -> Iterator[tuple[str, list[str]]]:
    parts: dict[str, list[str]] = {}
    for name in names:
        first, dot, _ = name[len(prefix) :].partition(".")
        if dot:
            parts.setdefault(f"{prefix}{first}.", []).append(name)
    yield from parts.items()


def _network(arrays: Arrays, prefix: str, names: list[str]) -> ForeignNetwork:
    layers = layers_of(arrays, names)
    for layer in layers.values():
        if isinstance(layer, Message):
            raise _UnfitError(layer)
    reasons = []
    for ordered in (list(layers.values()), [layers[name] for name in sorted(layers, key=natural_order)]):
        try:
            return _in_order(prefix, tuple(names), ordered)
        except _UnfitError as error:  # a file may list its tensors in another order than the network uses them
            reasons.append(error)
    raise reasons[-1]


def _in_order(prefix: str, names: tuple[str, ...], layers: Sequence[Layer]) -> ForeignNetwork:
    convolutions = tuple(layer for layer in layers if isinstance(layer, Convolution))
    norms = tuple(layer for layer in layers if isinstance(layer, Norm))
    if not FEWEST <= len(convolutions) <= MOST:
        sizes = f"{SIZES[0]} to {SIZES[-1]}"
        raise _UnfitError(Message("import.layer_count", count=len(convolutions), sizes=sizes, fewest=FEWEST, most=MOST))
    kind = _kind(convolutions)
    from_picture = convolutions[::-1] if kind == "generator" else convolutions
    ends = [(int(layer.weight.shape[1]), int(layer.weight.shape[0])) for layer in from_picture]  # picture's side first
    for (_, made), (taken, _), layer in zip(ends, ends[1:], from_picture[1:], strict=False):
        if made != taken:
            raise _UnfitError(Message("import.no_chain", name=layer.name, one=taken, other=made))
    if ends[0][0] not in CHANNELS:
        raise _UnfitError(Message("import.picture_channels", name=from_picture[0].name, count=ends[0][0]))
    if kind == "discriminator" and ends[-1][1] != 1:
        raise _UnfitError(Message("import.not_one_logit", name=from_picture[-1].name, count=ends[-1][1]))
    size = _image_size(from_picture)
    widths = tuple(width for _, width in ends[:-1])
    _check_norms(kind, norms, widths[::-1] if kind == "generator" else widths[1:])
    _check_biases(convolutions, kind)
    return ForeignNetwork(kind, prefix, names, convolutions, norms, size, ends[0][0], widths)


def _kind(convolutions: tuple[Convolution, ...]) -> Kind:
    """Tell a transposed convolution, stored as [inputs, outputs], from a convolution, stored as [outputs, inputs]."""
    pairs = list(zip(convolutions, convolutions[1:], strict=False))
    transposed = sum(before.weight.shape[1] == after.weight.shape[0] for before, after in pairs)
    plain = sum(before.weight.shape[0] == after.weight.shape[1] for before, after in pairs)
    if transposed != plain:
        return "generator" if transposed > plain else "discriminator"
    return "generator" if convolutions[-1].weight.shape[1] in CHANNELS else "discriminator"


def _image_size(from_picture: tuple[Convolution, ...]) -> int:
    *doubling, last = from_picture
    for layer in doubling:
        if layer.weight.shape[2:] != (KERNEL, KERNEL):
            raise _UnfitError(Message("import.kernel", name=layer.name, kernel=layer.kernel, needed="4 × 4"))
    smallest = last.weight.shape[2]
    if last.weight.shape[3] != smallest or smallest not in SMALLEST_MAPS:
        raise _UnfitError(Message("import.kernel", name=last.name, kernel=last.kernel, needed="4 × 4 or 7 × 7"))
    size = int(smallest * 2 ** len(doubling))
    if size not in SIZES:
        raise _UnfitError(Message("import.image_size", size=size, sizes=", ".join(map(str, SIZES))))
    return size


def _check_norms(kind: Kind, norms: tuple[Norm, ...], widths: Sequence[int]) -> None:
    """Check that each hidden layer (of a discriminator: each but the first) has a batch norm of its channels."""
    if kind == "discriminator" and not norms:
        return
    if len(norms) != len(widths):
        raise _UnfitError(Message("import.norm_count", count=len(norms), needed=len(widths)))
    for norm, width in zip(norms, widths, strict=True):
        if len(norm.mean) != width:
            raise _UnfitError(Message("import.norm_channels", name=norm.name, count=len(norm.mean), needed=width))


def _check_biases(convolutions: tuple[Convolution, ...], kind: Kind) -> None:
    for layer in convolutions:
        outputs = layer.weight.shape[1 if kind == "generator" else 0]
        if layer.bias is not None and layer.bias.shape != (outputs,):
            raise _UnfitError(Message("import.odd_bias", name=layer.name))
