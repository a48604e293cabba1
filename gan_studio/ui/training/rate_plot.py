"""RatePlot: the learning rates of both networks over steps."""

from PySide6.QtWidgets import QWidget

from gan_studio.ui.plots.curve_legend import CurveText
from gan_studio.ui.plots.curve_plot import CurvePlot
from gan_studio.ui.plots.curve_style import CurveStyle
from gan_studio.ui.plots.plot_texts import PlotTexts
from gan_studio.ui.plots.rate_history import RateHistory

RATE_STYLES = (CurveStyle(0, colour=0), CurveStyle(1, colour=1, dash=(5, 2.5)))


class RatePlot(CurvePlot):
    """Learning rates as set and changed in the run, with their decay.

    Signals:
        as in CurvePlot.
    """

    def __init__(self, rates: RateHistory, parent: QWidget | None = None) -> None:
        super().__init__("ratePlot", rates, RATE_STYLES, reads_step=False, parent=parent)
        self.retranslate()

    @property
    def columns(self) -> tuple[str, ...]:
        """The names under which a table has its values."""
        return ("learning_rate_d", "learning_rate_g")

    def sentence(self) -> str:
        """Return where the values come from."""
        return self.tr("Worked out from the settings of the run, their changes, and the learning rate decay.")

    def retranslate(self) -> None:
        """Set every text."""
        self.set_texts(
            PlotTexts(
                title=self.tr("Learning rates"),
                help=self.tr("How far a step of Adam moves a weight at most, roughly."),
                unit=self.tr("learning rate, no unit"),
                curves=(
                    CurveText(self.tr("D"), self.tr("Learning rate of the discriminator.")),
                    CurveText(self.tr("G"), self.tr("Learning rate of the generator.")),
                ),
                hint=self.tr("Learning rates appear here once the settings of a run are read"),
            )
        )
