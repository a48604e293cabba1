"""Requests of the explorer to the sampler, and its replies: plain values, no tensors."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.events import WeightsPublished
from gan_studio.engine.files.tensor_header import Arrays
from gan_studio.engine.latent import LatentPoint
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.folder import RunFolder


@dataclass(frozen=True)
class OpenModel:
    """Explore a run.

    Attributes:
        config, folder: the run.
        device: where to draw.
        live: True: wait for weights that training publishes; False: load the newest checkpoint.
        class_names: the classes of a class-conditional run, else empty.
    """

    config: RunConfig
    folder: RunFolder
    device: str = "cpu"
    live: bool = False
    class_names: tuple[str, ...] = ()

    @property
    def place(self) -> Path:
        """The folder of the run."""
        return self.folder.root


@dataclass(frozen=True)
class OpenWeights:
    """Explore a file of weights, on the CPU.

    Attributes:
        place: the file.
        config: the set-up of its generator.
        arrays: the tensors of its generator.
        step: training step, or 0 if unknown.
        class_names: the classes of a class-conditional generator, else empty.
    """

    place: Path
    config: RunConfig
    arrays: Arrays = field(repr=False)
    step: int = 0
    class_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class DrawPicture:
    """Draw one point with the generator of `moment`; None: with the current one."""

    point: LatentPoint
    moment: Moment | None = None


@dataclass(frozen=True)
class DrawNeighbours:
    """Draw several points with the generator of `moment`; None: with the current one."""

    points: tuple[LatentPoint, ...]
    moment: Moment | None = None


@dataclass(frozen=True)
class ModelReady:
    """The sampler can draw with the generator of `moment`.

    Attributes:
        moment: moment of the generator.
        place: the run or the file of weights that was opened; None: weights that training published.
    """

    moment: Moment
    place: Path | None = None


@dataclass(frozen=True)
class Drawn:
    """Pictures of a request.

    Attributes:
        points: the points that were drawn.
        images: uint8 [N, H, W, C], in the order of `points`.
        moment: moment of the generator that drew them.
        seconds: processor time of the drawing thread.
    """

    points: tuple[LatentPoint, ...]
    images: NDArray[np.uint8]
    moment: Moment
    seconds: float = 0.0


SampleRequest = OpenModel | OpenWeights | WeightsPublished | DrawPicture | DrawNeighbours
SampleReply = ModelReady | Drawn
