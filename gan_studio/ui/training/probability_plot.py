"""ProbabilityPlot: the output of the discriminator for real and for generated pictures."""

from PySide6.QtWidgets import QWidget

from gan_studio.engine.events import METRIC_COLUMNS
from gan_studio.engine.training.reading import HISTORY, RAW_SCORES, read_output
from gan_studio.ui.plots.curve_legend import CurveText
from gan_studio.ui.plots.curve_plot import CurvePlot
from gan_studio.ui.plots.curve_style import CurveStyle
from gan_studio.ui.plots.level_axis import Level
from gan_studio.ui.plots.metric_store import MetricStore
from gan_studio.ui.plots.plot_texts import PlotTexts
from gan_studio.ui.widgets.translate import translate

_REAL, _BEFORE, _AFTER = (METRIC_COLUMNS.index(name) for name in ("d_real", "d_fake_before", "d_fake_after"))

PROBABILITY_STYLES = (
    CurveStyle(_REAL, colour=0),
    CurveStyle(_BEFORE, colour=1, dash=(5, 2.5)),
    CurveStyle(_AFTER, colour=2, dash=(1.5, 1.5)),
)


class ProbabilityPlot(CurvePlot):
    """D(x) and D(G(z)) with a line at 0.5, or D's raw scores under a loss without probabilities.

    The sentence says what the newest steps show, or how to read the curves while there are too few.

    Signals:
        as in CurvePlot.
    """

    def __init__(self, history: MetricStore, parent: QWidget | None = None) -> None:
        super().__init__(
            "probabilityPlot",
            history,
            PROBABILITY_STYLES,
            (0.0, 1.0),
            reads_step=False,
            sentence_lines=3,
            parent=parent,
        )
        self._metrics = history
        self._loss = "non_saturating"
        self.retranslate()

    def set_loss(self, name: str) -> None:
        """Set what the networks minimise: a choice of training.loss."""
        if name != self._loss:
            self._loss = name
            self.set_fixed_values(None if name in RAW_SCORES else (0.0, 1.0))
            self.retranslate()

    def sentence(self) -> str:
        """Return what the newest steps show; while there are too few of them, how to read the curves."""
        found = read_output(*self._metrics.recent_rows(HISTORY), self._loss)
        if found is None:
            return self._how_to_read()
        return f"{translate(found)} {self._meaning()}" if found.key == "output.scores" else translate(found)

    def retranslate(self) -> None:
        """Set every text."""
        is_raw = self._loss in RAW_SCORES
        self.set_texts(self._score_texts() if is_raw else self._probability_texts())
        undecided = Level(0.5, self.tr("0.5"), self.tr("D's output if D is undecided: 0.5"))
        self.set_levels(() if is_raw else (undecided,))

    def _how_to_read(self) -> str:
        if self._loss in RAW_SCORES:
            return f"{self.tr('Raw scores, not probabilities.')} {self._meaning()}"
        return self.tr(
            "The gap counts: D(x) near 1 and D(G(z)) near 0 mean that D tells them apart, equal curves that it cannot."
        )

    def _meaning(self) -> str:
        match self._loss:
            case "least_squares":
                return self.tr("D aims at 1 and 0; equal scores mean it cannot tell.")
            case "hinge":
                return self.tr("D aims beyond 1 and \u22121; equal scores mean it cannot tell.")
        return self.tr("Only the gap counts: a wide one means D tells them apart.")

    def _probability_texts(self) -> PlotTexts:
        return PlotTexts(
            title=self.tr("D's output"),
            help=self.tr(
                "How real the discriminator finds pictures, from 0 (surely generated) to 1 (surely real). "
                "0.5 is undecided."
            ),
            unit=self.tr("probability"),
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
        )

    def _score_texts(self) -> PlotTexts:
        return PlotTexts(
            title=self.tr("D's scores"),
            help=self.tr(
                "Under this loss the discriminator gives pictures a raw score without limits, not a probability. "
                "The higher the score, the more real."
            ),
            unit=self.tr("score, no unit"),
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
        )
