"""HistoryPanel: the history of a run, and the button that goes back to a checkpoint."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from gan_studio.engine.library.kept import Kept
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.branches import History
from gan_studio.ui.history.history_tree import HistoryTree
from gan_studio.ui.widgets.icons import icon
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.rich_text import paragraphs


class HistoryPanel(Retranslating, QWidget):
    """The content of the history dock.

    Signals:
        checkpoint_wanted(object Moment): go back to this checkpoint.
    """

    checkpoint_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("historyPanel")
        self._is_allowed = False
        self._tree = HistoryTree()
        self._empty = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._pages = QStackedWidget()
        self._back = QPushButton()
        self._build()
        self._tree.chosen.connect(self._refresh)
        self._tree.taken.connect(self._go_back)
        self._back.clicked.connect(self._go_back)
        self.retranslate()
        self.follow_palette()

    def set_history(self, history: History) -> None:
        """Show the branches and checkpoints of a run, or a hint if there are no branches."""
        self._tree.set_history(history)
        self._pages.setCurrentWidget(self._tree if history.branches else self._empty)

    def set_kept(self, kept: Mapping[Moment, Kept]) -> None:
        """Show time, losses and samples of the checkpoints that were read."""
        self._tree.set_kept(kept)

    def set_now(self, branch: int, step: int | None) -> None:
        """Mark the branch of the run and, while the run does not train, the checkpoint of its step."""
        self._tree.set_now(branch, step)

    def set_allowed(self, is_allowed: bool) -> None:
        """Set whether the run can go back now."""
        self._is_allowed = is_allowed
        self._refresh()

    def retranslate(self) -> None:
        """Set every text."""
        self.setAccessibleName(self.tr("History"))
        self._empty.setText(self.tr("The branches and checkpoints of the open run appear here."))
        self._back.setText(self.tr("Go back to this checkpoint…"))
        self._back.setAccessibleName(self.tr("Go back to this checkpoint"))
        self._refresh()

    def follow_palette(self) -> None:
        """Draw the icon of the button."""
        self._back.setIcon(icon("history", self.palette()))

    def _build(self) -> None:
        self._back.setObjectName("rollBackButton")
        self._empty.setObjectName("historyEmpty")
        self._empty.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self._tree)
        self.setFocusProxy(self._tree)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addWidget(self._pages, 1)
        column.addWidget(self._back)

    def _go_back(self) -> None:
        checkpoint = self._tree.checkpoint
        if checkpoint is not None and self._is_allowed:
            self.checkpoint_wanted.emit(checkpoint)

    def _refresh(self) -> None:
        """Enable the button if the run can go back; otherwise its tooltip says why not."""
        has_checkpoint = self._tree.checkpoint is not None
        self._back.setEnabled(has_checkpoint and self._is_allowed)
        reason = ""
        if not self._is_allowed:
            reason = self.tr("Possible while a run is open, not loading or saving, and not trained by another program.")
        elif not has_checkpoint:
            reason = self.tr("Choose a checkpoint in the tree first.")
        what = self.tr(
            "Go back to this step and train on from there; you are asked first. A new branch begins, and"
            " the checkpoints of the old one stay."
        )
        self._back.setToolTip(paragraphs(what, reason))
