"""Answer requests in a thread: a fault becomes a reply and a line in the log, never an exception."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from gan_studio.engine.text.message import EngineError, Message, reason_of

logger = logging.getLogger(__name__)

Request = TypeVar("Request")
Reply = TypeVar("Reply")


@dataclass(frozen=True)
class NotDone:
    """A request that could not be met: what happened, what was kept, what to do."""

    happened: Message
    kept: Message
    todo: Message

    @classmethod
    def of(cls, error: EngineError) -> "NotDone":
        """Copy the three parts of an error."""
        return cls(error.happened, error.kept, error.todo)


def not_read(error: Exception) -> NotDone:
    """Say that something could not be read or written, with the error's own text as the reason."""
    reason = f"{type(error).__name__}: {error}"
    if isinstance(error, OSError):
        reason = f"{error.filename}: {reason_of(error)}" if error.filename else reason_of(error)
    return NotDone(Message("read.failed", error=reason), Message("kept.file_untouched"), Message("todo.check_disk"))


def answer(
    handle: Callable[[Request], Reply], request: Request, describe: Callable[[Exception], NotDone] = not_read
) -> Reply | NotDone:
    """Answer a request; never raise.

    Args:
        handle: does what is asked; may raise anything.
        request: what is asked.
        describe: turns an exception other than EngineError into a reply; its traceback goes to the log.
    """
    try:
        return handle(request)
    except EngineError as error:
        return NotDone.of(error)
    except Exception as error:
        logger.warning("%s could not be met.", type(request).__name__, exc_info=True)
        return describe(error)
