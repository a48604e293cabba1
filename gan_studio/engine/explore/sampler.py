"""Sampler: draws points by its own copy of a generator, so that nothing it does can touch training."""

import time
from collections import OrderedDict

import numpy as np
import torch

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.explore.drawing import draw_pictures
from gan_studio.engine.explore.requests import (
    Drawn,
    DrawNeighbours,
    DrawPicture,
    ModelReady,
    NotDrawn,
    OpenModel,
    SampleReply,
    SampleRequest,
    UseWeights,
)
from gan_studio.engine.files.tensors import Arrays
from gan_studio.engine.latent import LatentPoint
from gan_studio.engine.machine.faults import kind_of
from gan_studio.engine.models.networks import Generator, to_device
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.checkpoint import read_generator
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.text.message import EngineError, Message

SNAPSHOTS_IN_MEMORY = 4


class Sampler:
    """The explorer's side of the engine. It belongs to one thread.

    Holds the present generator and the last few snapshots that were asked for.
    """

    def __init__(self) -> None:
        self._config = RunConfig()
        self._folder: RunFolder | None = None
        self._device = torch.device("cpu")
        self._classes = 0
        self._now: tuple[Moment, Generator] | None = None
        self._snapshots: OrderedDict[Moment, Generator] = OrderedDict()

    def handle(self, request: SampleRequest) -> SampleReply:
        """Meet a request; a fault of files or of the machine comes back as NotDrawn, never as an exception."""
        try:
            match request:
                case OpenModel():
                    return self._open(request)
                case UseWeights(moment, weights):
                    self._now = (moment, self._renew(weights))
                    return ModelReady(moment)
                case DrawPicture(point, moment):
                    return self._draw((point,), moment)
                case DrawNeighbours(points, moment):
                    return self._draw(points, moment)
        except EngineError as error:
            return NotDrawn(error.happened, error.kept, error.todo)
        except Exception as error:  # noqa: BLE001  (the explorer's thread must live on; what it met is told)
            self._now = None
            self._snapshots.clear()
            fault = kind_of(error)
            if fault is not None:
                fault.free_memory()
            self._device = torch.device("cpu")
            happened = fault.happened if fault else Message("explore.broke", error=f"{type(error).__name__}: {error}")
            return NotDrawn(happened, Message("kept.file_untouched"), Message("todo.wait_or_open"))

    def _open(self, request: OpenModel) -> SampleReply:
        self._config, self._folder = request.config, request.folder
        self._classes = len(request.class_names)
        self._device = torch.device(request.device)
        self._snapshots.clear()
        self._now = None
        if request.live:
            return ModelReady(Moment(0, 0))
        moment, file = read_generator(request.folder, None)
        self._now = (moment, self._build(file.arrays))
        return ModelReady(moment)

    def _draw(self, points: tuple[LatentPoint, ...], moment: Moment | None) -> SampleReply:
        found = self._now if moment is None else (moment, self._snapshot(moment))
        if found is None or not all(self._fits(point) for point in points):  # asked of the run before
            return NotDrawn(Message("explore.no_model"), Message("kept.nothing_begun"), Message("todo.wait_or_open"))
        z = np.array([point.values for point in points], dtype=np.float32)
        blend = np.array([point.blend for point in points], dtype=np.float32) if self._classes else None
        begun = time.thread_time()
        images = draw_pictures(found[1], z, blend)
        return Drawn(points, images, found[0], time.thread_time() - begun)

    def _fits(self, point: LatentPoint) -> bool:
        return len(point.values) == self._config.model.latent_dim and len(point.blend) == self._classes

    def _snapshot(self, moment: Moment) -> Generator:
        if moment not in self._snapshots:
            if self._folder is None:
                raise EngineError(
                    Message("explore.no_model"), Message("kept.nothing_begun"), Message("todo.wait_or_open")
                )
            self._snapshots[moment] = self._build(read_generator(self._folder, moment)[1].arrays)
            while len(self._snapshots) > SNAPSHOTS_IN_MEMORY:
                self._snapshots.popitem(last=False)
        self._snapshots.move_to_end(moment)
        return self._snapshots[moment]

    def _renew(self, arrays: Arrays) -> Generator:
        """Put newer weights into the present generator; build another one where they do not fit it."""
        if self._now is None:
            return self._build(arrays)
        held = self._now[1].state_dict()
        if {name: value.shape for name, value in held.items()} != {name: value.shape for name, value in arrays.items()}:
            return self._build(arrays)
        for name, value in held.items():
            value.copy_(torch.from_numpy(arrays[name]))
        self._now[1].keep_kernels()
        return self._now[1]

    def _build(self, arrays: Arrays) -> Generator:
        generator = generator_from(self._config, arrays, self._device, self._classes)
        generator.keep_kernels()
        return generator


def generator_from(config: RunConfig, arrays: Arrays, device: torch.device, classes: int = 0) -> Generator:
    """Build a generator in eval mode from named arrays (copied); `classes` of a class-conditional run.

    Raises:
        EngineError: names or shapes are not those of the configuration.
    """
    generator = Generator(config, classes)
    try:
        generator.load_state_dict({name: torch.from_numpy(array) for name, array in arrays.items()})
    except RuntimeError as error:
        raise EngineError(
            Message("explore.other_model", error=str(error).splitlines()[0]),
            Message("kept.file_untouched"),
            Message("todo.choose_run"),
        ) from error
    to_device(generator, device)
    generator.requires_grad_(False).eval()
    return generator
