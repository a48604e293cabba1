"""StartTerms: what the next start begins from, and what a person has accepted for it."""

from dataclasses import dataclass
from pathlib import Path

from gan_studio.engine.config import RunConfig


@dataclass
class StartTerms:
    """Kept by the session beside the set-up, because neither belongs in a run's configuration.

    Attributes:
        fine_tune: run folder or weights that the next new run begins from, or None.
        accepts: questions that were answered with yes for the start in hand.
    """

    fine_tune: Path | None = None
    accepts: frozenset[str] = frozenset()
    _asked: tuple[str, RunConfig] | None = None

    def ask(self, question: str, config: RunConfig) -> None:
        """Note a question (empty: none) about starting by a set-up."""
        self._asked = (question, config) if question else None

    def accept(self, question: str, config: RunConfig) -> None:
        """Answer yes beside earlier answers; a question about another set-up is still open."""
        self.accepts = self.accepts | {question} if self._asked == (question, config) else frozenset()

    def refuse(self) -> None:
        """Forget every answer: a plain start asks again."""
        self.accepts = frozenset()
