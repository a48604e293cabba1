"""ProbabilityPlot: the output of the discriminator for real and for generated pictures."""

import math

from PySide6.QtWidgets import QWidget

from gan_studio.engine.events import METRIC_COLUMNS
from gan_studio.ui.plots.curve_legend import CurveText
from gan_studio.ui.plots.curve_plot import CurvePlot, PlotTexts
from gan_studio.ui.plots.curve_style import CurveStyle
from gan_studio.ui.plots.metric_store import MetricStore

_REAL, _BEFORE, _AFTER = (METRIC_COLUMNS.index(name) for name in ("d_real", "d_fake_before", "d_fake_after"))

PROBABILITY_STYLES = (
    CurveStyle(_REAL, colour=0),
    CurveStyle(_BEFORE, colour=1, dash=(5, 2.5)),
    CurveStyle(_AFTER, colour=2, dash=(1.5, 1.5)),
)

RAW_SCORES = frozenset({"least_squares", "hinge", "wasserstein"})
"""Losses under which D's output is an unlimited score, not a probability."""

_RECENT = 100
"""Logged steps that the sentence averages."""

_WINS, _EVEN = 0.8, 0.1
"""Gaps between the two averages: from the first upwards D wins, up to the second it can hardly tell."""


class ProbabilityPlot(CurvePlot):
    """D(x) and D(G(z)) with a line at 0.5, or D's raw scores under a loss without probabilities.

    The sentence averages the newest steps.

    Signals:
        as in CurvePlot.
    """

    def __init__(self, history: MetricStore, parent: QWidget | None = None) -> None:
        super().__init__("probabilityPlot", history, PROBABILITY_STYLES, (0.0, 1.0), reads_step=False, parent=parent)
        self._loss = "non_saturating"
        self.retranslate()

    def set_loss(self, name: str) -> None:
        """Set what the networks minimise: a choice of training.loss."""
        if name != self._loss:
            self._loss = name
            self.set_fixed_values(None if name in RAW_SCORES else (0.0, 1.0))
            self.retranslate()

    def sentence(self) -> str:
        """Return what the newest steps mean."""
        means = self._history.recent_mean(_RECENT)
        real, fake = float(means[_REAL]), float(means[_BEFORE])
        is_known = math.isfinite(real + fake)
        if self._loss in RAW_SCORES:
            scores = self._of_scores() if is_known else self.tr("Raw scores, not probabilities.")
            text = f"{scores} {self._meaning()}"
        else:
            text = self._of_probabilities(real - fake if is_known else None)
        return text.format(count=min(len(self._history), _RECENT), real=f"{real:.2f}", fake=f"{fake:.2f}")

    def retranslate(self) -> None:
        """Set every text."""
        is_raw = self._loss in RAW_SCORES
        self.set_texts(self._score_texts() if is_raw else self._probability_texts())
        self.set_levels(() if is_raw else ((0.5, self.tr("0.5: D cannot tell")),))

    def _of_probabilities(self, gap: float | None) -> str:
        if gap is None:
            return self.tr("Both near 0.5: D cannot tell real from generated. D(x) near 1, D(G(z)) near 0: D wins.")
        if gap >= _WINS:
            return self.tr(
                "D wins: over the last {count} steps it gave real pictures {real} on average and generated ones "
                "{fake}. G has little to learn from."
            )
        if gap <= _EVEN:
            return self.tr(
                "D can hardly tell: over the last {count} steps it gave real pictures {real} on average and generated "
                "ones {fake}."
            )
        return self.tr(
            "A fair contest: over the last {count} steps D gave real pictures {real} on average and generated ones "
            "{fake}."
        )

    def _of_scores(self) -> str:
        return self.tr("Raw scores over the last {count} steps: real {real}, generated {fake}.")

    def _meaning(self) -> str:
        match self._loss:
            case "least_squares":
                return self.tr("D aims at 1 and 0; both at 0.5 mean it cannot tell.")
            case "hinge":
                return self.tr("D is sure beyond 1 and \u22121; equal scores mean it cannot tell.")
        return self.tr("Only the gap counts: a wide one means D tells them apart.")

    def _probability_texts(self) -> PlotTexts:
        return PlotTexts(
            title=self.tr("D's output"),
            help=self.tr(
                "How real the discriminator finds pictures, from 0 (surely generated) to 1 (surely real). "
                "At 0.5 it cannot tell."
            ),
            curves=(
                CurveText(self.tr("D(x)"), self.tr("How real D finds real pictures, on average over a batch.")),
                CurveText(
                    self.tr("D(G(z)) before update"),
                    self.tr("How real D finds generated pictures, before it learns from them in this step."),
                ),
                CurveText(
                    self.tr("D(G(z)) after update"),
                    self.tr("How real D finds the same pictures, after it learned from them. G learns from this."),
                ),
            ),
            hint=self.tr("D's output appears here once training starts"),
            steps=self.tr("step"),
        )

    def _score_texts(self) -> PlotTexts:
        return PlotTexts(
            title=self.tr("D's scores"),
            help=self.tr(
                "Under this loss the discriminator gives pictures a raw score without limits, not a probability. "
                "The higher the score, the more real."
            ),
            curves=(
                CurveText(self.tr("real"), self.tr("Score of real pictures, on average over a batch.")),
                CurveText(
                    self.tr("generated, before update"),
                    self.tr("Score of generated pictures, before D learns from them in this step."),
                ),
                CurveText(
                    self.tr("generated, after update"),
                    self.tr("Score of the same pictures, after D learned from them. G learns from this."),
                ),
            ),
            hint=self.tr("Scores appear here once training starts"),
            steps=self.tr("step"),
        )
