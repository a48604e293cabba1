"""SampleGrid: shows a sheet of samples; each can be pointed at, chosen, copied and saved."""

from math import ceil

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QToolTip, QWidget

from gan_studio.ui.training.samples.sample_menu import SampleMenu
from gan_studio.ui.training.samples.sheet_picture import SheetPicture
from gan_studio.ui.training.samples.sheet_place import SheetPlace, paint_titles
from gan_studio.ui.widgets.picture.menu import menu_place
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
        sample_save_requested: save the sample of this seed as a picture.
        save_requested: save the sheet as a picture.
        copied: a sample or the sheet is on the clipboard.
        menu_closed: the menu of a sample was closed.
    """

    sample_clicked = Signal(int)
    sample_save_requested = Signal(int)
    save_requested = Signal()
    copied = Signal()
    menu_closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sampleGrid")
        self._sheet: SheetPicture | None = None
        self._is_smooth = False
        self._caption = ""
        self._hovered: int | None = None
        self._selected: int | None = None
        self._save_action = QAction(self)
        self._copy_action = QAction(self)
        self._menu = SampleMenu(self)
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
        self._sheet = SheetPicture(sheet, columns, rows, row_titles)
        if self._selected is not None and self._selected >= columns * rows:
            self._selected = None
        self._save_action.setEnabled(True)
        self._copy_action.setEnabled(True)
        self.set_caption(caption)

    @property
    def has_open_menu(self) -> bool:
        """Whether the menu of a sample is open; what is chosen there must be about the sheet that is seen."""
        return self._menu.is_open

    def set_caption(self, caption: str) -> None:
        """Set the line above the sheet."""
        self._caption = caption
        self.setAccessibleDescription("; ".join((caption, *self._titles)))
        self.update()

    def set_smooth(self, is_smooth: bool) -> None:
        """Blend enlarged pixels, or show each as a sharp square."""
        self._is_smooth = is_smooth
        self.update()

    def width_for(self, height: int) -> int:
        """Return the width that the sheet can use at a height, in pixels."""
        if self._sheet is None:
            return height
        inside = height - self._caption_height() - _MARGIN
        return ceil(self._sheet.width_at(inside, self.fontMetrics())) + 2 * _MARGIN

    def height_for(self, width: int) -> int:
        """Return the height that the sheet can use at a width, in pixels."""
        if self._sheet is None:
            return width
        inside = width - 2 * _MARGIN
        return ceil(self._sheet.height_at(inside, self.fontMetrics())) + self._caption_height() + _MARGIN

    def clear(self) -> None:
        """Show nothing."""
        self._sheet = None
        self._selected = self._hovered = None
        self._save_action.setEnabled(False)
        self._copy_action.setEnabled(False)
        self.set_caption("")

    def cell_rect(self, seed: int) -> QRectF:
        """Return the place of the cell of a seed, in the widget's coordinates; empty without a sheet."""
        return QRectF() if self._sheet is None else self._place(self._sheet).cell_rect(seed)

    def retranslate(self) -> None:
        """Set every text."""
        self.setAccessibleName(self.tr("Samples"))
        self._save_action.setText(self.tr("Save sheet\u2026"))
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
        if self._sheet is None:
            event.ignore()
        elif key in _ARROWS:
            self._select(*_ARROWS[key])
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._selected = 0 if key == Qt.Key.Key_Home else self._sheet.count - 1
            self.update()
        elif key in _CHOOSING_KEYS and self._selected is not None:
            self.sample_clicked.emit(self._selected)
        else:
            event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu of the sample under the mouse, or of the selected one after the menu key."""
        if self._sheet is None:
            event.ignore()
            return
        is_by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        seed = self._selected if is_by_key else self._seed_at(QPointF(event.pos()))
        chosen = QRectF(self.rect()) if seed is None else self.cell_rect(seed)
        self._menu.open(seed, menu_place(event, self, chosen))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Select the first cell when the focus comes by keyboard."""
        if self._selected is None and event.reason() in _BY_KEYBOARD:
            self._selected = 0
        super().focusInEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw caption, sheet and marks."""
        painter = QPainter(self)
        if self._sheet is None:
            return
        place, quiet = self._place(self._sheet), muted_text(self.palette())
        whole = place.whole
        line = QRectF(whole.left(), whole.top() - self._caption_height(), whole.width(), self._caption_height())
        caption = self.fontMetrics().elidedText(self._caption, Qt.TextElideMode.ElideRight, int(line.width()))
        painter.setPen(quiet)
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, caption)
        self._sheet.paint(painter, place, self.devicePixelRatioF(), self.palette(), is_smooth=self._is_smooth)
        paint_titles(painter, self._titles, place, quiet)
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
        self._copy_action.triggered.connect(self._copy_sheet)
        self.addActions([self._save_action, self._copy_action])
        self._menu.explore_chosen.connect(self.sample_clicked)
        self._menu.save_chosen.connect(self.sample_save_requested)
        self._menu.copy_chosen.connect(self._copy_sample)
        self._menu.save_sheet_chosen.connect(self.save_requested)
        self._menu.copy_sheet_chosen.connect(self._copy_sheet)
        self._menu.closed.connect(self.menu_closed)
        self.clear()

    def _caption_height(self) -> int:
        return self.fontMetrics().height() + 6

    def _place(self, sheet: SheetPicture) -> SheetPlace:
        """Return where the sheet is drawn."""
        area = QRectF(self.rect()).adjusted(_MARGIN, self._caption_height(), -_MARGIN, -_MARGIN)
        return sheet.place(area, self.fontMetrics(), self.devicePixelRatioF(), is_smooth=self._is_smooth)

    @property
    def _titles(self) -> tuple[str, ...]:
        return () if self._sheet is None else self._sheet.titles

    def _explain(self, event: QHelpEvent) -> None:
        """Show the seed, or the class, under the mouse."""
        place = QPointF(event.pos())
        seed, title = self._seed_at(place), self._title_at(place)
        if seed is not None and self._sheet is not None:
            text = self.tr("Seed {seed}: what this generator draws from the z of this seed.\nClick to explore it.")
            text = text.format(seed=seed)
            if self._titles:
                text = paragraphs(self._titles[seed // self._sheet.columns], *text.split("\n"))
            QToolTip.showText(event.globalPos(), text, self, self.cell_rect(seed).toAlignedRect())
        elif title:
            QToolTip.showText(event.globalPos(), paragraphs(title), self)
        else:
            QToolTip.hideText()

    def _title_at(self, point: QPointF) -> str:
        """Return the class of the row whose title is at a point, or ""."""
        if self._sheet is None or not self._sheet.titles:
            return ""
        place = self._place(self._sheet)
        is_beside = point.x() < place.left and place.whole.top() <= point.y() < place.whole.bottom()
        return self._sheet.titles[place.row_at(point.y())] if is_beside else ""

    def _seed_at(self, point: QPointF) -> int | None:
        return None if self._sheet is None else self._place(self._sheet).cell_at(point)

    def _hover(self, seed: int | None) -> None:
        if seed == self._hovered:
            return
        for marked in (self._hovered, seed):
            if marked is not None:
                self.update(self.cell_rect(marked).toAlignedRect().adjusted(-1, -1, 1, 1))
        self._hovered = seed
        self.setCursor(Qt.CursorShape.ArrowCursor if seed is None else Qt.CursorShape.PointingHandCursor)

    def _select(self, right: int, down: int) -> None:
        if self._sheet is None:
            return
        if self._selected is None:
            self._selected = 0
        else:
            row, column = divmod(self._selected, self._sheet.columns)
            row = min(max(row + down, 0), self._sheet.rows - 1)
            self._selected = row * self._sheet.columns + min(max(column + right, 0), self._sheet.columns - 1)
        self.update()

    def _mark(self, painter: QPainter, seed: int, colour: QColor, width: float) -> None:
        inset = width / 2
        rect = self.cell_rect(seed).adjusted(inset, inset, -inset, -inset)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Base), width + 2))
        painter.drawRect(rect)
        painter.setPen(QPen(colour, width))
        painter.drawRect(rect)

    def _copy_sample(self, seed: int) -> None:
        if self._sheet is not None:
            QApplication.clipboard().setImage(self._sheet.cell(seed))
            self.copied.emit()

    def _copy_sheet(self) -> None:
        if self._sheet is not None:
            QApplication.clipboard().setImage(self._sheet.image)
            self.copied.emit()
