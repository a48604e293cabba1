"""Notices: messages for a person, in the order in which they are shown."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from gan_studio.engine.text.message import Message

MOST_WAITING = 20
"""How many info notices wait at most; a newer one replaces the oldest. Errors and standing notices always wait."""


class ThreeParts(Protocol):
    """The three parts of an EngineError, and of every event or reply that carries one."""

    @property
    def happened(self) -> Message:
        """What went wrong."""

    @property
    def kept(self) -> Message:
        """What is safe."""

    @property
    def todo(self) -> Message:
        """What to do next."""


@dataclass(frozen=True)
class NoticeButton:
    """A button in a notice; two buttons with the same text are equal, because a person cannot tell them apart.

    Attributes:
        text: the label of the button.
        press: called when the button is pressed, after the notice is gone.
    """

    text: str
    press: Callable[[], None] = field(compare=False)


@dataclass(frozen=True)
class Notice:
    """One message.

    Attributes:
        headline: what happened.
        lines: further sentences, shown below.
        details: text for a bug report, which is copied and never shown.
        button: what a person can do about it, or None.
        other: what else a person can do, or None.
        is_error: whether it stays until it is dismissed, and is shown before everything else.
        is_standing: whether it stays although it is no error, and is shown after everything else.
        topic: what it is about. A newer notice on the same topic replaces it; an empty topic matches nothing.
    """

    headline: str
    lines: tuple[str, ...] = ()
    details: str = ""
    button: NoticeButton | None = None
    other: NoticeButton | None = None
    is_error: bool = False
    is_standing: bool = False
    topic: str = ""

    @property
    def stays(self) -> bool:
        """Whether it waits until it is dismissed or withdrawn."""
        return self.is_error or self.is_standing

    @property
    def whole_text(self) -> str:
        """The whole notice with its details, for the clipboard."""
        return "\n".join(part for part in (self.headline, *self.lines, self.details) if part)

    def has_turn_of(self, other: "Notice") -> bool:
        """Whether it replaces another notice, because it reads the same or is about the same topic."""
        return self == other or (self.topic != "" and self.topic == other.topic)


class NoticeQueue:
    """Errors first, then info notices, then standing notices, each in order of arrival."""

    def __init__(self) -> None:
        self._errors: list[Notice] = []
        self._infos: list[Notice] = []
        self._standing: list[Notice] = []

    def __len__(self) -> int:
        return len(self._errors) + len(self._infos) + len(self._standing)

    @property
    def first(self) -> Notice | None:
        """The notice to show, if any."""
        return next(iter((*self._errors, *self._infos, *self._standing)), None)

    def holds(self, topic: str) -> bool:
        """Return whether a notice about a topic is shown or waits."""
        return any(notice.topic == topic for notice in (*self._errors, *self._infos, *self._standing))

    def add(self, notice: Notice) -> None:
        """Queue a notice, in the place of one that reads the same or is about the same topic.

        The newer notice always replaces the older one, so that its button does what was asked for last.
        """
        waiting = self._errors if notice.is_error else self._standing if notice.is_standing else self._infos
        place = next((place for place, known in enumerate(waiting) if notice.has_turn_of(known)), None)
        if place is None:
            self.drop(notice.topic)
            waiting.append(notice)
        else:
            waiting[place] = notice
        del self._infos[:-MOST_WAITING]

    def drop(self, topic: str) -> None:
        """Remove the notice about a topic, if there is one; an empty topic removes nothing."""
        for waiting in (self._errors, self._infos, self._standing):
            waiting[:] = [notice for notice in waiting if not topic or notice.topic != topic]

    def drop_first(self) -> None:
        """Remove the notice that is shown."""
        del (self._errors or self._infos or self._standing)[:1]
