"""Messages for a person, in the order in which they are shown."""

from dataclasses import dataclass

MOST_WAITING = 20
"""Infos beyond this number push out the oldest; errors, and what stands, always wait."""


@dataclass(frozen=True)
class Notice:
    """One message.

    Attributes:
        headline: what happened.
        lines: what else there is to say, shown below.
        details: text for a report, only ever copied.
        action_text, action: title of a button, and the name that its press is told by; empty for none.
        is_error: whether it stays until it is dismissed, before everything else.
        stands: whether it stays although it is no error, after everything else.
        topic: what it is about; of each topic only the newest message waits. Empty: it stands for itself.
    """

    headline: str
    lines: tuple[str, ...] = ()
    details: str = ""
    action_text: str = ""
    action: str = ""
    is_error: bool = False
    stands: bool = False
    topic: str = ""

    @property
    def stays(self) -> bool:
        """Whether it waits until it is dismissed or withdrawn."""
        return self.is_error or self.stands

    @property
    def whole_text(self) -> str:
        """Everything, for the clipboard."""
        return "\n".join(part for part in (self.headline, *self.lines, self.details) if part)


class NoticeQueue:
    """Errors before infos, what stands last, each in order of arrival; the same message waits only once."""

    def __init__(self) -> None:
        self._errors: list[Notice] = []
        self._infos: list[Notice] = []
        self._standing: list[Notice] = []

    def __len__(self) -> int:
        return len(self._errors) + len(self._infos) + len(self._standing)

    @property
    def first(self) -> Notice | None:
        """The message to show, if any."""
        return next(iter((*self._errors, *self._infos, *self._standing)), None)

    def holds(self, topic: str) -> bool:
        """Tell whether a message about a topic waits or is shown."""
        return any(notice.topic == topic for notice in (*self._errors, *self._infos, *self._standing))

    def add(self, notice: Notice) -> None:
        """Let a message wait its turn, or take the turn of an older one about the same topic."""
        waiting = self._errors if notice.is_error else self._standing if notice.stands else self._infos
        topics = [known.topic for known in waiting]
        if notice.topic and notice.topic in topics:
            place = topics.index(notice.topic)
            waiting[place] = waiting[place] if waiting[place] == notice else notice
        elif notice not in waiting:
            self.drop(notice.topic)
            waiting.append(notice)
        del self._infos[:-MOST_WAITING]

    def drop(self, topic: str) -> None:
        """Forget the message about a topic, where there is one."""
        for waiting in (self._errors, self._infos, self._standing):
            waiting[:] = [notice for notice in waiting if not topic or notice.topic != topic]

    def drop_first(self) -> None:
        """Forget the message that is shown."""
        del (self._errors or self._infos or self._standing)[:1]
