"""KeysDialog: every key and what it does."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gan_studio.ui.widgets.retranslating import Retranslating


class KeysDialog(Retranslating, QDialog):
    """A list of keys beside the window, which stays usable."""

    def __init__(self, keys: Sequence[tuple[str, str]], parent: QWidget) -> None:
        """List keys, given as (keys, what they do)."""
        super().__init__(parent)
        self._table = QTableWidget(len(keys), 2)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self._build(keys)
        self.retranslate()

    def retranslate(self) -> None:
        """Set every text but those of the keys, which were given."""
        self.setWindowTitle(self.tr("Keys"))
        self._table.setAccessibleName(self.tr("Keys"))
        self._table.setHorizontalHeaderLabels([self.tr("Key"), self.tr("What it does")])
        close = self._buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setText(self.tr("Close"))
        close.setAccessibleName(self.tr("Close"))
        close.setToolTip(self.tr("Close this list (Escape)."))

    def sizeHint(self) -> QSize:
        """Ask for about as many lines as there are keys."""
        return QSize(640, 560)

    def _build(self, keys: Sequence[tuple[str, str]]) -> None:
        self.setObjectName("keysDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        table = self._table
        table.setObjectName("keysTable")
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setWordWrap(True)
        for row, pair in enumerate(keys):
            for place, text in enumerate(pair):
                table.setItem(row, place, QTableWidgetItem(text))
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self._buttons.button(QDialogButtonBox.StandardButton.Close).setObjectName("keysCloseButton")
        self._buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        column.addWidget(table)
        column.addWidget(self._buttons)
