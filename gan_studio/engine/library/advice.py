"""Advice before a start: which preset suits the pictures, and how long it takes on this machine."""

from dataclasses import dataclass

from gan_studio.engine.config.presets import DEFAULT
from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.data.following import LEAST_SIDE_FOR_64
from gan_studio.engine.models.estimates import first_sheet_seconds, step_seconds
from gan_studio.engine.nature import Nature
from gan_studio.engine.text.message import Message

FEW = 5_000
"""Below this number, D learns the pictures by heart; Zhao et al. 2020 (arXiv 2006.10738) help from 100 on."""

GREY = 1
COLOUR = "quickstart-colour"
"""The preset for colour pictures on a CPU: nearer to them than quickstart after the same time (docs/benchmarks.md)."""

LONG_SECONDS = 12 * 3600.0
"""A run that takes longer is announced before it starts."""


@dataclass(frozen=True)
class Advice:
    """A preset that suits the pictures.

    Attributes:
        preset: its name.
        reason: why, in one or two sentences.
    """

    preset: str
    reason: Message


@dataclass(frozen=True)
class Expectation:
    """What a set-up will take on this machine, estimated.

    Attributes:
        first_seconds: until the first samples after step 1.
        all_seconds: for all its steps.
    """

    first_seconds: float
    all_seconds: float

    @property
    def is_long(self) -> bool:
        """Whether the run should be announced before it starts."""
        return self.all_seconds > LONG_SECONDS


def advise(count: int, nature: Nature, *, on_gpu: bool) -> Advice:
    """Recommend a preset.

    Args:
        count: pictures to train on.
        nature: what they are like.
        on_gpu: whether a GPU trains.
    """
    if count < FEW:
        return Advice("small-data", Message("advice.few", count=count))
    if not on_gpu:
        return Advice(DEFAULT if nature.channels == GREY else COLOUR, Message("advice.cpu", count=count))
    if 0 < nature.side < LEAST_SIDE_FOR_64:
        return Advice("wide-cifar10", Message("advice.gpu_small", count=count))
    return Advice("pytorch-tutorial", Message("advice.gpu", count=count))


def expect(config: RunConfig, speed: float, classes: int = 0) -> Expectation:
    """Estimate what a set-up takes.

    Args:
        config: the set-up.
        speed: multiply-adds per second of this machine.
        classes: number of classes of a class-conditional run.
    """
    return Expectation(
        first_sheet_seconds(config, speed, classes), config.training.steps * step_seconds(config, speed, classes)
    )
