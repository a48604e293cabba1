"""How a long look at pictures is given up when nobody waits for it any more."""

from collections.abc import Callable

ShouldStop = Callable[[], bool]
"""Asked now and then while pictures are listed, scanned and decoded; called from the thread that does it."""


class StoppedError(Exception):
    """What was asked for is not wanted any more."""


def never() -> bool:
    """Stand for a look that goes on to its end."""
    return False


def check(should_stop: ShouldStop) -> None:
    """Raise StoppedError where nobody waits any more."""
    if should_stop():
        raise StoppedError
