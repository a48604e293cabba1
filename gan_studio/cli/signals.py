"""Stop a training command by Ctrl-C, SIGTERM or closing its terminal."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from gan_studio.engine.control import LEAVING_SIGNALS, TrainingControl


@contextmanager
def stop_on_signals() -> Iterator[TrainingControl]:
    """Let the first signal stop the run with a checkpoint; a second one ends the program at once."""
    control = TrainingControl()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        for number, _ in before:
            signal.signal(number, signal.SIG_DFL)
        control.stop()

    before: list[tuple[int, Callable[[int, FrameType | None], Any] | int | None]] = []
    for number in LEAVING_SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # ignored under nohup
            before.append((number, signal.signal(number, on_signal)))
    try:
        yield control
    finally:
        for number, handler in before:
            signal.signal(number, handler)
