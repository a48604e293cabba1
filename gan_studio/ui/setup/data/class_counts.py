"""Class counts: how many pictures each class has, as a list with bars."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from gan_studio.ui.setup.column import fill_column
from gan_studio.ui.setup.data.rows import RowsModel, fit_height
from gan_studio.ui.widgets.number_text import grouped
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.rich_text import paragraphs
from gan_studio.ui.widgets.theme import blend

MOST_ROWS_SEEN = 6
NAME_ROLE, COUNT_ROLE = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
MARGIN = 6


class ClassModel(RowsModel[tuple[str, int]]):
    """One row for each class. Its text is name and count; NAME_ROLE and COUNT_ROLE return one of them."""

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return name, count or both, as the role asks."""
        name, count = self.rows[index.row()]
        if role in (NAME_ROLE, COUNT_ROLE):
            return name if role == NAME_ROLE else count
        text = f"{name}  {grouped(count)}"
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return text
            case Qt.ItemDataRole.ToolTipRole:
                return paragraphs(text)
        return None


class BarDelegate(QStyledItemDelegate):
    """Draws the name at the left, the count at the right, and behind both a bar whose length is the count."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.most = 1

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Ask for a line of text."""
        return QSize(60, option.fontMetrics.height() + 5)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw one class."""
        palette, place = option.palette, QRect(option.rect)
        count = int(index.data(COUNT_ROLE))
        name = str(index.data(NAME_ROLE))
        bar = QRect(place.adjusted(0, 1, 0, -1))
        bar.setWidth(round(place.width() * count / self.most))
        accent, base = palette.color(QPalette.ColorRole.Accent), palette.color(QPalette.ColorRole.Base)
        painter.fillRect(bar, blend(accent, base, 0.22))
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        inside, number = place.adjusted(MARGIN, 0, -MARGIN, 0), grouped(count)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inside, right, number)
        inside.setRight(inside.right() - option.fontMetrics.horizontalAdvance(number) - MARGIN)
        shown = option.fontMetrics.elidedText(name, Qt.TextElideMode.ElideRight, inside.width())
        painter.drawText(inside, left, shown)


class ClassCounts(Retranslating, QWidget):
    """The classes of the data and how many pictures each has. Hidden while there are none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = 0
        self._model = ClassModel()
        self._header = QLabel()
        self._list = QListView()
        self._bars = BarDelegate(self)
        self._build()
        self.set_counts((), ())

    def set_counts(self, names: Sequence[str], counts: Sequence[int]) -> None:
        """Show classes in the order of their labels. Without names, hide."""
        self._count = len(names)
        self._bars.most = max((1, *counts))
        self._model.set_rows(list(zip(names, counts, strict=True)))
        self.setVisible(bool(names))
        fit_height(self._list, MOST_ROWS_SEEN)
        self.retranslate()

    def retranslate(self) -> None:
        """Set all text."""
        many = self.tr("{count} classes").format(count=grouped(self._count))
        self._header.setText(self.tr("1 class") if self._count == 1 else many)
        self._header.setToolTip(self.tr("Number of pictures in each class, in the order of the labels."))
        self._list.setAccessibleName(self.tr("Pictures of each class"))
        self._list.setToolTip(
            self.tr("Each class and its number of pictures. Classes with few pictures are usually learned less well.")
        )

    def changeEvent(self, event: QEvent) -> None:
        """Follow language and font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            fit_height(self._list, MOST_ROWS_SEEN)

    def _build(self) -> None:
        self.setObjectName("classCounts")
        self._header.setObjectName("classCountsLabel")
        self._header.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._list.setObjectName("classCountsList")
        self._list.setModel(self._model)
        self._list.setItemDelegate(self._bars)
        self._list.setUniformItemSizes(True)
        self._list.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        fill_column(self, (self._header, self._list), spacing=4)
