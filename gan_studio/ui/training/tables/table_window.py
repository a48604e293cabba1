"""TableWindow: a table beside the main window: keys, copying, and names for screen readers."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gan_studio.ui.training.tables.rows_model import RowsModel, copy_rows
from gan_studio.ui.widgets.retranslating import Retranslating


class TableWindow(Retranslating, QDialog):
    """Base of the tables of the Train tab. Each sets its own texts in retranslate(), and calls this one.

    Attributes:
        table, model: the rows.
        tools: the line above the table.

    Signals:
        row_chosen: number of a row, by Enter or a double click.
    """

    row_chosen = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.model = RowsModel(self)
        self.table = _CopyingTable(self)
        self.tools = QHBoxLayout()
        self._note = QLabel(self, wordWrap=True)
        self._copy = QPushButton(self)
        self._close = QPushButton(self)
        self._build(name)
        self.table.activated.connect(lambda index: self.row_chosen.emit(index.row()))
        self._copy.clicked.connect(self._copy_rows)
        self._close.clicked.connect(self.close)
        self.table.copy_wanted.connect(self._copy_rows)

    def reveal(self) -> None:
        """Open the window, or bring it to the front; the keyboard is in the table.

        Columns get their widths here, not whenever a value changes: that took 15 ms each time.
        """
        self.table.resizeColumnsToContents()
        self.show()
        self.raise_()
        self.activateWindow()
        self.table.setFocus()

    def set_texts(self, title: str, note: str) -> None:
        """Name the window, and say in one sentence how to use it."""
        self.setWindowTitle(title)
        self.table.setAccessibleName(title)
        self._note.setText(note)
        self._copy.setText(self.tr("&Copy"))
        self._copy.setToolTip(self.tr("Copy the selected rows, or all rows if none is selected."))
        self._close.setText(self.tr("Close"))

    def _copy_rows(self) -> None:
        copy_rows(self.table, self.model)

    def _build(self, name: str) -> None:
        for part, suffix in ((self.table, "Rows"), (self._copy, "Copy"), (self._close, "Close")):
            part.setObjectName(f"{name}{suffix}")
        self.table.setModel(self.model)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setTabKeyNavigation(False)
        self.table.setWordWrap(False)
        self.table.setAlternatingRowColors(True)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.horizontalHeader().setResizeContentsPrecision(0)  # measures the rows in sight, not all
        self._copy.setAutoDefault(False)
        self._close.setAutoDefault(False)
        buttons = QHBoxLayout()
        buttons.addWidget(self._note, 1)
        buttons.addWidget(self._copy)
        buttons.addWidget(self._close)
        column = QVBoxLayout(self)
        column.addLayout(self.tools)
        column.addWidget(self.table, 1)
        column.addLayout(buttons)


class _CopyingTable(QTableView):
    """A table that reports the key for copying: Qt's own would copy a single cell.

    Signals:
        copy_wanted: the key was pressed.
    """

    copy_wanted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Report the key for copying; leave all others to Qt."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
        else:
            super().keyPressEvent(event)
