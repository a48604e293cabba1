"""PlotMenu: the context menu of a plot."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from gan_studio.ui.widgets.retranslating import Retranslating


class PlotMenu(Retranslating, QMenu):
    """What can be done with one plot.

    Signals:
        zoomed: factor by which the steps in view should grow.
        reset_wanted: show the whole run again.
        range_toggled: whether the value axes span every value.
        marks_wanted, values_wanted: open the list of marks, or the table of values.
        table_wanted, picture_wanted: save the plot as CSV, or as a picture.
    """

    zoomed = Signal(float)
    reset_wanted = Signal()
    range_toggled = Signal(bool)
    marks_wanted = Signal()
    values_wanted = Signal()
    table_wanted = Signal()
    picture_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("plotMenu")
        self.setToolTipsVisible(True)
        self._zoom_in, self._zoom_out = self._add("plotZoomInAction"), self._add("plotZoomOutAction")
        self._reset = self._add("plotResetAction")
        self._range = self._add("plotRangeAction")
        self._range.setCheckable(True)
        self.addSeparator()
        self._marks, self._values = self._add("plotMarksAction"), self._add("plotValuesAction")
        self.addSeparator()
        self._table, self._picture = self._add("plotTableAction"), self._add("plotPictureAction")
        self._connect()
        self.retranslate()

    def set_state(self, *, is_whole_range: bool, has_rows: bool) -> None:
        """Set what is chosen, and whether there is anything to save."""
        self._range.setChecked(is_whole_range)
        for action in (self._table, self._picture, self._zoom_in, self._zoom_out, self._reset):
            action.setEnabled(has_rows)

    def retranslate(self) -> None:
        """Set every text."""
        for action, text, tip in (
            (self._zoom_in, self.tr("Zoom &in"), self.tr("Show half as many steps.")),
            (self._zoom_out, self.tr("Zoom &out"), self.tr("Show twice as many steps.")),
            (self._reset, self.tr("Show the whole &run"), self.tr("Show all steps, and follow the run as it grows.")),
            (self._range, self.tr("Whole &value range"), self.tr("Span every value, even a single spike.")),
            (self._marks, self.tr("&Marks of the run…"), self.tr("List settings, notes, goings back and faults.")),
            (self._values, self.tr("&Table of values…"), self.tr("Show the values of the curves as a table.")),
            (self._table, self.tr("Save as &CSV…"), self.tr("Save this plot's values at every step, with the marks.")),
            (self._picture, self.tr("Save &picture…"), self.tr("Save the plot as it is shown, with its units.")),
        ):
            action.setText(text)
            action.setToolTip(tip)

    def _add(self, name: str) -> QAction:
        action = QAction(self)
        action.setObjectName(name)
        self.addAction(action)
        return action

    def _connect(self) -> None:
        self._zoom_in.triggered.connect(lambda: self.zoomed.emit(0.5))
        self._zoom_out.triggered.connect(lambda: self.zoomed.emit(2.0))
        self._reset.triggered.connect(self.reset_wanted)
        self._range.triggered.connect(self.range_toggled)
        self._marks.triggered.connect(self.marks_wanted)
        self._values.triggered.connect(self.values_wanted)
        self._table.triggered.connect(self.table_wanted)
        self._picture.triggered.connect(self.picture_wanted)
