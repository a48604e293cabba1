"""RowsModel: rows of text in a table that keeps its place while rows are added."""

import re
from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QApplication, QTableView

from gan_studio.engine.library.tables import harmless
from gan_studio.ui.widgets.number_text import is_number
from gan_studio.ui.widgets.rich_text import paragraphs

Row = tuple[str, ...]
Index = QModelIndex | QPersistentModelIndex

_BREAKS = re.compile(r"[\t\n\v\f\r]+")
"""What would end a cell or a row where it is pasted."""


class RowsModel(QAbstractTableModel):
    """Rows of text under headers."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._headers: Row = ()
        self._rows: list[Row] = []

    def set_headers(self, headers: Row) -> None:
        """Name the columns; another number of columns forgets the rows."""
        if len(headers) != len(self._headers):
            self.beginResetModel()
            self._headers, self._rows = headers, []
            self.endResetModel()
        else:
            self._headers = headers
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(headers) - 1)

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows. What is alike stays, so that a selection and a screen reader keep their place."""
        new = list(rows)
        head = _alike(self._rows, new)
        tail = min(_alike(self._rows[::-1], new[::-1]), len(self._rows) - head, len(new) - head)
        old_count, new_count = len(self._rows) - head - tail, len(new) - head - tail
        both = min(old_count, new_count)
        self._rows[head : head + both] = new[head : head + both]
        if both:
            self.dataChanged.emit(self.index(head, 0), self.index(head + both - 1, len(self._headers) - 1))
        if old_count > both:
            self.beginRemoveRows(QModelIndex(), head + both, head + old_count - 1)
            del self._rows[head + both : head + old_count]
            self.endRemoveRows()
        elif new_count > both:
            self.beginInsertRows(QModelIndex(), head + both, head + new_count - 1)
            self._rows[head + both : head + both] = new[head + both : head + new_count]
            self.endInsertRows()

    def as_text(self, rows: Sequence[int]) -> str:
        """Return headers and rows, cells divided by tabs, for a spreadsheet, which takes no text for a formula."""
        lines = (self._headers, *(self._rows[row] for row in rows))
        return "\n".join("\t".join(_pasted(text) for text in cells) for cells in lines)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own default)
        """Count the rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own default)
        """Count the columns."""
        return 0 if parent.isValid() else len(self._headers)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | Qt.AlignmentFlag | None:
        """Return the text of a cell, for a screen reader with the name of its column; numbers stand on the right."""
        text = self._rows[index.row()][index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return text
            case Qt.ItemDataRole.ToolTipRole:
                return paragraphs(text)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{self._headers[index.column()]}: {text}"
            case Qt.ItemDataRole.TextAlignmentRole if not any(letter.isalpha() for letter in text):
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        """Return the name of a column."""
        is_name = orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return self._headers[section] if is_name else None


def copy_rows(view: QTableView, model: RowsModel) -> None:
    """Copy the selected rows, or all rows if no row is selected."""
    selected = sorted({index.row() for index in view.selectionModel().selectedIndexes()})
    QApplication.clipboard().setText(model.as_text(selected or range(model.rowCount())))


def _pasted(text: str) -> str:
    """Write a cell for the clipboard: on one line, and a text never as a formula. A number stays as it is.

    Spreadsheets take off quotation marks around what is pasted, so a formula may also begin behind them.
    """
    line = _BREAKS.sub(" ", text)
    bare = line.lstrip('"')
    return line if is_number(line) or harmless(bare) == bare else f"'{line}"


def _alike(one: Sequence[Row], other: Sequence[Row]) -> int:
    """Count the rows at the beginning that are the same."""
    pairs = zip(one, other, strict=False)
    return next((place for place, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
