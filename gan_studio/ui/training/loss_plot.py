"""LossPlot: the losses of discriminator and generator over steps."""

import math

from PySide6.QtWidgets import QWidget

from gan_studio.engine.events import METRIC_COLUMNS
from gan_studio.ui.plots.curve_legend import CurveText
from gan_studio.ui.plots.curve_plot import CurvePlot
from gan_studio.ui.plots.curve_style import CurveStyle
from gan_studio.ui.plots.level_axis import Level
from gan_studio.ui.plots.metric_store import MetricStore
from gan_studio.ui.plots.plot_texts import PlotTexts

LOSS_STYLES = (
    CurveStyle(METRIC_COLUMNS.index("loss_d"), colour=0),
    CurveStyle(METRIC_COLUMNS.index("loss_g"), colour=1, dash=(5, 2.5)),
)

_LN_2 = math.log(2)


class LossPlot(CurvePlot):
    """Losses of D and G. The two losses on probabilities have lines for a D that answers 0.5 to every picture.

    Then D's loss is 2 ln 2, the sum of its halves for real and generated pictures (Goodfellow et al. 2014, section
    4.1); G's loss is ln 2, or -ln 2 under minimax. The other losses have no such lines: a sentence explains them.

    Signals:
        as in CurvePlot.
    """

    def __init__(self, history: MetricStore, parent: QWidget | None = None) -> None:
        super().__init__("lossPlot", history, LOSS_STYLES, parent=parent)
        self._loss = "non_saturating"
        self.retranslate()

    def set_loss(self, name: str) -> None:
        """Set what the networks minimise: a choice of training.loss."""
        if name != self._loss:
            self._loss = name
            self.retranslate()

    def set_log(self, is_log: bool) -> None:
        """Make the value axis logarithmic from the next redraw on."""
        super().set_log(is_log)
        self._place_levels()

    def sentence(self) -> str:
        """Return how to read the curves."""
        match self._loss:
            case "minimax":
                return self.tr(
                    "The dotted lines are the losses of a D that answers 0.5 to every picture. "
                    "Both losses are near 0 when D is nearly always right."
                )
            case "least_squares":
                return self.tr(
                    "Where D scores 0.5 everywhere, its loss is 0.25 and G's is 0.125. "
                    "D near 0 and G near 0.5 mean that D is nearly always right."
                )
            case "hinge":
                return self.tr(
                    "D's loss is 2 when it scores every picture 0, and 0 when it separates both kinds by a margin. "
                    "G's loss has no level to reach."
                )
            case "wasserstein":
                return self.tr(
                    "Without its penalty, minus D's loss estimates how far generated pictures are from real ones. "
                    "G's loss has no level to reach."
                )
        return self.tr(
            "The dotted lines are the losses of a D that answers 0.5 to every picture. "
            "D's loss near 0 while G's climbs means that D is nearly always right."
        )

    def retranslate(self) -> None:
        """Set every text."""
        self.set_texts(
            PlotTexts(
                title=self.tr("Losses"),
                help=self.tr(
                    "What each network minimises. The two work against each other, so a loss says how one fares "
                    "against the other, not how good the pictures are."
                ),
                unit=self.tr("loss, no unit"),
                curves=(
                    CurveText(
                        self.tr("D"),
                        self._meaning_of_d(),
                    ),
                    CurveText(
                        self.tr("G"),
                        self.tr("Generator loss: the lower, the more real the discriminator finds generated pictures."),
                    ),
                ),
                hint=self.tr("Losses appear here once training starts"),
            )
        )
        self._place_levels()

    def _meaning_of_d(self) -> str:
        if self._loss in ("non_saturating", "minimax"):
            return self.tr(
                "Discriminator loss, over real and generated pictures together: "
                "0 when it is always right and sure, 1.386 (2 ln 2) when it answers 0.5 to every picture. "
                "Penalties are added."
            )
        return self.tr("Discriminator loss, over real and generated pictures together, with its penalties.")

    def _place_levels(self) -> None:
        discriminator = Level(2 * _LN_2, self.tr("D: 2 ln 2"), self.tr("D's loss if D is undecided: 2 ln 2 = 1.386"))
        match self._loss:
            case "non_saturating":
                generator = Level(_LN_2, self.tr("G: ln 2"), self.tr("G's loss if D is undecided: ln 2 = 0.693"))
                self.set_levels((discriminator, generator))
            case "minimax":
                help_text = self.tr("G's loss if D is undecided: −ln 2 = −0.693")
                self.set_levels((discriminator, Level(-_LN_2, self.tr("G: −ln 2"), help_text)))
            case _:
                self.set_levels(())
