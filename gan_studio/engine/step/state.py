"""TrainingState: everything that a step reads and changes, also as tensors by name."""

import ctypes
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from gan_studio.engine.config.schema import RunConfig, live_values
from gan_studio.engine.files.tensors import Layout
from gan_studio.engine.models.networks import Discriminator, Generator, build_networks, to_device
from gan_studio.engine.moment import Moment
from gan_studio.engine.step.adam import ADAM_STATE, Adam
from gan_studio.engine.step.soundness import Soundness

_CODES = {torch.float32: "F32", torch.float64: "F64", torch.int64: "I64", torch.uint8: "U8"}

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
"""Parameters of glibc's mallopt, from its malloc.h."""


@dataclass
class TrainingState:
    """The networks, optimizers and position of a run.

    Attributes:
        generator, discriminator: the networks, in train mode.
        generator_ema: exponential moving average of the generator, batch statistics included, in eval mode.
        optimizer_g, optimizer_d: Adam.
        knobs: live settings by name.
        step: steps done.
        pictures_seen: real pictures shown to D so far.
        branch: branch of the run that new rows belong to.
        soundness: keeps NaN and infinity out of weights and statistics.
    """

    generator: Generator
    discriminator: Discriminator
    generator_ema: Generator
    optimizer_g: Adam
    optimizer_d: Adam
    knobs: dict[str, float]
    step: int = 0
    pictures_seen: int = 0
    branch: int = 0
    soundness: Soundness = field(init=False, repr=False)
    _ema_pairs: tuple[list[Tensor], list[Tensor]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.soundness = Soundness(self.generator, self.discriminator)
        self._ema_pairs = (_averaged(self.generator_ema), _averaged(self.generator))

    @property
    def moment(self) -> Moment:
        """Where the run is."""
        return Moment(self.branch, self.step)

    def set_knob(self, name: str, value: float) -> None:
        """Change a live setting (a name in LIVE_KNOBS) from the next step on."""
        self.knobs[name] = float(value)  # the type that run.sqlite returns

    def faded(self, half_life: float) -> float:
        """Return the factor of exponential decay: 1, halved every `half_life` pictures seen; 1 if `half_life` is 0."""
        return 0.5 ** (self.pictures_seen / half_life) if half_life > 0 else 1.0

    def update_ema(self, pictures: int) -> None:
        """Update the EMA generator after a step in which D saw `pictures` real pictures.

        The half-life ramps up with the pictures seen (as in StyleGAN2-ADA's training loop), so that the initial
        weights fade quickly.
        """
        half_life = min(self.knobs["ema_half_life"], max(self.pictures_seen, pictures) * 0.25)
        kept = 0.5 ** (pictures / half_life) if half_life > 0 else 0.0
        ema, now = self._ema_pairs
        torch._foreach_lerp_(ema, now, 1.0 - kept)

    def tensors(self) -> dict[str, Tensor]:
        """Name every tensor of the state (references, not copies)."""
        named: dict[str, Tensor] = {}
        for prefix in ("generator", "discriminator", "generator_ema"):
            network: nn.Module = getattr(self, prefix)
            named |= {f"{prefix}.{name}": tensor for name, tensor in network.state_dict().items()}
        for prefix, network, optimizer in self._optimizers():
            for name, parameter in network.named_parameters():
                for entry in ADAM_STATE:
                    named[f"{prefix}.{entry}.{name}"] = optimizer.state[parameter][entry]
        return named

    def layout(self) -> Layout:
        """Describe the type and shape of every tensor, as in a tensor file, without copying."""
        return layout_of_tensors(self.tensors())

    def copy_arrays(self) -> dict[str, NDArray[np.generic]]:
        """Copy every tensor of the state to main memory."""
        return _arrays(self.tensors())

    def copy_ema(self) -> dict[str, NDArray[np.generic]]:
        """Copy the EMA generator's tensors to main memory, under their names in Generator.state_dict()."""
        return _arrays(self.generator_ema.state_dict())

    def load_arrays(self, arrays: Mapping[str, NDArray[np.generic]]) -> None:
        """Overwrite every tensor of the state; raises KeyError when one is missing."""
        with torch.no_grad():
            for name, tensor in self.tensors().items():
                tensor.copy_(torch.from_numpy(arrays[name]))

    def _optimizers(self) -> tuple[tuple[str, nn.Module, Adam], ...]:
        return (
            ("optimizer_g", self.generator, self.optimizer_g),
            ("optimizer_d", self.discriminator, self.optimizer_d),
        )


def layout_of_tensors(tensors: Mapping[str, Tensor]) -> Layout:
    """Describe the type and shape of named tensors, as in a tensor file; they may be on the meta device."""
    return {name: (_CODES[tensor.dtype], tuple(tensor.shape)) for name, tensor in tensors.items()}


def build_state(config: RunConfig, device: torch.device, classes: int = 0) -> TrainingState:
    """Build the state of step 0, and set up this process's memory for training.

    Args:
        config: the set-up.
        device: where the tensors go.
        classes: number of classes of a class-conditional run, else 0.
    """
    if device.type == "cpu":
        keep_freed_memory()
    generator, discriminator = build_networks(config, device, classes)
    generator_ema = Generator(config, classes)
    to_device(generator_ema, device)
    generator_ema.load_state_dict(generator.state_dict())
    generator_ema.requires_grad_(False).eval()
    knobs, betas = live_values(config), (config.training.beta1, config.training.beta2)
    return TrainingState(
        generator,
        discriminator,
        generator_ema,
        Adam(generator, knobs["learning_rate_g"], betas),
        Adam(discriminator, knobs["learning_rate_d"], betas),
        knobs,
    )


def keep_freed_memory() -> None:
    """Make glibc keep the memory that a step frees for the next step, instead of returning it to the system.

    The system zeroes every new page at its first use: without this setting, that took 5 to 20 % of a CPU step
    (measured). The setting applies to the whole process. With another C library, nothing is done.
    """
    if platform.libc_ver()[0] == "glibc":
        library = ctypes.CDLL(None)
        library.mallopt(M_MMAP_THRESHOLD, 32 * 2**20)  # the most that glibc allows
        library.mallopt(M_TRIM_THRESHOLD, 2**30)


def _averaged(network: nn.Module) -> list[Tensor]:
    return [tensor.detach() for tensor in network.state_dict().values() if tensor.is_floating_point()]


def _arrays(tensors: Mapping[str, Tensor]) -> dict[str, NDArray[np.generic]]:
    return {
        name: np.array(tensor.detach().cpu().contiguous().numpy(), order="C", copy=True)
        for name, tensor in tensors.items()
    }
