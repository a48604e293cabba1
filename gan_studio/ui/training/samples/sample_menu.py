"""SampleMenu: the menu of a sample and of its sheet."""

from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QWidget

from gan_studio.ui.widgets.picture.menu import Entry, open_menu


class SampleMenu(QObject):
    """Opens the menu; what is chosen is told.

    Attributes:
        is_open: whether the menu is open.

    Args:
        widget: shows the sheet.

    Signals:
        explore_chosen, save_chosen, copy_chosen: seed of the sample.
        save_sheet_chosen, copy_sheet_chosen: the same for the sheet.
        closed: the menu was closed, and what was chosen has been told.
    """

    explore_chosen = Signal(int)
    save_chosen = Signal(int)
    copy_chosen = Signal(int)
    save_sheet_chosen = Signal()
    copy_sheet_chosen = Signal()
    closed = Signal()

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self.is_open = False

    def open(self, seed: int | None, place: QPoint) -> None:
        """Open the menu on the screen; without a seed, it has the entries of the sheet alone."""
        entries: list[Entry] = [
            ("saveThisSheetAction", self.tr("Save sheet…"), self.save_sheet_chosen.emit),
            ("copyThisSheetAction", self.tr("Copy sheet"), self.copy_sheet_chosen.emit),
        ]
        if seed is not None:
            entries = [*self._of_sample(seed), None, *entries]
        self.is_open = True
        menu = open_menu(self._widget, "sampleMenu", entries, place)
        menu.aboutToHide.connect(self._close, Qt.ConnectionType.QueuedConnection)  # Qt tells the choice after hiding

    def _close(self) -> None:
        self.is_open = False
        self.closed.emit()

    def _of_sample(self, seed: int) -> list[Entry]:
        return [
            ("exploreSampleAction", self.tr("Open in Explore"), partial(self.explore_chosen.emit, seed)),
            ("saveSampleAction", self.tr("Save picture…"), partial(self.save_chosen.emit, seed)),
            ("copySampleAction", self.tr("Copy picture"), partial(self.copy_chosen.emit, seed)),
        ]
