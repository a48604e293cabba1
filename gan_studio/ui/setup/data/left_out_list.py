"""List of the files that could not be used, each with its reason."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QListView, QToolButton, QWidget

from gan_studio.engine.text.message import Message
from gan_studio.ui.setup.column import fill_column
from gan_studio.ui.setup.data.rows import RowsModel, fit_height
from gan_studio.ui.widgets.number_text import grouped
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.rich_text import paragraphs
from gan_studio.ui.widgets.translate import translate

MOST_ROWS_SEEN = 4


class LeftOutModel(RowsModel[tuple[str, Message]]):
    """Rows of (file name, reason). Only rows in view are turned into text, so a million files cost nothing."""

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        """Return the name and, on a second line, the reason."""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        name, reason = self.rows[index.row()]
        is_tip = role == Qt.ItemDataRole.ToolTipRole
        return paragraphs(name, translate(reason)) if is_tip else f"{name}\n{translate(reason)}"


class LeftOutList(Retranslating, QWidget):
    """A button that counts the files left out and opens their list. Hidden while there are none."""

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
        fit_height(self._list, MOST_ROWS_SEEN)
        self.retranslate()

    def retranslate(self) -> None:
        """Set all text."""
        many = self.tr("{count} files left out").format(count=grouped(self._count))
        text = self.tr("1 file left out") if self._count == 1 else many
        self._header.setText(text)
        self._header.setAccessibleName(text)
        self._header.setToolTip(self.tr("These files could not be used and are not trained on. Click to see why."))
        self._list.setAccessibleName(self.tr("Files left out"))
        self._list.setToolTip(self.tr("The name of each file, and why it was left out."))
        self._list.viewport().update()

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
        fill_column(self, (self._header, self._list), spacing=4)

    def _toggle(self) -> None:
        self._unfold(self._list.isHidden())

    def _unfold(self, is_open: bool) -> None:
        self._header.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)
        self._list.setVisible(is_open)
