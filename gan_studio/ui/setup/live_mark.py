"""The small bolt beside every setting that may change while a run goes on."""

from PySide6.QtCore import QEvent, QPointF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

_BOLT = ((0.60, 0.04), (0.16, 0.58), (0.46, 0.58), (0.38, 0.96), (0.84, 0.40), (0.54, 0.40))
"""Corners in a unit square, y down."""


class LiveMark(QWidget):
    """A bolt in the accent colour; drawn, because fonts show U+26A1 in any colour or not at all."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.retranslate()

    def retranslate(self) -> None:
        """Say what the bolt means."""
        self.setToolTip(self.tr("Can be changed while the run goes on."))
        self.setAccessibleName(self.tr("Live setting"))

    def sizeHint(self) -> QSize:
        """Ask for about the height of a letter."""
        side = round(self.fontMetrics().ascent() * 0.95)
        return QSize(side, side)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the bolt."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self.palette().color(QPalette.ColorRole.Accent))
        painter.setBrush(self.palette().color(QPalette.ColorRole.Accent))
        side = min(self.width(), self.height())
        painter.drawPolygon(QPolygonF([QPointF(x * side, y * side) for x, y in _BOLT]))
