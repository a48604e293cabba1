"""MarksList: what happened along the run, as a list from which one jumps to a step."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gan_studio.ui.plots.axis_marks import AxisMark
from gan_studio.ui.training.tables.table_window import TableWindow
from gan_studio.ui.widgets.number_text import grouped


class MarksList(TableWindow):
    """Marks by ascending step.

    Signals:
        step_wanted: step of the mark that a person chose.
    """

    step_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("marksList", parent)
        self._marks: tuple[AxisMark, ...] = ()
        self.resize(640, 360)
        self.row_chosen.connect(self._choose)
        self.retranslate()

    def set_marks(self, marks: Sequence[AxisMark]) -> None:
        """List these marks."""
        self._marks = tuple(marks)
        self.model.set_rows([(grouped(mark.step), self._kind_text(mark.kind), mark.text) for mark in marks])

    def retranslate(self) -> None:
        """Set every text."""
        self.set_texts(
            self.tr("Marks of the run"), self.tr("Enter or a double click shows the step of a mark in the plots.")
        )
        self.model.set_headers((self.tr("Step"), self.tr("Kind"), self.tr("What happened")))
        self.set_marks(self._marks)

    def _choose(self, row: int) -> None:
        self.step_wanted.emit(self._marks[row].step)

    def _kind_text(self, kind: str) -> str:
        match kind:
            case "knob":
                return self.tr("setting")
            case "branch":
                return self.tr("branch")
            case "fault":
                return self.tr("fault")
        return self.tr("note")
