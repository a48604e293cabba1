"""What the explorer asks of the sampler, and what comes back: plain values, no tensors."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.latent import LatentPoint
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.text.message import Message


@dataclass(frozen=True)
class OpenModel:
    """Explore the generator of a run; "now" is its newest checkpoint until training publishes weights."""

    config: RunConfig
    folder: RunFolder
    device: str = "cpu"
    live: bool = False
    class_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class UseWeights:
    """Take newer weights as "now"."""

    moment: Moment
    weights: Mapping[str, NDArray[np.generic]]


@dataclass(frozen=True)
class DrawPicture:
    """Draw one point by the generator of `moment`, or by the present one."""

    point: LatentPoint
    moment: Moment | None = None


@dataclass(frozen=True)
class DrawNeighbours:
    """Draw several points by the generator of `moment`, or by the present one."""

    points: tuple[LatentPoint, ...]
    moment: Moment | None = None


@dataclass(frozen=True)
class ModelReady:
    """The sampler can draw."""

    moment: Moment


@dataclass(frozen=True)
class Drawn:
    """Pictures of a request.

    Attributes:
        points: what was drawn.
        images: uint8 [N, H, W, C], in the order of `points`.
        moment: the generator that drew them.
        seconds: processor time that the thread took to draw them.
    """

    points: tuple[LatentPoint, ...]
    images: NDArray[np.uint8]
    moment: Moment
    seconds: float = 0.0


@dataclass(frozen=True)
class NotDrawn:
    """A request that could not be met: what happened, what was kept, what to do."""

    happened: Message
    kept: Message
    todo: Message


SampleRequest = OpenModel | UseWeights | DrawPicture | DrawNeighbours
SampleReply = ModelReady | Drawn | NotDrawn
