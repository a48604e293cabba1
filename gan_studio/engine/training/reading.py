"""Read D's output: one sentence on what the newest steps show, and nothing beyond what their numbers show."""

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.events import METRIC_COLUMNS
from gan_studio.engine.text.message import Message

WINDOW = 100
"""Steps that a sentence averages. A run with fewer steps is not judged."""

HISTORY = 2 * WINDOW
"""Steps that a reading looks at: those of the sentence, and as many before them."""

RAW_SCORES = frozenset({"least_squares", "hinge", "wasserstein"})
"""Losses under which D's output is an unlimited score, not a probability."""

_WITH_TARGETS = frozenset({"non_saturating", "minimax", "least_squares", "hinge"})
"""Losses that give D's output a scale: its targets are 1 apart or more. Wasserstein scores have none."""

_SAME = 0.02
"""Mean distance of both outputs, step by step, up to which D gives the same answer. Measured: 0.005 to 0.013 after D's
learning rate was raised to 0.05 and both networks stood still, 0.3 and more in runs that learned."""

_UNDECIDED = (0.1, 0.9)
"""Probabilities between which equal answers mean that D cannot decide; beyond, its logits may still differ."""

_NEARLY_SURE, _HARDLY = 0.8, 0.1
"""Gaps between both averages: from the first upwards D is nearly sure, up to the second it hardly tells them apart."""

_SWINGING = 0.2
"""Standard deviation of an output over steps from which its average says little. Measured: 0.1 in usual runs."""

_REAL, _FAKE = (METRIC_COLUMNS.index(name) for name in ("d_real", "d_fake_before"))


def read_output(steps: NDArray[np.int64], values: NDArray[np.float32], loss: str) -> Message | None:
    """Say what D's output shows over the last WINDOW steps.

    Args:
        steps: int64 [rows], ascending; the newest HISTORY are enough.
        values: float32 [rows, len(METRIC_COLUMNS)].
        loss: a choice of training.loss.

    Returns:
        None where nothing can be said: fewer than WINDOW steps in a row, or numbers that are not finite.
    """
    if not _is_whole(steps, values, 1):
        return None
    now = _Outputs(values[-WINDOW:])
    real, fake = _text(now.real), _text(now.fake)
    if loss in _WITH_TARGETS and now.distance <= _SAME and _is_undecided(now, loss):
        return Message("output.same", count=WINDOW, real=real, fake=fake, distance=_text(now.distance))
    if loss in RAW_SCORES:
        return Message("output.scores", count=WINDOW, real=real, fake=fake)
    if max(now.swings) >= _SWINGING:
        return now.swinging()
    if not _is_whole(steps, values, 2):
        return now.gap()
    return Message("output.trend", now=now.gap(), before=_Outputs(values[-HISTORY:-WINDOW]).earlier())


class _Outputs:
    """D's output over a window of steps: means of both kinds of pictures, how far apart, how much they swing."""

    def __init__(self, values: NDArray[np.float32]) -> None:
        pair = values[:, [_REAL, _FAKE]].astype(np.float64)
        self.real, self.fake = (float(mean) for mean in pair.mean(axis=0))
        self.distance = float(np.abs(pair[:, 0] - pair[:, 1]).mean())
        self.swings = tuple(float(swing) for swing in pair.std(axis=0))
        self.low, self.high = pair.min(axis=0), pair.max(axis=0)

    def gap(self) -> Message:
        """Say how far apart both averages are."""
        real, fake, gap = _text(self.real), _text(self.fake), self.real - self.fake
        if gap >= _NEARLY_SURE:
            return Message("output.nearly_sure", count=WINDOW, real=real, fake=fake)
        if gap > _HARDLY:
            return Message("output.apart", count=WINDOW, real=real, fake=fake)
        if gap >= -_HARDLY:
            return Message("output.hardly", count=WINDOW, real=real, fake=fake)
        return Message("output.inverted", count=WINDOW, real=real, fake=fake)

    def swinging(self) -> Message:
        """Say between which ends both outputs swing."""
        (real_low, fake_low), (real_high, fake_high) = map(_text, self.low), map(_text, self.high)
        return Message(
            "output.swings",
            count=WINDOW,
            real_low=real_low,
            real_high=real_high,
            fake_low=fake_low,
            fake_high=fake_high,
        )

    def earlier(self) -> Message:
        """Say what both averages were in a window before."""
        return Message("output.before", count=WINDOW, real=_text(self.real), fake=_text(self.fake))


def _is_whole(steps: NDArray[np.int64], values: NDArray[np.float32], windows: int) -> bool:
    """Whether the last windows hold every step, and only numbers."""
    rows = windows * WINDOW
    if len(steps) < rows or steps[-1] - steps[-rows] != rows - 1:
        return False
    return bool(np.isfinite(values[-rows:, [_REAL, _FAKE]]).all())


def _is_undecided(outputs: _Outputs, loss: str) -> bool:
    low, high = _UNDECIDED
    return loss in RAW_SCORES or low <= outputs.real <= high


def _text(number: float) -> str:
    return f"{number + 0.0:.2f}".replace("-0.00", "0.00")
