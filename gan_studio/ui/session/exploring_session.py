"""ExploringSession: a slider's point to the sampler's thread, and its picture back."""

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
        self._timer = QTimer(self)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.weights_wanted)

    def start(self) -> None:
        """Start the sampler's thread, once torch has been loaded."""
        self._sampler.start()

    def end(self) -> None:
        """End the sampler's thread."""
        self._timer.stop()
        self._sampler.end()
        self._sampler.wait()

    def open_contents(self, contents: RunContents) -> None:
        """Explore a run as it lies on the disk."""
        self._open(OpenModel(contents.config, contents.folder))

    def open_training(self, event: RunOpened) -> None:
        """Explore the run that trains."""
        self._open(OpenModel(event.config, RunFolder(event.folder), event.device.split()[0], live=True))
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
        self._sampler.ask("picture", DrawPicture(point, self._moment))

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

    def _open(self, request: OpenModel) -> None:
        self._moment = None
        self._point, self._neighbours = None, ()
        self._sampler.ask("model", request)
        self.model_opened.emit(request.config.model.latent_dim, request.config.model.prior)

    def _draw_again(self) -> None:
        if self._point is not None:
            self._sampler.ask("picture", DrawPicture(self._point, self._moment))
        if self._neighbours:
            self._sampler.ask("neighbours", DrawNeighbours(self._neighbours, self._moment))

    def _on_replied(self, kind: str, reply: object) -> None:
        match reply:
            case Drawn(_, images, moment) if kind == "picture":
                self.picture_drawn.emit(images[0], moment.step)
            case Drawn(points, images):
                self.neighbours_drawn.emit(images, points)
            case ModelReady() if kind == "model":
                self._draw_again()
            case NotDrawn() if kind == "model" or self._moment is not None:
                self.failed.emit(reply)
