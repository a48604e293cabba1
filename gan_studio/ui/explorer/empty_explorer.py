"""The Explore tab without a generator: one sentence in the middle."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gan_studio.ui.widgets.icons import icon
from gan_studio.ui.widgets.retranslating import Retranslating

_ICON_SIDE = 64


class EmptyExplorer(Retranslating, QWidget):
    """Says why there is nothing to explore, or what to do about it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reason: str | None = None
        self._sign = QLabel(self, alignment=Qt.AlignmentFlag.AlignCenter)
        self._text = QLabel(self, alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._text.setObjectName("exploreEmptyText")
        column = QVBoxLayout(self)
        column.setSpacing(16)
        column.addStretch(1)
        column.addWidget(self._sign)
        column.addWidget(self._text)
        column.addStretch(2)
        self.follow_palette()
        self.retranslate()

    def set_reason(self, reason: str | None) -> None:
        """Show a sentence; None shows that there is no run yet."""
        self._reason = reason
        self.retranslate()

    def retranslate(self) -> None:
        """Set all text."""
        self._text.setText(self._reason or self.tr("Start a run or open one to explore it"))

    def follow_palette(self) -> None:
        """Draw text and icon in a faint colour."""
        faint = QPalette(self.palette())
        soft = faint.color(QPalette.ColorRole.PlaceholderText)
        faint.setColor(QPalette.ColorRole.WindowText, soft)
        faint.setColor(QPalette.ColorRole.ButtonText, soft)
        self._text.setPalette(faint)
        self._sign.setPixmap(icon("compass-outline", faint).pixmap(QSize(_ICON_SIDE, _ICON_SIDE)))
