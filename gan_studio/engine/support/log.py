"""The program's own log, and the one handler of every fault that nobody caught."""

import logging
import sys
import threading
import traceback
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from platformdirs import user_log_path

LOG_BYTES = 1_000_000
LOGS_KEPT = 3
"""Files of LOG_BYTES each: the one that is written, and those before it."""
MOST_TOLD = 200
"""Distinct faults that a person is told of; more than that are only logged."""
MOST_WAITING = 20
"""Faults kept for a window that is not there yet."""

logger = logging.getLogger("gan_studio")


@dataclass(frozen=True)
class Fault:
    """Something that went wrong where nobody waited for it.

    Attributes:
        place: where it was met, such as "a thread" or "Qt".
        summary: kind and words of the error, in one line.
        trace: where it was raised, or "".
    """

    place: str
    summary: str
    trace: str = ""


class FaultLog:
    """Logs faults, and tells each distinct one once. Its methods may be called from any thread, and never raise."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._busy = threading.local()
        self._counts: Counter[str] = Counter()
        self._untold: deque[Fault] = deque(maxlen=MOST_WAITING)
        self._listener: Callable[[Fault], None] | None = None

    def take_error(self, place: str, error: BaseException) -> None:
        """Take an exception that nobody caught; one of the same kind that came the same way is told once."""
        way = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
        trace = "".join(traceback.format_exception(error))
        summary = f"{type(error).__name__}: {error}".rstrip(": ").partition("\n")[0]
        self.take(Fault(place, summary, trace), " ".join((type(error).__name__, *(way or [summary]))))

    def take(self, fault: Fault, key: str = "", *, is_told: bool = True) -> None:
        """Log a fault, and tell it where it is the first of its kind.

        Args:
            fault: what was met.
            key: what tells it from other faults; its summary where there is none.
            is_told: whether it is anything to a person, or only to the log.
        """
        if getattr(self._busy, "now", False):
            _complain(f"met within the handler of faults: {fault.summary}")
            return
        self._busy.now = True
        try:
            with self._lock:
                self._take(fault, key or fault.summary, is_told)
        except Exception:  # noqa: BLE001  (what the handler itself meets has nowhere to go but the terminal)
            _complain(traceback.format_exc())
        finally:
            self._busy.now = False

    def listen(self, listener: Callable[[Fault], None] | None) -> None:
        """Tell faults to this one from now on, those first that nobody has been told of; None: to nobody."""
        with self._lock:
            self._listener = listener
            while listener is not None and self._untold:
                listener(self._untold.popleft())

    def _take(self, fault: Fault, key: str, is_told: bool) -> None:
        self._counts[key] += 1
        count = self._counts[key]
        if count & (count - 1):
            return  # a fault that comes with every frame is logged at its 1st, 2nd, 4th, 8th ... time
        again = f" (time {count})" if count > 1 else ""
        level = logging.ERROR if is_told else logging.WARNING
        logger.log(level, "%s: %s%s%s", fault.place, fault.summary, again, f"\n{fault.trace}" if count == 1 else "")
        if count > 1 or not is_told or len(self._counts) > MOST_TOLD:
            return
        if self._listener is None:
            self._untold.append(fault)
        else:
            self._listener(fault)


faults = FaultLog()
"""Every fault of this process."""


def log_folder() -> Path:
    """Return the folder of the log."""
    return Path(user_log_path("gan-studio", appauthor=False))


def begin() -> None:
    """Log into the user's log folder, and take every fault from here on. Done again, it does nothing."""
    if logger.handlers:
        return
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(_file_handler())
    _catch_all()


def log_tail(most_bytes: int) -> str:
    """Return the last part of the log, older files first; a log that cannot be read is empty."""
    newest = log_folder() / "gan-studio.log"
    files = [newest.with_name(f"{newest.name}.{number}") for number in range(LOGS_KEPT - 1, 0, -1)]
    whole = b"".join(_bytes_of(file) for file in (*files, newest))
    return whole[-most_bytes:].decode("utf-8", "replace")


def _file_handler() -> logging.Handler:
    try:
        log_folder().mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = RotatingFileHandler(
            log_folder() / "gan-studio.log", maxBytes=LOG_BYTES, backupCount=LOGS_KEPT - 1, encoding="utf-8"
        )
    except OSError as error:
        _complain(f"there is no log file: {error}")
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s process %(process)d %(levelname)s %(message)s"))
    return handler


def _catch_all() -> None:
    """Put the handler where Python leaves what nobody caught; what stood there before still prints it."""
    main_before, thread_before, ignored_before = sys.excepthook, threading.excepthook, sys.unraisablehook

    def on_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            faults.take_error(threading.current_thread().name, error)
        main_before(kind, error, trace)

    def on_thread(met: threading.ExceptHookArgs) -> None:
        if met.exc_value is not None and not isinstance(met.exc_value, SystemExit):
            faults.take_error(f"thread {met.thread.name if met.thread else '?'}", met.exc_value)
        thread_before(met)

    def on_ignored(met: "sys.UnraisableHookArgs") -> None:
        if met.exc_value is not None:
            faults.take_error(met.err_msg or "a place that cannot raise", met.exc_value)
        ignored_before(met)

    sys.excepthook, threading.excepthook, sys.unraisablehook = on_uncaught, on_thread, on_ignored


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def _complain(text: str) -> None:
    if sys.__stderr__ is not None:
        print(f"gan-studio: {text}", file=sys.__stderr__)
