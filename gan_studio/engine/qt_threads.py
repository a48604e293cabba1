"""The only crossing between the engine and Qt: one kind of thread for each kind of work.

Torch is imported inside these threads, never on the GUI thread.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal

from gan_studio.engine.answering import NotDone, answer
from gan_studio.engine.control import TrainingControl
from gan_studio.engine.events import TrainingEvent
from gan_studio.engine.mailbox import EventMailbox
from gan_studio.engine.training.request import RunRequest

TRAINING_NICENESS = 10

logger = logging.getLogger(__name__)


class EngineLoadingThread(QThread):
    """Loads torch in the background; started again, it lists the devices anew.

    Signals:
        loaded(object FoundDevices): torch is loaded, and these devices were found.
        failed(str): torch cannot be loaded; the text of the error.
    """

    loaded = Signal(object)
    failed = Signal(str)

    def run(self) -> None:
        """Import torch and list the devices; whatever is raised, one of the signals answers."""
        try:
            import gan_studio.engine.training.job  # noqa: F401
            from gan_studio.engine.machine.devices import find_devices

            found = find_devices()
        except BaseException as error:  # a library in another language may raise one that is no Exception
            logger.exception("PyTorch could not be loaded.")
            self.failed.emit(f"{type(error).__name__}: {error}")
        else:
            self.loaded.emit(found)


class TrainingThread(QThread):
    """Runs a training job and puts its events into a mailbox.

    Signals:
        events_waiting(): the mailbox was empty, and now holds an event.

    Attributes:
        control: steers the job, from any thread.
        job: the job, once the thread runs.
    """

    events_waiting = Signal()

    def __init__(self, request: RunRequest, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.control = TrainingControl()
        self.job: Any = None
        self._request = replace(request, niceness=TRAINING_NICENESS)
        self._mailbox = EventMailbox()

    def run(self) -> None:
        """Train until the job ends."""
        from gan_studio.engine.training.job import TrainingJob

        self.job = TrainingJob(self._request)
        for event in self.job.run(self.control):
            if self._mailbox.put(event):
                self.events_waiting.emit()

    def take_events(self) -> list[TrainingEvent]:
        """Return the events since the last call; called on the GUI thread."""
        return self._mailbox.take()


class RequestThread(QThread):
    """Answers requests, the most urgent kind first. Unless it writes, a newer request replaces a waiting one.

    Args:
        kinds: every kind of request, the most urgent first.
        prepare: called in the thread; returns the function that answers a request.
        writes: kinds that write files: all of their requests are answered, in order, even after `end`.

    Signals:
        replied(str kind, object reply): queued to the receiver's thread.
    """

    replied = Signal(str, object)

    def __init__(
        self,
        kinds: tuple[str, ...],
        prepare: Callable[[], Callable[[Any], object]],
        parent: QObject | None = None,
        writes: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(parent)
        self._prepare = prepare
        self._writes = writes
        self._changed = threading.Condition()
        self._requests: dict[str, deque[Any]] = {kind: deque() for kind in kinds}
        self._ending = False

    def ask(self, kind: str, request: object) -> None:
        """Add a request; unless it writes, it replaces a waiting one of its kind. Returns at once."""
        with self._changed:
            if kind not in self._writes:
                self._requests[kind].clear()
            self._requests[kind].append(request)
            self._changed.notify()

    def has_news(self, *kinds: str) -> bool:
        """Tell whether a request of one of these kinds waits, so that the current one may be given up.

        Without kinds, any request does. So does the end of the thread.
        """
        with self._changed:
            return self._ending or any(self._requests[kind] for kind in kinds or self._requests)

    def end(self) -> None:
        """End the thread after the current request and all that write."""
        with self._changed:
            self._ending = True
            self._changed.notify()

    def run(self) -> None:
        """Answer requests until the thread ends; a fault, also of the preparation, is an answer and ends nothing."""
        handle = answer(lambda _: self._prepare(), self)
        while (asked := self._next()) is not None:
            kind, request = asked
            if isinstance(handle, NotDone):  # what failed once may work by now
                handle = answer(lambda _: self._prepare(), self)
            self.replied.emit(kind, handle if isinstance(handle, NotDone) else answer(handle, request))

    def _next(self) -> tuple[str, object] | None:
        with self._changed:
            while True:
                for kind, waiting in self._requests.items():
                    if waiting and (kind in self._writes or not self._ending):
                        return kind, waiting.popleft()
                if self._ending:
                    return None
                self._changed.wait()


class SamplerThread(RequestThread):
    """Draws for the explorer with its own generator: kinds "model", "weights", "picture", "neighbours"."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(("model", "weights", "picture", "neighbours"), _sampler_handler, parent)


class ReaderThread(RequestThread):
    """Reads runs, writes pictures and tables, and frees disk space for the window; most urgent kind first."""

    def __init__(self, parent: QObject | None = None) -> None:
        kinds = (
            *("run", "rename", "writer", "sheet", "starts", "way", "history", "marks", "save", "table"),
            *("kept", "recent", "disk", "free", "spare"),
        )
        super().__init__(kinds, _reader_handler, parent, writes=frozenset({"rename", "save", "table", "free"}))


class LookingThread(RequestThread):
    """Looks at pictures: kinds "preview", "copies". A newer preview, or `end`, gives up the current request."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(("preview", "copies"), self._handler, parent)

    def _handler(self) -> Callable[[Any], object]:
        from gan_studio.engine.library.looking import FindCopies, look

        def handle(request: Any) -> object:
            outdated_by = ("preview", "copies") if isinstance(request, FindCopies) else ("preview",)
            return look(request, partial(self.has_news, *outdated_by))

        return handle


class WeightsThread(RequestThread):
    """Opens files of weights: kind "weights". A newer request, `give_up`, or `end`, gives up the current one."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(("weights",), self._handler, parent)
        self._is_given_up = False

    def ask(self, kind: str, request: object) -> None:
        """Add a request, which replaces a waiting one. Returns at once."""
        with self._changed:
            super().ask(kind, request)
            self._is_given_up = False

    def give_up(self) -> None:
        """Give up the current and the waiting request; neither is answered once the thread has noticed."""
        with self._changed:
            self._requests["weights"].clear()
            self._is_given_up = True

    def has_news(self, *kinds: str) -> bool:
        """Tell whether the current request may be given up."""
        with self._changed:
            return self._is_given_up or super().has_news(*kinds)

    def _handler(self) -> Callable[[Any], object]:
        from gan_studio.engine.library.weights import open_weights

        return partial(open_weights, should_stop=self.has_news)


class SpeedThread(QThread):
    """Measures how fast this machine trains.

    Signals:
        measured(float): multiply-adds per second; not emitted if stopped.
    """

    measured = Signal(float)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stopped = threading.Event()

    def begin(self) -> None:
        """Start the measurement."""
        self._stopped.clear()
        self.start()

    def stop(self) -> None:
        """Stop after the current step."""
        self._stopped.set()

    def run(self) -> None:
        """Measure once."""
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
