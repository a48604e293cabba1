"""ValueTable: the values of all curves as numbers: the newest, and every so many steps."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from gan_studio.ui.plots.axis_range import round_above
from gan_studio.ui.plots.metric_store import MetricStore
from gan_studio.ui.training.tables.rows_model import Row
from gan_studio.ui.training.tables.table_window import TableWindow
from gan_studio.ui.widgets.number_text import grouped

MOST_ROWS = 400
"""Rows that the shortest distance may give."""

_USUAL_ROWS = 40
_DISTANCES = tuple(base * 10**power for power in range(8) for base in (1, 2, 5))


class ValueTable(TableWindow):
    """Values as logged. The first row is the newest step, the others go back in equal distances.

    Args:
        history: the logged steps.
        read: returns the text of each value of a row of the history.
        parent: the widget around it.
    """

    def __init__(self, history: MetricStore, read: Callable[[int], Row], parent: QWidget | None = None) -> None:
        super().__init__("valueTable", parent)
        self._history, self._read = history, read
        self._names: Row = ()
        self._known: dict[int, Row] = {}
        self._shown: tuple[int | None, int] | None = None
        self._title = QLabel(self)
        self._distance = QComboBox(self)
        self._distance.setObjectName("valueDistanceBox")
        self._title.setBuddy(self._distance)
        self._distance.addItem("", 0)
        for part in (self._title, self._distance):
            self.tools.addWidget(part)
        self.tools.addStretch(1)
        self.resize(860, 460)
        self._distance.currentIndexChanged.connect(self.refresh)
        self.retranslate()

    def set_names(self, names: Row) -> None:
        """Name the values, in the order in which they are read."""
        self._names = names
        self.model.set_headers((self.tr("Step"), *names))

    def forget(self) -> None:
        """Read every row again: the history changed, not only grew."""
        self._known.clear()
        self._shown = None
        self.refresh()

    def refresh(self) -> None:
        """Show the newest values, if the table is open and there are newer ones."""
        last = self._history.last_step
        state = (last, int(self._distance.currentData() or 0))
        if self.isHidden() or state == self._shown:
            return
        self._shown = state
        if last is None:
            self.model.set_rows(())
            return
        self._offer_distances(last)
        newest = self._row(len(self._history) - 1)
        self.model.set_rows([newest, *(self._past(step) for step in self._steps(last))])

    def reveal(self) -> None:
        """Open the table with the newest values."""
        self.show()
        self.forget()
        super().reveal()

    def retranslate(self) -> None:
        """Set every text."""
        self.set_texts(
            self.tr("Values of the curves"),
            self.tr("Values as logged, not smoothed. The first row is the newest step."),
        )
        self._title.setText(self.tr("&Every"))
        self._distance.setAccessibleName(self.tr("Steps between two rows"))
        self._distance.setToolTip(self.tr("Steps between two rows."))
        self._distance.setItemText(0, self.tr("automatic"))
        self.set_names(self._names)

    def _steps(self, last: int) -> Sequence[int]:
        """Return the steps of the past rows, newest first."""
        distance = int(self._distance.currentData() or 0) or _usual_distance(last)
        first = self._history.first_step or 0
        newest = (last - 1) // distance * distance
        return range(newest, max(first, newest - MOST_ROWS * distance) - 1, -distance)

    def _past(self, step: int) -> Row:
        if step not in self._known:
            row = self._history.row_near(step)
            self._known[step] = self._row(row or 0)
        return self._known[step]

    def _row(self, row: int) -> Row:
        return (grouped(self._history.step_of(row)), *self._read(row))

    def _offer_distances(self, last: int) -> None:
        """Offer the distances that give neither too many rows nor a single one."""
        fitting = [each for each in _DISTANCES if last / MOST_ROWS <= each < last]
        known = [self._distance.itemData(place) for place in range(1, self._distance.count())]
        for each in fitting:
            if each not in known:
                self._distance.addItem(self.tr("{steps} steps").format(steps=grouped(each)), each)


def _usual_distance(last: int) -> int:
    return max(int(round_above(max(last, 1) / _USUAL_ROWS)), 1)
