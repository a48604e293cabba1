"""Notices: messages for a person, the newest on top."""

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
        is_error: whether it stays until it is dismissed.
        is_standing: whether it stays although it is no error, below everything else.
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
    """The newest notice first, and standing notices after all others. One of them is shown; steps go through them."""

    def __init__(self) -> None:
        self._passing: list[Notice] = []
        self._standing: list[Notice] = []
        self._place = 0

    def __len__(self) -> int:
        return len(self._passing) + len(self._standing)

    @property
    def shown(self) -> Notice | None:
        """The notice to show, if any."""
        return self._all[self._place] if self._all else None

    @property
    def place(self) -> int:
        """Place of the notice to show; 0 is the top."""
        return self._place

    def holds(self, topic: str) -> bool:
        """Return whether a notice about a topic is shown or waits."""
        return any(notice.topic == topic for notice in self._all)

    def add(self, notice: Notice, *, keeps_shown: bool = False) -> None:
        """Put a notice on top, instead of one that reads the same or is about the same topic, and show what is on top.

        The newer notice always replaces the older one, so that its button does what was asked for last.

        Args:
            notice: the newest one. A standing notice comes below all that pass, and above other standing ones.
            keeps_shown: go on showing the notice that is shown, because a person is about to press its button.
        """
        shown = self.shown
        is_replaced = shown is not None and notice.has_turn_of(shown)
        for notices in (self._passing, self._standing):
            notices[:] = [known for known in notices if not notice.has_turn_of(known)]
        (self._standing if notice.is_standing else self._passing).insert(0, notice)
        self._forget_oldest()
        self._show(notice if is_replaced else shown if keeps_shown else None)

    def drop(self, topic: str) -> None:
        """Remove the notice about a topic, if there is one; an empty topic removes nothing."""
        shown = self.shown
        for notices in (self._passing, self._standing):
            notices[:] = [notice for notice in notices if not topic or notice.topic != topic]
        self._show(shown)

    def drop_shown(self) -> None:
        """Remove the notice that is shown, and show the one that is now on top."""
        shown = self.shown
        for notices in (self._passing, self._standing):
            notices[:] = [notice for notice in notices if notice is not shown]
        self._place = 0

    def step(self, places: int) -> None:
        """Show an older notice (1) or a newer one (-1); nothing changes at the ends."""
        self._place = min(max(self._place + places, 0), max(len(self) - 1, 0))

    @property
    def _all(self) -> tuple[Notice, ...]:
        return (*self._passing, *self._standing)

    def _show(self, notice: Notice | None) -> None:
        """Show a notice, or what is on top if it is gone."""
        places = [place for place, known in enumerate(self._all) if known is notice]
        self._place = places[0] if places else 0

    def _forget_oldest(self) -> None:
        infos = [notice for notice in self._passing if not notice.is_error]
        for notice in infos[MOST_WAITING:]:
            self._passing.remove(notice)
