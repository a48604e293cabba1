"""LossPlot: what the discriminator and the generator minimise, step by step."""

import math

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QWidget

from gan_studio.engine.events import METRIC_COLUMNS
from gan_studio.ui.training.curve_legend import CurveText
from gan_studio.ui.training.curve_plot import CurvePlot, PlotTexts
from gan_studio.ui.training.curve_style import CurveStyle
from gan_studio.ui.training.metric_history import MetricHistory

LOSS_STYLES = (
    CurveStyle(METRIC_COLUMNS.index("loss_d"), colour=0),
    CurveStyle(METRIC_COLUMNS.index("loss_g"), colour=1, dash=(5, 2.5)),
)

_LN_2 = math.log(2)


class LossPlot(CurvePlot):
    """Losses of D and G, with lines where they stand when D can only guess (Goodfellow et al. 2014, section 4.1).

    D's loss is the sum of its halves for real and generated pictures: 2 ln 2 at balance; G's is ln 2.

    Signals:
        as CurvePlot.
    """

    def __init__(self, history: MetricHistory, parent: QWidget | None = None) -> None:
        super().__init__("lossPlot", history, LOSS_STYLES, parent=parent)
        self._is_minimax = False
        self.retranslate()

    def set_minimax(self, is_minimax: bool) -> None:
        """Say which loss G minimises: minimax (log(1 - D(G(z))), negative) or non-saturating."""
        self._is_minimax = is_minimax
        self.retranslate()

    def set_log(self, is_log: bool) -> None:
        """Make the value axis logarithmic from the next redraw on."""
        super().set_log(is_log)
        self._place_levels()

    def sentence(self) -> str:
        """Say how the lines are read."""
        return (
            self.tr(
                "On the dotted lines D can only guess: a healthy run hovers around them. "
                "D near 0 while G's loss climbs means that D wins and G hardly learns."
            )
            if not self._is_minimax
            else self.tr(
                "On the dotted lines D can only guess: a healthy run hovers around them. "
                "Both near 0 means that D wins and G hardly learns."
            )
        )

    def retranslate(self) -> None:
        """Set every text."""
        self.set_texts(
            PlotTexts(
                title=self.tr("Losses"),
                help=self.tr(
                    "What each network tries to make small. The two pull against each other, so neither falls for "
                    "good: what counts is that they stay in balance."
                ),
                curves=(
                    CurveText(
                        self.tr("D"),
                        self.tr(
                            "Discriminator loss, over real and generated pictures together: "
                            "0 when it is always right and sure, 1.386 (2 ln 2) when it can only guess."
                        ),
                    ),
                    CurveText(
                        self.tr("G"),
                        self.tr("Generator loss: low when the discriminator takes generated pictures for real."),
                    ),
                ),
                hint=self.tr("Losses appear here once training starts"),
            )
        )
        self._place_levels()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language and the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def _place_levels(self) -> None:
        generator = -_LN_2 if self._is_minimax else _LN_2
        self.set_levels(
            (
                (2 * _LN_2, self.tr("D: 2 ln 2 = 1.386")),
                (generator, self.tr("G: −ln 2 = −0.693") if self._is_minimax else self.tr("G: ln 2 = 0.693")),
            )
        )
