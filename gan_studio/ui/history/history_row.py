"""HistoryRowDelegate: paints a row of the history tree."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from gan_studio.ui.widgets.theme import muted_text

TITLE_ROLE = Qt.ItemDataRole.UserRole + 1
MARK_ROLE = Qt.ItemDataRole.UserRole + 2
DETAIL_ROLE = Qt.ItemDataRole.UserRole + 3
NOW_ROLE = Qt.ItemDataRole.UserRole + 4
PICTURE_ROLE = Qt.ItemDataRole.UserRole + 5
"""Data of a row: three texts, whether the run is there now, and a picture of a checkpoint."""

MARGIN = 4
PICTURE_SIDE = 40
"""Width and height of a picture, in pixels of the window; also the room that is kept for one."""


class HistoryRowDelegate(QStyledItemDelegate):
    """Paints title and mark in one line, the detail in a second, and beside them the samples of a checkpoint."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Ask for one line, or for two with a detail; for a checkpoint, for its picture too, also before it is read."""
        is_checkpoint = index.parent().isValid()
        lines = 2 if index.data(DETAIL_ROLE) or is_checkpoint else 1
        height = lines * option.fontMetrics.lineSpacing()
        return QSize(80, (max(height, PICTURE_SIDE) if is_checkpoint else height) + 2 * MARGIN)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw one row."""
        self._paint_ground(painter, option, index)
        title, mark, detail = (str(index.data(role) or "") for role in (TITLE_ROLE, MARK_ROLE, DETAIL_ROLE))
        text, quiet, accent = _colours(option)
        inside = QRect(option.rect).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        is_checkpoint = index.parent().isValid()
        if is_checkpoint:
            self._paint_picture(painter, inside, index.data(PICTURE_ROLE))
            inside.setLeft(inside.left() + PICTURE_SIDE + 2 * MARGIN)
            spare = inside.height() - (2 if detail else 1) * option.fontMetrics.lineSpacing()
            inside.setTop(inside.top() + max(spare, 0) // 2)
        first = QRect(inside.topLeft(), QSize(inside.width(), option.fontMetrics.lineSpacing()))
        second = first.translated(0, first.height())
        painter.save()
        mark_width = _draw(painter, first, mark, option.font, accent if index.data(NOW_ROLE) else quiet, at_right=True)
        first.setWidth(first.width() - mark_width - 2 * MARGIN)
        _draw(painter, first, title, option.font if is_checkpoint else _bold(option.font), text)
        _draw(painter, second, detail, option.font, quiet)
        painter.restore()

    def _paint_picture(self, painter: QPainter, inside: QRect, picture: QPixmap | None) -> None:
        if isinstance(picture, QPixmap):
            painter.drawPixmap(inside.left(), inside.top() + (inside.height() - PICTURE_SIDE) // 2, picture)

    def _paint_ground(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        ground = QStyleOptionViewItem(option)
        self.initStyleOption(ground, index)
        ground.text = ""
        widget = self.parent()
        if isinstance(widget, QWidget):
            widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, ground, painter, widget)


def _draw(painter: QPainter, place: QRect, text: str, font: QFont, colour: QColor, *, at_right: bool = False) -> int:
    """Draw one line of text, shortened to the width of `place`, and return its width in pixels."""
    metrics = QFontMetrics(font)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, place.width())
    side = Qt.AlignmentFlag.AlignRight if at_right else Qt.AlignmentFlag.AlignLeft
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(place, side | Qt.AlignmentFlag.AlignVCenter, shown)
    return metrics.horizontalAdvance(shown)


def _colours(option: QStyleOptionViewItem) -> tuple[QColor, QColor, QColor]:
    """Return the colours of text, quiet text and accents."""
    palette = option.palette
    if option.state & QStyle.StateFlag.State_Selected:
        selected = palette.color(QPalette.ColorRole.HighlightedText)
        return selected, selected, selected
    return palette.color(QPalette.ColorRole.Text), muted_text(palette), palette.color(QPalette.ColorRole.Accent)


def _bold(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setWeight(QFont.Weight.DemiBold)
    return bold
