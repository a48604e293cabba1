"""Sampler: draws points with its own copy of a generator, so that nothing it does can affect training."""

import time
from collections import OrderedDict
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from gan_studio.engine.answering import NotDone, answer
from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.events import WeightsPublished
from gan_studio.engine.explore.drawing import draw_pictures
from gan_studio.engine.explore.requests import (
    Drawn,
    DrawNeighbours,
    DrawPicture,
    ModelReady,
    OpenModel,
    OpenWeights,
    SampleReply,
    SampleRequest,
)
from gan_studio.engine.files.tensor_header import first_difference
from gan_studio.engine.files.tensors import Arrays, layout_of
from gan_studio.engine.latent import LatentPoint
from gan_studio.engine.machine.faults import find_hardware_fault
from gan_studio.engine.models.networks import Generator, to_device
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.checkpoint import read_generator
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.run.layout import snapshot_layout
from gan_studio.engine.text.message import EngineError, Message

SNAPSHOTS_IN_MEMORY = 4


class Sampler:
    """Draws for the explorer. Use it in one thread.

    It holds the current generator and the last few snapshots that were asked for.
    """

    def __init__(self) -> None:
        self._opened: OpenModel | OpenWeights | None = None
        self._config = RunConfig()
        self._folder: RunFolder | None = None
        self._device = torch.device("cpu")
        self._classes = 0
        self._now: tuple[Moment, Generator] | None = None
        self._snapshots: OrderedDict[Moment, Generator] = OrderedDict()

    def handle(self, request: SampleRequest) -> SampleReply | NotDone:
        """Answer a request; a fault of files or of the machine comes back as NotDone, never as an exception."""
        return answer(self._meet, request, self._describe)

    def _meet(self, request: SampleRequest) -> SampleReply:
        match request:
            case OpenModel():
                return self._open(request)
            case OpenWeights():
                return self._open_file(request)
            case WeightsPublished(moment, weights):
                self._now = (moment, self._renew(weights))
                return ModelReady(moment)
            case DrawPicture(point, moment):
                return self._draw((point,), moment)
            case DrawNeighbours(points, moment):
                return self._draw(points, moment)

    def _describe(self, error: Exception) -> NotDone:
        """Discard every generator, which the fault may have broken, and put the fault into words."""
        self._now = None
        self._snapshots.clear()
        fault = find_hardware_fault(error)
        if fault is not None:
            fault.free_memory()
        self._device = torch.device("cpu")
        happened = fault.happened if fault else Message("explore.broke", error=f"{type(error).__name__}: {error}")
        return NotDone(happened, Message("kept.file_untouched"), Message("todo.wait_or_open"))

    def _open(self, request: OpenModel) -> SampleReply:
        self._opened = request
        self._config, self._folder = request.config, request.folder
        self._classes = len(request.class_names)
        self._device = torch.device(request.device)
        self._snapshots.clear()
        self._now = None
        if request.live:
            return ModelReady(Moment(0, 0), request.place)
        moment, file = read_generator(request.folder, None, request.config, self._classes)
        self._now = (moment, self._build(file.arrays))
        return ModelReady(moment, request.place)

    def _open_file(self, request: OpenWeights) -> SampleReply:
        self._opened = request
        self._config, self._folder = request.config, None
        self._classes = len(request.class_names)
        self._snapshots.clear()
        self._now, self._device = None, torch.device("cpu")
        generator = generator_of_file(request.place, request.config, request.arrays, self._classes)
        generator.keep_kernels()
        self._now = (Moment(0, request.step), generator)
        return ModelReady(self._now[0], request.place)

    def _draw(self, points: tuple[LatentPoint, ...], moment: Moment | None) -> SampleReply:
        if moment is None and self._now is None:
            self._open_again()
        found = self._now if moment is None else (moment, self._snapshot(moment))
        if found is None or not all(self._fits(point) for point in points):  # a request for the previous run
            raise _no_model()
        z = np.array([point.values for point in points], dtype=np.float32)
        blend = np.array([point.blend for point in points], dtype=np.float32) if self._classes else None
        begun = time.thread_time()
        images = draw_pictures(found[1], z, blend)
        return Drawn(points, images, found[0], time.thread_time() - begun)

    def _open_again(self) -> None:
        """Load the generator again that a fault discarded, on the CPU; a live one comes with the next weights."""
        match self._opened:
            case OpenWeights():
                self._open_file(self._opened)
            case OpenModel(live=False):
                self._open(replace(self._opened, device="cpu"))

    def _fits(self, point: LatentPoint) -> bool:
        return len(point.values) == self._config.model.latent_dim and len(point.blend) == self._classes

    def _snapshot(self, moment: Moment) -> Generator:
        if moment not in self._snapshots:
            if self._folder is None:
                raise _no_model()
            file = read_generator(self._folder, moment, self._config, self._classes)[1]
            self._snapshots[moment] = self._build(file.arrays)
            while len(self._snapshots) > SNAPSHOTS_IN_MEMORY:
                self._snapshots.popitem(last=False)
        self._snapshots.move_to_end(moment)
        return self._snapshots[moment]

    def _renew(self, arrays: Arrays) -> Generator:
        """Load newer weights into the current generator; build another one if their shapes differ."""
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


def _no_model() -> EngineError:
    return EngineError(Message("explore.no_model"), Message("kept.nothing_begun"), Message("todo.wait_or_open"))


def generator_of_file(path: Path, config: RunConfig, arrays: Arrays, classes: int = 0) -> Generator:
    """Build the generator of a file of weights, on the CPU.

    Its tensors are compared with the model before memory is allocated.

    Raises:
        EngineError: names, types or shapes are not those of the configuration.
    """
    found, expected = layout_of(arrays), snapshot_layout(config, classes)
    if found != dict(expected):
        raise EngineError(
            Message("weights.do_not_fit", path=path, difference=first_difference(found, expected)),
            Message("kept.file_untouched"),
            Message("todo.import_again"),
        )
    return generator_from(config, arrays, torch.device("cpu"), classes)


def generator_from(config: RunConfig, arrays: Arrays, device: torch.device, classes: int = 0) -> Generator:
    """Build a generator in eval mode from copies of named arrays; `classes` is 0 unless it is class-conditional.

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
