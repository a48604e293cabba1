"""Scrolled column of rows of equal height; rows out of view cost nothing."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QPalette, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

_MARGIN = 2
"""Rows that are laid out beyond the view on each side, so that Tab finds the next row."""


class RowsArea(QScrollArea):
    """A scroll area that shows a range of rows one below the other.

    Rows out of view stay hidden: a thousand rows of four widgets each would take 50 ms to show and 20 ms to hide.

    Args:
        row_height: height of each row in pixels.
    """

    def __init__(self, row_height: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row_height = row_height
        self._rows: Sequence[QWidget] = ()
        self._span = range(0)
        self._laid_out: set[int] = set()
        self._canvas = QWidget()
        self._marker = QWidget(self._canvas)
        self._marker.setAutoFillBackground(True)
        self._marker.hide()
        self._marked: int | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(self._canvas)
        self.verticalScrollBar().setSingleStep(row_height)
        self.verticalScrollBar().valueChanged.connect(self._place)
        self._colour_marker()

    @property
    def canvas(self) -> QWidget:
        """The widget that must be the parent of every row."""
        return self._canvas

    @property
    def in_view(self) -> range:
        """Indices of the rows in the view or near it."""
        top = self.verticalScrollBar().value() // self._row_height - _MARGIN
        bottom = top + self.viewport().height() // self._row_height + 2 + 2 * _MARGIN
        return self._span[max(top, 0) : max(bottom, 0)]

    def set_rows(self, rows: Sequence[QWidget], span: range) -> None:
        """Show the rows of a range. Call it again when rows were added.

        Args:
            rows: hidden children of `canvas`. The sequence is kept, not copied.
            span: indices of the rows to show. Indices without a row yet keep their place free.
        """
        self._rows, self._span = rows, span
        if self._marked not in span:
            self._marked = None
        self._place()

    def mark(self, index: int | None) -> None:
        """Tint one row and scroll to it; None removes the tint."""
        self._marked = index if index is not None and index in self._span else None
        self._place()
        if self._marked is not None:
            middle = (self._span.index(self._marked) + 0.5) * self._row_height
            self.verticalScrollBar().setValue(round(middle - self.viewport().height() / 2))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out the rows that came into view."""
        super().resizeEvent(event)
        self._place()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._colour_marker()

    def _place(self) -> None:
        self._canvas.resize(self.viewport().width(), len(self._span) * self._row_height)
        wanted = {index for index in self.in_view if index < len(self._rows)}
        for index in self._laid_out - wanted:
            if index not in self._span or not self._rows[index].isAncestorOf(self.focusWidget()):
                self._rows[index].hide()
                self._laid_out.discard(index)
        for index in wanted:
            self._put(self._rows[index], index)
        self._laid_out |= wanted
        self._marker.setVisible(self._marked is not None)
        if self._marked is not None:
            self._put(self._marker, self._marked)

    def _put(self, row: QWidget, index: int) -> None:
        top = self._span.index(index) * self._row_height
        row.setGeometry(0, top, self.viewport().width(), self._row_height)
        row.show()

    def _colour_marker(self) -> None:
        palette = QPalette(self.palette())
        tint = QColor(palette.color(QPalette.ColorRole.Highlight))
        tint.setAlpha(70)
        palette.setColor(QPalette.ColorRole.Window, tint)
        self._marker.setPalette(palette)
