"""ExploringSession: sends points to the sampler's thread, and receives their pictures."""

import time
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from gan_studio.engine.answering import NotDone
from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.events import RunOpened, WeightsPublished
from gan_studio.engine.exchange.weights import Weights
from gan_studio.engine.explore.requests import (
    Drawn,
    DrawNeighbours,
    DrawPicture,
    ModelReady,
    OpenModel,
    OpenWeights,
)
from gan_studio.engine.latent import LatentPoint
from gan_studio.engine.moment import Moment
from gan_studio.engine.qt_threads import SamplerThread
from gan_studio.engine.run.contents import RunContents
from gan_studio.engine.run.folder import RunFolder
from gan_studio.ui.session.drag_pace import DragPace

REFRESH_MS = 500
"""While Explore is in front, newer weights are requested this often, in milliseconds."""

NO_MODEL = "explore.no_model"
"""What the sampler answers before the first weights of a live run, and to a request for an earlier run."""

NEIGHBOURS_AT_ONCE = 5
"""Neighbours are drawn in small groups, so that a moved slider never waits for all of them."""

NEIGHBOURS_SECONDS = 2.0
"""Minimum time between two redraws of the neighbours with newer weights while the CPU trains: 25 pictures each time."""


class ExploringSession(QObject):
    """Draws points of the latent space; never touches a tensor that training changes.

    Signals:
        model_opened(int latent_dim, str prior, object class_names): another run or file of weights is explored.
        picture_drawn(object image uint8 [H, W, C], object Moment of the generator, object LatentPoint): the newest
            picture, and what it shows; the hand may be elsewhere by now.
        neighbours_drawn(object images uint8 [N, H, W, C], object points, object Moment of the generator): the newest
            neighbours.
        weights_wanted(): training should publish its EMA generator.
        failed(object NotDone): a generator could not be read.
    """

    model_opened = Signal(int, str, object)
    picture_drawn = Signal(object, object, object)
    neighbours_drawn = Signal(object, object, object)
    weights_wanted = Signal()
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sampler = SamplerThread(self)
        self._sampler.replied.connect(self._on_replied)
        self._class_names: tuple[str, ...] = ()
        self._point: LatentPoint | None = None
        self._neighbours: tuple[LatentPoint, ...] = ()
        self._moment: Moment | None = None
        self._around: list[Drawn] = []
        self._around_asked = 0.0
        self._trains_on_cpu = False
        self._has_failed = False
        self._opening: Path | None = None
        self._pace = DragPace(self)
        self._pace.due.connect(self._ask_picture)
        self._timer = QTimer(self)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.weights_wanted)

    def start(self) -> None:
        """Start the sampler's thread; torch must be loaded."""
        self._sampler.start()

    def end(self) -> None:
        """End the sampler's thread."""
        self._timer.stop()
        self._sampler.end()
        self._sampler.wait()

    def open_contents(self, contents: RunContents) -> None:
        """Explore a run on the disk."""
        self._open(OpenModel(contents.config, contents.folder, class_names=contents.class_names))

    def open_weights(self, weights: Weights) -> None:
        """Explore a file of weights, without a run."""
        self._trains_on_cpu = False
        names, arrays = weights.class_names, weights.generator
        self._open(OpenWeights(weights.path, weights.config, arrays, weights.step, names))

    def open_training(self, event: RunOpened) -> None:
        """Explore the run that trains."""
        self._trains_on_cpu = event.execution.is_cpu
        self._open(OpenModel(event.config, RunFolder(event.folder), event.execution.device, True, event.class_names))
        self.weights_wanted.emit()

    def reopen(self, config: RunConfig, place: Path) -> None:
        """Use the newest checkpoint of a run that has just ended; the point stays."""
        self._sampler.ask("model", OpenModel(config, RunFolder(place), class_names=self._class_names))

    def use_weights(self, published: WeightsPublished) -> None:
        """Use newer weights, and draw the last point again with them."""
        self._sampler.ask("weights", published)
        if self._moment is None:
            if not (self.is_sparing and self._pace.is_moving):
                self._ask_picture()
            if not self.is_sparing or self._are_neighbours_due:
                self._ask_neighbours()

    def draw(self, point: LatentPoint) -> None:
        """Draw a point; of several waiting points only the newest is drawn."""
        self._point = point
        if not self.is_sparing or self._pace.admit():
            self._ask_picture()

    def draw_neighbours(self, points: tuple[LatentPoint, ...]) -> None:
        """Draw the neighbours of the current point."""
        self._neighbours = points
        self._ask_neighbours()

    def choose(self, moment: Moment | None) -> None:
        """Draw with a snapshot or the generator of the newest sheet; None: with the current generator."""
        self._moment = moment
        self._draw_again()

    def set_following(self, following: bool) -> None:
        """Keep requesting newer weights from the run, or stop requesting them."""
        if following and not self._timer.isActive():
            self.weights_wanted.emit()
            self._timer.start()
        elif not following:
            self._timer.stop()
            self._pace.stop()

    @property
    def is_sparing(self) -> bool:
        """Whether pictures compete with training for the CPU."""
        return self._trains_on_cpu and self._timer.isActive()

    def _open(self, request: OpenModel | OpenWeights) -> None:
        self._moment, self._class_names = None, request.class_names
        self._point, self._neighbours = None, ()
        self._opening = request.place
        self._sampler.ask("model", request)
        self.model_opened.emit(request.config.model.latent_dim, request.config.model.prior, request.class_names)

    @property
    def _are_neighbours_due(self) -> bool:
        return not self._pace.is_moving and time.monotonic() - self._around_asked >= NEIGHBOURS_SECONDS

    def _draw_again(self) -> None:
        self._ask_picture()
        self._ask_neighbours()

    def _ask_picture(self) -> None:
        if self._point is not None:
            self._sampler.ask("picture", DrawPicture(self._point, self._moment))

    def _ask_neighbours(self) -> None:
        """Request the neighbours again, beginning with the first group."""
        self._around.clear()
        self._around_asked = time.monotonic()
        self._ask_next_neighbours()

    def _ask_next_neighbours(self) -> None:
        if self._next_neighbours:
            self._sampler.ask("neighbours", DrawNeighbours(self._next_neighbours, self._moment))

    @property
    def _next_neighbours(self) -> tuple[LatentPoint, ...]:
        first = NEIGHBOURS_AT_ONCE * len(self._around)
        return self._neighbours[first : first + NEIGHBOURS_AT_ONCE]

    def _gather_neighbours(self, drawn: Drawn) -> None:
        """Collect a group of neighbours; emit all of them once every group came from the same generator."""
        if drawn.points != self._next_neighbours:
            return
        self._around.append(drawn)
        if drawn.moment != self._around[0].moment:
            self._ask_neighbours()
        elif self._next_neighbours:
            self._ask_next_neighbours()
        else:
            images = np.concatenate([part.images for part in self._around])
            self.neighbours_drawn.emit(images, self._neighbours, drawn.moment)

    def _tell_failure(self, failure: NotDone) -> None:
        """Report a failure; after the first one, ask a live run for weights, because the sampler has lost its own."""
        self.failed.emit(failure)
        if not self._has_failed:
            self._has_failed = True
            self.weights_wanted.emit()

    def _on_replied(self, kind: str, reply: object) -> None:
        if kind == "picture":
            self._pace.finish(reply.seconds if isinstance(reply, Drawn) else 0.0)
        match reply:
            case Drawn() if self._opening is not None:
                pass  # by the generator that was explored before
            case Drawn(points, images, moment) if kind == "picture":
                self._has_failed = False
                self.picture_drawn.emit(images[0], moment, points[0])
            case Drawn():
                self._gather_neighbours(reply)
            case ModelReady(_, place) if kind == "model":
                self._opening = None if place == self._opening else self._opening
                self._draw_again()
            case NotDone() if kind == "model":
                self._opening = None
                self._tell_failure(reply)
            case NotDone() if self._moment is not None or reply.happened.key != NO_MODEL:
                self._tell_failure(reply)
