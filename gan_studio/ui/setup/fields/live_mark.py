"""Live mark: the small bolt beside the title of the live settings."""

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from gan_studio.ui.widgets.retranslating import Retranslating

_BOLT = ((0.60, 0.04), (0.16, 0.58), (0.46, 0.58), (0.38, 0.96), (0.84, 0.40), (0.54, 0.40))
"""Corners of the bolt in a unit square, y down."""


class LiveMark(Retranslating, QWidget):
    """A bolt in the accent colour. It is drawn, because fonts show U+26A1 in any colour or not at all."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.retranslate()

    def retranslate(self) -> None:
        """Set all text."""
        self.setToolTip(self.tr("Live settings can be changed while a run trains: they act from its next step on."))
        self.setAccessibleName(self.tr("Live settings"))

    def sizeHint(self) -> QSize:
        """Ask for about the height of a capital letter."""
        side = round(self.fontMetrics().ascent() * 0.95)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the bolt."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self.palette().color(QPalette.ColorRole.Accent))
        painter.setBrush(self.palette().color(QPalette.ColorRole.Accent))
        side = min(self.width(), self.height())
        painter.drawPolygon(QPolygonF([QPointF(x * side, y * side) for x, y in _BOLT]))
