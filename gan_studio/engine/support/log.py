"""The program's log file, and the one handler of all uncaught exceptions."""

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

from gan_studio.engine.text.message import readable, reason_of

LOG_BYTES = 1_000_000
LOGS_KEPT = 3
"""Log files of LOG_BYTES each: the current one and earlier ones."""
MOST_TOLD = 200
"""Most distinct faults that are shown to a person; further ones are only logged."""
MOST_WAITING = 20
"""Faults kept until there is a window to show them."""

logger = logging.getLogger("gan_studio")


@dataclass(frozen=True)
class Fault:
    """An uncaught exception, or a warning of Qt.

    Attributes:
        place: where it was noticed, such as a thread's name or "Qt".
        summary: type and text of the error in one line.
        trace: its traceback, or "".
    """

    place: str
    summary: str
    trace: str = ""


class FaultLog:
    """Logs faults, and reports each distinct one once. Its methods can be called from any thread and never raise."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._busy = threading.local()
        self._counts: Counter[str] = Counter()
        self._untold: deque[Fault] = deque(maxlen=MOST_WAITING)
        self._listener: Callable[[Fault], None] | None = None

    def take_error(self, place: str, error: BaseException) -> None:
        """Take an uncaught exception; one of the same type with the same stack is reported only once."""
        way = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
        trace = "".join(traceback.format_exception(error))
        summary = f"{type(error).__name__}: {error}".rstrip(": ").partition("\n")[0]
        self.take(Fault(place, summary, trace), " ".join((type(error).__name__, *(way or [summary]))))

    def take(self, fault: Fault, key: str = "", *, is_told: bool = True) -> None:
        """Log a fault, and tell the listener if it is the first with its key.

        Args:
            fault: the fault.
            key: distinguishes it from other faults; "" takes its summary.
            is_told: whether to show it to a person; otherwise it is only logged.
        """
        if getattr(self._busy, "now", False):
            _complain(f"fault in the handler of faults: {fault.summary}")
            return
        self._busy.now = True
        try:
            with self._lock:
                self._take(fault, key or fault.summary, is_told)
        except Exception:  # noqa: BLE001  (a fault of the handler itself can only go to the terminal)
            _complain(traceback.format_exc())
        finally:
            self._busy.now = False

    def listen(self, listener: Callable[[Fault], None] | None) -> None:
        """Report faults to this listener from now on, beginning with those not reported yet; None: to nobody."""
        with self._lock:
            self._listener = listener
            while listener is not None and self._untold:
                listener(self._untold.popleft())

    def _take(self, fault: Fault, key: str, is_told: bool) -> None:
        self._counts[key] += 1
        count = self._counts[key]
        if count & (count - 1):
            return  # a fault of every frame is logged the 1st, 2nd, 4th, 8th ... time only
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
"""The fault log of this process."""


def log_folder() -> Path:
    """Return the folder of the log files."""
    return Path(user_log_path("gan-studio", appauthor=False))


def begin() -> None:
    """Start logging to the user's log folder and catching all faults; a second call does nothing."""
    if logger.handlers:
        return
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(_file_handler())
    _catch_all()


def log_tail(most_bytes: int) -> str:
    """Return the last bytes of the log as text, oldest first; files that cannot be read are skipped."""
    newest = log_folder() / "gan-studio.log"
    files = [newest.with_name(f"{newest.name}.{number}") for number in range(LOGS_KEPT - 1, 0, -1)]
    whole = b"".join(_bytes_of(file) for file in (*files, newest))
    return whole[-most_bytes:].decode("utf-8", "replace")


def _file_handler() -> logging.Handler:
    try:
        log_folder().mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = RotatingFileHandler(
            log_folder() / "gan-studio.log",
            maxBytes=LOG_BYTES,
            backupCount=LOGS_KEPT - 1,
            encoding="utf-8",
            errors="backslashreplace",  # of paths that are not UTF-8
        )
    except OSError as error:
        _complain(f"no log file can be written in {readable(str(log_folder()))} ({reason_of(error)})")
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s process %(process)d %(levelname)s %(message)s"))
    return handler


def _catch_all() -> None:
    """Install the hooks for uncaught exceptions; the hooks that were there before still run."""
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
