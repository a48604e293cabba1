"""What the Explore tab shows while there is nothing to explore."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gan_studio.ui.widgets.icons import icon

_ICON_SIDE = 64


class EmptyExplorer(QWidget):
    """Says in one sentence why there is nothing to explore, or what to do about it."""

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
        self._colour()
        self.retranslate()

    def set_reason(self, reason: str | None) -> None:
        """Show a reason; None: that there is no run yet."""
        self._reason = reason
        self.retranslate()

    def retranslate(self) -> None:
        """Set all text."""
        self._text.setText(self._reason or self.tr("Start a run or open one to explore it"))

    def changeEvent(self, event: QEvent) -> None:
        """Follow language and theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.PaletteChange:
            self._colour()

    def _colour(self) -> None:
        faint = QPalette(self.palette())
        soft = faint.color(QPalette.ColorRole.PlaceholderText)
        faint.setColor(QPalette.ColorRole.WindowText, soft)
        faint.setColor(QPalette.ColorRole.ButtonText, soft)
        self._text.setPalette(faint)
        self._sign.setPixmap(icon("compass-outline", faint).pixmap(QSize(_ICON_SIDE, _ICON_SIDE)))
