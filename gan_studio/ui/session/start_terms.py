"""StartTerms: where the next start begins, and which questions a person has accepted."""

from dataclasses import dataclass
from pathlib import Path

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.moment import Moment
from gan_studio.engine.text.message import Message


@dataclass
class StartTerms:
    """Terms of the next start that do not belong in a set-up.

    Attributes:
        fine_tune: run folder or weights that the next new run begins with, or None.
        fine_tune_from: the moment of that run; None: its newest usable checkpoint.
        fine_tune_name: what that run is called; None: it goes by the name of its file.
        back_to: checkpoint that the open run goes back to at its next start, or None.
        rate_share: share of its present learning rates that it goes on with then; 1: those of the checkpoint.
        accepts: questions that a person has answered with yes.
        left_to_pictures: paths of the settings that the pictures of the next new run decide when it starts.
        place: where a person says that the pictures of the open run are now; the next start alone looks there.
        data: where this start looks for them, and where it goes on after a question; None: where the run says.
    """

    fine_tune: Path | None = None
    fine_tune_from: Moment | None = None
    fine_tune_name: Message | None = None
    back_to: Moment | None = None
    rate_share: float = 1.0
    accepts: frozenset[str] = frozenset()
    left_to_pictures: frozenset[str] = frozenset()
    place: str | None = None
    data: str | None = None
    _asked: tuple[str, RunConfig] | None = None

    def ask(self, question: str, config: RunConfig) -> None:
        """Note a question about starting a set-up; empty: none."""
        self._asked = (question, config) if question else None

    def accept(self, question: str, config: RunConfig) -> None:
        """Accept a question in addition to earlier ones; if it was asked about another set-up, accept nothing."""
        was_asked = self._asked == (question, config)
        self.accepts = self.accepts | {question} if was_asked else frozenset()
        if self.place is not None or not was_asked:
            self._take_place()

    def refuse(self) -> None:
        """Forget the accepted questions, where to go back to and where earlier starts found pictures: a plain start."""
        self.accepts = frozenset()
        self.back_to, self.rate_share = None, 1.0
        self._take_place()

    def note_name(self, place: Path, name: Message) -> None:
        """Note that the run in this folder is called by another name now."""
        if place == self.fine_tune and self.fine_tune_name is not None:
            self.fine_tune_name = name

    def forget(self) -> None:
        """Forget everything but the accepted questions: the run has begun."""
        self.fine_tune = self.fine_tune_from = self.fine_tune_name = None
        self.back_to = self.place = self.data = None
        self.rate_share = 1.0

    def _take_place(self) -> None:
        self.data, self.place = self.place, None
