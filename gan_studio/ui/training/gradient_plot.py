"""GradientPlot: the norms of both networks' gradients over steps."""

from PySide6.QtWidgets import QWidget

from gan_studio.engine.events import METRIC_COLUMNS
from gan_studio.ui.plots.curve_legend import CurveText
from gan_studio.ui.plots.curve_plot import CurvePlot
from gan_studio.ui.plots.curve_style import CurveStyle
from gan_studio.ui.plots.metric_store import MetricStore
from gan_studio.ui.plots.plot_texts import PlotTexts

GRADIENT_STYLES = (
    CurveStyle(METRIC_COLUMNS.index("grad_norm_d"), colour=0),
    CurveStyle(METRIC_COLUMNS.index("grad_norm_g"), colour=1, dash=(5, 2.5)),
)


class GradientPlot(CurvePlot):
    """Norms of the gradients of D and G, as logged.

    Signals:
        as in CurvePlot.
    """

    def __init__(self, history: MetricStore, parent: QWidget | None = None) -> None:
        super().__init__("gradientPlot", history, GRADIENT_STYLES, reads_step=False, parent=parent)
        self.retranslate()

    def sentence(self) -> str:
        """Return how to read the curves."""
        return self.tr(
            "A norm that climbs for long announces unstable training; one near 0 means that the network hardly learns."
        )

    def retranslate(self) -> None:
        """Set every text."""
        self.set_texts(
            PlotTexts(
                title=self.tr("Gradient norms"),
                help=self.tr("How strongly each step pulls at all weights of a network, before Adam scales it."),
                unit=self.tr("L2 norm, no unit"),
                curves=(
                    CurveText(self.tr("D"), self.tr("L2 norm of the gradient of all weights of the discriminator.")),
                    CurveText(self.tr("G"), self.tr("L2 norm of the gradient of all weights of the generator.")),
                ),
                hint=self.tr("Gradient norms appear here once training starts"),
            )
        )
