"""Messages for a person, in the order in which they are shown."""

from dataclasses import dataclass

MOST_WAITING = 20
"""Infos beyond this number push out the oldest; errors always wait."""


@dataclass(frozen=True)
class Notice:
    """One message.

    Attributes:
        headline: what happened.
        lines: what else there is to say, shown below.
        details: text for a report, only ever copied.
        action_text, action: title of a button, and the name that its press is told by; empty for none.
        is_error: whether it stays until it is dismissed.
    """

    headline: str
    lines: tuple[str, ...] = ()
    details: str = ""
    action_text: str = ""
    action: str = ""
    is_error: bool = False

    @property
    def whole_text(self) -> str:
        """Everything, for the clipboard."""
        return "\n".join(part for part in (self.headline, *self.lines, self.details) if part)


class NoticeQueue:
    """Errors before infos, each in order of arrival; the same message waits only once."""

    def __init__(self) -> None:
        self._errors: list[Notice] = []
        self._infos: list[Notice] = []

    def __len__(self) -> int:
        return len(self._errors) + len(self._infos)

    @property
    def first(self) -> Notice | None:
        """The message to show, if any."""
        return next(iter((*self._errors, *self._infos)), None)

    def add(self, notice: Notice) -> None:
        """Let a message wait its turn."""
        waiting = self._errors if notice.is_error else self._infos
        if notice not in waiting:
            waiting.append(notice)
        del self._infos[:-MOST_WAITING]

    def drop_first(self) -> None:
        """Forget the message that is shown."""
        del (self._errors or self._infos)[:1]
