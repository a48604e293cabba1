"""The files that could not be used, each with its reason."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QListView, QToolButton, QVBoxLayout, QWidget

from gan_studio.engine.text.message import Message
from gan_studio.ui.setup.rows_model import RowsModel
from gan_studio.ui.widgets.number_text import grouped
from gan_studio.ui.widgets.translate import translate

MOST_ROWS_SEEN = 4


class LeftOutModel(RowsModel[tuple[str, Message]]):
    """(file name, reason) rows; a text is made only for rows that are seen, so a million cost nothing."""

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        """Return the name and, below it, the reason."""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        name, reason = self.rows[index.row()]
        return f"{name}\n{translate(reason)}"


class LeftOutList(QWidget):
    """A line that says how many files were left out, and opens the list of them; hidden while there are none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = 0
        self._model = LeftOutModel()
        self._header = QToolButton()
        self._list = QListView()
        self._build()
        self._header.clicked.connect(self._toggle)
        self._unfold(False)
        self.setVisible(False)
        self.retranslate()

    def set_left_out(self, left_out: Sequence[tuple[str, Message]]) -> None:
        """Show which files were left out, and why."""
        self._count = len(left_out)
        self._model.set_rows(left_out)
        self.setVisible(bool(left_out))
        self._fit_height()
        self.retranslate()

    def retranslate(self) -> None:
        """Set every text."""
        many = self.tr("{count} files left out").format(count=grouped(self._count))
        text = self.tr("1 file left out") if self._count == 1 else many
        self._header.setText(text)
        self._header.setAccessibleName(text)
        self._header.setToolTip(self.tr("Files that cannot be used and are not trained on: names and reasons."))
        self._list.setAccessibleName(self.tr("Files left out"))
        self._list.setToolTip(self.tr("The name of each file, and why it was left out."))
        self._list.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def _build(self) -> None:
        self.setObjectName("leftOutPanel")
        self._header.setObjectName("leftOutButton")
        self._header.setAutoRaise(True)
        self._header.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._header.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._list.setObjectName("leftOutList")
        self._list.setModel(self._model)
        self._list.setUniformItemSizes(True)
        self._list.setAlternatingRowColors(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._header)
        column.addWidget(self._list)

    def _fit_height(self) -> None:
        rows = min(self._count, MOST_ROWS_SEEN)
        self._list.setFixedHeight(rows * max(0, self._list.sizeHintForRow(0)) + 2 * self._list.frameWidth())

    def _toggle(self) -> None:
        self._unfold(self._list.isHidden())

    def _unfold(self, is_open: bool) -> None:
        self._header.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)
        self._list.setVisible(is_open)
