"""HistoryDock: where the history stands in the window."""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QDockWidget, QWidget

from gan_studio.ui.history.history_panel import HistoryPanel


class HistoryDock(QDockWidget):
    """The dock with the history of the open run; hidden until it is asked for.

    Attributes:
        panel: what it holds.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("historyDock")
        self.panel = HistoryPanel()
        self.setWidget(self.panel)
        self.hide()
        self.retranslate()

    def reveal(self) -> None:
        """Show the dock, and lead the keyboard into its tree."""
        self.show()
        self.raise_()
        self.panel.setFocus()

    def retranslate(self) -> None:
        """Set every text."""
        self.setWindowTitle(self.tr("History"))
        self.toggleViewAction().setText(self.tr("History"))
        self.toggleViewAction().setToolTip(self.tr("Show the branches of the run and its kept checkpoints."))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
