"""SampleGrid: shows a sheet of samples with sharp pixels; its cells can be pointed at and chosen."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QFocusEvent,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QToolTip, QWidget

from gan_studio.ui.training.samples.sheet_place import fitted, paint_titles, titles_width
from gan_studio.ui.widgets.array_image import qimage_of
from gan_studio.ui.widgets.checkerboard import draw_picture
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.rich_text import paragraphs
from gan_studio.ui.widgets.theme import muted_text

_MARGIN = 2
_ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
_BY_KEYBOARD = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
_CHOOSING_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class SampleGrid(Retranslating, QWidget):
    """One sheet as large as it fits, with a caption above and the class of each row beside it. Cell k has seed k.

    Signals:
        sample_clicked: seed of the cell that was clicked, or chosen by Enter.
        save_requested: save the sheet as a picture.
    """

    sample_clicked = Signal(int)
    save_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sampleGrid")
        self._image: QImage | None = None
        self._columns = 1
        self._rows = 1
        self._caption = ""
        self._row_titles: tuple[str, ...] = ()
        self._hovered: int | None = None
        self._selected: int | None = None
        self._save_action = QAction(self)
        self._copy_action = QAction(self)
        self._build()
        self.retranslate()

    def set_sheet(
        self, sheet: NDArray[np.uint8], columns: int, rows: int, caption: str, row_titles: tuple[str, ...] = ()
    ) -> None:
        """Show a sheet.

        Args:
            sheet: uint8 [H, W, 1, 3 or 4], tiled row by row.
            columns, rows: cells of the sheet.
            caption: the line above the sheet, such as "step 1 240, seeds 0 to 63".
            row_titles: the class of each row, or () without classes.

        Raises:
            ValueError: the number of titles is neither 0 nor the number of rows.
        """
        if row_titles and len(row_titles) != rows:
            raise ValueError(f"{len(row_titles)} titles for {rows} rows")
        self._image = qimage_of(sheet)
        self._columns, self._rows, self._row_titles = columns, rows, row_titles
        if self._selected is not None and self._selected >= columns * rows:
            self._selected = None
        self._save_action.setEnabled(True)
        self._copy_action.setEnabled(True)
        self.set_caption(caption)

    def set_caption(self, caption: str) -> None:
        """Set the line above the sheet."""
        self._caption = caption
        self.setAccessibleDescription("; ".join((caption, *self._row_titles)))
        self.update()

    def clear(self) -> None:
        """Show nothing."""
        self._image = None
        self._selected = self._hovered = None
        self._row_titles = ()
        self._save_action.setEnabled(False)
        self._copy_action.setEnabled(False)
        self.set_caption("")

    def cell_rect(self, seed: int) -> QRectF:
        """Return the place of the cell of a seed, in the widget's coordinates; empty without a sheet."""
        target = self._target()
        width, height = target.width() / self._columns, target.height() / self._rows
        row, column = divmod(seed, self._columns)
        return QRectF(target.left() + column * width, target.top() + row * height, width, height)

    def retranslate(self) -> None:
        """Set every text."""
        self.setAccessibleName(self.tr("Samples"))
        self._save_action.setText(self.tr("Save sheet as PNG\u2026"))
        self._copy_action.setText(self.tr("Copy sheet"))
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for a size that shows 8 x 8 samples of 64 pixels."""
        return QSize(520, 540)

    def event(self, event: QEvent) -> bool:
        """Show a tooltip for the sample under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            self._explain(event)
            return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark the cell under the mouse."""
        self._hover(self._seed_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Mark no cell."""
        self._hover(None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the cell under the mouse."""
        seed = self._seed_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and seed is not None:
            self._selected = seed
            self.update()
            self.sample_clicked.emit(seed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the selection by arrow keys, Home and End; choose it by Enter or Space."""
        key = Qt.Key(event.key())
        if self._image is None:
            event.ignore()
        elif key in _ARROWS:
            self._select(*_ARROWS[key])
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._selected = 0 if key == Qt.Key.Key_Home else self._columns * self._rows - 1
            self.update()
        elif key in _CHOOSING_KEYS and self._selected is not None:
            self.sample_clicked.emit(self._selected)
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Select the first cell when the focus comes by keyboard."""
        if self._selected is None and event.reason() in _BY_KEYBOARD:
            self._selected = 0
        super().focusInEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw caption, sheet and marks."""
        painter = QPainter(self)
        if self._image is None:
            return
        target = self._target()
        line = QRectF(target.left(), target.top() - self._caption_height(), target.width(), self._caption_height())
        caption = self.fontMetrics().elidedText(self._caption, Qt.TextElideMode.ElideRight, int(line.width()))
        quiet = muted_text(self.palette())
        painter.setPen(quiet)
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, caption)
        shrinks = target.width() < self._image.width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, shrinks)
        draw_picture(painter, target, self._image, self.palette())
        paint_titles(painter, self._row_titles, target, self._titles_width(), quiet)
        if self._hovered is not None:
            self._mark(painter, self._hovered, self.palette().color(QPalette.ColorRole.Text), 1.0)
        if self._selected is not None and self.hasFocus():
            self._mark(painter, self._selected, self.palette().color(QPalette.ColorRole.Accent), 2.0)

    def _build(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(160, 180)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._save_action.setObjectName("gridSaveAction")
        self._copy_action.setObjectName("gridCopyAction")
        self._copy_action.setShortcut(QKeySequence.StandardKey.Copy)
        self._copy_action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._save_action.triggered.connect(self.save_requested)
        self._copy_action.triggered.connect(self._copy)
        self.addActions([self._save_action, self._copy_action])
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.clear()

    def _caption_height(self) -> int:
        return self.fontMetrics().height() + 6

    def _target(self) -> QRectF:
        """Return where the sheet is drawn."""
        if self._image is None:
            return QRectF()
        area = QRectF(self.rect()).adjusted(_MARGIN, self._caption_height(), -_MARGIN, -_MARGIN)
        area.setLeft(area.left() + self._titles_width())
        return fitted(area, self._image.size(), self.devicePixelRatioF())

    def _titles_width(self) -> float:
        return titles_width(self._row_titles, self.fontMetrics(), self.width())

    def _explain(self, event: QHelpEvent) -> None:
        """Show the seed, or the class, under the mouse."""
        place = QPointF(event.pos())
        seed, row = self._seed_at(place), self._title_at(place)
        if seed is not None:
            text = self.tr("Seed {seed}: what this generator draws from the z of this seed.\nClick to explore it.")
            text = text.format(seed=seed)
            if self._row_titles:
                text = paragraphs(self._row_titles[seed // self._columns], *text.split("\n"))
            QToolTip.showText(event.globalPos(), text, self, self.cell_rect(seed).toAlignedRect())
        elif row is not None:
            QToolTip.showText(event.globalPos(), paragraphs(self._row_titles[row]), self)
        else:
            QToolTip.hideText()

    def _title_at(self, place: QPointF) -> int | None:
        target = self._target()
        titles = QRectF(target.left() - self._titles_width(), target.top(), self._titles_width(), target.height())
        if not (self._row_titles and titles.contains(place)):
            return None
        return min(int((place.y() - target.top()) / target.height() * self._rows), self._rows - 1)

    def _seed_at(self, place: QPointF) -> int | None:
        target = self._target()
        if not target.contains(place):
            return None
        column = min(int((place.x() - target.left()) / target.width() * self._columns), self._columns - 1)
        row = min(int((place.y() - target.top()) / target.height() * self._rows), self._rows - 1)
        return row * self._columns + column

    def _hover(self, seed: int | None) -> None:
        if seed != self._hovered:
            self._hovered = seed
            self.setCursor(Qt.CursorShape.ArrowCursor if seed is None else Qt.CursorShape.PointingHandCursor)
            self.update()

    def _select(self, right: int, down: int) -> None:
        if self._selected is None:
            self._selected = 0
        else:
            row, column = divmod(self._selected, self._columns)
            row = min(max(row + down, 0), self._rows - 1)
            self._selected = row * self._columns + min(max(column + right, 0), self._columns - 1)
        self.update()

    def _mark(self, painter: QPainter, seed: int, colour: QColor, width: float) -> None:
        inset = width / 2
        rect = self.cell_rect(seed).adjusted(inset, inset, -inset, -inset)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Base), width + 2))
        painter.drawRect(rect)
        painter.setPen(QPen(colour, width))
        painter.drawRect(rect)

    def _copy(self) -> None:
        if self._image is not None:
            QApplication.clipboard().setImage(self._image)
