"""Everything that a step reads and changes, and its form as named tensors."""

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
from gan_studio.engine.step.adam import ADAM_STATE, Adam
from gan_studio.engine.step.soundness import Soundness

_CODES = {torch.float32: "F32", torch.float64: "F64", torch.int64: "I64", torch.uint8: "U8"}

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
"""Parameters of glibc's mallopt, from its malloc.h."""


@dataclass
class TrainingState:
    """One moment of a run.

    Attributes:
        generator, discriminator: the networks, in train mode.
        generator_ema: running average of the generator, statistics included, in eval mode.
        optimizer_g, optimizer_d: Adam.
        knobs: live settings by name.
        step: steps done.
        pictures_seen: real pictures shown to D so far.
        branch: branch of the run's history that new rows belong to.
        soundness: keeps NaN and infinity out of it.
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

    def set_knob(self, name: str, value: float) -> None:
        """Change a live setting (a name in LIVE_KNOBS) for the next step."""
        self.knobs[name] = float(value)  # as run.sqlite gives it back

    def faded(self, half_life: float) -> float:
        """Return what the pictures seen have left of 1, halved every `half_life` of them; 0: it does not fade."""
        return 0.5 ** (self.pictures_seen / half_life) if half_life > 0 else 1.0

    def update_ema(self, pictures: int) -> None:
        """Move the average towards the generator by one step in which D saw `pictures`.

        The half-life ramps up with the pictures seen (as in StyleGAN2-ADA's training loop), so that the first
        weights do not linger.
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
        """Describe every tensor of the state as a file would, without copying one."""
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
    """Describe named tensors as a file would; they may be on the meta device."""
    return {name: (_CODES[tensor.dtype], tuple(tensor.shape)) for name, tensor in tensors.items()}


def build_state(config: RunConfig, device: torch.device, classes: int = 0) -> TrainingState:
    """Build the state of step 0, and ready this process to train it; `classes` of a class-conditional run."""
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
    """Let the C library keep what a step frees for the next step, instead of giving it back to the system.

    Each page taken anew is zeroed at its first touch: without this that took 5 to 20 % of a CPU step (measured).
    Process-wide; does nothing where the C library is not glibc.
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
