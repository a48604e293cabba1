"""What a test may not do: leave things running behind it, or reach for the network."""

import gc
import sys
import threading
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

PATIENCE_SECONDS = 2.0
"""How long a thread that was told to end may take to be gone."""


class NetworkForbiddenError(AssertionError):
    """A test tried to connect to an address on a network."""


def refuse_network(_socket: object, address: object) -> NoReturn:
    """Stand in for `socket.connect`.

    Raises:
        NetworkForbiddenError: always.
    """
    raise NetworkForbiddenError(f"a test tried to connect to {address!r}")


def set_aside() -> None:
    """Let `alive` look no more at what there is now; what is garbage goes first."""
    gc.collect()
    gc.freeze()


def alive() -> list[object]:
    """List what outlives a test if nobody ends it: threads, running QThreads, active QTimers, windows.

    Qt is looked at only where something else has loaded it and made an application.
    """
    found: list[object] = [thread for thread in threading.enumerate() if _holds_the_program(thread)]
    core = sys.modules.get("PySide6.QtCore")
    if core is None or core.QCoreApplication.instance() is None:
        return found
    for thing in _live_instances((core.QThread, core.QTimer)):
        if thing.isActive() if isinstance(thing, core.QTimer) else _is_working(thing, core):
            found.append(thing)
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is not None and widgets.QApplication.instance() is not None:
        found += [widget for widget in widgets.QApplication.topLevelWidgets() if _is_window(widget)]
    return found


def left_behind(before: Sequence[object]) -> list[str]:
    """Describe what is alive now and was not in `before`, after giving it the chance to go."""
    _deliver_deletions()
    if not _newer(before):
        return []
    for thing in _newer(before):
        _await_end(thing)
    gc.collect()
    _deliver_deletions()
    return [f"{type(thing).__name__}: {thing!r}" for thing in _newer(before)]


def _newer(before: Sequence[object]) -> list[object]:
    return [thing for thing in alive() if not any(thing is known for known in before)]


def _holds_the_program(thread: threading.Thread) -> bool:
    return not thread.daemon and thread is not threading.main_thread()


def _live_instances(kinds: tuple[type, ...]) -> Iterator[Any]:
    """Yield the Qt objects of some classes that Python knows and C++ still has."""
    is_valid = sys.modules["shiboken6"].isValid
    for candidate in gc.get_objects():
        if issubclass(type(candidate), kinds) and is_valid(candidate):
            yield candidate


def _is_working(thread: Any, core: Any) -> bool:
    return thread.isRunning() and thread != core.QThread.currentThread()


def _is_window(widget: Any) -> bool:
    """Tell windows from what Qt itself keeps (tooltips) and from pop-ups that go with their parent."""
    return widget.parent() is None and widget.metaObject().className() != "QTipLabel"


def _await_end(thing: Any) -> None:
    if isinstance(thing, threading.Thread):
        thing.join(PATIENCE_SECONDS)
    elif hasattr(thing, "isRunning"):
        thing.wait(int(PATIENCE_SECONDS * 1000))


def _deliver_deletions() -> None:
    """Carry out every deleteLater, which waits for an event loop that a test does not run."""
    core = sys.modules.get("PySide6.QtCore")
    if core is not None and core.QCoreApplication.instance() is not None:
        core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete.value)
