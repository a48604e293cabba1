"""NumberAxis: an axis that writes numbers as the rest of the window does."""

from collections.abc import Sequence

from gan_studio.ui.plots.pyqtgraph_light import pg
from gan_studio.ui.widgets.number_text import significant


class NumberAxis(pg.AxisItem):  # type: ignore[misc]
    """An axis with grouped digits instead of powers of ten."""

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """Write the numbers at the ticks; a logarithmic axis has them at 1, 2 and 5 of each decade."""
        if self.logMode:
            numbers = [significant(float(f"{10**value:.2g}"), 2) for value in values]  # 200, not 199.999...
            return [number if number.strip("0.")[:1] in ("1", "2", "5") else "" for number in numbers]
        return [significant(round(value / spacing) * spacing, 6) for value in values]
