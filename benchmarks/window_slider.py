"""Measure the time from a latent slider to the picture, at rest and while training, and what a drag costs.

Mouse events move one slider. The time runs from the event until the picture of exactly that point has been painted.
While training, the hand looks at each picture before it moves on. The cost of a drag is measured in pairs, with the
Explore tab in front. A mouse moves 60 times a second in both halves of a pair. In one half it holds the slider; in the
other its moves go to a widget that does nothing, so that the cost of this program itself is in both rates.
"""

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QEventLoop, QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtWidgets import QSlider, QWidget

from benchmarks.window_driver import (
    Figure,
    OtherWork,
    StepRate,
    Studio,
    open_studio,
    percentile,
    quickstart,
    screen,
    send_mouse,
    tell,
)
from gan_studio.engine.events import RunPhase
from gan_studio.engine.explore.requests import Drawn
from gan_studio.engine.latent import LatentPoint
from gan_studio.engine.qt_threads import SamplerThread

_PAPER = {"data.image_size": 64, "data.channels": 3, "model.width": 64, "training.batch_size": 8}

SETUPS: dict[str, dict[str, Any]] = {
    "32 px": {},
    "64 px": {**_PAPER, "model.upsampling": "transposed"},
    "64 px, resize": {**_PAPER, "model.upsampling": "resize"},
}
"""Quickstart; the paper's generator at half its width; and the same with quickstart's upsampling, whose kernels are
sums of smaller ones. A small batch makes the steps short enough to count."""

LEAST_PICTURES = {"32 px": ">= 30", "64 px": ">= 15", "64 px, resize": ">= 15"}
"""Budgets: pictures a second in a drag while the CPU trains."""

MOVE_MS = 16
"""Milliseconds between two moves of a drag: a little more than 60 a second."""

AT_ONCE, AFTER_A_LOOK = (0.02, 0.08), (0.3, 0.6)
"""Shortest and longest rest of a hand between two moves, in seconds."""

PATIENCE_MS = 5_000
SETTLE_SECONDS = 0.5


class Watcher(QObject):
    """Notices when the picture of a point is on the screen.

    Signals:
        shown(): another picture is on the screen.

    Attributes:
        point: the point whose picture is on the screen.
    """

    shown = Signal()

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self.point: LatentPoint | None = None
        self._drawn: list[LatentPoint] = []
        self._taken, self._painted = 0, 0
        exploring = studio.session.exploring
        exploring.findChild(SamplerThread).replied.connect(self._note, Qt.ConnectionType.DirectConnection)
        exploring.picture_drawn.connect(self._take)
        self._picture = studio.find(QWidget, "explorerImage")
        self._picture.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice a painted picture; it is on the screen when the next turn of the event loop begins."""
        if event.type() == QEvent.Type.Paint and self._painted < self._taken:
            self._painted = self._taken
            QTimer.singleShot(0, self, partial(self._show, self._taken))
        return False

    @property
    def count(self) -> int:
        """Number of pictures that the window was given."""
        return self._taken

    def _note(self, kind: str, reply: object) -> None:
        """Record drawn points in order, in the sampler's thread: the window gets their pictures without the points."""
        if kind == "picture" and isinstance(reply, Drawn):
            self._drawn.append(reply.points[0])

    def _take(self) -> None:
        self._taken += 1

    def _show(self, number: int) -> None:
        """Report a picture; the sampler's thread may record it a moment later."""
        if number > len(self._drawn):
            QTimer.singleShot(1, self, partial(self._show, number))
        else:
            self.point = self._drawn[number - 1]
            self.shown.emit()


def open_explorer(studio: Studio) -> None:
    """Bring the Explore tab to the front, and wait for its sliders and its first picture."""
    window, explore = studio.window, studio.window.views.explore
    window.views.tabs.setCurrentWidget(explore)
    studio.wait_until(lambda: window.findChild(QSlider, "latentSlider99") is not None and explore.picture is not None)


class Hand:
    """A mouse that holds one latent slider."""

    def __init__(self, studio: Studio) -> None:
        self._studio, self._watcher = studio, Watcher(studio)
        self._slider = studio.find(QSlider, "latentSlider3")
        self._nowhere = QWidget()
        self._chance = random.Random(0)  # noqa: S311  (no secret: where a hand goes)
        send_mouse(self._slider, QEvent.Type.MouseButtonPress, QPointF(self._slider.rect().center()))

    @property
    def pictures(self) -> int:
        """Number of pictures so far."""
        return self._watcher.count

    @property
    def is_followed(self) -> bool:
        """Whether the screen shows the picture of the present point."""
        return self._watcher.point == self._studio.window.views.explore.point

    def move(self) -> None:
        """Move to a random place on the slider."""
        width = self._slider.width()
        place = QPointF(self._chance.uniform(0.1 * width, 0.9 * width), self._slider.height() / 2)
        send_mouse(self._slider, QEvent.Type.MouseMove, place)

    def time_to_picture(self) -> float:
        """Move and wait for the picture; returns seconds, or infinity if it does not come."""
        loop = QEventLoop()
        self._watcher.shown.connect(lambda: self.is_followed and loop.quit())
        QTimer.singleShot(PATIENCE_MS, loop, partial(loop.exit, 1))
        begun = time.perf_counter()
        self.move()
        late = loop.exec()
        self._watcher.shown.disconnect()
        return float("inf") if late else time.perf_counter() - begun

    def drag(self, seconds: float) -> None:
        """Move the slider 60 times a second."""
        self._move_often(seconds, self.move)

    def move_elsewhere(self, seconds: float) -> None:
        """Move the mouse as often without the slider."""
        self._move_often(seconds, self._move_nothing)

    def _move_nothing(self) -> None:
        send_mouse(self._nowhere, QEvent.Type.MouseMove, QPointF(self._chance.uniform(0.1, 0.9), 0.0))

    def _move_often(self, seconds: float, move: Callable[[], None]) -> None:
        timer = QTimer()
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(move)
        timer.start(MOVE_MS)
        self._studio.spin(seconds)
        timer.stop()

    def waits_for_picture(self) -> bool:
        """Rest; returns whether the picture of the last position appears."""
        try:
            self._studio.wait_until(lambda: self.is_followed, PATIENCE_MS / 1000)
        except TimeoutError:
            return False
        return True


def latency(studio: Studio, hand: Hand, moves: int, rest: tuple[float, float]) -> list[float]:
    """Time single moves with random rests between them; returns milliseconds of each."""
    chance, found = random.Random(1), []  # noqa: S311
    for _ in range(moves):
        studio.spin(chance.uniform(*rest))
        found.append(1000 * hand.time_to_picture())
    return found


def drag_cost(studio: Studio, hand: Hand, pairs: int, seconds: float) -> tuple[float, int, float]:
    """Compare training under a dragging and a resting hand, in alternating order.

    Returns:
        The median loss in percent of the rate at rest, the count of final positions never drawn, and pictures a second.
    """
    losses, lost, pictures = [], 0, 0
    for pair in range(pairs):
        rates = {}
        for is_drag in (False, True) if pair % 2 else (True, False):
            rate, before = StepRate(studio.trainer), hand.pictures
            (hand.drag if is_drag else hand.move_elsewhere)(seconds)
            pictures += is_drag * (hand.pictures - before)
            rates[is_drag] = rate.end()
            lost += is_drag and not hand.waits_for_picture()
            studio.spin(SETTLE_SECONDS)
        losses.append(100 * (1 - rates[True] / rates[False]))
    return statistics.median(losses), lost, pictures / pairs / seconds


def measure(studio: Studio, name: str, moves: int, pairs: int, seconds: float) -> list[Figure]:
    """Measure one set-up, in a separate run."""
    studio.start(quickstart(SETUPS[name]))
    training = studio.session.training
    open_explorer(studio)
    hand = Hand(studio)
    busy = latency(studio, hand, moves, AFTER_A_LOOK)
    loss, lost, pictures = drag_cost(studio, hand, pairs, seconds)
    training.pause()
    studio.wait_until(lambda: training.state.phase is RunPhase.PAUSED)
    studio.spin(SETTLE_SECONDS)
    idle = latency(studio, hand, moves, AT_ONCE)
    return [
        Figure(f"{name}, at rest: slider to picture, p50", percentile(idle, 50), "ms"),
        Figure(f"{name}, at rest: slider to picture, p95", percentile(idle, 95), "ms", "<= 16"),
        Figure(f"{name}, training: slider to picture, p50", percentile(busy, 50), "ms"),
        Figure(f"{name}, training: slider to picture, p95", percentile(busy, 95), "ms", "<= 50"),
        Figure(f"{name}: training lost to a drag", loss, "%", "<= 33"),
        Figure(f"{name}: pictures a second in that drag", pictures, "", LEAST_PICTURES[name]),
        Figure(f"{name}: final positions never drawn", lost, "", "0"),
    ]


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--setup", choices=SETUPS, action="append", help="measure only this one")
    parser.add_argument("--moves", type=int, default=60, help="timed moves at rest, and while training (60)")
    parser.add_argument("--pairs", type=int, default=4, help="pairs of drag and rest (4)")
    parser.add_argument("--seconds", type=float, default=3.0, help="seconds of each half of a pair (3)")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    options = parser.parse_args(arguments)
    figures, others = [], OtherWork()
    with screen():
        for name in options.setup or SETUPS:
            with open_studio() as studio:
                figures += measure(studio, name, options.moves, options.pairs, options.seconds)
        figures.append(others.figure())
    tell(figures, as_json=options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
