"""Rows of a list: a model of plain values, and a view that is only as high as a few of them."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex
from PySide6.QtWidgets import QListView

Row = TypeVar("Row")


class RowsModel(QAbstractListModel, Generic[Row]):
    """Rows that are replaced all at once. A subclass says in `data` what a row shows."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: Sequence[Row] = ()

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Count the rows."""
        return 0 if parent.isValid() else len(self.rows)


def fit_height(view: QListView, most_rows: int) -> None:
    """Make a list as high as its rows, or as `most_rows` of them; it scrolls over the others."""
    rows = min(view.model().rowCount(), most_rows)
    view.setFixedHeight(rows * max(0, view.sizeHintForRow(0)) + 2 * view.frameWidth())
