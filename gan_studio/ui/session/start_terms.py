"""StartTerms: what the next start begins from, and what a person has accepted for it."""

from dataclasses import dataclass
from pathlib import Path

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.moment import Moment


@dataclass
class StartTerms:
    """Kept by the session beside the set-up, because neither belongs in a run's configuration.

    Attributes:
        fine_tune: run folder or weights that the next new run begins from, or None.
        back_to: kept checkpoint that the run in hand goes back to at its next start, or None.
        rate_share: what its learning rates are multiplied with then.
        accepts: questions that were answered with yes for the start in hand.
    """

    fine_tune: Path | None = None
    back_to: Moment | None = None
    rate_share: float = 1.0
    accepts: frozenset[str] = frozenset()
    _asked: tuple[str, RunConfig] | None = None

    def ask(self, question: str, config: RunConfig) -> None:
        """Note a question (empty: none) about starting by a set-up."""
        self._asked = (question, config) if question else None

    def accept(self, question: str, config: RunConfig) -> None:
        """Answer yes beside earlier answers; a question about another set-up is still open."""
        self.accepts = self.accepts | {question} if self._asked == (question, config) else frozenset()

    def refuse(self) -> None:
        """Forget every answer, and where to go back to: a plain start asks again and goes on."""
        self.accepts = frozenset()
        self.back_to, self.rate_share = None, 1.0

    def forget(self) -> None:
        """Forget everything but the answers: the run has begun."""
        self.fine_tune = self.back_to = None
        self.rate_share = 1.0
