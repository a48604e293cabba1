"""ProbabilityPlot: how real the discriminator finds real and generated pictures."""

import math

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QWidget

from gan_studio.engine.events import METRIC_COLUMNS
from gan_studio.ui.training.curve_legend import CurveText
from gan_studio.ui.training.curve_plot import CurvePlot, PlotTexts
from gan_studio.ui.training.curve_style import CurveStyle
from gan_studio.ui.training.metric_history import MetricHistory

_REAL, _BEFORE, _AFTER = (METRIC_COLUMNS.index(name) for name in ("d_real", "d_fake_before", "d_fake_after"))

PROBABILITY_STYLES = (
    CurveStyle(_REAL, colour=0),
    CurveStyle(_BEFORE, colour=1, dash=(5, 2.5)),
    CurveStyle(_AFTER, colour=2, dash=(1.5, 1.5)),
)

_RECENT = 100
"""Steps that the sentence speaks about."""

_WINS, _EVEN = 0.8, 0.1
"""Distance of the two averages from which D is said to win, and up to which it can hardly tell."""


class ProbabilityPlot(CurvePlot):
    """D(x) and D(G(z)), with a line at one half; the sentence is computed from the newest steps.

    Signals:
        as CurvePlot.
    """

    def __init__(self, history: MetricHistory, parent: QWidget | None = None) -> None:
        super().__init__("probabilityPlot", history, PROBABILITY_STYLES, (0.0, 1.0), reads_step=False, parent=parent)
        self.retranslate()

    def sentence(self) -> str:
        """Say what the newest steps mean."""
        means = self._history.recent_mean(_RECENT)
        real, fake = float(means[_REAL]), float(means[_BEFORE])
        if not math.isfinite(real + fake):
            return self.tr("Both near 0.5: D cannot tell real from generated. D(x) near 1, D(G(z)) near 0: D wins.")
        gap = real - fake
        if gap >= _WINS:
            text = self.tr(
                "D wins: over the last {count} steps it gave real pictures {real} on average and generated ones "
                "{fake}. G has little to learn from."
            )
        elif gap <= _EVEN:
            text = self.tr(
                "D can hardly tell: over the last {count} steps it gave real pictures {real} on average and generated "
                "ones {fake}."
            )
        else:
            text = self.tr(
                "A fair contest: over the last {count} steps D gave real pictures {real} on average and generated ones "
                "{fake}."
            )
        count = min(len(self._history), _RECENT)
        return text.format(count=count, real=f"{real:.2f}", fake=f"{fake:.2f}")

    def retranslate(self) -> None:
        """Set every text."""
        self.set_texts(
            PlotTexts(
                title=self.tr("Judgement of D"),
                help=self.tr(
                    "How real the discriminator finds pictures, from 0 (surely generated) to 1 (surely real). "
                    "At 0.5 it can only guess."
                ),
                curves=(
                    CurveText(self.tr("D(x)"), self.tr("How real it finds real pictures, on average over a batch.")),
                    CurveText(
                        self.tr("D(G(z))"),
                        self.tr("How real it finds generated pictures, in its own step, before it learned from them."),
                    ),
                    CurveText(
                        self.tr("after"),
                        self.tr("The same generated pictures, right after D learned from them: what G learns from."),
                    ),
                ),
                hint=self.tr("Judgements appear here once training starts"),
                steps=self.tr("step"),
            )
        )
        self.set_levels(((0.5, self.tr("0.5: only guessing")),))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language and the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
