"""ExploringSession: a slider's point to the sampler's thread, and its picture back."""

import time
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from gan_studio.engine.config import RunConfig
from gan_studio.engine.events import RunOpened
from gan_studio.engine.exploring import (
    Drawn,
    DrawNeighbours,
    DrawPicture,
    ModelReady,
    NotDrawn,
    OpenModel,
    UseWeights,
)
from gan_studio.engine.latent import LatentPoint
from gan_studio.engine.qt_threads import SamplerThread
from gan_studio.engine.run_folder import Moment, RunFolder
from gan_studio.engine.run_reader import RunContents

REFRESH_MS = 500
"""While Explore is in front, newer weights are asked of a run this often, in milliseconds."""


SPARING = 20
"""While the CPU trains, a picture is followed by a rest of so many times its own duration: the hand that drags a slider
takes training a twentieth of the time, and a hand that has rested gets its picture at once."""

LONGEST_REST_MS = 250


class ExploringSession(QObject):
    """Draw points of the latent space, never touching a tensor that training changes.

    Signals:
        model_opened(int latent_dim, str prior): sliders fit this run.
        picture_drawn(object image uint8 [H, W, C], int step): the newest point.
        neighbours_drawn(object images uint8 [N, H, W, C], object points): the newest neighbours.
        weights_wanted(): training should publish its EMA generator.
        failed(object NotDrawn): a generator could not be read.
    """

    model_opened = Signal(int, str)
    picture_drawn = Signal(object, int)
    neighbours_drawn = Signal(object, object)
    weights_wanted = Signal()
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sampler = SamplerThread(self)
        self._sampler.replied.connect(self._on_replied)
        self._point: LatentPoint | None = None
        self._neighbours: tuple[LatentPoint, ...] = ()
        self._moment: Moment | None = None
        self._trains_on_cpu = False
        self._asked: float | None = None
        self._is_waiting = False
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self._end_rest)
        self._timer = QTimer(self)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.weights_wanted)

    def start(self) -> None:
        """Start the sampler's thread, once torch has been loaded."""
        self._sampler.start()

    def end(self) -> None:
        """End the sampler's thread."""
        self._timer.stop()
        self._rest.stop()
        self._sampler.end()
        self._sampler.wait()

    def open_contents(self, contents: RunContents) -> None:
        """Explore a run as it lies on the disk."""
        self._open(OpenModel(contents.config, contents.folder))

    def open_training(self, event: RunOpened) -> None:
        """Explore the run that trains."""
        device = event.device.split()[0]
        self._trains_on_cpu = device == "cpu"
        self._open(OpenModel(event.config, RunFolder(event.folder), device, live=True))
        self.weights_wanted.emit()

    def reopen(self, config: RunConfig, place: Path) -> None:
        """Take the newest checkpoint of a run that has just ended as "now"; the point stays."""
        self._sampler.ask("model", OpenModel(config, RunFolder(place)))

    def use_weights(self, moment: Moment, weights: object) -> None:
        """Take newer weights, and draw the last point again by them."""
        self._sampler.ask("weights", UseWeights(moment, weights))  # type: ignore[arg-type]
        if self._moment is None:
            self._draw_again()

    def draw(self, point: LatentPoint) -> None:
        """Draw a point; of many, the newest."""
        self._point = point
        self._ask_picture()

    def draw_neighbours(self, points: tuple[LatentPoint, ...]) -> None:
        """Draw the points around the hand."""
        self._neighbours = points
        self._sampler.ask("neighbours", DrawNeighbours(points, self._moment))

    def choose(self, moment: Moment | None) -> None:
        """Draw by an earlier generator, or by the present one (None)."""
        self._moment = moment
        self._draw_again()

    def set_following(self, following: bool) -> None:
        """Keep asking a running run for newer weights, or stop it."""
        if following and not self._timer.isActive():
            self.weights_wanted.emit()
            self._timer.start()
        elif not following:
            self._timer.stop()
            self._end_rest()

    def _open(self, request: OpenModel) -> None:
        self._moment = None
        self._point, self._neighbours = None, ()
        self._sampler.ask("model", request)
        self.model_opened.emit(request.config.model.latent_dim, request.config.model.prior)

    def _draw_again(self) -> None:
        self._ask_picture()
        if self._neighbours:
            self._sampler.ask("neighbours", DrawNeighbours(self._neighbours, self._moment))

    def _ask_picture(self) -> None:
        """Ask for the picture of the newest point, while training must be spared not before the last has been paid."""
        if self._point is None:
            return
        self._is_waiting = self._is_sparing and (self._asked is not None or self._rest.isActive())
        if not self._is_waiting:
            self._asked = time.monotonic()
            self._sampler.ask("picture", DrawPicture(self._point, self._moment))

    @property
    def _is_sparing(self) -> bool:
        return self._trains_on_cpu and self._timer.isActive()

    def _begin_rest(self) -> None:
        """Let training catch up with what the picture took."""
        asked, self._asked = self._asked, None
        if asked is not None and self._is_sparing:
            took_ms = 1000 * (time.monotonic() - asked)
            self._rest.start(round(min(SPARING * took_ms, LONGEST_REST_MS)))

    def _end_rest(self) -> None:
        self._rest.stop()
        if self._is_waiting:
            self._ask_picture()

    def _on_replied(self, kind: str, reply: object) -> None:
        if kind == "picture":
            self._begin_rest()
        match reply:
            case Drawn(_, images, moment) if kind == "picture":
                self.picture_drawn.emit(images[0], moment.step)
            case Drawn(points, images):
                self.neighbours_drawn.emit(images, points)
            case ModelReady() if kind == "model":
                self._draw_again()
            case NotDrawn() if kind == "model" or self._moment is not None:
                self.failed.emit(reply)
