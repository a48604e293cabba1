"""Wakefulness: keep the computer from falling asleep while a run trains."""

import warnings
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wakepy import Mode


class Wakefulness:
    """A request to the system not to sleep. Hold and release it in one thread; a refusal raises nothing.

    Attributes:
        reason: why the system refused, or "".
    """

    def __init__(self) -> None:
        self._mode: Mode | None = None
        self.reason = ""

    @property
    def is_held(self) -> bool:
        """Whether the system stays awake because of this request."""
        return self._mode is not None and self._mode.active

    @property
    def means(self) -> str:
        """Name of the mechanism that keeps the system awake, or ""."""
        method = self._mode.method if self._mode is not None else None
        return str(method.name) if self.is_held and method is not None else ""

    def hold(self) -> None:
        """Ask the system not to sleep; it may still switch off the screen."""
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
        """Withdraw the request: the system may sleep again."""
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
