"""Wakefulness: keeping the computer from going to sleep by itself while a run trains."""

import warnings
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wakepy import Mode


class Wakefulness:
    """Asks the system not to sleep. Held and let go in one thread; a system that refuses is no fault.

    Attributes:
        reason: why the system did not agree, or "".
    """

    def __init__(self) -> None:
        self._mode: Mode | None = None
        self.reason = ""

    @property
    def is_held(self) -> bool:
        """Whether the system has agreed not to sleep."""
        return self._mode is not None and self._mode.active

    @property
    def means(self) -> str:
        """Name what keeps the system awake, or "" while nothing does."""
        method = self._mode.method if self._mode is not None else None
        return str(method.name) if self.is_held and method is not None else ""

    def hold(self) -> None:
        """Keep the system from sleeping, as far as it lets us; it may still switch off its screen."""
        if self._mode is not None:
            return
        try:
            from wakepy import keep
        except ImportError:
            self.reason = "wakepy is not installed"
            return
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._mode = keep.running(on_fail="pass")
            self._mode.__enter__()
        self.reason = "" if self._mode.active else self._mode.result.get_failure_text()

    def release(self) -> None:
        """Let the system sleep again."""
        if self._mode is not None:
            self._mode.__exit__(None, None, None)
            self._mode = None

    def __enter__(self) -> "Wakefulness":
        self.hold()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
