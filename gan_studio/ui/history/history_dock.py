"""HistoryDock: the dock around the history of a run."""

from PySide6.QtWidgets import QDockWidget, QWidget

from gan_studio.ui.history.history_panel import HistoryPanel
from gan_studio.ui.widgets.retranslating import Retranslating


class HistoryDock(Retranslating, QDockWidget):
    """The dock with the history of the open run; hidden at first.

    Attributes:
        panel: its content.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("historyDock")
        self.panel = HistoryPanel()
        self.setWidget(self.panel)
        self.hide()
        self.retranslate()

    def reveal(self) -> None:
        """Show the dock and give its tree the focus."""
        self.show()
        self.raise_()
        self.panel.setFocus()

    def retranslate(self) -> None:
        """Set every text."""
        self.setWindowTitle(self.tr("History"))
        self.toggleViewAction().setText(self.tr("History"))
        self.toggleViewAction().setToolTip(self.tr("Show the branches of the run and their checkpoints."))
