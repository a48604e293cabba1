"""LearningRates: the learning rates of every step of a run, worked out from its settings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class RateSettings:
    """The settings that decide the learning rates from step `after` + 1 on.

    Attributes:
        after: the last step before them.
        rate_d, rate_g: learning rates at the first picture.
        half_life: pictures seen in which they halve; 0: they stay.
        pictures: real pictures that a step shows to D.
    """

    after: int
    rate_d: float
    rate_g: float
    half_life: float
    pictures: float

    @classmethod
    def of(cls, after: int, knobs: Mapping[str, float]) -> "RateSettings":
        """Take them from the live settings."""
        d_steps = knobs["d_steps"] if knobs["train_d"] else 1
        return cls(
            after,
            knobs["learning_rate_d"],
            knobs["learning_rate_g"],
            knobs["rate_half_life"],
            knobs["batch_size"] * d_steps,
        )


@dataclass(frozen=True)
class LearningRates:
    """Settings in order of step, and how many pictures were seen before each: float64 [settings]."""

    settings: tuple[RateSettings, ...] = ()
    seen: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))

    @classmethod
    def over(cls, settings: Iterable[RateSettings]) -> "LearningRates":
        """Count the pictures seen before each of the settings; of several at one step, the last holds."""
        last = {each.after: each for each in settings}
        kept = tuple(last[after] for after in sorted(last))
        seen = np.zeros(len(kept))
        for place, (one, following) in enumerate(zip(kept, kept[1:], strict=False), start=1):
            seen[place] = seen[place - 1] + one.pictures * (following.after - one.after)
        return cls(kept, seen)

    def at(self, steps: NDArray[np.float64]) -> NDArray[np.float32]:
        """Return the learning rates that Adam took in each step: float32 [2, steps], of D and of G.

        The decay is that of TrainingState.faded, over the pictures seen before the step. NaN where nothing is known.
        """
        if not self.settings:
            return np.full((2, len(steps)), np.nan, np.float32)
        table = np.array([(s.after, s.rate_d, s.rate_g, s.half_life, s.pictures) for s in self.settings])
        place = np.clip(np.searchsorted(table[:, 0], steps - 1, side="right") - 1, 0, None)
        after, rate_d, rate_g, half_life, pictures = table[place].T
        seen = self.seen[place] + pictures * np.maximum(steps - 1 - after, 0)
        halvings = np.divide(seen, half_life, out=np.zeros_like(seen), where=half_life > 0)
        rates: NDArray[np.float32] = (np.stack([rate_d, rate_g]) * 0.5**halvings).astype(np.float32)
        return rates
