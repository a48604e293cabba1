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
        table_wanted, picture_wanted: save the plot as CSV, or as PNG.
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
        self._zoom_in.setText(self.tr("Zoom &in"))
        self._zoom_out.setText(self.tr("Zoom &out"))
        self._reset.setText(self.tr("Show the whole &run"))
        self._reset.setToolTip(self.tr("Show all steps, and follow the run as it grows."))
        self._range.setText(self.tr("Whole &value range"))
        self._marks.setText(self.tr("&Marks of the run…"))
        self._values.setText(self.tr("&Table of values…"))
        self._table.setText(self.tr("Save as &CSV…"))
        self._table.setToolTip(self.tr("The values of this plot at every step of the run, with the marks."))
        self._picture.setText(self.tr("Save as &PNG…"))
        self._picture.setToolTip(self.tr("The plot as it is shown, with title and units."))

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
