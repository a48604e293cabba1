"""All crossing between the engine and a Qt program: a kind of thread for each kind of work, none flooding the window.

Torch is imported inside the threads, never on the thread that paints.
"""

import logging
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.control import TrainingControl
from gan_studio.engine.events import TrainingEvent
from gan_studio.engine.mailbox import EventMailbox
from gan_studio.engine.moment import Moment

TRAINING_NICENESS = 10

logger = logging.getLogger(__name__)


class EngineLoadingThread(QThread):
    """Load torch behind the window.

    Signals:
        loaded(tuple of (name, title, memory in bytes)): the engine can run on these devices.
        failed(str): it cannot run at all, as the error says.
    """

    loaded = Signal(object)
    failed = Signal(str)

    def run(self) -> None:
        """Import what training needs."""
        try:
            import gan_studio.engine.training.job  # noqa: F401
            from gan_studio.engine.machine.devices import list_devices

            devices = list_devices()
        except Exception as error:
            logger.exception("PyTorch could not be loaded.")
            self.failed.emit(f"{type(error).__name__}: {error}")
        else:
            self.loaded.emit(tuple((device.name, device.title, device.memory) for device in devices))


class TrainingThread(QThread):
    """Run a training job and leave its events in a mailbox.

    Signals:
        events_waiting(): the mailbox was empty and no longer is.

    Attributes:
        control: pause, stop, steer; may be called from any thread.
        job: the job, once the thread runs.
    """

    events_waiting = Signal()

    def __init__(
        self,
        place: Path,
        config: RunConfig | None,
        *,
        steps: int | None = None,
        device: str | None = None,
        accepts: frozenset[str] = frozenset(),
        fine_tune: Path | None = None,
        back_to: Moment | None = None,
        rate_share: float = 1.0,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.control = TrainingControl()
        self.job: Any = None
        self._place, self._config, self._steps, self._device = place, config, steps, device
        self._accepts, self._fine_tune, self._back_to, self._rate_share = accepts, fine_tune, back_to, rate_share
        self._mailbox = EventMailbox()

    def run(self) -> None:
        """Train until the job ends."""
        from gan_studio.engine.training.job import TrainingJob

        self.job = TrainingJob(
            self._place,
            self._config,
            self._steps,
            self._device,
            TRAINING_NICENESS,
            accepts=self._accepts,
            fine_tune=self._fine_tune,
            back_to=self._back_to,
            rate_share=self._rate_share,
        )
        for event in self.job.run(self.control):
            if self._mailbox.put(event):
                self.events_waiting.emit()

    def take_events(self) -> list[TrainingEvent]:
        """Take what came since the last call; called by the window's thread."""
        return self._mailbox.take()


class NewestWinsThread(QThread):
    """Answer requests, of each kind only the newest, the most urgent kind first.

    Signals:
        replied(str kind, object reply): queued to the receiver's thread.
    """

    replied = Signal(str, object)

    def __init__(
        self, kinds: tuple[str, ...], prepare: Callable[[], Callable[[Any], object]], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._kinds = kinds
        self._prepare = prepare
        self._changed = threading.Condition()
        self._requests: dict[str, Any] = {}
        self._ending = False

    def ask(self, kind: str, request: object) -> None:
        """Put a request in place of an older one of its kind; returns at once."""
        with self._changed:
            self._requests[kind] = request
            self._changed.notify()

    def has_news(self) -> bool:
        """Tell whether something waits, or the thread is to end: what is in hand may be given up."""
        with self._changed:
            return self._ending or bool(self._requests)

    def end(self) -> None:
        """Finish the request in hand and end the thread; wait() then returns soon."""
        with self._changed:
            self._ending = True
            self._changed.notify()

    def run(self) -> None:
        """Answer until the end."""
        handle = self._prepare()
        while (asked := self._next()) is not None:
            kind, request = asked
            self.replied.emit(kind, handle(request))

    def _next(self) -> tuple[str, object] | None:
        with self._changed:
            while not self._ending:
                for kind in self._kinds:
                    if kind in self._requests:
                        return kind, self._requests.pop(kind)
                self._changed.wait()
        return None


class SamplerThread(NewestWinsThread):
    """Draw for the explorer by a generator of its own: kinds "model", "weights", "picture", "neighbours"."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(("model", "weights", "picture", "neighbours"), _sampler_handler, parent)


class ReaderThread(NewestWinsThread):
    """Read runs for the window, write pictures and free space; the kinds stand below, the most urgent first."""

    def __init__(self, parent: QObject | None = None) -> None:
        kinds = ("run", "writer", "sheet", "way", "history", "save", "recent", "disk", "free", "spare")
        super().__init__(kinds, _reader_handler, parent)


class LookingThread(NewestWinsThread):
    """Look at sources of pictures: kind "preview". A newer request, or the end, gives up the look in hand."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(("preview",), self._handler, parent)

    def _handler(self) -> Callable[[Any], object]:
        from gan_studio.engine.library.looking import look

        return partial(look, should_stop=self.has_news)


class SpeedThread(QThread):
    """Measure how fast this machine trains, by a few steps.

    Signals:
        measured(float): multiply-adds a second; not told where it was given up.
    """

    measured = Signal(float)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stopped = threading.Event()

    def begin(self) -> None:
        """Start to measure."""
        self._stopped.clear()
        self.start()

    def stop(self) -> None:
        """Give it up after the step in hand."""
        self._stopped.set()

    def run(self) -> None:
        """Measure, once."""
        from gan_studio.engine.training.speed import measure_speed

        speed = measure_speed(self._stopped.is_set)
        if speed is not None:
            self.measured.emit(speed)


def _sampler_handler() -> Callable[[Any], object]:
    from gan_studio.engine.explore.sampler import Sampler
    from gan_studio.engine.machine.devices import prepare_thread

    prepare_thread(threads=1)
    return Sampler().handle


def _reader_handler() -> Callable[[Any], object]:
    from gan_studio.engine.library.runs import read

    return read
