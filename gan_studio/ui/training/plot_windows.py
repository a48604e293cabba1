"""PlotWindows: what opens over the plots: the context menu, the list of marks and the table of values."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QWidget

from gan_studio.engine.library.step_marks import StepMark
from gan_studio.ui.plots.axis_marks import AxisMark
from gan_studio.ui.plots.curve_plot import CurvePlot
from gan_studio.ui.plots.metric_store import MetricStore
from gan_studio.ui.plots.plot_picture import plot_picture
from gan_studio.ui.training.plot_menu import PlotMenu
from gan_studio.ui.training.tables.marks_list import MarksList
from gan_studio.ui.training.tables.rows_model import Row
from gan_studio.ui.training.tables.value_table import ValueTable
from gan_studio.ui.widgets.translate import translate


class PlotWindows(QObject):
    """The windows of the plots. They are made when they are first opened.

    Attributes:
        marks: what happened, in the language of the window, by ascending step.

    Signals:
        step_wanted: step of a mark that a person chose.
        reset_wanted: show the whole run again.
        range_toggled: whether the value axes span every value.
        table_wanted: columns (tuple of str) to save as CSV, and a word for the file name.
        picture_wanted: uint8 [H, W, 3] to save as PNG, and a word for the file name.
    """

    step_wanted = Signal(int)
    reset_wanted = Signal()
    range_toggled = Signal(bool)
    table_wanted = Signal(object, str)
    picture_wanted = Signal(object, str)

    def __init__(self, history: MetricStore, plots: Sequence[CurvePlot], panel: QWidget) -> None:
        super().__init__(panel)
        self._history, self._plots, self._panel = history, plots, panel
        self._found: Sequence[StepMark] = ()
        self.marks: tuple[AxisMark, ...] = ()
        self._menu_of = plots[0]
        self._menu: PlotMenu | None = None
        self._list: MarksList | None = None
        self._table: ValueTable | None = None

    def set_marks(self, marks: Sequence[StepMark]) -> None:
        """Set what happened, by ascending step; `marks` has it in the language of the window."""
        self._found = marks
        found = ((mark.step, mark.kind, translate(mark.label), translate(mark.text)) for mark in marks)
        self.marks = tuple(AxisMark(*each) for each in found)
        if self._list is not None:
            self._list.set_marks(self.marks)

    def show_marks(self) -> None:
        """Open the list of marks."""
        if self._list is None:
            self._list = MarksList(self._panel)
            self._list.step_wanted.connect(self.step_wanted)
        self._list.set_marks(self.marks)
        self._list.reveal()

    def show_values(self) -> None:
        """Open the table of values."""
        if self._table is None:
            self._table = ValueTable(self._history, self._read, self._panel)
        self.name_values()
        self._table.reveal()

    def refresh_values(self) -> None:
        """Show newer values in the table, if it is open."""
        if self._table is not None:
            self._table.refresh()

    def forget_values(self) -> None:
        """Read all values again: rows were replaced or removed."""
        if self._table is not None:
            self._table.forget()

    def open_menu(self, plot: CurvePlot, place: QPoint, *, is_whole_range: bool) -> None:
        """Open the context menu of a plot at a place on the screen."""
        self._menu_of = plot
        if self._menu is None:
            self._menu = self._make_menu()
        self._menu.set_state(is_whole_range=is_whole_range, has_rows=len(self._history) > 0)
        self._menu.popup(place)

    def name_values(self) -> None:
        """Name the values in the table as the plots do now."""
        if self._table is not None:
            named = [
                (plot.texts.title, curve.name) for plot in self._plots if plot.texts for curve in plot.texts.curves
            ]
            self._table.set_names(tuple(f"{title}: {name}" for title, name in named))

    def retranslate(self) -> None:
        """Write marks and the names of values in the language of the window."""
        self.set_marks(self._found)
        self.name_values()

    def _make_menu(self) -> PlotMenu:
        menu = PlotMenu(self._panel)
        menu.zoomed.connect(lambda factor: self._menu_of.zoom(factor))
        menu.reset_wanted.connect(self.reset_wanted)
        menu.range_toggled.connect(self.range_toggled)
        menu.marks_wanted.connect(self.show_marks)
        menu.values_wanted.connect(self.show_values)
        menu.table_wanted.connect(self._ask_for_table)
        menu.picture_wanted.connect(self._ask_for_picture)
        return menu

    def _ask_for_table(self) -> None:
        self.table_wanted.emit(self._menu_of.columns, self._menu_of.file_word)

    def _ask_for_picture(self) -> None:
        texts = self._menu_of.texts
        if texts is not None:
            heading = self.tr("Vertical: {unit} · horizontal: training step").format(unit=texts.unit)
            pixels = plot_picture(self._menu_of, heading)
            self.picture_wanted.emit(pixels, self._menu_of.file_word)

    def _read(self, row: int) -> Row:
        return tuple(text for plot in self._plots for text in plot.values_at(row))
